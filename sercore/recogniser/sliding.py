"""What a recogniser makes of the last seconds of a sound that goes on; the slow way, which suits all."""

from collections import deque
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Sliding(Protocol):
    """A window over the last frames of one sound, moved on frame by frame."""

    @property
    def delay_frames(self) -> int:
        """By how many frames its course comes early, because raters answer late."""

    @property
    def nbytes(self) -> int:
        """Size in memory."""

    def push(self, frame: NDArray[np.float32]) -> None:
        """The next frame; the oldest falls out of a full window. Shape: (3200,)."""

    def course(self) -> NDArray[np.float32]:
        """What is predicted of the window alone. Shape: (frames in the window, dimensions)."""


class SlidingAudio:
    """Keeps the sound, and predicts it anew each time.

    Args:
        predict: of one recording. Shape: (samples,) -> (samples // 3200, dimensions).
        frames: that the window holds.
    """

    delay_frames = 0

    def __init__(self, predict: Callable[[NDArray[np.float32]], NDArray[np.float32]], frames: int) -> None:
        self._predict = predict
        self._window: deque[NDArray[np.float32]] = deque(maxlen=frames)

    @property
    def nbytes(self) -> int:
        """Of the sound."""
        return sum(frame.nbytes for frame in self._window)

    def push(self, frame: NDArray[np.float32]) -> None:
        """Shape: (3200,)."""
        self._window.append(frame)

    def course(self) -> NDArray[np.float32]:
        """Raises as the recogniser does."""
        return self._predict(np.concatenate(self._window))
