# mypy: allow-untyped-decorators, allow-untyped-defs, allow-untyped-calls
# ruff: noqa: PLR0917 (kernels take arrays, addresses and sizes, not objects)
"""Kernels of ``threads`` for one sequence: forward, forward under dropout, backward.

Sequences are channels-last, so that the patch under the kernel is a run of ``kernel * in`` neighbours and the
next position's begins ``in`` further on: a convolution is overlapping rows times a matrix, without copies.

Winners are bytes: the position in its window that a maximum came from, or 255 where it was not positive.
"""

import numpy as np

from sercore.network.kernels.kernel_cache import kernel
from sercore.network.kernels.simd import (
    add8,
    equal8,
    fill8,
    fma8,
    highest8,
    load8,
    load_index,
    lowest_bit,
    spread8,
    store8,
    store8_as_bytes,
    where_greater8,
)

PANEL = 16  # output channels at once, two vectors
POSITIONS = 5  # with which ten sums, two weights and one input fit the sixteen registers of AVX2
NO_WINNER = 255
SHORT = 32  # floats of a patch that the backward kernel holds in registers
TAME = np.float32(1e15)  # up to here products cannot overflow float32, nor can sums of 10^8 of them


@kernel
def is_tame(values):
    """Whether all are finite and small enough for comparisons and sums to be those of real numbers."""
    wild = 0
    for value in values:
        wild += not abs(value) <= TAME  # counted, not broken off at: so it is vectorised; NaN is wild
    return wild == 0


@kernel
def _pad(sequence, start, padded):
    """Copy ``padded.size`` floats from ``start`` on, zeros outside; False if one is not tame."""
    low = min(padded.size, max(0, -start))
    high = max(low, min(padded.size, sequence.size - start))
    padded[:low] = 0.0
    padded[low:high] = sequence[start + low : start + high]
    padded[high:] = 0.0
    return is_tame(padded)


@kernel
def _keep(best, at, candidate, position):
    if at is None:
        return where_greater8(candidate, best, candidate, best), None
    here = fill8(np.float32(position))
    return where_greater8(candidate, best, candidate, best), where_greater8(candidate, best, here, at)


@kernel
def _best_of_window(x, step, length, pool, weight, nowhere):
    """The largest of ``pool`` positions in each of sixteen channels, and where first unless that is None."""
    zero = fill8(np.float32(0.0))
    best_a = best_b = fill8(np.float32(-np.inf))
    at_a = at_b = nowhere
    last = pool - 1
    for first in range(0, pool, POSITIONS):
        # Past the window's end the last position is computed again: it cannot win a second time.
        p0 = first * step
        p1 = min(first + 1, last) * step
        p2 = min(first + 2, last) * step
        p3 = min(first + 3, last) * step
        p4 = min(first + 4, last) * step
        a0 = a1 = a2 = a3 = a4 = b0 = b1 = b2 = b3 = b4 = zero
        for j in range(length):
            wa, wb = load8(weight, PANEL * j), load8(weight, PANEL * j + 8)
            s = spread8(x, p0 + j)
            a0, b0 = fma8(s, wa, a0), fma8(s, wb, b0)
            s = spread8(x, p1 + j)
            a1, b1 = fma8(s, wa, a1), fma8(s, wb, b1)
            s = spread8(x, p2 + j)
            a2, b2 = fma8(s, wa, a2), fma8(s, wb, b2)
            s = spread8(x, p3 + j)
            a3, b3 = fma8(s, wa, a3), fma8(s, wb, b3)
            s = spread8(x, p4 + j)
            a4, b4 = fma8(s, wa, a4), fma8(s, wb, b4)
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


@kernel
def _put(best, at, bias, pooled, winners, to):
    zero = fill8(np.float32(0.0))
    value = add8(best, bias)
    store8(pooled, to, where_greater8(value, zero, value, zero))
    if winners is not None:
        store8_as_bytes(winners, to, where_greater8(value, zero, at, fill8(np.float32(NO_WINNER))))


