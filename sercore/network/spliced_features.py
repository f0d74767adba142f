"""Features of what a channel leaves of a track, without computing the track again.

A frame's features are a maximum of two: what it and the frame before it give, and what it and the frame after
it give. So all that a channel decides is which frames become neighbours. Where two meet that were none, at a
splice, 15 positions of the second block and 4 of the third are computed; where the same two meet again in
another channel, as most do, nothing is. The result equals that of dropping first.

What is cached is computed for a whole track at once, and the rest for a whole channel at once, so that no
value depends on what was asked before.
"""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sercore.network.clean_features import Geometry, clean_features
from sercore.network.model import EmotionModel
from sercore.network.window_maxima import WindowMaxima

LONGEST_CACHED_BURST = 6  # lost frames; splices across 0 to 6 are 98 % of all on the paper's plane of 21 x 21
_NOBODY = -1  # stands for "no neighbour": before the first and after the last frame received
_SPLICES_AT_ONCE = 512


class TrackFeatures:
    """One track as one network sees it, and a cache of its splices that fills as channels are asked for.

    Arguments and errors as for ``clean_features``.
    """

    def __init__(self, model: EmotionModel, audio: NDArray[np.float32]) -> None:
        self.geometry, self.clean = Geometry.of(model), clean_features(model, audio)
        self._maxima = [WindowMaxima(model, block) for block in range(3)]
        # By number of lost frames in between and by the frame before: (bursts, frames, 2, channels).
        shape = (LONGEST_CACHED_BURST + 1, len(self.clean), 2, model.dimensions.channels[2])
        self._splices = self.clean.block_2.new_empty(shape)
        self._cached: set[int] = set()  # the numbers of lost frames for which splices are filled

    def __len__(self) -> int:
        return len(self.clean)

    @property
    def nbytes(self) -> int:
        """Size in memory: 25 MB for a track of 300 s."""
        return self.clean.nbytes + self._splices.nbytes

    @torch.inference_mode()
    def received(self, received: NDArray[np.bool_]) -> Tensor:
        """What ``model.features`` gives for the audio that the lost frames are cut out of.

        Shape: (frames,), at least one True = received -> (kept, channels).

        Raises:
            ValueError: if ``received`` has another length than the track or no frame is received.
        """
        kept = np.flatnonzero(received)
        if len(received) != len(self):
            raise ValueError(f"received must hold the track's {len(self)} frames, got {len(received)}")
        if not len(kept):
            raise ValueError(f"one of the {len(self)} frames must be received, got none")
        before, after = np.append(_NOBODY, kept), np.append(kept, _NOBODY)
        n_lost = after - before - 1
        n_lost[[0, -1]] = LONGEST_CACHED_BURST + 1  # the ends meet nobody, which is not worth caching
        for between in np.unique(n_lost[n_lost <= LONGEST_CACHED_BURST]):
            self.cache(int(between))
        device = self._splices.device
        place = torch.from_numpy(n_lost.clip(max=LONGEST_CACHED_BURST)), torch.from_numpy(before.clip(min=0))
        maxima = self._splices[place[0].to(device), place[1].to(device)]
        for some in _pieces(np.flatnonzero(n_lost > LONGEST_CACHED_BURST)):
            maxima[torch.from_numpy(some).to(device)] = self._splice(before[some], after[some])
        return torch.maximum(maxima[1:, 0], maxima[:-1, 1]).relu_()

    @torch.inference_mode()
    def cache(self, n_lost: int) -> None:
        """Compute what any two frames give that meet across ``n_lost`` lost ones, unless it is known already.

        From 0 (neighbours) to ``LONGEST_CACHED_BURST``; worth doing before many threads ask for it.
        """
        if n_lost not in self._cached:
            for before in _pieces(np.arange(len(self) - n_lost - 1)):
                rows = slice(int(before[0]), int(before[-1]) + 1)
                self._splices[n_lost, rows] = self._splice(before, before + n_lost + 1)
            self._cached.add(n_lost)

    def _splice(self, before: NDArray[np.int64], after: NDArray[np.int64]) -> Tensor:
        """Third-block maxima where frames meet: over the late positions before, and the early ones after.

        Shape: (splices,) frame numbers twice -> (splices, 2, channels).
        """
        geometry, block_2 = self.geometry, self.clean.block_2
        left, right = (torch.from_numpy(frames).to(block_2.device) for frames in (before, after))
        last, first = block_2[left, -1], block_2[right, 0]
        if not np.array_equal(after, before + 1):
            last, first = self._splice_block_2(left, right)
        beside = block_2[left, -geometry.kernels[2] : -1], block_2[right, 1 : geometry.pools[2] - 1]
        windows = torch.cat([beside[0], last[:, None], first[:, None], beside[1]], dim=1)
        return torch.stack(self._maxima[2](windows, geometry.right(2) + 1), dim=1)

    def _splice_block_2(self, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        """Second-block features beside splices: of the last window before, and of the first after.

        Shape: (splices,) frame numbers twice -> (splices, channels) twice.
        """
        geometry, clean = self.geometry, self.clean
        no_left, no_right = (left == _NOBODY)[:, None], (right == _NOBODY)[:, None]
        tail, head = clean.audio_tail[left], clean.audio_head[right]
        closing = self._first_block(torch.cat([tail, head[:, : geometry.right(0)]], dim=1))
        opening = self._first_block(torch.cat([tail[:, tail.shape[1] - geometry.left(0) :], head], dim=1))
        # Beyond the ends lie zeros, not the response to zeros.
        closing, opening = closing.masked_fill(no_left, 0), opening.masked_fill(no_right, 0)
        # Of the last window before, the positions that see ``closing``, and of the first after, ``opening``.
        n_before, n_after = geometry.right(1) + 1, geometry.left(1) + 1
        far_left, far_right = n_before + geometry.left(1), n_after + geometry.right(1)
        beside = clean.tail[left, -far_left:-1], clean.head[right, 1:far_right]
        windows = torch.cat([beside[0], closing[:, None], opening[:, None], beside[1]], dim=1)
        changed_last, changed_first = self._maxima[1](windows, n_before)
        last = torch.maximum(clean.unchanged_last[left], changed_last)
        first = torch.maximum(clean.unchanged_first[right], changed_first)
        return last.relu_().masked_fill(no_left, 0), first.relu_().masked_fill(no_right, 0)

    def _first_block(self, samples: Tensor) -> Tensor:
        """One window of the first block with its context. Shape: (n, samples) -> (n, channels)."""
        return self._maxima[0](samples.unsqueeze(2))[0].relu_()


def _pieces(values: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(values), _SPLICES_AT_ONCE):
        yield values[start : start + _SPLICES_AT_ONCE]
