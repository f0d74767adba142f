"""Columns of a table on disk, .parquet or .csv, as the types that they are meant to have, within bounds."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sercore.reading import ReadingError, first_line, read_csv, shortened
from sercore.reading.mistaken import mistaken_for
from sercore.reading.number import number

MOST_BYTES = 64_000_000  # a hundred times the plane of all networks
MOST_ROWS = 2_000_000
_DAMAGE = (OSError, ValueError, LookupError, TypeError, OverflowError, RecursionError, pa.ArrowException)
_ARROW = {"string": (pa.large_string(), None), "float64": (pa.float64(), None)}
LISTS = "lists of float64"  # the type of a column that holds several numbers a row


def read_columns(path: Path, kinds: Mapping[str, str]) -> pd.DataFrame:
    """Those of some columns that a table has, in the order and with the types of ``kinds``.

    Raises:
        ReadingError: if the file is no ordinary one, too large, damaged, or a column is of another type.
    """
    if path.suffix == ".csv":
        return _of_csv(path, kinds)
    if not path.is_file():
        raise ReadingError("it is no ordinary file" if path.exists() else "it is not there")
    if (size := path.stat().st_size) > MOST_BYTES:
        raise ReadingError(f"it has {size:,} bytes; at most {MOST_BYTES:,} are allowed")
    try:
        return _of_parquet(path, kinds)
    except ReadingError:
        raise
    except _DAMAGE as error:
        raise ReadingError(mistaken_for(path) or first_line(error)) from None


def _of_csv(path: Path, kinds: Mapping[str, str]) -> pd.DataFrame:
    header, rows = read_csv(path, MOST_BYTES)
    places = {name: header.index(name) for name in kinds if name in header}
    columns = {
        name: _parsed(name, [cells[at] for _, cells in rows], kinds[name]) for name, at in places.items()
    }
    return pd.DataFrame(columns)


def _parsed(name: str, cells: list[str], kind: str) -> pd.Series:
    """Cells as numbers or as text, which stays as it is written; an empty one is missing."""
    if kind == "string":
        return pd.Series([cell or None for cell in cells], dtype=kind)
    try:
        if kind == "float64":
            return pd.Series([number(cell or "nan") for cell in cells], dtype=kind)
        return pd.Series([_whole(cell) if cell else None for cell in cells], dtype="Int64").astype(kind)
    except (ValueError, OverflowError, TypeError) as error:
        raise ReadingError(f"its column {name} is not of {kind} ({first_line(error)})") from None


def _whole(cell: str) -> int:
    number(cell)  # Python alone reads 1_0 as 10, and digits of other scripts
    return int(cell)


def _of_parquet(path: Path, kinds: Mapping[str, str]) -> pd.DataFrame:
    with path.open("rb") as opened, pq.ParquetFile(opened) as file:  # a name need not be text
        if file.metadata.num_rows > MOST_ROWS:
            raise ReadingError(f"it has {file.metadata.num_rows:,} rows; at most {MOST_ROWS:,} are allowed")
        names = file.schema_arrow.names
        if twice := [name for name in kinds if names.count(name) > 1]:
            raise ReadingError(f"its column {twice[0]} is there twice")
        content = file.read([name for name in kinds if name in names])
    content.validate(full=True)
    there = [name for name in kinds if name in content.column_names]
    return pd.DataFrame({name: _converted(name, content[name], kinds[name]) for name in there})


def _converted(name: str, column: pa.ChunkedArray, kind: str) -> pd.Series:
    found = column.type
    if pa.types.is_dictionary(found):
        column, found = column.cast(found.value_type), found.value_type
    is_text = pa.types.is_string(found) or pa.types.is_large_string(found)
    is_number = pa.types.is_integer(found) or pa.types.is_floating(found)
    if kind == LISTS:
        return _lists(name, column)
    if not (pa.types.is_null(found) or (is_text if kind == "string" else is_number)):
        raise ReadingError(f"its column {name} must be of {kind}, got {shortened(str(found))}")
    arrow, dtype = _ARROW.get(kind, (pa.int64(), pd.Int64Dtype()))
    try:  # refuses fractions, and what is too large, where whole numbers are wanted
        return column.cast(arrow).to_pandas(types_mapper={arrow: dtype}.get).astype(kind)
    except (ValueError, TypeError) as error:
        raise ReadingError(f"its column {name} is not of {kind} ({first_line(error)})") from None


def _lists(name: str, column: pa.ChunkedArray) -> pd.Series:
    found = column.type
    is_list = pa.types.is_list(found) or pa.types.is_large_list(found)
    if (
        not (pa.types.is_null(found) or (is_list and pa.types.is_floating(found.value_type)))
        or column.null_count
    ):
        raise ReadingError(f"its column {name} must be of {LISTS}, got {shortened(str(found))}")
    lists = column.to_pandas()
    if not all(np.isfinite(numbers).all() for numbers in lists):
        raise ReadingError(f"its column {name} holds numbers that are not finite")
    return lists
