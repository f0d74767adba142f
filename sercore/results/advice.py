"""What to do about the loss of a call: which receiver, and whether that beats training with loss (table 4).

Choices are made on devel, and judged on test, which chose nothing.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sercore.channel import channel_of
from sercore.reading import OneOf, Within
from sercore.reading.schema import Rule
from sercore.receiver.drop import Drop
from sercore.results.claims import BETTER, FAILS, HOLDS, OPEN, judge
from sercore.results.differences import paired
from sercore.results.errors import ResultsError
from sercore.results.means import MeanScores, average, mean_scores
from sercore.results.receiver_claims import SCORE
from sercore.results.remedy_table import read_remedies
from sercore.results.ways import CLEAN_NETWORK, is_call, way
from sercore.scoring.moments import interval
from sercore.units import DIMENSIONS

RATES_OF_ADVICE = (0.01, 0.03, 0.05, 0.1, 0.2)
TRAINED_WITH_LOSS = ("multi_condition", "augmentation", "loss_aware")
YES, NO = "yes", "no"
_WORDS = {HOLDS: YES, FAILS: NO, OPEN: OPEN}
ADVICE = {
    "packet_loss_rate": "float64",
    "dimension": "string",
    "receiver": "string",  # chosen on devel for the network trained on clean speech
    "ccc": "float64",  # of that network behind it, on test, as all below; on the whole timeline
    "over_drop": "float64",  # how much that is more than with the receiver that cuts out
    "over_drop_low": "float64",
    "over_drop_high": "float64",
    "helps": "string",
    "rival": "string",  # of the trainings with loss the one that devel chose, with the receiver that cuts out
    "over_rival": "float64",  # how much the clean network behind its receiver has more than that
    "over_rival_low": "float64",
    "over_rival_high": "float64",
    "beats_training": "string",
}
_ANSWER = OneOf((YES, NO, OPEN))
_DIFFERENCES = tuple(f"{name}{end}" for name in ("over_drop", "over_rival") for end in ("", "_low", "_high"))
RULES: Mapping[str, Rule] = {
    "helps": _ANSWER,
    "beats_training": _ANSWER,
    "rival": OneOf(TRAINED_WITH_LOSS),
    **dict.fromkeys(_DIFFERENCES, Within(-2.1, 2.1)),
}


def advise(devel: pd.DataFrame, test: pd.DataFrame, receivers: list[str]) -> pd.DataFrame:
    """Table 4: one row for each loss of a call and dimension, over short and long bursts.

    Args:
        devel: a sheet of ways that chooses.
        test: a sheet of ways that judges.
        receivers: which of them may be chosen.

    Returns:
        The columns of ``ADVICE``; without the rows of losses for which nothing was scored.
    """
    chooses, judges = mean_scores(devel, SCORE), mean_scores(test, SCORE)
    behind = {way(CLEAN_NETWORK, receiver): receiver for receiver in receivers}
    trained = {way(setting): setting for setting in TRAINED_WITH_LOSS}
    rows = []
    for rate in RATES_OF_ADVICE:
        seen, here = (scores.where(_loses(scores, rate)) for scores in (chooses, judges))
        ours, rival = (_best(seen, here, names) for names in (behind, trained))
        if ours is None or rival is None:
            continue
        about = {"packet_loss_rate": rate, "receiver": behind[ours], "rival": trained[rival]}
        for dimension in DIMENSIONS:
            cells = here.at(dimension=dimension)
            ccc, _ = average(cells.at(setting=ours))
            more = _over(cells, ours, way(CLEAN_NETWORK, Drop.NAME), "over_drop", "helps")
            beats = _over(cells, ours, rival, "over_rival", "beats_training")
            rows.append({**about, "dimension": dimension, "ccc": round(ccc, 4), **more, **beats})
    return pd.DataFrame(rows, columns=list(ADVICE)).astype(ADVICE)


def _loses(scores: MeanScores, rate: float) -> NDArray[np.bool_]:
    every = [channel_of(key) for key in scores.cells["channel"]]
    return np.array([is_call(each) and round(each.loss_rate, 6) == rate for each in every], dtype=bool)


def _best(seen: MeanScores, here: MeanScores, names: Mapping[str, str]) -> str | None:
    """The way with the highest mean on devel, of those that test has too; None where there is none."""
    means = pd.Series(seen.means).groupby(seen.cells["setting"].to_numpy()).mean().dropna()
    known = means[[name in names and name in set(here.cells["setting"]) for name in means.index]]
    return str(known.idxmax()) if len(known) else None


def _over(cells: MeanScores, one: str, other: str, name: str, answer: str) -> dict[str, float | str]:
    """How much more one way has than another, with its interval and what that says."""
    if one == other:
        return {name: 0.0, f"{name}_low": 0.0, f"{name}_high": 0.0, answer: NO}
    value, resampled = average(paired(cells, one, other))
    low, high = (round(float(end), 4) for end in interval(resampled))
    known = {name: round(value, 4), f"{name}_low": low, f"{name}_high": high}
    return {**known, answer: _WORDS[judge(BETTER, low, high, [value])]}


def read_advice(path: Path) -> pd.DataFrame:
    """Read table 4.

    Raises:
        ResultsError: if it is missing, damaged or of another kind.
    """
    table = read_remedies(path, ADVICE, "advice", RULES)
    for rate, dimensions in table.groupby("packet_loss_rate", dropna=False)["dimension"]:
        if sorted(dimensions) != sorted(DIMENSIONS):
            wanted = " and ".join(DIMENSIONS)
            raise ResultsError(
                f"the advice {path} cannot be used: a loss of {rate:g} needs {wanted}, once each"
            )
    return table


def advice_for(table: pd.DataFrame, loss_rate: float) -> pd.DataFrame:
    """The rows of the loss that is nearest, by ratio, to that of a call; none where nothing is lost.

    Example:
        >>> table = pd.DataFrame({"packet_loss_rate": [0.01, 0.05, 0.2]})
        >>> advice_for(table, 0.03)["packet_loss_rate"].tolist()
        [0.05]
    """
    if loss_rate <= 0 or not len(table):
        return table[:0]
    rates = table["packet_loss_rate"].to_numpy(dtype=float)
    far = np.abs(np.log(rates / loss_rate))
    return table[far == far.min()]
