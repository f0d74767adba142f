# mypy: allow-untyped-decorators, allow-untyped-defs, allow-untyped-calls
# ruff: noqa: PLR0917 (kernels take flat arrays and sizes, not objects)
"""The compiled side of :mod:`sercore.pooled_conv`: numba kernels, and the threads that share out their work.

Layouts. Sequences are channels-last, so that the patch under the kernel is a run of ``kernel * in``
neighbours and the next position's begins ``in`` further on: a convolution is overlapping rows times a matrix,
without copies. Sixteen output channels make a panel: two vectors, which with five positions fill the sixteen
registers of AVX2 (ten sums, two weights, one input).

Threads. numba's own (``parallel=True``) abort the process when two Python threads enter at once, as in a web
server. These kernels release the GIL and are called from a plain thread pool instead. Work is cut by the
shapes alone and sums are added in a fixed order, so that no result depends on the number of threads.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import torch
from numba import njit
from numpy.typing import NDArray
from torch import Tensor

from sercore.float8 import add8, fill8, fma8, load8, spread8, store8, store8_as_bytes, where_greater8

PANEL = 16
POSITIONS = 5
SHORT = 32  # floats of a patch that the backward kernel holds in registers
NO_WINNER = 255  # winners are bytes
MAX_POOL = NO_WINNER
FORWARD_TILE = 64 * 1024  # floats of input: leaves half of a 512 KB second-level cache to the weights
BACKWARD_TILE = 16 * 1024
BATCH_GROUPS = 16  # partial weight gradients; the paper's mini-batch
TAME = np.float32(1e15)  # up to here products cannot overflow float32, nor can sums of 10^8 of them


@njit(nogil=True, cache=True)
def _is_tame(values):
    wild = 0
    for value in values:
        wild += not abs(value) <= TAME  # counted, not broken off at: so it is vectorised; NaN is wild
    return wild == 0


@njit(nogil=True, cache=True)
def _pad(sequence, start, padded):
    """Copy ``padded.size`` floats from ``start`` on, zeros outside; False if one is not tame."""
    low = min(padded.size, max(0, -start))
    high = max(low, min(padded.size, sequence.size - start))
    padded[:low] = 0.0
    padded[low:high] = sequence[start + low : start + high]
    padded[high:] = 0.0
    return _is_tame(padded)


@njit(nogil=True, cache=True)
def _keep(best, at, candidate, position):
    here = fill8(np.float32(position))
    return where_greater8(candidate, best, candidate, best), where_greater8(candidate, best, here, at)


@njit(nogil=True, cache=True)
def _rectify(best, at, bias):
    zero = fill8(np.float32(0.0))
    value = add8(best, bias)
    nowhere = fill8(np.float32(NO_WINNER))
    return where_greater8(value, zero, value, zero), where_greater8(value, zero, at, nowhere)


@njit(nogil=True, cache=True)
def _best_of_window(padded, row, step, length, pool, weight, start):
    """The largest of ``pool`` positions in each of sixteen channels, and where it was first reached."""
    zero = fill8(np.float32(0.0))
    best_a = best_b = fill8(np.float32(-np.inf))
    at_a = at_b = zero
    last = pool - 1
    for first in range(0, pool, POSITIONS):
        # Past the window's end the last position is computed again: it cannot win a second time.
        p0 = row + first * step
        p1 = row + min(first + 1, last) * step
        p2 = row + min(first + 2, last) * step
        p3 = row + min(first + 3, last) * step
        p4 = row + min(first + 4, last) * step
        a0 = a1 = a2 = a3 = a4 = b0 = b1 = b2 = b3 = b4 = zero
        for j in range(length):
            wa = load8(weight, start + PANEL * j)
            wb = load8(weight, start + PANEL * j + 8)
            x = spread8(padded, p0 + j)
            a0, b0 = fma8(x, wa, a0), fma8(x, wb, b0)
            x = spread8(padded, p1 + j)
            a1, b1 = fma8(x, wa, a1), fma8(x, wb, b1)
            x = spread8(padded, p2 + j)
            a2, b2 = fma8(x, wa, a2), fma8(x, wb, b2)
            x = spread8(padded, p3 + j)
            a3, b3 = fma8(x, wa, a3), fma8(x, wb, b3)
            x = spread8(padded, p4 + j)
            a4, b4 = fma8(x, wa, a4), fma8(x, wb, b4)
        best_a, at_a = _keep(best_a, at_a, a0, first)
        best_b, at_b = _keep(best_b, at_b, b0, first)
        best_a, at_a = _keep(best_a, at_a, a1, first + 1)
        best_b, at_b = _keep(best_b, at_b, b1, first + 1)
        best_a, at_a = _keep(best_a, at_a, a2, first + 2)
        best_b, at_b = _keep(best_b, at_b, b2, first + 2)
        best_a, at_a = _keep(best_a, at_a, a3, first + 3)
        best_b, at_b = _keep(best_b, at_b, b3, first + 3)
        best_a, at_a = _keep(best_a, at_a, a4, first + 4)
        best_b, at_b = _keep(best_b, at_b, b4, first + 4)
    return best_a, at_a, best_b, at_b


@njit(nogil=True, cache=True)
def _forward_tile(sequence, step, left, weight, bias, pool, first, end, scratch, pooled, winners):
    """Windows ``first`` to ``end`` of one sequence; False when the input there is not tame."""
    n_panels = bias.size // PANEL
    length = weight.size // bias.size
    n_floats = ((end - first) * pool - 1) * step + length
    if not _pad(sequence, (first * pool - left) * step, scratch[:n_floats]):
        return False
    for panel in range(n_panels):
        bias_a = load8(bias, panel * PANEL)
        bias_b = load8(bias, panel * PANEL + 8)
        for window in range(first, end):
            row = (window - first) * pool * step
            best_a, at_a, best_b, at_b = _best_of_window(
                scratch, row, step, length, pool, weight, panel * length * PANEL
            )
            best_a, at_a = _rectify(best_a, at_a, bias_a)
            best_b, at_b = _rectify(best_b, at_b, bias_b)
            to = window * bias.size + panel * PANEL
            store8(pooled, to, best_a)
            store8(pooled, to + 8, best_b)
            store8_as_bytes(winners, to, at_a)
            store8_as_bytes(winners, to + 8, at_b)
    return True


@njit(nogil=True, cache=True)
def _scatter_short(grads, starts, n_winners, padded, weight, at, grad_padded, grad_weight, with_input):
    """:func:`_scatter` for patches of up to 32 floats: their weights and sums stay in registers."""
    s0, s1 = load8(grad_weight, at), load8(grad_weight, at + 8)
    s2, s3 = load8(grad_weight, at + 16), load8(grad_weight, at + 24)
    w0, w1 = load8(weight, at), load8(weight, at + 8)
    w2, w3 = load8(weight, at + 16), load8(weight, at + 24)
    for i in range(n_winners):
        g, x = spread8(grads, i), starts[i]
        s0, s1 = fma8(g, load8(padded, x), s0), fma8(g, load8(padded, x + 8), s1)
        s2, s3 = fma8(g, load8(padded, x + 16), s2), fma8(g, load8(padded, x + 24), s3)
        if with_input:
            store8(grad_padded, x, fma8(g, w0, load8(grad_padded, x)))
            store8(grad_padded, x + 8, fma8(g, w1, load8(grad_padded, x + 8)))
            store8(grad_padded, x + 16, fma8(g, w2, load8(grad_padded, x + 16)))
            store8(grad_padded, x + 24, fma8(g, w3, load8(grad_padded, x + 24)))
    store8(grad_weight, at, s0)
    store8(grad_weight, at + 8, s1)
    store8(grad_weight, at + 16, s2)
    store8(grad_weight, at + 24, s3)


@njit(nogil=True, cache=True)
def _scatter(grads, starts, n_winners, padded, weight, at, length, grad_padded, grad_weight, with_input):
    """The weights of one output channel: gather their gradient, scatter that of the input."""
    for i in range(n_winners):
        g, x = spread8(grads, i), starts[i]
        for j in range(0, length, 8):
            store8(grad_weight, at + j, fma8(g, load8(padded, x + j), load8(grad_weight, at + j)))
            if with_input:
                store8(grad_padded, x + j, fma8(g, load8(weight, at + j), load8(grad_padded, x + j)))


@njit(nogil=True, cache=True)
def _list_winners(grad, winners, channel, windows, pool, step, starts, grads):
    """One channel's winners with a gradient: where their patches begin, and how much each gets."""
    n_winners = 0
    for window in range(windows[0], windows[1]):
        g, at = grad[window, channel], winners[window, channel]
        starts[n_winners] = (window * pool + at) * step
        grads[n_winners] = g
        n_winners += (at != NO_WINNER) & (g != 0.0)  # without a branch: it would be a coin to guess
    return n_winners


