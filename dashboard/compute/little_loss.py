"""The corner of the plane where real calls live, 0 to 10 % loss, read off the channels that were measured."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

MOST = 0.1  # share of frames lost
LONGEST_STAY = 0.8  # p_L: bursts of one frame to five
LOSSES = np.linspace(0, MOST, 21)
STAYS = np.linspace(0, LONGEST_STAY, 17)


def little_loss(cells: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """A column of a plane between the channels around each place: straight lines, as ``expected.between``.

    Columns of the cells: p_n, p_l and the one asked for. NaN where a channel around has none.
    Shape: (loss rates, p_L), at ``LOSSES`` and ``STAYS``.
    """
    grid = cells.pivot_table(index="p_n", columns="p_l", values=column, dropna=False).astype(float)
    if not len(grid):
        return np.full((len(LOSSES), len(STAYS)), np.nan)
    p_n, p_l = grid.index.to_numpy(dtype=float), grid.columns.to_numpy(dtype=float)
    along_l = np.stack([np.interp(STAYS, p_l, row) for row in grid.to_numpy()])  # (p_n, STAYS)
    places = stays_received(LOSSES[:, None], STAYS)
    found = [np.interp(places[:, i], p_n, along_l[:, i], left=np.nan) for i in range(len(STAYS))]
    return np.stack(found, axis=1)


def stays_received(loss_rate: NDArray[np.float64], p_l: NDArray[np.float64]) -> NDArray[np.float64]:
    """The p_N at which a share of frames is lost: Eq. 1 solved for it.

    Example:
        >>> stays_received(np.array([0.1]), np.array([0.5])).round(4).tolist()
        [0.9444]
    """
    return np.asarray(1 - loss_rate * (1 - p_l) / (1 - loss_rate))
