"""The whole plane of channels for one clip: in which order it is computed, and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sercore.loss_models import Gilbert

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.inference import CellScores

POINTS = 21  # a side: steps of 0.05, as in the results
STEPS = (4, 2, 1)  # every fourth channel first, so that the whole picture is there early
SCORE_COLUMNS = {("ccc", 0): 0, ("ccc", 1): 1, ("ccc_timeline", 0): 2, ("ccc_timeline", 1): 3}


def rounds(points: int = POINTS) -> list[list[Gilbert]]:
    """Rows of channels, from a coarse picture of the plane to the fine one; each channel once.

    Example:
        >>> sum(map(len, rounds())), len(rounds()[0])
        (441, 6)
    """
    done: set[tuple[int, int]] = set()
    rows = []
    for step in STEPS:
        for p in range(0, points, step):
            row = [(n, p) for n in range(0, points, step) if (n, p) not in done]
            done |= set(row)
            if row:
                rows.append([_channel(n, p, points) for n, p in row])
    return rows


def table(
    known: Mapping[Gilbert, CellScores],
    dimension: int,
    score: str,
    points: int = POINTS,
    *,
    coarse: bool = False,
) -> pd.DataFrame:
    """What is known of the plane, as ``heatmaps.ccc_heatmap`` takes it.

    Args:
        known: four scores for each channel.
        dimension: 0 for arousal, 1 for valence.
        score: "ccc" or "ccc_timeline".
        points: a side.
        coarse: let a channel that is still to come show the nearest one of a coarser round, so that a
            picture that is being computed has no holes; else it is left out.
    """
    column = SCORE_COLUMNS[score, dimension]
    rows = []
    for n in range(points):
        for p in range(points):
            own = _channel(n, p, points)
            allowed = _stand_ins(n, p, points) if coarse else [own]
            nearest = next(filter(known.__contains__, allowed), None)
            if nearest is not None:
                rows.append((own.p_n, own.p_l, known[nearest][column]))
    found = pd.DataFrame(rows, columns=["p_n", "p_l", "ccc"])
    return found.assign(low=float("nan"), high=float("nan"))


def _stand_ins(n: int, p: int, points: int) -> list[Gilbert]:
    """The channel itself, then the nearest ones of the coarser rounds."""
    return [
        _channel(*(min(points - 1, step * round(place / step)) for place in (n, p)), points)
        for step in sorted(STEPS)
    ]


def _channel(n: int, p: int, points: int) -> Gilbert:
    return Gilbert(round(n / (points - 1), 4), round(p / (points - 1), 4))
