"""The largest that a convolution gives in short windows, of which there are many, without gradients.

In the network's own blocks a window is a stretch of one long sequence; here each stands alone.
"""

from typing import cast

import torch
from torch import Tensor

from sercore.network.model import EmotionModel, PooledConv
from sercore.network.pooled_conv import kernels_for


class WindowMaxima:
    """A block's convolution, laid out once, at the positions where its kernel fits into a window."""

    def __init__(self, model: EmotionModel, block: int) -> None:
        layer = cast(PooledConv, model.blocks[block])
        self._kernel, self._bias = layer.weight.shape[2], layer.bias.detach()
        self._columns = layer.weight.detach().permute(2, 1, 0).flatten(0, 1)  # (kernel * in, out)
        self._kernels = kernels_for(self._columns, 1)
        if self._kernels is not None:
            self._panels = self._kernels.panels_of(layer.weight.detach(), self._bias)

    def __call__(self, windows: Tensor, split: int | None = None) -> tuple[Tensor, Tensor]:
        """The largest of the first ``split`` positions and of the others, before ReLU.

        Both are the largest of all where there are no others.

        Shape: (n, samples, channels in) -> (n, channels out) twice.
        """
        windows, positions = windows.contiguous(), windows.shape[1] - self._kernel + 1
        split = min(split or positions, positions)
        both = self._in_kernels(windows, split)
        if both is None:
            both = self._in_torch(windows, split)
        return both[:, 0], both[:, 1]

    def _in_kernels(self, windows: Tensor, split: int) -> Tensor | None:
        if self._kernels is None or not len(windows):
            return None
        both: Tensor | None = self._kernels.highest(windows, *self._panels, split)
        return None if both is None else both[..., : len(self._bias)]

    def _in_torch(self, windows: Tensor, split: int) -> Tensor:
        n, samples, channels = windows.shape
        size = self._kernel * channels
        patches = windows.as_strided((n, samples - self._kernel + 1, size), (samples * channels, channels, 1))
        sums = torch.addmm(self._bias, patches.reshape(-1, size), self._columns)
        sums = sums.view(n, -1, len(self._bias))
        others = sums[:, split:] if split < sums.shape[1] else sums
        return torch.stack([sums[:, :split].amax(dim=1), others.amax(dim=1)], dim=1)
