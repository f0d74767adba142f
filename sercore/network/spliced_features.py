"""Features of what a channel leaves of a track, without computing the track again.

A frame's features are a maximum of two: what it and the frame before it give, and what it and the frame after
it give. So all that a channel decides is who meets whom. Where two frames meet that were not neighbours, a
junction, 15 positions of the second block and 4 of the third are computed; where they meet again in another
channel, as most do, nothing is. The result equals that of dropping first.

What is remembered is computed for a whole track at once, and the rest for a whole channel at once, so that no
value depends on what was asked before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from sercore.network.clean_features import REMEMBERED, Geometry, TrackFeatures, convolve, track_features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sercore.network.model import EmotionModel

__all__ = ["REMEMBERED", "TrackFeatures", "received_features", "remember", "track_features"]

_NOBODY = -1  # stands for "no neighbour": before the first and after the last frame received
_MEETINGS_AT_ONCE = 512


@torch.inference_mode()
def received_features(model: EmotionModel, track: TrackFeatures, received: NDArray[np.bool_]) -> Tensor:
    """Convolutional features of the received frames, as if the lost ones had been cut out of the audio.

    Args:
        model: the network that ``track`` was made with.
        track: from ``track_features``; remembers meetings for the next channel.
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
    before, after = np.append(_NOBODY, kept), np.append(kept, _NOBODY)
    n_lost = after - before - 1
    n_lost[[0, -1]] = REMEMBERED  # the ends meet nobody, which is not worth remembering
    for between in np.unique(n_lost[n_lost < REMEMBERED]):
        remember(model, track, int(between))
    device = track.meetings.device
    place = torch.from_numpy(n_lost.clip(max=REMEMBERED - 1)), torch.from_numpy(before.clip(min=0))
    maxima = track.meetings[place[0].to(device), place[1].to(device)]
    for some in _pieces(np.flatnonzero(n_lost >= REMEMBERED)):
        maxima[torch.from_numpy(some).to(device)] = _meetings(model, track, before[some], after[some])
    return torch.maximum(maxima[1:, 0], maxima[:-1, 1]).relu_()


@torch.inference_mode()
def remember(model: EmotionModel, track: TrackFeatures, n_lost: int) -> None:
    """Compute what any two frames give that meet across ``n_lost`` lost ones, unless it is known already.

    Worth doing beforehand where many threads are about to ask for it.

    Args:
        model: the network that ``track`` was made with.
        track: from ``track_features``.
        n_lost: 0 (neighbours) up to ``REMEMBERED`` - 1.
    """
    if n_lost in track.remembered:
        return
    for before in _pieces(np.arange(len(track) - n_lost - 1)):
        rows = slice(int(before[0]), int(before[-1]) + 1)
        track.meetings[n_lost, rows] = _meetings(model, track, before, before + n_lost + 1)
    track.remembered.add(n_lost)


def _meetings(
    model: EmotionModel, track: TrackFeatures, before: NDArray[np.int64], after: NDArray[np.int64]
) -> Tensor:
    """Third-block maxima beside meetings: over the late positions before, and over the early ones after.

    Shape: (meetings,) frame numbers twice -> (meetings, 2, channels).
    """
    geometry, device = Geometry.of(model), track.block_2.device
    left, right = torch.from_numpy(before).to(device), torch.from_numpy(after).to(device)
    last, first = track.block_2[left, -1], track.block_2[right, 0]
    if not np.array_equal(after, before + 1):
        last, first = _junctions(model, track, left, right)
    beside = track.block_2[left, -geometry.kernels[2] : -1], track.block_2[right, 1 : geometry.pools[2] - 1]
    windows = torch.cat([beside[0], last[:, None], first[:, None], beside[1]], dim=1)
    positions = convolve(model, 2, windows)
    late = geometry.right(2) + 1
    return torch.stack([positions[:, :late].amax(dim=1), positions[:, late:].amax(dim=1)], dim=1)


def _junctions(
    model: EmotionModel, track: TrackFeatures, left: Tensor, right: Tensor
) -> tuple[Tensor, Tensor]:
    """Second-block features beside junctions: of the last window before, and of the first after.

    Shape: (junctions,) frame numbers twice -> (junctions, channels) twice.
    """
    geometry = Geometry.of(model)
    no_left, no_right = (left == _NOBODY)[:, None], (right == _NOBODY)[:, None]
    tail, head = track.audio_tail[left], track.audio_head[right]
    closing = _first_block(model, torch.cat([tail, head[:, : geometry.right(0)]], dim=1))
    opening = _first_block(model, torch.cat([tail[:, tail.shape[1] - geometry.left(0) :], head], dim=1))
    # Beyond the ends lie zeros, not the response to zeros.
    closing, opening = closing.masked_fill(no_left, 0), opening.masked_fill(no_right, 0)
    # Of the last window before, the positions that see ``closing``, and of the first after, ``opening``.
    n_before, n_after = geometry.right(1) + 1, geometry.left(1) + 1
    far_left, far_right = n_before + geometry.left(1), n_after + geometry.right(1)
    clean = track.tail[left, -far_left:-1], track.head[right, 1:far_right]
    changed = convolve(model, 1, torch.cat([clean[0], closing[:, None], opening[:, None], clean[1]], dim=1))
    last = torch.maximum(track.unchanged_last[left], changed[:, :n_before].amax(dim=1))
    first = torch.maximum(track.unchanged_first[right], changed[:, n_before:].amax(dim=1))
    return last.relu_().masked_fill(no_left, 0), first.relu_().masked_fill(no_right, 0)


def _first_block(model: EmotionModel, samples: Tensor) -> Tensor:
    """One window of the first block with its context. Shape: (n, samples) -> (n, channels)."""
    return convolve(model, 0, samples.unsqueeze(2)).amax(dim=1).relu_()


def _pieces(values: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(values), _MEETINGS_AT_ONCE):
        yield values[start : start + _MEETINGS_AT_ONCE]
