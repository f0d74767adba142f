"""The paper's Table 2 and Figure 3 as small tables, for people and for the report."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sercore.results.four_settings import FOUR_SETTINGS
from sercore.results.means import DECIMALS, MeanScores, average, mean_scores
from sercore.results.paper import PAPER_TABLE_2
from sercore.scoring.moments import interval
from sercore.units import DIMENSIONS

LOSS_BINS = 10  # of Figure 3, each a tenth of the loss rate wide
TABLE_2 = {  # ccc is the mean over training seeds, model_seeds how many there are
    **dict.fromkeys(("partition", "setting", "dimension"), "string"),
    "model_seeds": "int64",
    **dict.fromkeys(("ccc", "low", "high", "lowest_seed", "highest_seed"), "float64"),
}
FIGURE_3 = {  # loss_rate is the mean of the bin's channels
    **dict.fromkeys(("score", "setting", "dimension"), "string"),
    **dict.fromkeys(("loss_from", "loss_to", "loss_rate"), "float64"),
    "channels": "int64",
    **dict.fromkeys(("ccc", "low", "high"), "float64"),
}


def table_2(clean: pd.DataFrame) -> pd.DataFrame:
    """CCC without loss of each network and partition: mean over training seeds, interval over tracks.

    From a sheet of the clean channel by training setting; the columns are ``TABLE_2``, settings in the order
    of the paper's table.
    """
    scores = mean_scores(clean, "ccc")
    low, high = interval(scores.resampled)
    names = ["partition", "setting", "dimension"]
    ends = clean.groupby(names)["ccc"].agg(lowest_seed="min", highest_seed="max")
    table = scores.cells.assign(ccc=scores.means, low=low, high=high).join(ends, on=names)
    return _in_order(table[list(TABLE_2)].round(DECIMALS), list(PAPER_TABLE_2))


def whole_settings(cells: pd.DataFrame) -> list[str]:
    """Settings with a row for every channel that any setting has: a mean over fewer cannot be compared.

    Matched training is not among them before all nine of its networks are trained. A cell without a CCC
    counts as there. In the order of ``FOUR_SETTINGS``.
    """
    channels = cells[["setting", "p_n", "p_l"]].drop_duplicates()
    wanted = len(channels[["p_n", "p_l"]].drop_duplicates())
    counts = channels["setting"].value_counts()
    return [name for name in FOUR_SETTINGS if counts.get(name, 0) == wanted]


def loss_bins(loss_rates: ArrayLike) -> NDArray[np.int64]:
    """Which bin of Figure 3 each loss rate falls into; a bin is open at its upper end, but for the last.

    Example:
        >>> loss_bins([0.0, 0.1, 0.19, 1.0]).tolist()
        [0, 1, 1, 9]
    """
    rates = np.asarray(loss_rates, dtype=np.float64)
    return np.minimum((rates * LOSS_BINS + 1e-9).astype(np.int64), LOSS_BINS - 1)


def figure_3(scores: MeanScores) -> pd.DataFrame:
    """CCC against loss rate for each setting: channels binned by Eq. 1, mean and interval over tracks.

    Bins (``loss_bins``) without a channel that has a CCC are left out, and so are settings that have not met
    every channel (``whole_settings``). The columns are ``FIGURE_3``.
    """
    cells = scores.cells.assign(bin=loss_bins(scores.cells["expected_loss_rate"]))
    cells = cells[np.isfinite(scores.means) & cells["setting"].isin(whole_settings(cells))]
    rows = []
    for (setting, dimension, which), mine in cells.groupby(["setting", "dimension", "bin"]):
        mean, resampled = average(scores.where(mine.index))
        low, high = interval(resampled)
        bounds = which / LOSS_BINS, (which + 1) / LOSS_BINS, mine["expected_loss_rate"].mean()
        values = *bounds, len(mine), mean, float(low), float(high)
        rows.append((scores.score, setting, dimension, *values))
    return _in_order(pd.DataFrame(rows, columns=list(FIGURE_3)).round(DECIMALS), list(FOUR_SETTINGS))


def _in_order(table: pd.DataFrame, settings: list[str]) -> pd.DataFrame:
    """Rows by setting in the given order, arousal before valence."""
    order = [*settings, *DIMENSIONS]
    return table.sort_values(
        ["setting", "dimension"], key=lambda names: names.map(order.index), ignore_index=True
    )
