"""Features of what a channel leaves of a track, without computing the track again.

Cutting frames out changes the network's convolutional features only at junctions, where two frames meet
that were not neighbours. Of a frame's 80 windows in the first block, its first and its last see the other
side; of its 4 windows in the second block, again the first and the last, and of the 20 positions that
compete in each of those two only 7 and 8 see what changed. So the clean track is computed once, with the
maxima over the positions that no junction can change, and a junction costs 15 positions. The third block
and the BiLSTM are cheap and run anew. The result equals that of dropping first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import torch
from torch import Tensor

from sercore.audio import SAMPLES_PER_FRAME
from sercore.model import PooledConv

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sercore.model import EmotionModel

_NOBODY = -1  # stands for "no neighbour": before the first and after the last frame received
_PIECE_FRAMES = 100  # as many frames of the clean track at once as keep the memory near 100 MB
_JUNCTIONS_AT_ONCE = 512


@dataclass(frozen=True, eq=False)
class _Geometry:
    """Where the network's windows look, derived from its dimensions."""

    kernel_1: int
    kernel_2: int
    pool_1: int
    pool_2: int

    @classmethod
    def of(cls, model: EmotionModel) -> _Geometry:
        sizes = model.dimensions
        if len(sizes.pool_sizes) != 3:
            raise ValueError(f"junctions are known for three blocks, got {len(sizes.pool_sizes)}")
        geometry = cls(sizes.kernel_sizes[0], sizes.kernel_sizes[1], sizes.pool_sizes[0], sizes.pool_sizes[1])
        if geometry.kernel_1 > geometry.pool_1 or geometry.kernel_2 > geometry.pool_2:
            raise ValueError(f"junctions need kernels no longer than their pools, got {geometry}")
        return geometry

    @property
    def left_1(self) -> int:
        return (self.kernel_1 - 1) // 2

    @property
    def right_1(self) -> int:
        return self.kernel_1 // 2

    @property
    def left_2(self) -> int:
        return (self.kernel_2 - 1) // 2

    @property
    def right_2(self) -> int:
        return self.kernel_2 // 2

    @property
    def changed_before(self) -> int:
        """Positions of a frame's last second-block window that see a changed first-block window."""
        return self.right_2 + 1

    @property
    def changed_after(self) -> int:
        """The same for a frame's first second-block window."""
        return self.left_2 + 1


@dataclass(frozen=True, eq=False)
class TrackFeatures:
    """What one network needs to know of one clean track; rows are frames, and the last row is silence.

    The extra row of zeros stands for "no neighbour", so that index -1 finds it. A track of 300 s takes 14 MB.

    Args:
        audio_head: normalised samples at the start of each frame. Shape: (frames + 1, samples).
        audio_tail: the same at the end of each frame.
        head: first-block features of each frame's first windows. Shape: (frames + 1, windows, channels).
        tail: the same for each frame's last windows.
        block_2: features at 20 Hz of the clean track. Shape: (frames, 4, channels).
        unchanged_first: maximum over the positions of a frame's first window that no junction changes,
            before ReLU. Shape: (frames, channels).
        unchanged_last: the same for the last window.
    """

    audio_head: Tensor
    audio_tail: Tensor
    head: Tensor
    tail: Tensor
    block_2: Tensor
    unchanged_first: Tensor
    unchanged_last: Tensor

    def __len__(self) -> int:
        return len(self.block_2)


@torch.inference_mode()
def track_features(model: EmotionModel, audio: NDArray[np.float32]) -> TrackFeatures:
    """Run the first two blocks over a clean track and keep what junctions will need.

    Args:
        model: a network in eval mode.
        audio: the track. Shape: (frames * 3200,).

    Returns:
        Its features, on the network's device.

    Raises:
        ValueError: if the audio is not a whole number of frames, or the network is in training mode.
    """
    if len(audio) % SAMPLES_PER_FRAME or not len(audio):
        raise ValueError(f"audio must hold whole frames of {SAMPLES_PER_FRAME} samples, got {len(audio)}")
    if model.training:
        raise ValueError("the network is in training mode, where dropout is on: call model.eval() first")
    geometry = _Geometry.of(model)
    n_frames = len(audio) // SAMPLES_PER_FRAME
    device = next(model.parameters()).device
    normalised = model.norm(torch.tensor(audio, device=device)[None, None])
    parts = [
        _clean_piece(model, geometry, normalised, start, min(start + _PIECE_FRAMES, n_frames))
        for start in range(0, n_frames, _PIECE_FRAMES)
    ]
    head, tail, block_2, first, last = (torch.cat(column) for column in zip(*parts, strict=True))
    frames = normalised.view(n_frames, SAMPLES_PER_FRAME)
    return TrackFeatures(
        audio_head=_with_silence(frames[:, : geometry.pool_1 + geometry.right_1]),
        audio_tail=_with_silence(frames[:, -geometry.pool_1 - geometry.left_1 :]),
        head=_with_silence(head),
        tail=_with_silence(tail),
        block_2=block_2,
        unchanged_first=first,
        unchanged_last=last,
    )


