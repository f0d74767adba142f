# mypy: allow-untyped-decorators, allow-untyped-defs, allow-untyped-calls
# ruff: noqa: PLR0917 (kernels take arrays, addresses and sizes, not objects)
"""Kernels of ``threads`` for one sequence: forward, forward under dropout, backward.

Sequences are channels-last, so that the patch under the kernel is a run of ``kernel * in`` neighbours and the
next position's begins ``in`` further on: a convolution is overlapping rows times a matrix, without copies.

Winners are bytes: the position in its window that a maximum came from, or 255 where it was not positive.
"""

import numpy as np

from sercore.network.kernels.blocks import first_highest_of, highest_lanes, highest_of, products
from sercore.network.kernels.kernel_cache import kernel
from sercore.network.kernels.simd import (
    LANES,
    add,
    fill,
    fills,
    fma,
    load,
    load_float,
    load_index,
    spread,
    store,
    store_as_bytes,
    where_greater,
)

# Sums, and what is multiplied into them, fit the sixteen registers of AVX2 or the thirty-two of AVX-512.
POSITIONS, PANEL = (10 if LANES == 16 else 5), 2 * LANES  # one after the other, and output channels at once
CHANNELS, RUN = (8, 2) if LANES == 16 else (4, 3)  # of the kernel for dropout, and registers of positions
SHORT, BLOCK = 32, 8 * LANES  # floats of a patch that the backward kernel holds in registers
NO_WINNER = 255
TAME = np.float32(1e15)  # up to here products cannot overflow float32, nor can sums of 10^8 of them

