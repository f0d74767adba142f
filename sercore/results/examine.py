"""What the results say to each claim of the paper."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sercore.results import claims
from sercore.results.claims import ALL, BETTER, OVER, UNDER, Claim, Finding, Statement, Trend, judge
from sercore.results.differences import paired
from sercore.results.means import MeanScores, average, mean_scores
from sercore.results.paper import HALF
from sercore.results.severity import NINE, STATISTICS
from sercore.results.table import at
from sercore.scoring.moments import interval
from sercore.units import DIMENSIONS


def examine_claims(plane: pd.DataFrame, clean: pd.DataFrame, score: str) -> list[Finding]:
    """Every statement of every claim, in both dimensions.

    Args:
        plane: a sheet of one partition with the paper's four settings.
        clean: a sheet of the same partition, the clean channel, by training setting.
        score: "ccc" or "ccc_timeline".
    """
    scores, without_loss = mean_scores(plane, score), mean_scores(clean, score)
    found = [
        _compare(claim, statement, dimension, plane, scores.at(dimension=dimension))
        for claim in claims.CLAIMS
        for statement in claim.statements
        for dimension in DIMENSIONS
    ]
    return found + [
        _follow(claim, trend, dimension, clean, without_loss.at(dimension=dimension))
        for claim in claims.CLAIMS
        for dimension in DIMENSIONS
        for trend in claim.trends
    ]


def _compare(
    claim: Claim, statement: Statement, dimension: str, plane: pd.DataFrame, scores: MeanScores
) -> Finding:
    chosen = scores.where(_in_band(scores.cells["expected_loss_rate"].to_numpy(), statement.channels))
    difference = paired(chosen, statement.setting, statement.other)
    channels = int(np.isfinite(difference.means).sum())
    statistic = "mean difference in CCC"
    found = Finding(claim.number, statement.sentence, dimension, scores.score, statistic, channels=channels)
    if not len(difference.cells) == len(chosen.cells.drop_duplicates(["p_n", "p_l"])) > 0:
        return found
    of_seeds = _difference_of_seeds(plane, statement, dimension, scores.score)
    return _judged(found, statement.relation, *average(difference), of_seeds)


def _judged(
    found: Finding, relation: str, value: float, resampled: NDArray[np.float64], of_seeds: Sequence[float]
) -> Finding:
    low, high = (float(end) for end in interval(resampled))
    verdict = judge(relation, low, high, of_seeds)
    return replace(found, value=value, low=low, high=high, of_seeds=tuple(of_seeds), verdict=verdict)


def _in_band(rates: NDArray[np.float64], channels: str) -> NDArray[np.bool_]:
    """Channels by their loss rate (Eq. 1); exactly half is neither under nor over."""
    away = np.abs(rates - HALF) > 1e-9
    bands = {ALL: np.ones(len(rates), dtype=bool), UNDER: away & (rates < HALF), OVER: away & (rates > HALF)}
    return bands[channels]


def _difference_of_seeds(
    plane: pd.DataFrame, statement: Statement, dimension: str, score: str
) -> list[float]:
    """The mean difference for each training seed with which both settings met all channels."""
    pair = [statement.setting, statement.other]
    rows = at(plane, dimension=dimension)
    rows = rows[rows["setting"].isin(pair)]
    rows = rows[_in_band(rows["expected_loss_rate"].to_numpy(), statement.channels)]
    cells = rows.pivot_table(
        index=["model_seed", "p_n", "p_l"], columns="setting", values=score, aggfunc="mean"
    )
    cells = cells.reindex(columns=pair)  # absent where no row has a CCC
    both = (cells[statement.setting] - cells[statement.other]).dropna()
    of_seeds = both.groupby("model_seed").agg(["mean", "size"])
    channels = len(both.groupby(["p_n", "p_l"]))
    return [float(mean) for mean in of_seeds.loc[of_seeds["size"] == channels, "mean"]]


def _follow(claim: Claim, trend: Trend, dimension: str, clean: pd.DataFrame, scores: MeanScores) -> Finding:
    found = Finding(claim.number, trend.sentence, dimension, scores.score, trend.statistic)
    places = [np.flatnonzero((scores.cells["setting"] == name).to_numpy(dtype=bool)) for name in NINE]
    if not all(len(place) for place in places):
        return found
    nine, statistic = np.concatenate(places), STATISTICS[trend.statistic]
    here = at(clean, dimension=dimension)
    table = here.pivot_table(index="model_seed", columns="setting", values=scores.score)
    seeds = table.reindex(columns=list(NINE)).dropna().to_numpy(dtype=np.float64)
    of_seeds = [float(one) for one in statistic(seeds)] if len(seeds) else []
    value, resampled = float(statistic(scores.means[nine])), statistic(scores.resampled[nine].T)
    return _judged(found, BETTER, value, resampled, of_seeds)