@kernel
def forward(sequence, step, left, panels, bias, pool, windows, kept, scratch, pooled, winners):
    """Some windows of one sequence; False when the input there is not tame.

    What ``kept`` (windows, out) says is not kept becomes 0; an empty one keeps all. Without gradients
    ``winners`` is None, for which numba compiles a kernel that does not look for them.
    """
    n_out, length = bias.size, panels.size // bias.size
    first, end = windows
    x = scratch[: ((end - first) * pool - 1) * step + length]
    if not _pad(sequence, (first * pool - left) * step, x):
        return False
    from_x, from_panels, from_bias = x.ctypes.data, panels.ctypes.data, bias.ctypes.data
    to_pooled = pooled.ctypes.data
    if winners is None:
        to_winners = nowhere = None
    else:
        to_winners, nowhere = winners.ctypes.data, fill8(np.float32(0.0))
    for channel in range(0, n_out, PANEL):
        weight = from_panels + 4 * channel * length
        bias_a, bias_b = load8(from_bias, channel), load8(from_bias, channel + 8)
        for window in range(first, end):
            row = from_x + 4 * (window - first) * pool * step
            best_a, at_a, best_b, at_b = _best_of_window(row, step, length, pool, weight, nowhere)
            to = window * n_out + channel
            _put(best_a, at_a, bias_a, to_pooled, to_winners, to)
            _put(best_b, at_b, bias_b, to_pooled, to_winners, to + 8)
    for window in range(first, min(end, len(kept))):
        for channel in range(kept.shape[1]):
            is_kept = kept[window, channel] != 0
            pooled[window, channel] *= is_kept
            if winners is not None:
                winners[window, channel] |= 0 if is_kept else NO_WINNER
    return True


@kernel
def _highest(x0, x1, x2):
    """The largest of 24 numbers and the first lane that holds it."""
    best = where_greater8(x0, x1, x0, x1)
    value = highest8(where_greater8(best, x2, best, x2))
    v = fill8(value)
    return value, lowest_bit(equal8(x0, v) | (equal8(x1, v) << 8) | (equal8(x2, v) << 16))


@kernel
def _four_channels(x, row, n_in, kernel, at_1, at_2, weights):
    """Maximum and lane of 24 positions, at ``x`` and so much further on, in each of four channels."""
    a0 = a1 = a2 = b0 = b1 = b2 = c0 = c1 = c2 = d0 = d1 = d2 = fill8(np.float32(0.0))
    for i in range(n_in):
        for k in range(kernel):
            at, j = i * row + k, i * kernel + k
            x0, x1, x2 = load8(x, at), load8(x, at + at_1), load8(x, at + at_2)
            w = spread8(weights[0], j)
            a0, a1, a2 = fma8(x0, w, a0), fma8(x1, w, a1), fma8(x2, w, a2)
            w = spread8(weights[1], j)
            b0, b1, b2 = fma8(x0, w, b0), fma8(x1, w, b1), fma8(x2, w, b2)
            w = spread8(weights[2], j)
            c0, c1, c2 = fma8(x0, w, c0), fma8(x1, w, c1), fma8(x2, w, c2)
            w = spread8(weights[3], j)
            d0, d1, d2 = fma8(x0, w, d0), fma8(x1, w, d1), fma8(x2, w, d2)
    return _highest(a0, a1, a2), _highest(b0, b1, b2), _highest(c0, c1, c2), _highest(d0, d1, d2)


