# mypy: allow-untyped-decorators, allow-untyped-defs, allow-untyped-calls
# ruff: noqa: PLR0917 (kernels take arrays, addresses and sizes, not objects)
"""A kernel for short windows, many of them: the largest output at the first positions, and at the others.

Positions of several windows share a block of sums, for four of a window alone would leave it half empty.
"""

import numpy as np

from sercore.network.kernels.blocks import products
from sercore.network.kernels.compiled import PANEL, POSITIONS, is_tame, mentioned
from sercore.network.kernels.kernel_cache import kernel
from sercore.network.kernels.simd import LANES, add, fills, load, store, where_greater

_products, _fill = products(POSITIONS, PANEL // LANES), fills(PANEL // LANES)


@kernel
def highest(windows, step, positions, split, panels, bias, sums, best):
    """Fill ``best`` (windows, 2, out); False when a window holds what is not tame.

    Args:
        windows: as many samples each, ``step`` floats a sample. Shape: (windows, floats).
        step: input channels.
        positions: where the kernel fits into a window.
        split: how many of them, at least one, are the first; where there are no others, these repeat.
        panels: the weight as ``threads`` lays it out.
        bias: one number per output channel.
        sums: room for ``PANEL`` floats at each position, and for ``POSITIONS`` more of them.
        best: the result.
    """
    n_windows, floats = windows.shape
    if not is_tame(windows.ravel()):
        return False
    n, length, n_out = n_windows * positions, panels.size // bias.size, bias.size
    starts, places = np.empty(n + POSITIONS, np.int64), np.arange(0, PANEL, LANES)
    for i in range(n + POSITIONS):
        at = min(i, n - 1)
        starts[i] = at // positions * floats + at % positions * step
    from_x, from_starts, from_places = windows.ctypes.data, starts.ctypes.data, places.ctypes.data
    to_sums, to_best, from_bias = sums.ctypes.data, best.ctypes.data, bias.ctypes.data
    like = _fill(np.float32(0.0))
    for channel in range(0, n_out, PANEL):
        weight = panels.ctypes.data + 4 * channel * length
        for first in range(0, n, POSITIONS):
            block = _products(from_x, from_starts + 8 * first, weight, from_places, 1, length, PANEL, 0)
            store(to_sums, first * PANEL, block)
        biases = load(from_bias, channel, like)
        for window in range(n_windows):
            for part in range(2):
                low, high = (split, positions) if part and split < positions else (0, split)
                row = window * positions
                highest_sum = load(to_sums, (row + low) * PANEL, like)
                for position in range(low + 1, high):
                    candidate = load(to_sums, (row + position) * PANEL, like)
                    highest_sum = where_greater(candidate, highest_sum, candidate, highest_sum)
                store(to_best, (window * 2 + part) * n_out + channel, add(highest_sum, biases))
    return mentioned(starts) and mentioned(places)