_panel_products, _run_products = products(POSITIONS, PANEL // LANES), products(CHANNELS, RUN)
_store_highest = highest_lanes(CHANNELS)
_fill_panel, _fill_short, _fill_block = fills(PANEL // LANES), fills(SHORT // LANES), fills(BLOCK // LANES)


@kernel
def is_tame(values):
    """Whether all are finite and small enough for comparisons and sums to be those of real numbers."""
    wild = 0
    for value in values:
        wild += not abs(value) <= TAME  # counted, not broken off at: so it is vectorised; NaN is wild
    return wild == 0


@kernel
def mentioned(array):
    """True. numba frees an array after its last mention, though its address be used later: so do it last."""
    return array.size >= 0


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
def _keep(best, at, sums, first):
    if at is None:
        return highest_of(best, sums), None
    return first_highest_of(best, at, sums, first)


@kernel
def _best_of_window(x, starts, pool, weight, places, length, at):
    """The largest of ``pool`` positions in each channel of a panel, and where first unless ``at`` is None."""
    best = _fill_panel(np.float32(-np.inf))
    for first in range(0, pool, POSITIONS):
        sums = _panel_products(x, starts + 8 * first, weight, places, 1, length, PANEL, 0)
        best, at = _keep(best, at, sums, first)
    return best, at


@kernel
def _put(best, at, bias, pooled, winners, to):
    zero = fill(np.float32(0.0))
    value = add(best, bias)
    store(pooled, to, where_greater(value, zero, value, zero))
    if winners is not None:
        store_as_bytes(winners, to, where_greater(value, zero, at, fill(np.float32(NO_WINNER))))


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
    # Past the window's end the last position is computed again: it cannot win a second time.
    starts = np.minimum(np.arange(pool + POSITIONS), pool - 1) * step
    places = np.arange(0, PANEL, LANES)
    from_x, from_starts, from_places = x.ctypes.data, starts.ctypes.data, places.ctypes.data
    from_panels, from_bias, to_pooled = panels.ctypes.data, bias.ctypes.data, pooled.ctypes.data
    if winners is None:
        to_winners = nowhere = None
    else:
        to_winners, nowhere = winners.ctypes.data, _fill_panel(np.float32(0.0))
    for channel in range(0, n_out, PANEL):
        weight = from_panels + 4 * channel * length
        biases = load(from_bias, channel, _fill_panel(np.float32(0.0)))
        for window in range(first, end):
            row = from_x + 4 * (window - first) * pool * step
            best, at = _best_of_window(row, from_starts, pool, weight, from_places, length, nowhere)
            _put(best, at, biases, to_pooled, to_winners, window * n_out + channel)
    for window in range(first, min(end, len(kept))):
        for channel in range(kept.shape[1]):
            is_kept = kept[window, channel] != 0
            pooled[window, channel] *= is_kept
            if winners is not None:
                winners[window, channel] |= 0 if is_kept else NO_WINNER
    return mentioned(starts) and mentioned(places)


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

    Here a register holds positions of one channel, and channels that are not kept cost nothing. Long patches
    gain by that; for short ones the search for the highest lane costs more. Windows hold at least 16 samples.
    """
    (n_out, n_in, kernel), row = weight.shape, pool + weight.shape[2] - 1
    low, high = (windows[0] * pool - left) * step, (windows[1] * pool - left + kernel) * step
    if not is_tame(sequence[max(0, low) : min(high, sequence.size)]):
        return False
    x, w = scratch.ctypes.data, weight.ctypes.data
    chosen, starts = np.empty(n_out + CHANNELS, np.int64), np.empty(n_out + CHANNELS, np.int64)
    highest, lanes, places = (
        np.empty(CHANNELS, np.float32),
        np.empty(CHANNELS, np.int64),
        np.empty(RUN, np.int64),
    )
    to_highest, to_lanes = highest.ctypes.data, lanes.ctypes.data
    from_starts, from_places = starts.ctypes.data, places.ctypes.data
    for window in range(windows[0], windows[1]):
        pooled[window, :] = 0.0
        winners[window, :] = NO_WINNER
        n_kept = 0
        for channel in range(n_out):
            chosen[n_kept] = channel
            n_kept += kept[window, channel]
        chosen[n_kept:] = chosen[max(0, n_kept - 1)]  # the last group repeats one
        starts[:] = chosen * (n_in * kernel)
        _turn(sequence, step, window * pool - left, row, scratch)
        for n in range(0, n_kept, CHANNELS):
            for first in range(0, pool, RUN * LANES):
                for i in range(RUN):
                    places[i] = min(first + i * LANES, pool - LANES)
                begin = from_starts + 8 * n
                sums = _run_products(w, begin, x, from_places, n_in, kernel, 1, row - kernel)
                _store_highest(sums, to_highest, to_lanes)
                for i in range(CHANNELS):
                    channel = chosen[n + i]
                    value = highest[i] + bias[channel]
                    if value > pooled[window, channel]:
                        pooled[window, channel] = value
                        winners[window, channel] = places[lanes[i] // LANES] + lanes[i] % LANES
    return True


@kernel
def _gather(grads, starts, n_winners, x, grad_weight, like):
    """Add to the gradient of some weights of one output channel, as many registers as ``like`` has.

    The sum of what came from above, the bias's share, is had meanwhile for nothing.
    """
    sums, total = load(grad_weight, 0, like), 0.0
    for i in range(n_winners):
        sums = fma(spread(grads, i), load(x, load_index(starts, i), like), sums)
        total += load_float(grads, i)
    store(grad_weight, 0, sums)
    return total


@kernel
def _scatter(grads, starts, n_winners, weight, length, grad_x):
    """Add what one output channel's weights send back to the gradient of the input."""
    one = fill(np.float32(0.0))
    for i in range(n_winners):
        g, at = spread(grads, i), load_index(starts, i)
        for j in range(0, length, LANES):
            store(grad_x, at + j, fma(g, load(weight, j, one), load(grad_x, at + j, one)))


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
            weight = rows.ctypes.data + 4 * channel * length
            to_weight = grad_rows.ctypes.data + 4 * channel * length
            if length == SHORT:
                like = _fill_short(np.float32(0.0))
                total = _gather(from_grads, from_starts, n_winners, from_x, to_weight, like)
            for j in range(0, length if length != SHORT else 0, BLOCK):
                some = _fill_block(np.float32(0.0))
                total = _gather(from_grads, from_starts, n_winners, from_x + 4 * j, to_weight + 4 * j, some)
            grad_bias[channel] += total
            if with_input:
                _scatter(from_grads, from_starts, n_winners, weight, length, to_x)
    if with_input:
        to_sequence[:] = grad_padded[left * step : left * step + sequence.size]
    return True
