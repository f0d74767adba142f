"""Paired differences between settings: what is better where, and how sure that is.

All settings meet the same draws of the losses and the same resamples of the tracks, so that their differences
are paired: what makes a track easy, or a draw lucky, cancels.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pandas as pd

from sercore.results.means import CELL, DECIMALS, MeanScores
from sercore.results.table import at
from sercore.scoring.moments import interval

DIFFERENCES = {  # difference is setting minus other, mean over loss seeds and model seeds
    **dict.fromkeys(("partition", "setting", "other", "channel"), "string"),
    **dict.fromkeys(("p_n", "p_l", "expected_loss_rate"), "float64"),
    **dict.fromkeys(("dimension", "score"), "string"),
    **dict.fromkeys(("difference", "low", "high"), "float64"),
}


def paired(scores: MeanScores, setting: str, other: str) -> MeanScores:
    """One setting minus another in each cell that both have. ``cells`` holds the first setting's."""
    keys = [name for name in CELL if name != "setting"]
    one, two = (scores.at(setting=name) for name in (setting, other))
    left, right = (of.cells[keys].assign(place=range(len(of.cells))) for of in (one, two))
    both = left.merge(right, on=keys, validate="one_to_one")  # in the order of the first
    one, two = one.where(both["place_x"]), two.where(both["place_y"])
    return replace(one, means=one.means - two.means, resampled=one.resampled - two.resampled)


def differences(scores: MeanScores, settings: Sequence[str]) -> pd.DataFrame:
    """Paired differences of any two settings in each cell, with 95 % bootstrap intervals over tracks.

    Each pair comes once, the earlier of ``settings`` minus the later; NaN where a channel leaves too little.
    The columns are ``DIFFERENCES``.
    """
    tables = [pd.DataFrame(columns=list(DIFFERENCES))]
    for setting, other in combinations(settings, 2):
        pair = paired(scores, setting, other)
        low, high = interval(pair.resampled)
        values = {"difference": pair.means, "low": low, "high": high}
        rounded = {name: each.round(DECIMALS) for name, each in values.items()}
        tables.append(pair.cells.assign(other=other, score=scores.score, **rounded))
    return pd.concat(tables, ignore_index=True)[list(DIFFERENCES)].astype(DIFFERENCES)


def difference(table: pd.DataFrame, setting: str, other: str) -> pd.DataFrame:
    """The rows of one pair, as ``setting`` minus ``other`` whichever way they are stored."""
    as_is = at(table, setting=setting, other=other).reset_index(drop=True)
    if len(as_is) or setting == other:
        return as_is
    turned = at(table, setting=other, other=setting).reset_index(drop=True)
    values = {"difference": -turned["difference"], "low": -turned["high"], "high": -turned["low"]}
    return turned.assign(setting=turned["other"], other=turned["setting"], **values)
