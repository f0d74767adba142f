"""The features of the last seconds of a sound that goes on, each convolution computed once.

A frame's features depend on the frames beside it alone. So when a frame comes, two rows are computed: its
own, which ends at nothing, and that of the frame before it, which now ends at this one. When the oldest falls
out of the window, the row of the one after it is computed again, which now begins at nothing.
"""

from collections import deque

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sercore.network.model import EmotionModel
from sercore.units import SAMPLES_PER_FRAME

_REACH = 3  # frames that are computed together: two rows and what is before them


class SlidingFeatures:
    """What ``model.features`` gives for a window over the last frames of one sound.

    Args:
        model: a network in eval mode.
        frames: that the window holds.

    Raises:
        ValueError: if the network is in training mode.
    """

    def __init__(self, model: EmotionModel, frames: int) -> None:
        if model.training:
            raise ValueError("the network is in training mode, where dropout is on: call model.eval() first")
        self._model = model
        self._audio: deque[Tensor] = deque(maxlen=frames)
        self._rows: deque[Tensor] = deque(maxlen=frames)

    @property
    def nbytes(self) -> int:
        """Size in memory: 1.3 MB for 20 s."""
        return sum(each.nbytes for kept in (self._audio, self._rows) for each in kept)

    @torch.inference_mode()
    def push(self, frame: NDArray[np.float32]) -> None:
        """The next frame; the oldest falls out of a full window. Shape: (3200,)."""
        if frame.shape != (SAMPLES_PER_FRAME,):
            raise ValueError(f"a frame must hold {SAMPLES_PER_FRAME} samples, got the shape {frame.shape}")
        slides = len(self._audio) == self._audio.maxlen
        self._audio.append(torch.tensor(frame, device=next(self._model.parameters()).device))
        audio = list(self._audio)
        pieces = [audio[-_REACH:], audio[:_REACH]] if slides else [audio[-_REACH:]]
        features = self._model.features(torch.stack([torch.cat(piece) for piece in pieces]))
        if self._rows and len(audio) > 1:
            self._rows[-1] = features[0, -2]
        self._rows.append(features[0, -1])
        if slides:
            self._rows[0] = features[1, 0]

    @torch.inference_mode()
    def decode(self) -> NDArray[np.float32]:
        """What ``model`` gives for the window alone. Shape: (frames in the window, outputs)."""
        predicted: NDArray[np.float32] = (
            self._model.decode(torch.stack(list(self._rows))[None])[0].cpu().numpy()
        )
        return predicted
