"""The tidy table of results: one row for each setting, channel, loss seed and dimension."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "setting": "string",
    "p_n": "float64",
    "p_l": "float64",
    "expected_loss_rate": "float64",  # Eq. 1
    "loss_rate": "float64",  # of this draw
    "dimension": "string",
    "ccc": "float64",  # population moments, pooled over tracks; NaN where not defined
    "status": "string",
    "n_frames": "int64",  # frames received, over all tracks
    "seed": "int64",  # of the losses
    "partition": "string",
    "corpus": "string",
    "corpus_sha256": "string",
    "weights_sha256": "string",
}
DEFINED = "defined"
NOT_DEFINED = "not defined"


class ResultsError(ValueError):
    """A results file is missing, damaged or of another kind."""


def results_table(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as a table with the columns and types of ``COLUMNS``, in a fixed order of rows."""
    import pandas as pd  # noqa: PLC0415  (half a second that import sercore need not cost)

    table = pd.DataFrame(list(rows), columns=list(COLUMNS)).astype(COLUMNS)
    keys = ["partition", "setting", "seed", "p_n", "p_l", "dimension"]
    return table.sort_values(keys, kind="stable", ignore_index=True)


def write_results(path: str | Path, table: pd.DataFrame) -> None:
    """Write the table as Parquet, or as CSV if the name ends so; a reader never meets half a file.

    Raises:
        ResultsError: if the suffix is neither ``.parquet`` nor ``.csv``.
    """
    path = _checked(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.tmp{path.suffix}")
    try:
        if path.suffix == ".csv":
            table.to_csv(temporary, index=False)
        else:
            table.to_parquet(temporary, index=False)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_results(path: str | Path) -> pd.DataFrame:
    """Read a table that ``write_results`` wrote.

    Raises:
        ResultsError: if the file is missing, cannot be read, or lacks a column.
    """
    import pandas as pd  # noqa: PLC0415

    path = _checked(path)
    if not path.is_file():
        raise ResultsError(f"there are no results at {path}")
    try:
        table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    except (OSError, ValueError) as error:
        first_line = (str(error) or type(error).__name__).splitlines()[0]
        raise ResultsError(f"the results {path} cannot be read: {first_line}") from None
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise ResultsError(f"the results {path} lack the columns {', '.join(missing)}")
    return table[list(COLUMNS)].astype(COLUMNS)


def _checked(path: str | Path) -> Path:
    path = Path(path)
    if path.suffix not in (".parquet", ".csv"):
        raise ResultsError(f"results are .parquet or .csv files, got {path}")
    return path
