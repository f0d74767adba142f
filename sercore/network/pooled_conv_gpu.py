"""The convolution block where matrix products are cheap and memory is large: windows times a band matrix.

A window of ``pool`` positions and what its kernel sees beside it is one row; the kernel at each of the
positions is one matrix (a band, or Toeplitz, matrix).  That multiplies zeros, half of the time, and is still
several times faster on a GPU than gathering what the winners saw.
"""

import torch
from torch import Tensor


def pooled_conv1d_on_gpu(x: Tensor, weight: Tensor, bias: Tensor, pool: int, kept: Tensor | None) -> Tensor:
    """As ``sercore.network.pooled_conv.pooled_conv1d``, differentiated by PyTorch; on any device.

    Shape:
        x (batch, in, samples), weight (out, in, kernel), bias (out,), kept (batch, out, samples // pool) ->
        (batch, out, samples // pool)
    """
    n_out, _, kernel = weight.shape
    n_windows = x.shape[2] // pool
    sides = ((kernel - 1) // 2, kernel // 2)
    padded = torch.nn.functional.pad(
        x[:, :, : n_windows * pool + sides[1]], _missing(x, n_windows * pool, sides)
    )
    windows = padded.transpose(1, 2).unfold(1, pool + kernel - 1, pool)  # (batch, windows, in, seen)
    responses = windows.flatten(2) @ band_matrix(weight, pool)
    best = responses.view(len(x), n_windows, pool, n_out).max(2).values
    pooled = torch.relu(best + bias)
    if kept is not None:
        pooled = pooled * kept.transpose(1, 2)
    return pooled.transpose(1, 2)


def _missing(x: Tensor, used: int, sides: tuple[int, int]) -> tuple[int, int]:
    """Zeros to add on the left and the right, where the samples do not go on."""
    return sides[0], max(0, used + sides[1] - x.shape[2])


def band_matrix(weight: Tensor, pool: int) -> Tensor:
    """The kernel at each position of a window. Shape: (out, in, kernel) -> (in * seen, pool * out).

    Example:
        >>> band_matrix(torch.tensor([[[1.0, 2.0]]]), pool=2)
        tensor([[1., 0.],
                [2., 1.],
                [0., 2.]])
    """
    n_out, n_in, kernel = weight.shape
    band = weight.new_zeros(pool, pool + kernel - 1, n_in, n_out)
    position = torch.arange(pool, device=weight.device)[:, None]
    seen = position + torch.arange(kernel, device=weight.device)
    band = band.index_put((position.expand_as(seen), seen), weight.permute(2, 1, 0).expand(pool, -1, -1, -1))
    return band.permute(2, 1, 0, 3).reshape(n_in * (pool + kernel - 1), pool * n_out)
