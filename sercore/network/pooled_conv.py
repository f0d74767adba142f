# ruff: noqa: PLR0917 (a backward step needs what the forward step had)
"""Conv1d, ReLU and MaxPool1d as one differentiable step that never writes the full-rate activation to memory.

Of the paper's first convolution (16 segments of 20 s, 64 channels: 1.3 GB) the pool keeps one value in forty.
Here tiles of the convolution stay in cache, and only each window's maximum and its position are kept; the
gradient then flows through those positions alone. ReLU commutes with the maximum, so it is done last.

Float32 on a CPU runs in numba kernels (``network.kernels``), and on a CUDA device the convolution is a plain
matrix product (``network.pooled_conv_gpu``). Where numba is absent, on other devices, in float64, with
``SERCORE_PURE_TORCH=1`` in the environment, and for values that are not finite (which must leave as they
leave the plain modules), the same is done in PyTorch alone.
"""

import os
from functools import cache
from types import ModuleType
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from sercore.network.pooled_conv_gpu import pooled_conv1d_on_gpu

TILE_FLOATS = 1 << 20  # of the pure-PyTorch path on a CPU: 4 MB, about a cache
GPU_TILE_FLOATS = 1 << 26  # 256 MB: other devices want few large steps


def pooled_conv1d(x: Tensor, weight: Tensor, bias: Tensor, pool: int, kept: Tensor | None = None) -> Tensor:
    """The largest of each ``pool`` outputs of a length-keeping convolution, and at least 0.

    Equals ``F.max_pool1d(F.relu(F.conv1d(F.pad(x, (left, right)), weight, bias)), pool)`` with ``left`` =
    (kernel - 1) // 2 and ``right`` = kernel // 2 zeros; samples that do not fill a last window are left out.

    Args:
        x: audio or features, float32 or float64. Fastest when the channels of a sample lie together in
            memory, as in this function's own result.
        weight: as in ``torch.nn.Conv1d``.
        bias: one number per output channel.
        pool: samples per window, at least 1.
        kept: where dropout leaves the output alone, drawn beforehand (bool, or bytes of 0 and 1); it is 0
            elsewhere, and where that saves time it is not computed. All outputs are kept if left out.

    Returns:
        Features at 1/``pool`` of the rate of ``x``; a transposed view of channels-last memory.

    Shape:
        x (batch, in, samples), weight (out, in, kernel), bias (out,), kept (batch, out, samples // pool) ->
        (batch, out, samples // pool)

    Raises:
        ValueError: if shapes or types do not fit each other or no window is full.

    Example:
        >>> x = torch.tensor([[[1.0, 5.0, 2.0, -3.0, -1.0]]])
        >>> pooled_conv1d(x, torch.ones(1, 1, 1), torch.zeros(1), pool=2)
        tensor([[[5., 2.]]])
    """
    _check(x, weight, bias, pool, kept)
    if x.is_cuda:
        return pooled_conv1d_on_gpu(x, weight, bias, pool, kept)
    if kept is not None:
        kept = kept.transpose(1, 2).contiguous().view(torch.uint8)
    if torch.is_grad_enabled() and (x.requires_grad or weight.requires_grad or bias.requires_grad):
        pooled: Tensor = _PooledConv.apply(x, weight, bias, pool, kept)  # type: ignore[no-untyped-call, unused-ignore]
    else:
        rows = x.detach().transpose(1, 2).contiguous()
        pooled = _forward(rows, weight.detach(), bias.detach(), pool, kept, trace=False)[0]
    return pooled.transpose(1, 2)


