"""A table to which several runs add rows, at once or one after the other: none is lost."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from sercore.files import locked
from sercore.receiver.drop import Drop
from sercore.results.table import RECEIVER, read_results, results_table, write_results

_ROW = ("partition", "corpus_sha256", "weights_sha256", "setting", "seed", "channel", "dimension")


def add_results(
    path: Path,
    rows: pd.DataFrame,
    read: Callable[[Path], pd.DataFrame] = read_results,
    tidy: Callable[[pd.DataFrame], pd.DataFrame] = results_table,
) -> pd.DataFrame:
    """Add rows to those in a file, where another process may have put some.

    Args:
        path: the file; it need not be there.
        rows: what ``tidy`` gives; a row replaces the one of the same network, channel, draw and dimension.
        read: for the rows that are there.
        tidy: puts them in order.

    Returns:
        All rows that are in the file now.
    """
    with locked(path.parent):
        there = read(path) if path.exists() else rows[:0]
        new = set(_names(rows))
        others = [name not in new for name in _names(there)]
        whole = tidy(pd.concat([there[others], rows]))
        write_results(path, whole)
    return whole


def _names(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    receivers = table[RECEIVER].fillna(Drop.NAME) if RECEIVER in table else [Drop.NAME] * len(table)
    return zip(*(table[column] for column in _ROW), receivers, strict=True)
