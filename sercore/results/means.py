"""Means over seeds, each with its bootstrap over tracks."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sercore.results.cell_table import moments_of
from sercore.results.table import CHANNEL, at
from sercore.scoring.fewest_frames import MIN_DRAWN_FOR_INTERVAL, MIN_FRAMES_FOR_CCC
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
        return self.where(at(self.cells, **wanted).index)

    def where(self, chosen: ArrayLike) -> "MeanScores":
        """The chosen cells, by their places or by one boolean each."""
        chosen = np.asarray(chosen)
        cells = self.cells.iloc[chosen].reset_index(drop=True)
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
    cells = groups.agg(model_seeds=("model_seed", "nunique"), mean=(score, "mean")).reset_index()
    defined = np.flatnonzero(np.isfinite(table[score]))
    total, count = np.zeros((2, len(cells), RESAMPLES))
    for start in range(0, len(defined), _ROWS_AT_ONCE):
        some = defined[start : start + _ROWS_AT_ONCE]
        resampled = _resampled(moments_of(table.loc[some], score), _LEAST_FRAMES[score])
        known = np.isfinite(resampled)
        np.add.at(total, place[some], np.where(known, resampled, 0.0))
        np.add.at(count, place[some], known)
    with np.errstate(invalid="ignore"):
        return MeanScores(score, cells, cells.pop("mean").to_numpy(dtype=np.float64), total / count)


def _resampled(moments: NDArray[np.float64], min_frames: int) -> NDArray[np.float64]:
    """CCC of each resample; NaN for a single track, which leaves no choice. Shape: (rows, resamples)."""
    tracks = moments.shape[1]
    if tracks < MIN_DRAWN_FOR_INTERVAL:
        return np.full((len(moments), RESAMPLES), np.nan)
    return ccc_of_tracks(moments, resamples(tracks), min_frames)


def average(scores: MeanScores) -> tuple[float, NDArray[np.float64]]:
    """The mean over all cells that have a CCC, and the same for each resample. Shape: (), (resamples,)."""
    defined = scores.where(np.isfinite(scores.means))
    return float(pd.Series(defined.means).mean()), pd.DataFrame(defined.resampled).mean().to_numpy()
