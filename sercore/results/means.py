"""Means over seeds with a bootstrap over tracks, and paired differences between settings.

All settings meet the same draws of the losses and the same resamples of the tracks, so that their differences
are paired: what makes a track easy, or a draw lucky, cancels.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from sercore.results.cell_table import moments_of
from sercore.results.table import ResultsError
from sercore.scoring.moments import MIN_FRAMES_FOR_CCC, RESAMPLES, ccc_of_tracks, interval, resamples

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

CELL = ["partition", "setting", "p_n", "p_l", "expected_loss_rate", "dimension"]
DIFFERENCES = {
    "partition": "string",
    "setting": "string",
    "other": "string",
    "p_n": "float64",
    "p_l": "float64",
    "expected_loss_rate": "float64",
    "dimension": "string",
    "score": "string",
    "difference": "float64",  # setting minus other, mean over loss seeds and model seeds
    "low": "float64",
    "high": "float64",
}
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

    def at(self, **wanted: object) -> MeanScores:
        """The cells with these values, for instance ``setting="matched"``."""
        chosen = np.ones(len(self.cells), dtype=bool)
        for column, value in wanted.items():
            chosen &= (self.cells[column] == value).to_numpy(dtype=bool)
        return self.where(chosen)

    def where(self, chosen: NDArray[np.bool_]) -> MeanScores:
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
    import pandas as pd  # noqa: PLC0415  (half a second that import sercore need not cost)

    tables = []
    for setting, other in combinations(settings, 2):
        difference = paired(scores, setting, other)
        low, high = interval(difference.resampled) if len(difference.cells) else (np.empty(0), np.empty(0))
        tables.append(
            difference.cells.assign(
                other=other,
                score=scores.score,
                difference=difference.means.round(DECIMALS),
                low=low.round(DECIMALS),
                high=high.round(DECIMALS),
            )
        )
    every = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(DIFFERENCES))
    return every[list(DIFFERENCES)].astype(DIFFERENCES)


def difference(table: pd.DataFrame, setting: str, other: str) -> pd.DataFrame:
    """The rows of one pair, as ``setting`` minus ``other`` whichever way they are stored."""
    as_is = table[(table["setting"] == setting) & (table["other"] == other)]
    if len(as_is) or setting == other:
        return as_is.reset_index(drop=True)
    turned = table[(table["setting"] == other) & (table["other"] == setting)].reset_index(drop=True)
    return turned.assign(
        setting=turned["other"],
        other=turned["setting"],
        difference=-turned["difference"],
        low=-turned["high"],
        high=-turned["low"],
    )


def read_differences(path: Path) -> pd.DataFrame:
    """Read a table of ``differences``.

    Raises:
        ResultsError: if it is missing, damaged or of another kind.
    """
    import pandas as pd  # noqa: PLC0415

    if not path.is_file():
        raise ResultsError(f"there are no differences at {path}")
    try:
        return pd.read_parquet(path)[list(DIFFERENCES)].astype(DIFFERENCES)
    except (OSError, ValueError, KeyError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise ResultsError(f"the differences {path} cannot be read: {reason}") from None
