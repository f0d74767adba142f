"""Rows of results with the moments of their tracks: what an experiment keeps while it runs.

A sheet is a results table with one more column, ``moments``. It is large (1.4 kB a row for 15 tracks), is
made again by evaluating, and is never committed.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sercore.results.columns import SCORES
from sercore.results.table import COLUMNS, MORE, ResultsError, read_table, results_table
from sercore.results.table_file import LISTS
from sercore.scoring.moments import MOMENTS


def sheet(rows: pd.DataFrame | Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """What ``evaluate_cell`` yields, or a table of it, as a table with its moments flattened."""
    if isinstance(rows, pd.DataFrame):
        return results_table(rows, keep=["moments"])
    return results_table(({**row, "moments": np.ravel(row["moments"])} for row in rows), keep=["moments"])


def read_sheet(path: Path) -> pd.DataFrame:
    """Read a sheet that ``write_results`` wrote; a file that is not there is a sheet without rows.

    Raises:
        ResultsError: if it is damaged or of another version.
    """
    if not path.exists():
        return sheet([])
    try:
        found = read_table(path, {**COLUMNS, **MORE, "moments": LISTS}, "rows", [*COLUMNS, "moments"])
    except ResultsError as error:
        raise ResultsError(f"the sheet cannot be used: {error}; delete it to evaluate again") from None
    width = len(SCORES) * len(MOMENTS)
    if any(not len(row) or len(row) % width for row in found["moments"]):
        raise ResultsError(
            f"the sheet {path} cannot be used: moments come by {width}; delete it to evaluate again"
        )
    return found


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
