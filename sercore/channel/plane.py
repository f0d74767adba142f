"""The paper's plane: p_n and p_l of the chain on a square grid (section 3.1)."""

from __future__ import annotations

from sercore.channel.gilbert import Gilbert


def plane(points: int) -> list[Gilbert]:
    """Channels on a square grid: p_n and p_l each from 0 to 1 in ``points`` steps, p_l running fastest.

    Raises:
        ValueError: if there are fewer than two points on a side.

    Example:
        >>> len(plane(21)), plane(3)[1]
        (441, Gilbert(p_n=0.0, p_l=0.5))
    """
    if points < 2:
        raise ValueError(f"a plane needs at least 2 points on a side, got {points}")
    axis = [round(i / (points - 1), 10) for i in range(points)]
    return [Gilbert(p_n, p_l) for p_n in axis for p_l in axis]