@njit(nogil=True, cache=True)
def _backward_sequence(
    sequence,
    step,
    left,
    weight,
    pool,
    grad,
    winners,
    padded,
    grad_padded,
    grad_weight,
    grad_bias,
    grad_sequence,
):
    """Add one sequence's share to the gradients; False when a number in it is not tame."""
    n_windows, n_out = grad.shape
    length = weight.size // n_out
    with_input = grad_sequence.size > 0
    if not (_pad(sequence, -left * step, padded) and _is_tame(grad.ravel())):
        return False
    grad_padded[:] = 0.0
    tile = max(1, BACKWARD_TILE // (pool * step))
    starts = np.empty(tile, np.int64)
    grads = np.empty(tile, np.float32)
    for first in range(0, n_windows, tile):
        windows = (first, min(first + tile, n_windows))
        for channel in range(n_out):
            n_winners = _list_winners(grad, winners, channel, windows, pool, step, starts, grads)
            total = 0.0
            for i in range(n_winners):
                total += grads[i]
            grad_bias[channel] += total
            at = channel * length
            if length == SHORT:
                _scatter_short(
                    grads, starts, n_winners, padded, weight, at, grad_padded, grad_weight, with_input
                )
            else:
                _scatter(
                    grads, starts, n_winners, padded, weight, at, length, grad_padded, grad_weight, with_input
                )
    if with_input:
        grad_sequence[:] = grad_padded[left * step : left * step + sequence.size]
    return True


@cache
def _threads(n_threads: int, _process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(n_threads, thread_name_prefix="pooled-conv")


def _all_done(work: Callable[[int], bool], n_jobs: int) -> bool:
    """Do jobs 0 to ``n_jobs`` on as many threads as torch uses; a forked process gets threads of its own."""
    n_threads = min(torch.get_num_threads(), n_jobs)
    if n_threads < 2:
        return min(map(work, range(n_jobs)))
    return min(_threads(torch.get_num_threads(), os.getpid()).map(work, range(n_jobs)))


_local = threading.local()


def _buffer(name: str, size: int) -> NDArray[np.float32]:
    """This thread's buffer of that name: fresh memory costs more than the work done in it."""
    buffer: NDArray[np.float32] | None = getattr(_local, name, None)
    if buffer is None or buffer.size < size:
        buffer = np.empty(size, np.float32)
        setattr(_local, name, buffer)
    return buffer[:size]


def _panels(weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """Weight (panels, kernel * in, 16) and bias (panels * 16,), filled up with zero channels."""
    n_out, n_in, kernel = weight.shape
    missing = -n_out % PANEL
    rows = torch.nn.functional.pad(weight.permute(2, 1, 0).reshape(kernel * n_in, n_out), (0, missing))
    panels = rows.reshape(kernel * n_in, -1, PANEL).transpose(0, 1).contiguous()
    return panels, torch.nn.functional.pad(bias, (0, missing)).contiguous()


def forward(x: Tensor, weight: Tensor, bias: Tensor, pool: int) -> tuple[Tensor, Tensor] | None:
    """Pooled maxima and winners, or None when a value is not finite or too large for these kernels.

    Shape: x (batch, samples, in), weight (out, in, kernel), bias (out,) -> pooled (batch, windows, out), and
    winners of that shape as bytes: a position in the window, or 255 where the maximum was not positive.
    """
    batch, n_samples, n_in = x.shape
    n_out, _, kernel = weight.shape
    n_windows = n_samples // pool
    panels, all_bias = _panels(weight, bias)
    pooled = torch.empty(batch, n_windows, len(all_bias))
    winners = torch.empty(batch, n_windows, len(all_bias), dtype=torch.uint8)
    tile = max(1, FORWARD_TILE // (pool * n_in))
    tiles = [(b, w, min(w + tile, n_windows)) for b in range(batch) for w in range(0, n_windows, tile)]
    sequences, w, b = x.reshape(batch, -1).numpy(), panels.flatten().numpy(), all_bias.numpy()
    values, places = pooled.view(batch, -1).numpy(), winners.view(batch, -1).numpy()
    left = (kernel - 1) // 2

    def work(job: int) -> bool:
        i, first, end = tiles[job]
        scratch = _buffer("forward", (tile * pool + kernel) * n_in)
        return bool(
            _forward_tile(sequences[i], n_in, left, w, b, pool, first, end, scratch, values[i], places[i])
        )

    if not (_is_tame(w) and _is_tame(b) and _all_done(work, len(tiles))):
        return None
    return pooled[..., :n_out], winners[..., :n_out]


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
    rows = torch.nn.functional.pad(
        weight.permute(0, 2, 1).reshape(n_out, length), (0, -length % 8 if length > SHORT else SHORT - length)
    )
    n_groups = min(batch, BATCH_GROUPS)
    grad_rows = torch.zeros(n_groups, *rows.shape)
    grad_bias = torch.zeros(n_groups, n_out, dtype=torch.float64)
    grad_x = torch.empty(batch, n_samples * n_in if with_input else 0)
    sequences, grads = x.reshape(batch, -1).numpy(), grad.numpy()
    w, places = rows.flatten().numpy(), winners.numpy()
    to_x, to_rows, to_bias = grad_x.numpy(), grad_rows.view(n_groups, -1).numpy(), grad_bias.numpy()
    n_padded = (n_samples - 1) * n_in + rows.shape[1]

    def work(group: int) -> bool:
        padded, grad_padded = _buffer("padded", n_padded), _buffer("grad_padded", n_padded)
        tame = True
        for i in range(group * batch // n_groups, (group + 1) * batch // n_groups):
            tame &= _backward_sequence(
                sequences[i], n_in, left, w, pool, grads[i], places[i], padded, grad_padded,
                to_rows[group], to_bias[group], to_x[i],
            )  # fmt: skip
        return tame

    if not (_is_tame(w) and _all_done(work, n_groups)):
        return None
    grad_weight = grad_rows.sum(0)[:, :length].reshape(n_out, kernel, n_in).permute(0, 2, 1).contiguous()
    return grad_x.view(x.shape) if with_input else None, grad_weight, grad_bias.sum(0).float()
