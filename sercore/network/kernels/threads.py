# ruff: noqa: PLR0917 (a backward step needs what the forward step had)
"""The compiled path of ``network.pooled_conv``: lays out the arrays and shares the batch out over threads.

numba's own threads (``parallel=True``) abort the process when two Python threads enter at once, as in a web
server. The kernels release the GIL and are called from a plain thread pool instead. Work is cut by the shapes
alone and sums are added in a fixed order, so that no result depends on the number of threads. Weights are
laid out by NumPy: PyTorch would share even that out over threads, which then spin for milliseconds.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sercore.network.kernels import compiled as kernels
from sercore.network.kernels.highest import highest as highest_of_windows

MAX_POOL = kernels.NO_WINNER
FORWARD_TILE = 64 * 1024  # floats of input: leaves half of a 512 KB second-level cache to the weights
BACKWARD_TILE = 16 * 1024
LONG = 256  # floats of a patch from which on it pays to compute only what dropout keeps
WINDOWS_TILE = 40 * 1024  # floats of short windows, which share the cache with a panel of weights and sums
BATCH_GROUPS = 16  # partial weight gradients; the paper's mini-batch


@cache
def _threads(n_threads: int, _process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(n_threads, thread_name_prefix="pooled-conv")


def _all_done(work: Callable[[int], bool], n_jobs: int) -> bool:
    """Do jobs 0 to ``n_jobs`` on as many threads as torch uses; a forked process gets threads of its own."""
    n_threads = min(torch.get_num_threads(), n_jobs)
    if n_threads < 2:
        return min(map(work, range(n_jobs)))
    return min(_threads(torch.get_num_threads(), os.getpid()).map(work, range(n_jobs)))


Floats = NDArray[np.float32]
_local = threading.local()


def _buffer(name: str, size: int) -> Floats:
    """This thread's buffer of that name: fresh memory costs more than the work done in it.

    PyTorch lets it begin with a line of the cache, which no register then straddles.
    """
    buffer: Floats | None = getattr(_local, name, None)
    if buffer is None or buffer.size < size:
        buffer = torch.empty(size).numpy()
        setattr(_local, name, buffer)
    return buffer[:size]


def panels_of(weight: Tensor, bias: Tensor) -> tuple[Floats, Floats]:
    """Weight (panels, kernel * in, PANEL) and bias (panels * PANEL,), filled up with zero channels."""
    n_out, n_in, kernel = weight.shape
    missing = -n_out % kernels.PANEL
    columns = np.pad(weight.numpy().T.reshape(kernel * n_in, n_out), ((0, 0), (0, missing)))
    panels = columns.reshape(kernel * n_in, -1, kernels.PANEL).transpose(1, 0, 2)
    return np.ascontiguousarray(panels), np.pad(bias.numpy(), (0, missing))


def forward(
    x: Tensor, weight: Tensor, bias: Tensor, pool: int, kept: Tensor | None = None, trace: bool = True
) -> tuple[Tensor, Tensor | None] | None:
    """Pooled maxima and winners, or None when a value is not finite or too large for the kernels.

    Shape: x (batch, samples, in), weight (out, in, kernel), bias (out,), kept (batch, windows, out) as bytes
    -> pooled (batch, windows, out), and winners of that shape as bytes: a position in the window, or 255
    where the maximum was not positive or not kept. Without ``trace`` the winners are not looked for.
    """
    (batch, n_samples, n_in), (n_out, _, kernel) = x.shape, weight.shape
    n_windows, left = n_samples // pool, (kernel - 1) // 2
    n_tiles = -(-n_windows * pool * n_in // FORWARD_TILE)
    n_tiles += -n_tiles % max(1, 4 // batch)  # so that two or four threads end together
    tile = -(-n_windows // n_tiles)
    tiles = [(i, (w, min(w + tile, n_windows))) for i in range(batch) for w in range(0, n_windows, tile)]
    if not (kernels.is_tame(weight.numpy().ravel()) and kernels.is_tame(bias.numpy())):
        return None
    if kept is not None and pool >= 16 and weight[0].numel() >= LONG:
        run, trace = kernels.forward_kept, True
        weights, biases = np.ascontiguousarray(weight.numpy()), bias.numpy()
    else:
        run, (panels, biases) = kernels.forward, panels_of(weight, bias)
        weights = panels.reshape(-1)
    pooled = torch.empty(batch, n_windows, len(biases))
    winners = torch.empty(pooled.shape, dtype=torch.uint8) if trace else None
    keep = np.empty((batch, 0, 0), np.uint8) if kept is None else kept.numpy()
    places = [None] * batch if winners is None else winners.numpy()
    sequences, values = x.reshape(batch, -1).numpy(), pooled.numpy()

    def work(job: int) -> bool:
        i, windows = tiles[job]
        scratch = _buffer("forward", (tile * pool + kernel) * n_in)
        given = sequences[i], n_in, left, weights, biases, pool, windows, keep[i], scratch
        return bool(run(*given, values[i], places[i]))

    if not _all_done(work, len(tiles)):
        return None
    return pooled[..., :n_out], None if winners is None else winners[..., :n_out]


def highest(windows: Tensor, panels: Floats, bias: Floats, split: int) -> Tensor | None:
    """The largest output at the first ``split`` positions of each window, and at the others.

    None when a value is not finite or too large for the kernels.

    Shape: windows (n, samples, in), the weight and the bias as ``panels_of`` lays them out -> (n, 2, out).
    """
    n, samples, n_in = windows.shape
    positions, tile = samples - panels.shape[1] // n_in + 1, max(1, WINDOWS_TILE // (samples * n_in))
    best, rows, weights = torch.empty(n, 2, len(bias)), windows.view(n, -1).numpy(), panels.reshape(-1)
    found = best.numpy()

    def work(job: int) -> bool:
        some = slice(job * tile, (job + 1) * tile)
        sums = _buffer("sums", (tile * positions + kernels.POSITIONS) * kernels.PANEL)
        given = n_in, positions, split, weights, bias, sums
        return bool(highest_of_windows(rows[some], *given, found[some]))

    return best if _all_done(work, -(-n // tile)) else None


def backward(
    x: Tensor, weight: Tensor, winners: Tensor, grad: Tensor, pool: int, with_input: bool
) -> tuple[Tensor | None, Tensor, Tensor] | None:
    """Gradients of x, weight and bias, visiting the winners only; None as in :func:`forward`.

    Shape: x (batch, samples, in), weight (out, in, kernel), winners and grad (batch, windows, out) -> those
    of x (None unless ``with_input``), weight and bias.
    """
    batch, n_samples, n_in = x.shape
    n_out, _, kernel = weight.shape
    left, length = (kernel - 1) // 2, n_in * kernel
    more = kernels.SHORT - length if length <= kernels.SHORT else -length % kernels.BLOCK
    rows = np.pad(weight.numpy().transpose(0, 2, 1).reshape(n_out, length), ((0, 0), (0, more)))
    n_groups = min(batch, BATCH_GROUPS)
    grad_rows = torch.zeros(n_groups, *rows.shape)
    grad_bias = torch.zeros(n_groups, n_out, dtype=torch.float64)
    grad_x = torch.empty(batch, n_samples * n_in if with_input else 0)
    sequences, grads = x.reshape(batch, -1).numpy(), grad.numpy()
    places, to_x, to_rows, to_bias = (t.numpy() for t in (winners, grad_x, grad_rows, grad_bias))
    tile = max(1, BACKWARD_TILE // (pool * n_in))
    n_padded = (n_samples - 1) * n_in + rows.shape[1]

    def work(group: int) -> bool:
        padded, grad_padded = _buffer("padded", n_padded), _buffer("grad_padded", n_padded)
        return all(
            kernels.backward(
                sequences[i], n_in, left, rows, pool, grads[i], places[i], tile, padded, grad_padded,
                to_rows[group], to_bias[group], to_x[i],
            )
            for i in range(group * batch // n_groups, (group + 1) * batch // n_groups)
        )  # fmt: skip

    if not (kernels.is_tame(rows.ravel()) and _all_done(work, n_groups)):
        return None
    grad_weight = grad_rows.sum(0)[:, :length].reshape(n_out, kernel, n_in).permute(0, 2, 1).contiguous()
    return grad_x.view(x.shape) if with_input else None, grad_weight, grad_bias.sum(0).float()
