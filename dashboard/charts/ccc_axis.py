"""Axes of CCC that can be compared: charts of arousal and valence side by side share one that holds 0."""

import math
from collections.abc import Iterable


def ccc_range(values: Iterable[float | None]) -> list[float]:
    """From 0, or from the tenth below the least of all that is shown, to 1; None and NaN are not shown.

    Example:
        >>> ccc_range([0.3, 0.76, None]), ccc_range([-0.21, float("nan")])
        ([0.0, 1.0], [-0.3, 1.0])
    """
    known = [value for value in values if value is not None and not math.isnan(value)]
    return [min(0.0, math.floor(10 * min(known, default=0.0)) / 10), 1.0]
