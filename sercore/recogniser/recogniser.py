"""The contract of a recogniser: whatever turns audio into courses of arousal and valence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from sercore.receiver.receiver import Receiver


@runtime_checkable
class Recogniser(Protocol):
    """A finished recogniser: what it predicts needs nothing done to it.

    Attributes:
        dimensions: what its columns are called, for instance ("arousal", "valence").
        key: identifies it in results and caches, for instance the SHA-256 of its weights.
    """

    @property
    def dimensions(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def key(self) -> str: ...  # noqa: D102

    def predict(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """The course through one recording at 16 kHz. Shape: (samples,) -> (samples // 3200, dimensions)."""

    def hear(self, audio: NDArray[np.float32]) -> Any:
        """What it keeps of a clean recording, so that many losses cost little. Shape: (frames * 3200,)."""

    def predict_heard(
        self, heard: Sequence[tuple[Any, NDArray[np.bool_]]], receiver: Receiver
    ) -> list[NDArray[np.float32]]:
        """The course at every moment of each recording, after losses, many at once.

        It is ``predict`` of what the receiver makes of the audio, laid back on the recording's own time:
        while a receiver that cuts out has nothing, the last prediction holds (``scoring.timeline``).

        Args:
            heard: recordings from ``hear``, each with its frames. True = received. Shape: (frames,).
            receiver: what is done about the losses.

        Returns:
            Shape of each: (frames, dimensions), finite.
        """
