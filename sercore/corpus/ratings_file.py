"""Individual ratings as RECOLA writes them: one dimension a file, one column a rater."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sercore.corpus.labels import LabelError, Labels, lines, numbers

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

RATERS = ("FM1", "FM2", "FM3", "FF1", "FF2", "FF3")  # RECOLA's: three men, three women
MAX_GAPS = 0.05  # of a rater's rows; a rater who misses more is left out


def read_ratings(path: Path) -> Labels:
    """Read individual ratings: ``;``-separated, header ``time;FM1 ;FM2 ;FM3 ;FF1 ;FF2 ;FF3``.

    Raters may be absent from the header. Some releases leave the last rater out of some rows: such a gap is
    filled with the rater's value before it (after it, at the start), since the raters' slider stays where
    it is left. A rater that misses more than 5 % of the rows is left out. Both are noted.

    Args:
        path: the CSV file.

    Returns:
        One column for each rater, in the order of the header.

    Raises:
        LabelError: with everything that is wrong with the file.
    """
    (_, header), *content = lines(path)
    names = [name.strip() for name in header.split(";")]
    raters = names[1:]
    if names[0].lower() != "time" or not raters:
        raise LabelError(f"its header must be time;{';'.join(RATERS)} separated by ';', got {header[:60]!r}")
    if set(raters) - set(RATERS) or len(set(raters)) < len(raters):
        raise LabelError(f"its raters must be among {', '.join(RATERS)}, each once; got {', '.join(raters)}")
    short = len(raters) - 1 or -1  # separators of a row that lacks the last rater
    rows = [(n, line + ";" * (line.count(";") == short)) for n, line in content if line.strip()]
    table, problems = numbers(rows, range(len(names)), len(names), ";", gaps_from=1)
    if problems:
        raise LabelError(*problems)
    return _fill_gaps(table, raters)


def _fill_gaps(table: NDArray[np.float64], raters: list[str]) -> Labels:
    """Hold each rater's last value through short gaps, and leave out who has long ones."""
    kept, columns, notes = [], [], []
    for rater, column in zip(raters, table[:, 1:].T, strict=True):
        known = np.flatnonzero(np.isfinite(column))
        gaps = len(column) - len(known)
        if gaps > MAX_GAPS * len(column):
            notes.append(f"{rater} misses {gaps:,} of {len(column):,} rows and is left out")
            continue
        if gaps:
            notes.append(f"{rater} misses {gaps:,} of {len(column):,} rows, where the last value is held")
        before = np.maximum(np.searchsorted(known, np.arange(len(column)), side="right") - 1, 0)
        kept.append(rater)
        columns.append(column[known[before]])
    if not kept:
        raise LabelError("none of its raters has rated enough of the rows")
    return Labels(table[:, 0], np.stack(columns, axis=1), tuple(kept), notes=tuple(notes))
