"""What the results say to each claim of the paper."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sercore.results.claims import (
    ALL,
    BETTER,
    CLAIMS,
    OVER,
    UNDER,
    UNTRAINED,
    Claim,
    Finding,
    Statement,
    judge,
)
from sercore.results.differences import paired
from sercore.results.means import MeanScores, average, mean_scores
from sercore.results.paper import HALF
from sercore.results.severity import FALL, GAP, NINE, fall, gap_to_last
from sercore.scoring.moments import interval
from sercore.units import DIMENSIONS


def examine_claims(plane: pd.DataFrame, clean: pd.DataFrame, score: str) -> list[Finding]:
    """Every statement of every claim, in both dimensions.

    Args:
        plane: a sheet of one partition with the paper's four settings.
        clean: a sheet of the same partition, the clean channel, by training setting.
        score: "ccc" or "ccc_timeline".
    """
    scores = mean_scores(plane, score)
    found = [
        _compare(claim, statement, dimension, plane, scores.at(dimension=dimension))
        for claim in CLAIMS
        for statement in claim.statements
        for dimension in DIMENSIONS
    ]
    clean_scores = mean_scores(clean, score)
    for dimension in DIMENSIONS:
        found += _severity_findings(clean, clean_scores.at(dimension=dimension), dimension)
    return found


def _compare(
    claim: Claim, statement: Statement, dimension: str, plane: pd.DataFrame, scores: MeanScores
) -> Finding:
    chosen = scores.where(_in_band(scores.cells["expected_loss_rate"].to_numpy(), statement.channels))
    difference = paired(chosen, statement.setting, statement.other)
    wanted = chosen.cells.drop_duplicates(["p_n", "p_l"])
    complete = len(difference.cells) == len(wanted) > 0
    value, resampled = average(difference)
    low, high = interval(resampled)
    seeds = _difference_of_seeds(plane, statement, dimension, scores.score) if complete else ()
    name = statement.setting.replace("_", "-")
    return Finding(
        claim.number,
        f"{name} is {statement.relation} {statement.other.replace('_', '-')}, {statement.channels}",
        dimension,
        scores.score,
        "mean difference in CCC",
        value if complete else float("nan"),
        float(low) if complete else float("nan"),
        float(high) if complete else float("nan"),
        seeds,
        int(np.isfinite(difference.means).sum()),
        judge(statement.relation, float(low), float(high), seeds) if complete else UNTRAINED,
    )


def _in_band(rates: NDArray[np.float64], channels: str) -> NDArray[np.bool_]:
    """Channels by their loss rate (Eq. 1); exactly half is neither under nor over."""
    away = np.abs(rates - HALF) > 1e-9
    bands = {ALL: np.ones(len(rates), dtype=bool), UNDER: away & (rates < HALF), OVER: away & (rates > HALF)}
    return bands[channels]


def _difference_of_seeds(
    plane: pd.DataFrame, statement: Statement, dimension: str, score: str
) -> tuple[float, ...]:
    """The mean difference for each training seed with which both settings met all channels."""
    rows = plane[
        (plane["dimension"] == dimension) & plane["setting"].isin([statement.setting, statement.other])
    ]
    rows = rows[_in_band(rows["expected_loss_rate"].to_numpy(), statement.channels)]
    cells = rows.pivot_table(
        index=["model_seed", "p_n", "p_l"], columns="setting", values=score, aggfunc="mean"
    )
    cells = cells.reindex(columns=[statement.setting, statement.other])  # absent where no row has a CCC
    both = (cells[statement.setting] - cells[statement.other]).dropna()
    of_seeds = both.groupby("model_seed").agg(["mean", "size"])
    channels = len(both.groupby(["p_n", "p_l"]))
    return tuple(float(mean) for mean in of_seeds.loc[of_seeds["size"] == channels, "mean"])


def _severity_findings(clean: pd.DataFrame, scores: MeanScores, dimension: str) -> list[Finding]:
    """The two statistics of claim 7; both are above 0 where the claim is right."""
    seeds = (
        clean[clean["dimension"] == dimension]
        .pivot_table(index="model_seed", columns="setting", values=scores.score)
        .reindex(columns=list(NINE))
        .dropna()
        .to_numpy(dtype=np.float64)
    )
    places = [np.flatnonzero((scores.cells["setting"] == name).to_numpy(dtype=bool)) for name in NINE]
    nine = np.concatenate(places) if all(len(place) for place in places) else None
    found = []
    for sentence, statistic, compute in (
        ("clean CCC falls with the loss of the training channel", FALL, fall),
        ("low p_N / high p_L is worst", GAP, gap_to_last),
    ):
        value, low, high = float("nan"), float("nan"), float("nan")
        of_seeds: tuple[float, ...] = ()
        if nine is not None:
            value = float(compute(scores.means[nine]))
            low, high = (float(end) for end in interval(compute(scores.resampled[nine].T)))
            of_seeds = tuple(float(one) for one in compute(seeds)) if len(seeds) else ()
        verdict = judge(BETTER, low, high, of_seeds) if nine is not None else UNTRAINED
        found.append(
            Finding(7, sentence, dimension, scores.score, statistic, value, low, high, of_seeds, 1, verdict)
        )
    return found
