"""What the results say to each claim of the paper."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sercore.results import claims
from sercore.results.claims import BETTER, Claim, Finding, Statement, Trend, in_band, judge
from sercore.results.differences import paired
from sercore.results.four_settings import NINE
from sercore.results.means import MeanScores, average, mean_scores
from sercore.results.severity import STATISTICS
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
    chosen = scores.where(in_band(scores.cells["expected_loss_rate"], statement.channels))
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


def _difference_of_seeds(
    plane: pd.DataFrame, statement: Statement, dimension: str, score: str
) -> list[float]:
    """The mean difference for each training seed with which both settings met all channels."""
    rows = at(plane, dimension=dimension)
    rows = rows[in_band(rows["expected_loss_rate"], statement.channels)]
    cells = rows.pivot_table(index=["model_seed", "p_n", "p_l"], columns="setting", values=score)
    cells = cells.reindex(columns=[statement.setting, statement.other])  # absent where no row has a CCC
    both = (cells[statement.setting] - cells[statement.other]).dropna().unstack("model_seed")
    return [float(mean) for mean in both.dropna(axis="columns").mean()]


def _follow(claim: Claim, trend: Trend, dimension: str, clean: pd.DataFrame, scores: MeanScores) -> Finding:
    found = Finding(claim.number, trend.sentence, dimension, scores.score, trend.statistic)
    places = pd.Index(scores.cells["setting"]).get_indexer(NINE)
    if (places < 0).any():
        return found
    nine, statistic = scores.where(places), STATISTICS[trend.statistic]
    rows = at(clean, dimension=dimension)
    seeds = rows.pivot_table(index="model_seed", columns="setting", values=scores.score)
    of_seeds = statistic(seeds.reindex(columns=NINE).dropna().to_numpy(dtype=np.float64)).tolist()
    return _judged(found, BETTER, float(statistic(nine.means)), statistic(nine.resampled.T), of_seeds)