@kernel
def _turn(sequence, step, start, row, x):
    """Rows of channels to columns: ``row`` samples from ``start`` on of each channel, zeros outside."""
    low, high = max(0, -start), min(row, sequence.size // step - start)
    if low > 0 or high < row:
        x[: row * step] = 0.0
    for i in range(step):
        for k in range(low, high):
            x[i * row + k] = sequence[(start + k) * step + i]


@kernel
def forward_kept(sequence, step, left, weight, bias, pool, windows, kept, scratch, pooled, winners):
    """:func:`forward` for the outputs that a dropout mask keeps; the others are 0.

    Here a vector is eight positions of one channel, and channels that are not kept cost nothing. Long patches
    gain by that; for short ones the search for the highest lane costs more. Windows hold at least 16 samples.
    """
    (n_out, n_in, kernel), row = weight.shape, pool + weight.shape[2] - 1
    low, high = (windows[0] * pool - left) * step, (windows[1] * pool - left + kernel) * step
    if not is_tame(sequence[max(0, low) : min(high, sequence.size)]):
        return False
    x, w = scratch.ctypes.data, weight.ctypes.data
    chosen = np.empty(n_out + 3, np.int64)
    for window in range(windows[0], windows[1]):
        pooled[window, :] = 0.0
        winners[window, :] = NO_WINNER
        n_kept = 0
        for channel in range(n_out):
            chosen[n_kept] = channel
            n_kept += kept[window, channel]
        chosen[n_kept : n_kept + 3] = chosen[max(0, n_kept - 1)]  # the last group of four repeats one
        _turn(sequence, step, window * pool - left, row, scratch)
        for n in range(0, n_kept, 4):
            four = chosen[n], chosen[n + 1], chosen[n + 2], chosen[n + 3]
            weights = (
                w + 4 * four[0] * n_in * kernel,
                w + 4 * four[1] * n_in * kernel,
                w + 4 * four[2] * n_in * kernel,
                w + 4 * four[3] * n_in * kernel,
            )
            for run in range(0, pool, 24):
                first = min(run, pool - 8)
                at_1, at_2 = min(8, pool - 8 - first), min(16, pool - 8 - first)
                found = _four_channels(x + 4 * first, row, n_in, kernel, at_1, at_2, weights)
                for place in range(4):
                    channel, (highest, lane) = four[place], found[place]
                    value = highest + bias[channel]
                    if value > pooled[window, channel]:
                        pooled[window, channel] = value
                        offset = 0 if lane < 8 else at_1 - 8 if lane < 16 else at_2 - 16
                        winners[window, channel] = first + lane + offset
    return True


@kernel
def _scatter_short(grads, starts, n_winners, x, weight, grad_x, grad_weight, with_input):
    """:func:`_scatter` for patches of up to 32 floats: their weights and sums stay in registers."""
    s0, s1 = load8(grad_weight, 0), load8(grad_weight, 8)
    s2, s3 = load8(grad_weight, 16), load8(grad_weight, 24)
    w0, w1, w2, w3 = load8(weight, 0), load8(weight, 8), load8(weight, 16), load8(weight, 24)
    for i in range(n_winners):
        g, at = spread8(grads, i), load_index(starts, i)
        s0, s1 = fma8(g, load8(x, at), s0), fma8(g, load8(x, at + 8), s1)
        s2, s3 = fma8(g, load8(x, at + 16), s2), fma8(g, load8(x, at + 24), s3)
        if with_input:
            store8(grad_x, at, fma8(g, w0, load8(grad_x, at)))
            store8(grad_x, at + 8, fma8(g, w1, load8(grad_x, at + 8)))
            store8(grad_x, at + 16, fma8(g, w2, load8(grad_x, at + 16)))
            store8(grad_x, at + 24, fma8(g, w3, load8(grad_x, at + 24)))
    store8(grad_weight, 0, s0)
    store8(grad_weight, 8, s1)
    store8(grad_weight, 16, s2)
    store8(grad_weight, 24, s3)


@kernel
def _scatter(grads, starts, n_winners, x, weight, length, grad_x, grad_weight, with_input):
    """The weights of one output channel: gather their gradient, scatter that of the input."""
    for i in range(n_winners):
        g, at = spread8(grads, i), load_index(starts, i)
        for j in range(0, length, 8):
            store8(grad_weight, j, fma8(g, load8(x, at + j), load8(grad_weight, j)))
            if with_input:
                store8(grad_x, at + j, fma8(g, load8(weight, j), load8(grad_x, at + j)))


@kernel
def backward(
    sequence,
    step,
    left,
    rows,
    pool,
    grad,
    winners,
    tile,
    padded,
    grad_padded,
    grad_rows,
    grad_bias,
    to_sequence,
):
    """Add one sequence's share to the gradients, ``tile`` windows at a time; False if it is not tame."""
    (n_windows, n_out), length, with_input = grad.shape, rows.shape[1], to_sequence.size > 0
    if not (_pad(sequence, -left * step, padded) and is_tame(grad.ravel())):
        return False
    grad_padded[:] = 0.0
    starts, grads = np.empty(tile, np.int64), np.empty(tile, np.float32)
    from_starts, from_grads, from_x, to_x = (
        starts.ctypes.data,
        grads.ctypes.data,
        padded.ctypes.data,
        grad_padded.ctypes.data,
    )
    for first in range(0, n_windows, tile):
        for channel in range(n_out):
            n_winners = 0
            for window in range(first, min(first + tile, n_windows)):
                g, at = grad[window, channel], winners[window, channel]
                starts[n_winners] = (window * pool + at) * step
                grads[n_winners] = g
                n_winners += (at != NO_WINNER) & (g != 0.0)  # a branch would be a coin to guess
            total = 0.0
            for i in range(n_winners):
                total += grads[i]
            grad_bias[channel] += total
            weight = rows.ctypes.data + 4 * channel * length
            to_weight = grad_rows.ctypes.data + 4 * channel * length
            if length == SHORT:
                _scatter_short(
                    from_grads, from_starts, n_winners, from_x, weight, to_x, to_weight, with_input
                )
            else:
                _scatter(
                    from_grads, from_starts, n_winners, from_x, weight, length, to_x, to_weight, with_input
                )
    if with_input:
        to_sequence[:] = grad_padded[left * step : left * step + sequence.size]
    return True