def _clean_piece(
    model: EmotionModel, geometry: _Geometry, normalised: Tensor, start: int, end: int
) -> tuple[Tensor, ...]:
    """Head, tail, second block and unchanged maxima of the frames ``start`` to ``end``."""
    first, last = max(start - 1, 0), min(end + 1, normalised.shape[2] // SAMPLES_PER_FRAME)
    piece = normalised[:, :, first * SAMPLES_PER_FRAME : last * SAMPLES_PER_FRAME]
    block_1 = model.blocks[0](piece)
    block_2 = model.blocks[1](block_1)
    own = slice(start - first, end - first)
    windows = block_1[0].T.reshape(last - first, SAMPLES_PER_FRAME // geometry.pool_1, -1)[own]
    at_20_hz = block_2[0].T.reshape(last - first, -1, block_2.shape[1])[own]
    # The competitors of a frame's first (last) window that look at no border window of the frame.
    inner_first = windows[:, 1 : geometry.pool_2 + geometry.right_2]
    inner_last = windows[:, -geometry.pool_2 - geometry.left_2 : -1]
    return (
        windows[:, : geometry.kernel_2].clone(),
        windows[:, -geometry.kernel_2 :].clone(),
        at_20_hz.clone(),
        _second_convolution(model, inner_first).amax(dim=1),
        _second_convolution(model, inner_last).amax(dim=1),
    )


@torch.inference_mode()
def received_features(model: EmotionModel, track: TrackFeatures, received: NDArray[np.bool_]) -> Tensor:
    """Convolutional features of the received frames, as if the lost ones had been cut out of the audio.

    Args:
        model: the network that ``track`` was made with.
        track: from ``track_features``.
        received: True = received, at least one. Shape: (frames,).

    Returns:
        What ``model.features`` gives for the shortened audio. Shape: (kept, channels).

    Raises:
        ValueError: if ``received`` has another length than the track or no frame is received.
    """
    kept = np.flatnonzero(received)
    if len(received) != len(track) or not len(kept):
        raise ValueError(
            f"received must hold {len(track)} frames and keep one, got {len(received)}, {len(kept)}"
        )
    before = np.concatenate([[_NOBODY], kept])
    after = np.concatenate([kept, [_NOBODY]])
    junctions = np.flatnonzero(after != before + 1)
    junctions = junctions[(junctions > 0) | (kept[0] > 0)]
    if kept[-1] == len(track) - 1:
        junctions = junctions[junctions < len(kept)]
    windows = track.block_2[torch.from_numpy(kept)]
    for some in _pieces(junctions, _JUNCTIONS_AT_ONCE):
        last, first = _junction(model, track, before[some], after[some])
        has_before, has_after = before[some] != _NOBODY, after[some] != _NOBODY
        windows[some[has_before] - 1, -1] = last[has_before]
        windows[some[has_after], 0] = first[has_after]
    at_20_hz = windows.reshape(1, -1, windows.shape[2]).transpose(1, 2)
    features: Tensor = model.blocks[2](at_20_hz)[0].T
    return features


def _junction(
    model: EmotionModel, track: TrackFeatures, before: NDArray[np.int64], after: NDArray[np.int64]
) -> tuple[Tensor, Tensor]:
    """Second-block features beside junctions: of the last window before, and of the first after.

    Shape: (junctions,) frame numbers twice -> (junctions, channels) twice.
    """
    geometry = _Geometry.of(model)
    left, right = torch.from_numpy(before), torch.from_numpy(after)
    tail, head = track.audio_tail[left], track.audio_head[right]
    closing = _first_block(model, torch.cat([tail, head[:, : geometry.right_1]], dim=1))
    opening = _first_block(model, torch.cat([tail[:, -geometry.left_1 :], head], dim=1))
    closing[left == _NOBODY] = 0  # beyond the ends lie zeros, not the response to zeros
    opening[right == _NOBODY] = 0
    n_left, n_right = geometry.changed_before + geometry.left_2, geometry.changed_after + geometry.right_2
    windows = torch.cat([track.tail[left, -n_left:-1], closing, opening, track.head[right, 1:n_right]], dim=1)
    changed = _second_convolution(model, windows)
    last = torch.maximum(track.unchanged_last[left], changed[:, : geometry.changed_before].amax(dim=1))
    first = torch.maximum(track.unchanged_first[right], changed[:, geometry.changed_before :].amax(dim=1))
    return last.relu_(), first.relu_()


def _first_block(model: EmotionModel, samples: Tensor) -> Tensor:
    """One window of the first block with its context. Shape: (n, samples) -> (n, 1, channels)."""
    block = cast(PooledConv, model.blocks[0])
    patches = samples.unfold(1, block.weight.shape[2], 1)
    full_rate = patches @ block.weight[:, 0].T
    return (full_rate.amax(dim=1, keepdim=True) + block.bias).relu_()


def _second_convolution(model: EmotionModel, windows: Tensor) -> Tensor:
    """The second block's convolution before ReLU and pooling, where its kernel fits.

    Shape: (n, windows, channels in) -> (n, windows - kernel + 1, channels out).
    """
    block = cast(PooledConv, model.blocks[1])
    n, length, channels = windows.shape
    kernel = block.weight.shape[2]
    windows = windows.contiguous()
    patches = windows.as_strided(
        (n, length - kernel + 1, kernel * channels), (length * channels, channels, 1)
    )
    weight = block.weight.permute(2, 1, 0).reshape(kernel * channels, -1)
    products = torch.addmm(block.bias, patches.reshape(-1, kernel * channels), weight)
    return products.view(n, length - kernel + 1, -1)


def _with_silence(rows: Tensor) -> Tensor:
    return torch.cat([rows, rows.new_zeros(1, *rows.shape[1:])])


def _pieces(values: NDArray[np.int64], size: int) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
