"""Rows of results with the moments of their tracks: what an experiment keeps while it runs.

A sheet is a results table with one more column, ``moments``. It is large (1.4 kB a row for 15 tracks), is
made again by evaluating, and is never committed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sercore.channel.gilbert import Gilbert
from sercore.files import replacing
from sercore.results.table import COLUMNS, SCORES, ResultsError, results_table
from sercore.scoring.moments import MOMENTS
from sercore.training.settings import AUGMENTATION, MATCHED, matched_for

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

_MATCHED_NAMES = [setting.name for setting in MATCHED.values()]


def sheet(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """What ``evaluate_cell`` yields, as a table with its moments flattened."""
    flat = [{**row, "moments": np.ravel(row["moments"])} for row in rows]
    return results_table(flat, keep=["moments"])


def write_sheet(path: Path, table: pd.DataFrame) -> None:
    """Write a sheet as Parquet; a reader never meets half a file."""
    with replacing(path) as temporary:
        table.to_parquet(temporary, index=False, compression="zstd")


def read_sheet(path: Path) -> pd.DataFrame:
    """Read what ``write_sheet`` wrote; a file that is not there is a sheet without rows.

    Raises:
        ResultsError: if it is damaged or of another version.
    """
    import pandas as pd  # noqa: PLC0415  (half a second that import sercore need not cost)

    if not path.exists():
        return sheet([])
    try:
        table = pd.read_parquet(path)[[*COLUMNS, "moments"]].astype(COLUMNS)
    except (OSError, ValueError, KeyError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise ResultsError(
            f"the sheet {path} cannot be used ({reason}): delete it to evaluate again"
        ) from None
    return table


def moments_of(table: pd.DataFrame, score: str) -> NDArray[np.float64]:
    """The moments of each row for one of ``SCORES``. Shape: (rows, tracks, 6).

    Raises:
        ResultsError: if the rows are of different numbers of tracks.
    """
    if len({len(row) for row in table["moments"]}) > 1:
        raise ResultsError("the rows of one comparison must be of the same tracks, got different numbers")
    every = np.stack(list(table["moments"])).reshape(len(table), len(SCORES), -1, len(MOMENTS))
    moments: NDArray[np.float64] = every[:, SCORES.index(score)]
    return moments


def as_settings(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of trained networks as rows of the paper's four settings (section 3.1).

    ``matched`` takes each channel from the network of the channel's own cell, ``augmentation`` takes every
    channel from the high-p_N/low-p_L network; the rows of the latter therefore count for both.
    """
    import pandas as pd  # noqa: PLC0415

    channels = zip(table["p_n"], table["p_l"], strict=True)
    own = np.array([matched_for(Gilbert(p_n, p_l)).name for p_n, p_l in channels], dtype=object)
    matched = table[(table["setting"] == own).to_numpy(dtype=bool)]
    return pd.concat(
        [
            table[~table["setting"].isin(_MATCHED_NAMES)],
            matched.assign(setting="matched"),
            table[table["setting"] == AUGMENTATION.name].assign(setting="augmentation"),
        ],
        ignore_index=True,
    ).astype({"setting": "string"})