def _check(x: Tensor, weight: Tensor, bias: Tensor, pool: int, kept: Tensor | None) -> None:
    if x.ndim != 3 or weight.ndim != 3 or x.shape[1] != weight.shape[1] or bias.shape != weight.shape[:1]:
        shapes = f"{tuple(x.shape)}, {tuple(weight.shape)}, {tuple(bias.shape)}"
        raise ValueError(
            f"x, weight, bias must be (batch, in, samples), (out, in, kernel), (out,), got {shapes}"
        )
    if not x.dtype == weight.dtype == bias.dtype:
        raise ValueError(f"x, weight, bias must be of one type, got {x.dtype}, {weight.dtype}, {bias.dtype}")
    if pool < 1 or x.shape[2] < pool or not x.shape[0]:
        raise ValueError(
            f"pool must lie in [1, samples] and the batch hold one, got {pool} and {tuple(x.shape)}"
        )

    if kept is not None and kept.shape != (x.shape[0], weight.shape[0], x.shape[2] // pool):
        raise ValueError(f"kept must have the shape of the output, got {tuple(kept.shape)}")
    if kept is not None and kept.dtype not in {torch.bool, torch.uint8}:
        raise ValueError(f"kept must be bool or uint8, got {kept.dtype}")


class _PooledConv(torch.autograd.Function):
    """x (batch, in, samples), weight, bias -> (batch, windows, out), remembering who won."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, pool: int, kept: Tensor | None) -> Tensor:
        pooled, winners = _forward(x.transpose(1, 2).contiguous(), weight, bias, pool, kept)
        ctx.save_for_backward(x, weight, winners)
        ctx.pool = pool
        return pooled

    @staticmethod
    @once_differentiable  # type: ignore[misc, untyped-decorator, unused-ignore]
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, Tensor, Tensor, None, None]:
        x, weight, winners = ctx.saved_tensors
        rows, grad, with_input = x.transpose(1, 2).contiguous(), grad.contiguous(), ctx.needs_input_grad[0]
        grads = None
        if (kernels := kernels_for(x, ctx.pool)) is not None:
            grads = kernels.backward(rows, weight, winners, grad, ctx.pool, with_input)
        if grads is None:
            grads = _backward_in_torch(rows, weight, winners, grad, ctx.pool, with_input)
        grad_x, grad_weight, grad_bias = grads
        return None if grad_x is None else grad_x.transpose(1, 2), grad_weight, grad_bias, None, None


@cache
def _kernels() -> ModuleType | None:
    try:
        from sercore.network.kernels import threads as pooled_conv_cpu  # noqa: PLC0415 (numba takes a second to import)
    except ImportError:
        return None
    return pooled_conv_cpu


def kernels_for(x: Tensor, pool: int) -> ModuleType | None:
    """The compiled kernels, where they take such a tensor."""
    if x.dtype != torch.float32 or x.device.type != "cpu" or os.environ.get("SERCORE_PURE_TORCH") == "1":
        return None
    kernels = _kernels()
    return kernels if kernels is not None and pool <= kernels.MAX_POOL else None


def _forward(
    x: Tensor, weight: Tensor, bias: Tensor, pool: int, kept: Tensor | None, trace: bool = True
) -> tuple[Tensor, Tensor | None]:
    """Pooled and winners (batch, windows, out); a winner of ``pool`` or more: none positive, or not kept.

    Without ``trace`` there may be no winners.
    """
    kernels = kernels_for(x, pool)
    result = None if kernels is None else kernels.forward(x, weight, bias, pool, kept, trace)
    return _forward_in_torch(x, weight, bias, pool, kept) if result is None else result


def _patches(x: Tensor, kernel: int) -> Tensor:
    """What the kernel sees at each position, (batch, samples, kernel * in); overlapping views of one copy."""
    batch, n_samples, n_in = x.shape
    padded = torch.nn.functional.pad(x, (0, 0, (kernel - 1) // 2, kernel // 2))
    return padded.as_strided((batch, n_samples, kernel * n_in), (padded.stride(0), n_in, 1))


def _tile_floats(x: Tensor) -> int:
    return TILE_FLOATS if x.device.type == "cpu" else GPU_TILE_FLOATS


def _rows(weight: Tensor) -> Tensor:
    return weight.transpose(1, 2).flatten(1)  # (out, kernel * in), in the order of _patches


def _forward_in_torch(
    x: Tensor, weight: Tensor, bias: Tensor, pool: int, kept: Tensor | None
) -> tuple[Tensor, Tensor]:
    n_out, _, kernel = weight.shape
    batch, n_windows = x.shape[0], x.shape[1] // pool
    patches, columns = _patches(x, kernel), _rows(weight).T
    pooled = x.new_empty(batch, n_windows, n_out)
    winners = torch.empty(pooled.shape, dtype=torch.uint8 if pool <= 255 else torch.int32, device=x.device)
    tile = max(1, _tile_floats(x) // (batch * pool * (columns.shape[0] + n_out)))
    for low in range(0, n_windows, tile):
        high = min(low + tile, n_windows)
        dense = patches[:, low * pool : high * pool] @ columns
        best, at = dense.view(batch, high - low, pool, n_out).max(2)
        pooled[:, low:high] = torch.relu(best + bias)
        winners[:, low:high] = at.masked_fill_(best + bias <= 0, max(pool, 255))
    if kept is not None:
        pooled.masked_fill_(kept == 0, 0.0)
        winners.masked_fill_(kept == 0, max(pool, 255))
    return pooled, winners


def _backward_in_torch(
    x: Tensor, weight: Tensor, winners: Tensor, grad: Tensor, pool: int, with_input: bool
) -> tuple[Tensor | None, Tensor, Tensor]:
    n_out, n_in, kernel = weight.shape
    batch, n_windows = x.shape[0], x.shape[1] // pool
    patches, rows = _patches(x, kernel), _rows(weight)
    grad_rows, grad_bias = torch.zeros_like(rows), torch.zeros_like(rows[:, 0])
    grad_padded = x.new_zeros(batch, x.shape[1] + kernel - 1, n_in) if with_input else None
    sequence = torch.arange(batch, device=x.device)[:, None, None]
    tile = max(1, _tile_floats(x) // (batch * rows.numel()))
    for low in range(0, n_windows, tile):
        high = min(low + tile, n_windows)
        at, won = winners[:, low:high].long(), winners[:, low:high] < pool
        at = at.clamp(max=pool - 1) + pool * torch.arange(high - low, device=x.device)[:, None]
        g = torch.where(won, grad[:, low:high], 0)
        seen = patches[:, low * pool : high * pool][sequence, at]
        grad_rows += torch.einsum("bwo,bwok->ok", g, seen)
        grad_bias += g.sum((0, 1))
        if grad_padded is not None:
            n_positions = (high - low) * pool
            share = x.new_zeros(batch * n_positions, kernel * n_in)
            share.index_add_(0, (at + n_positions * sequence).flatten(), (g[..., None] * rows).flatten(0, 2))
            share = share.view(batch, n_positions, kernel, n_in)
            for k in range(kernel):
                grad_padded[:, low * pool + k : high * pool + k] += share[:, :, k]
    left = (kernel - 1) // 2
    grad_x = None if grad_padded is None else grad_padded[:, left : left + x.shape[1]]
    return grad_x, grad_rows.view(n_out, kernel, n_in).transpose(1, 2), grad_bias
