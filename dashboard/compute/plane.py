"""The whole plane of channels for one clip: in which order it is computed, and as a table."""

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

    Args:
        known: four scores for each channel; it may grow meanwhile.
        dimension: 0 for arousal, 1 for valence.
        score: "ccc" or "ccc_timeline".
        points: a side.

    Example:
        >>> found = table({Gilbert(0.0, 1.0): (0.5, 0.4, 0.3, 0.2)}, 1, "ccc", points=2)
        >>> found[["p_n", "p_l", "ccc", "pending"]].values.tolist()[1]
        [0.0, 1.0, 0.4, False]
        >>> int(found["pending"].sum())
        3
    """
    column = SCORE_COLUMNS[score, dimension]
    rows = []
    for channel in plane(points):
        scores = known.get(channel)
        ccc = float("nan") if scores is None else scores[column]
        rows.append((channel.p_n, channel.p_l, ccc, scores is None))
    found = pd.DataFrame(rows, columns=["p_n", "p_l", "ccc", "pending"])
    return found.assign(low=float("nan"), high=float("nan"))
