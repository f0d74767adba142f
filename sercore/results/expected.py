"""What each training may be expected to score in a channel, read off the plane between measured channels."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sercore.results.four_settings import as_settings
from sercore.results.need import SHARE_OF_CLEAN
from sercore.results.summaries import whole_settings
from sercore.results.table import at
from sercore.results.tolerance import step_of, strips


@dataclass(frozen=True)
class Expected:
    """A training's score in a channel; NaN where the results do not say.

    Attributes:
        setting: how it was trained.
        dimension: of what.
        ccc: between the four channels around it, bilinear.
        low: end of the 95 % interval over tracks, interpolated like the score.
        high: its other end.
        needed: ``SHARE_OF_CLEAN`` of what training on clean speech scores without loss.
        strip: the share of channels that give what is needed, by ``results.tolerance.STEPS`` of loss.
    """

    setting: str
    dimension: str
    ccc: float
    low: float
    high: float
    needed: float
    strip: tuple[float, ...]

    @property
    def enough(self) -> bool:
        """Whether it gives what is needed."""
        return self.ccc >= self.needed

    def borne_by(self, loss_rate: float) -> float:
        """The share of channels that give what is needed, of those that lose about as much; NaN over 95 %."""
        step = int(step_of(loss_rate))
        return self.strip[step] if step < len(self.strip) else math.nan

    @property
    def clean(self) -> float:
        """What training on clean speech scores without loss."""
        return self.needed / SHARE_OF_CLEAN


def expected_scores(plane: pd.DataFrame, p_n: float, p_l: float, score: str = "ccc") -> list[Expected]:
    """What each of the four settings may be expected to score at a place in the plane.

    Means over trainings and draws of the loss. Where one of the channels around the place has no score, or
    the place lies outside of those that were measured, it is NaN. In the order of the paper's settings.

    Args:
        plane: rows of ``sercore.results.table``, of one corpus and one partition.
        p_n: of the channel, in frames of 200 ms.
        p_l: the same.
        score: "ccc" on the frames that arrive, or "ccc_timeline".
    """
    rows = as_settings(plane, partly=False)
    borne = strips(rows, score)
    names = [score, f"{score}_low", f"{score}_high"]
    found = []
    for setting in whole_settings(rows):
        for dimension in rows["dimension"].unique():
            if (setting, dimension) not in borne:
                continue
            needed, strip = borne[setting, dimension]
            cells = at(rows, setting=setting, dimension=dimension).groupby(["p_n", "p_l"])[names].mean()
            ccc, low, high = (between(cells[name].astype(float).unstack("p_l"), p_n, p_l) for name in names)
            found.append(Expected(setting, str(dimension), ccc, low, high, needed, tuple(strip.tolist())))
    return found


def between(grid: pd.DataFrame, row: float, column: float) -> float:
    """Bilinear interpolation between the values of a grid; NaN outside of it, and beside what is NaN.

    Args:
        grid: its index and its columns are the places, rising.
        row: where, on the index.
        column: where, on the columns.

    Example:
        >>> grid = pd.DataFrame([[0.0, 1.0], [2.0, 3.0]], index=[0.0, 1.0], columns=[0.0, 1.0])
        >>> between(grid, 0.5, 0.25)
        1.25
        >>> between(grid, 1.0, 0.0), between(grid, 1.1, 0.0)
        (2.0, nan)
    """
    total = 0.0
    values = grid.to_numpy(dtype=float)
    for i, across in _corners(grid.index.to_numpy(dtype=float), row):
        for j, along in _corners(grid.columns.to_numpy(dtype=float), column):
            total += across * along * values[i, j]
    return float(total) if _inside(grid.index, row) and _inside(grid.columns, column) else math.nan


def _inside(places: pd.Index, where: float) -> bool:
    return bool(places.min() - 1e-9 <= where <= places.max() + 1e-9)


def _corners(places: NDArray[np.float64], where: float) -> list[tuple[int, float]]:
    """The places on both sides and their weights; on a place only that one, for its neighbour may be NaN."""
    after = int(np.clip(np.searchsorted(places, where), 0, len(places) - 1))
    before = max(0, after - 1)
    if before == after or abs(places[after] - where) < 1e-9:
        return [(after, 1.0)]
    share = float((where - places[before]) / (places[after] - places[before]))
    return [(before, 1 - share), (after, share)] if share > 1e-9 else [(before, 1.0)]
