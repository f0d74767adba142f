"""The whole plane of channels for one clip: in which order it is computed, and as a table."""

import math
from collections.abc import Mapping

import pandas as pd

from dashboard.compute.predictions import CellScores
from sercore.channel import Gilbert, LossModel, plane

POINTS = 21  # a side: steps of 0.05, as in the results
STEPS = (4, 2, 1)  # every fourth channel first, so that all corners of the picture are there early
SCORE_COLUMNS = {("ccc", 0): 0, ("ccc", 1): 1, ("ccc_timeline", 0): 2, ("ccc_timeline", 1): 3}


def rounds(points: int = POINTS) -> list[list[Gilbert]]:
    """Rows of channels, from a coarse picture of the plane to the fine one; each channel once.

    Example:
        >>> sum(map(len, rounds())), len(rounds()[0])
        (441, 6)
    """
    done: set[tuple[int, int]] = set()
    grid = plane(points)
    rows = []
    for step in STEPS:
        for p in range(0, points, step):
            row = [(n, p) for n in range(0, points, step) if (n, p) not in done]
            done |= set(row)
            if row:
                rows.append([grid[n * points + p] for n, p in row])
    return rows


def table(
    known: Mapping[LossModel, CellScores], dimension: int, score: str, points: int = POINTS
) -> pd.DataFrame:
    """The whole plane, as ``heatmaps.ccc_heatmap`` takes it; a channel that is still to come is pending.

    What is known may grow meanwhile. ``dimension`` is 0 for arousal, 1 for valence; ``points`` are a side's.

    Example:
        >>> found = table({Gilbert(0.0, 1.0): (0.5, 0.4, 0.3, 0.2)}, 1, "ccc", points=2)
        >>> found[["p_n", "p_l", "ccc", "pending"]].values.tolist()[1]
        [0.0, 1.0, 0.4, False]
        >>> int(found["pending"].sum())
        3
    """
    column, known = SCORE_COLUMNS[score, dimension], dict(known)
    nothing = (math.nan,) * len(SCORE_COLUMNS)
    rows = [(c.p_n, c.p_l, known.get(c, nothing)[column], c not in known) for c in plane(points)]
    return pd.DataFrame(rows, columns=["p_n", "p_l", "ccc", "pending"]).assign(low=math.nan, high=math.nan)
