"""What a network computes of a clean track once, before any channel is known (for spliced_features).

Cutting frames out changes a frame only at its two ends. Of its 80 windows in the first block, the first and
the last see the other side; of its 4 windows in the second block, again the first and the last, and of the 20
positions that compete in each of those two only 7 and 8 see what changed. All else is kept from here.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sercore.network.model import EmotionModel
from sercore.network.window_maxima import WindowMaxima
from sercore.units import SAMPLES_PER_FRAME

_PIECE_FRAMES = 100  # as many frames of the clean track at once as keep the memory near 100 MB


@dataclass(frozen=True)
class Geometry:
    """Where the network's windows look, for blocks 0, 1 and 2."""

    kernels: tuple[int, ...]  # taps of each convolution
    pools: tuple[int, ...]  # positions that compete in each of its windows

    @classmethod
    def of(cls, model: EmotionModel) -> "Geometry":
        """The network's geometry.

        Raises:
            ValueError: if it is not one in which a frame's early windows see only the frame before it, and
                its late windows only the frame after it.
        """
        geometry = cls(model.dimensions.kernel_sizes, model.dimensions.pool_sizes)
        if len(geometry.pools) != 3:
            raise ValueError(f"splices are known for three blocks, got {len(geometry.pools)}")
        if any(kernel > pool for kernel, pool in zip(geometry.kernels, geometry.pools, strict=True)):
            raise ValueError(f"splices need kernels no longer than their pools, got {geometry}")
        if geometry.kernels[2] == geometry.pools[2]:
            raise ValueError(f"splices need a last kernel shorter than its pool, got {geometry}")
        return geometry

    def left(self, block: int) -> int:
        """Taps before the centre."""
        return (self.kernels[block] - 1) // 2

    def right(self, block: int) -> int:
        """Taps after the centre."""
        return self.kernels[block] // 2


@dataclass(frozen=True, eq=False)
class CleanFeatures:
    """One clean track as one network sees it; rows are frames, and the last row is silence.

    The extra row of zeros stands for "no neighbour", so that index -1 finds it. A track of 300 s takes 14 MB.
    """

    audio_head: Tensor  # normalised samples at the start of each frame. Shape: (frames + 1, samples)
    audio_tail: Tensor  # the same at the end of each frame
    head: Tensor  # first-block features of a frame's first windows. Shape: (frames + 1, windows, channels)
    tail: Tensor  # the same for each frame's last windows
    block_2: Tensor  # features at 20 Hz of the clean track. Shape: (frames + 1, 4, channels)
    # Maximum, before ReLU, over the positions of a frame's first and last window that no splice changes.
    unchanged_first: Tensor  # shape: (frames, channels)
    unchanged_last: Tensor

    def __len__(self) -> int:
        return len(self.unchanged_first)

    @property
    def nbytes(self) -> int:
        """Size in memory."""
        return sum(tensor.nbytes for tensor in vars(self).values())


@torch.inference_mode()
def clean_features(model: EmotionModel, audio: NDArray[np.float32]) -> CleanFeatures:
    """Run the first two blocks over a clean track (frames * 3200,) and keep what splices will need.

    The features stay on the network's device.

    Raises:
        ValueError: if the audio is not a whole number of frames, or the network is in training mode or has
            other proportions than those of the paper.
    """
    if len(audio) % SAMPLES_PER_FRAME or not len(audio):
        raise ValueError(f"audio must hold whole frames of {SAMPLES_PER_FRAME} samples, got {len(audio)}")
    if model.training:
        raise ValueError("the network is in training mode, where dropout is on: call model.eval() first")
    geometry = Geometry.of(model)
    n_frames = len(audio) // SAMPLES_PER_FRAME
    normalised = model.norm(torch.tensor(audio, device=next(model.parameters()).device)[None, None])
    maxima = WindowMaxima(model, 1)
    parts = [
        _clean_piece(model, maxima, normalised, start, min(start + _PIECE_FRAMES, n_frames))
        for start in range(0, n_frames, _PIECE_FRAMES)
    ]
    head, tail, block_2, first, last = (torch.cat(column) for column in zip(*parts, strict=True))
    frames, pool = normalised.view(n_frames, SAMPLES_PER_FRAME), geometry.pools[0]
    rows = {"head": head, "tail": tail, "block_2": block_2}
    rows["audio_head"] = frames[:, : pool + geometry.right(0)]
    rows["audio_tail"] = frames[:, -pool - geometry.left(0) :]
    with_silence = {name: torch.cat([x, x.new_zeros(1, *x.shape[1:])]) for name, x in rows.items()}
    return CleanFeatures(**with_silence, unchanged_first=first, unchanged_last=last)


def _clean_piece(
    model: EmotionModel, maxima: WindowMaxima, normalised: Tensor, start: int, end: int
) -> tuple[Tensor, ...]:
    """Head, tail, second block and unchanged maxima of the frames ``start`` to ``end``."""
    geometry = Geometry.of(model)
    first, last = max(start - 1, 0), min(end + 1, normalised.shape[2] // SAMPLES_PER_FRAME)
    piece = normalised[:, :, first * SAMPLES_PER_FRAME : last * SAMPLES_PER_FRAME]
    block_1 = model.blocks[0](piece)
    block_2 = model.blocks[1](block_1)
    own = slice(start - first, end - first)
    windows = block_1[0].T.reshape(last - first, SAMPLES_PER_FRAME // geometry.pools[0], -1)[own]
    at_20_hz = block_2[0].T.reshape(last - first, geometry.pools[2], -1)[own]
    # The competitors of a frame's first (last) window that look at no border window of the frame.
    inner_first = windows[:, 1 : geometry.pools[1] + geometry.right(1)]
    inner_last = windows[:, -geometry.pools[1] - geometry.left(1) : -1]
    return (
        windows[:, : geometry.kernels[1]].clone(),
        windows[:, -geometry.kernels[1] :].clone(),
        at_20_hz.clone(),
        maxima(inner_first)[0],
        maxima(inner_last)[0],
    )
