"""Paired differences between settings: what is better where, and how sure that is.

All settings meet the same draws of the losses and the same resamples of the tracks, so that their differences
are paired: what makes a track easy, or a draw lucky, cancels.
"""

from collections.abc import Collection, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from sercore.results.means import CELL, DECIMALS, MeanScores
from sercore.results.table import at, read_table
from sercore.scoring.moments import interval

DIFFERENCES = {  # difference is setting minus other, mean over loss seeds and model seeds
    **dict.fromkeys(("partition", "setting", "other", "channel"), "string"),
    **dict.fromkeys(("p_n", "p_l", "expected_loss_rate"), "float64"),
    **dict.fromkeys(("dimension", "score"), "string"),
    **dict.fromkeys(("difference", "low", "high"), "float64"),
}


def paired(scores: MeanScores, setting: str, other: str) -> MeanScores:
    """One setting minus another in each cell that both have. ``cells`` holds the first setting's."""
    one, two = scores.at(setting=setting), scores.at(setting=other)
    keys = [name for name in CELL if name != "setting"]
    places = one.cells[keys].merge(
        two.cells[keys].reset_index(names="place_of_other"), on=keys, how="left", validate="one_to_one"
    )["place_of_other"]
    both = places.notna().to_numpy(dtype=bool)
    there = places[both].to_numpy(dtype=np.int64)
    one = one.where(both)
    return MeanScores(
        scores.score, one.cells, one.means - two.means[there], one.resampled - two.resampled[there]
    )


def differences(scores: MeanScores, settings: Sequence[str]) -> pd.DataFrame:
    """Paired differences between any two settings in each cell, with 95 % bootstrap intervals over tracks.

    Args:
        scores: of one score.
        settings: in this order; each pair comes once, the earlier minus the later.

    Returns:
        A table with the columns ``DIFFERENCES``; NaN where a channel leaves too little.
    """
    tables = [pd.DataFrame(columns=list(DIFFERENCES))]
    for setting, other in combinations(settings, 2):
        pair = paired(scores, setting, other)
        low, high = interval(pair.resampled) if len(pair.cells) else (np.empty(0), np.empty(0))
        rounded = (each.round(DECIMALS) for each in (pair.means, low, high))
        values = dict(zip(("difference", "low", "high"), rounded, strict=True))
        tables.append(pair.cells.assign(other=other, score=scores.score, **values))
    return pd.concat(tables, ignore_index=True)[list(DIFFERENCES)].astype(DIFFERENCES)


def difference(table: pd.DataFrame, setting: str, other: str) -> pd.DataFrame:
    """The rows of one pair, as ``setting`` minus ``other`` whichever way they are stored."""
    as_is = at(table, setting=setting, other=other).reset_index(drop=True)
    if len(as_is) or setting == other:
        return as_is
    turned = at(table, setting=other, other=setting).reset_index(drop=True)
    values = {"difference": -turned["difference"], "low": -turned["high"], "high": -turned["low"]}
    return turned.assign(setting=turned["other"], other=turned["setting"], **values)


def read_differences(path: Path, needed: Collection[str] = DIFFERENCES) -> pd.DataFrame:
    """Read a table of ``differences``; an older one may lack columns that are not ``needed``.

    Raises:
        ResultsError: if it is missing, damaged or of another kind.
    """
    return read_table(path, DIFFERENCES, "differences", needed)
