"""Means over seeds, each with its bootstrap over tracks."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sercore.results.cell_table import moments_of
from sercore.results.table import CHANNEL, at
from sercore.scoring.fewest_frames import MIN_FRAMES_FOR_CCC
from sercore.scoring.moments import RESAMPLES, ccc_of_tracks, resamples

CELL = ["partition", "setting", *CHANNEL, "expected_loss_rate", "dimension"]
DECIMALS = 4
_ROWS_AT_ONCE = 256  # 12 MB of sums
_LEAST_FRAMES = {"ccc": MIN_FRAMES_FOR_CCC, "ccc_timeline": 1}


@dataclass(frozen=True, eq=False)
class MeanScores:
    """CCC in each cell, mean over loss seeds and model seeds.

    Attributes:
        score: "ccc" or "ccc_timeline".
        cells: one row for each cell, with the columns ``CELL`` and ``model_seeds``, how many there are.
        means: NaN where no seed has a CCC. Shape: (cells,).
        resampled: the same means for each resample of the tracks. Shape: (cells, resamples).
    """

    score: str
    cells: pd.DataFrame
    means: NDArray[np.float64]
    resampled: NDArray[np.float64]

    def at(self, **wanted: object) -> "MeanScores":
        """The cells with these values, for instance ``setting="matched"``."""
        return self.where(self.cells.index.isin(at(self.cells, **wanted).index))

    def where(self, chosen: NDArray[np.bool_]) -> "MeanScores":
        """The chosen cells."""
        cells = self.cells[chosen].reset_index(drop=True)
        return MeanScores(self.score, cells, self.means[chosen], self.resampled[chosen])


def mean_scores(table: pd.DataFrame, score: str) -> MeanScores:
    """Average the rows of a sheet over loss seeds and model seeds, point and resamples alike.

    Args:
        table: a sheet. A row without a CCC counts neither in the mean nor in its resamples.
        score: "ccc" or "ccc_timeline".
    """
    table = table.reset_index(drop=True)
    groups = table.groupby(CELL, sort=True, dropna=False)
    place = groups.ngroup().to_numpy()
    cells = groups.agg(model_seeds=("model_seed", "nunique")).reset_index()
    values = table[score].to_numpy(dtype=np.float64)
    defined = np.flatnonzero(np.isfinite(values))
    means = _mean_by_place(values[defined, None], place[defined], len(cells))[:, 0]
    total = np.zeros((len(cells), RESAMPLES))
    count = np.zeros((len(cells), RESAMPLES))
    for start in range(0, len(defined), _ROWS_AT_ONCE):
        some = defined[start : start + _ROWS_AT_ONCE]
        resampled = _resampled(moments_of(table.loc[some], score), _LEAST_FRAMES[score])
        known = np.isfinite(resampled)
        np.add.at(total, place[some], np.where(known, resampled, 0.0))
        np.add.at(count, place[some], known)
    return MeanScores(score, cells, means, _divide(total, count))


def _resampled(moments: NDArray[np.float64], min_frames: int) -> NDArray[np.float64]:
    """CCC of each resample; NaN for a single track, which leaves no choice. Shape: (rows, resamples)."""
    tracks = moments.shape[1]
    if tracks < 2:
        return np.full((len(moments), RESAMPLES), np.nan)
    return ccc_of_tracks(moments, resamples(tracks), min_frames)


def _mean_by_place(values: NDArray[np.float64], place: NDArray[np.int64], places: int) -> NDArray[np.float64]:
    total, count = np.zeros((places, values.shape[1])), np.zeros((places, 1))
    np.add.at(total, place, values)
    np.add.at(count, place, 1)
    return _divide(total, count)


def _divide(total: NDArray[np.float64], count: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):
        result: NDArray[np.float64] = total / count
    return result


def average(scores: MeanScores) -> tuple[float, NDArray[np.float64]]:
    """The mean over all cells that have a CCC, and the same for each resample. Shape: (), (resamples,)."""
    defined = np.isfinite(scores.means)
    if not defined.any():
        return float("nan"), np.full(scores.resampled.shape[1], np.nan)
    resampled = scores.resampled[defined]
    known = np.isfinite(resampled)
    mean = _divide(np.where(known, resampled, 0.0).sum(axis=0), known.sum(axis=0).astype(np.float64))
    return float(scores.means[defined].mean()), mean
