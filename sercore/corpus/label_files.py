"""Gold standards and individual ratings as AVEC (ARFF) and RECOLA (CSV) write them, one dimension a file."""

from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sercore.corpus.label_causes import few, wrong_separator
from sercore.corpus.labels import LabelError, Labels, lines, numbers
from sercore.reading.number import number
from sercore.units import DIMENSIONS

# Names that the releases give to the attributes of their ARFF files, in lower case.
INSTANCE = {"name", "instance_name"}
TIME = {"frametime", "timestamp", "time"}
GOLD = {"goldstandard", "gold_standard", "class"}

RATERS = ("FM1", "FM2", "FM3", "FF1", "FF2", "FF3")  # RECOLA's: three men, three women
MAX_GAPS = 0.05  # of a rater's rows; a rater who misses more is left out


def read_gold(path: Path) -> Labels:
    """Read a gold standard, one column "gold": ``.arff`` with its attributes in any order, or time and gold.

    Anything not called ``.arff`` is CSV, comma-separated and without a header. In a folder that is called by
    a dimension, the attribute of the gold standard may have its name too.

    Raises:
        LabelError: with everything that is wrong with the file.
    """
    content = lines(path)
    instance_at, time_at, gold_at, count = None, 0, 1, 2
    if path.suffix.lower() == ".arff":
        attributes, content = _arff_parts(content)
        instance_at = next((i for i, name in enumerate(attributes) if name in INSTANCE), None)
        time_at = _place(attributes, TIME, "time")
        gold_at = _gold_place(attributes, path.parent.name.lower())
        count = len(attributes)
    rows = [(number, line) for number, line in content if line.strip()]
    table, problems = numbers(rows, [time_at, gold_at], count, ",")
    if problems and path.suffix.lower() != ".arff" and _is_header(rows[0][1]):
        problems[0] += ": its first line is a header, and these files have none: remove it"
    # Semicolons and decimal commas make as many cells, of which the first is no name.
    whole = [cells for _, line in rows if len(cells := line.split(",")) == count and ";" not in cells[0]]
    instances = {cells[instance_at].strip(" \t'\"") for cells in whole if instance_at is not None}
    if len(instances) > 1:
        problems.append(f"its rows name several recordings: {few(sorted(instances)[:3])}")
    if problems:
        raise LabelError(*problems)
    return Labels(table[:, 0], table[:, 1:], ("gold",), next(iter(instances), ""))


def _arff_parts(content: list[tuple[int, str]]) -> tuple[list[str], list[tuple[int, str]]]:
    """Names of the attributes in lower case, and the lines after @data."""
    attributes = []
    for place, (_, line) in enumerate(content):
        words = line.split()
        if words and words[0].lower() == "@attribute" and len(words) > 1:
            attributes.append(words[1].strip("'\"").lower())
        elif words and words[0].lower() == "@data":
            rows = content[place + 1 :]
            return attributes, [(n, row) for n, row in rows if not row.lstrip().startswith("%")]
    raise LabelError("it is no ARFF file: it has no line @data")


def _place(attributes: list[str], known: set[str], what: str) -> int:
    places = [place for place, name in enumerate(attributes) if name in known]
    if len(places) != 1:
        names, got = ", ".join(sorted(known)), few(attributes) or "none"
        mend = "; rename the one that holds it" if not places else ""
        raise LabelError(f"it needs one attribute for the {what} ({names}), got {got}{mend}")
    return places[0]


def _gold_place(attributes: list[str], folder: str) -> int:
    """The attribute of the gold standard: by a name for it, or else by the folder's dimension."""
    called = [name for name in attributes if name in DIMENSIONS]
    if GOLD & set(attributes) or not called:
        return _place(attributes, GOLD, "gold standard")
    if folder in DIMENSIONS and folder not in called:
        raise LabelError(
            f"its column is called {few(called)}, and it lies in {folder}/: put it where it belongs"
        )
    return _place(attributes, {folder} if folder in called else set(called), "gold standard")


def _is_header(line: str) -> bool:
    """Whether no cell of a line is a number."""
    for cell in line.split(","):
        with suppress(ValueError):
            number(cell)
            return False
    return True


def read_ratings(path: Path) -> Labels:
    """Read individual ratings: ``;``-separated, header ``time;FM1 ;FM2 ;FM3 ;FF1 ;FF2 ;FF3``.

    Raters may be absent from the header. Some releases leave the last rater out of some rows: such a gap is
    filled with the rater's value before it (after it, at the start), since the raters' slider stays where
    it is left. A rater who misses more than 5 % of the rows is left out. Both are noted. There is one column
    for each rater, in the order of the header.

    Raises:
        LabelError: with everything that is wrong with the file.
    """
    (_, header), *content = lines(path)
    time, *raters = (name.strip() for name in header.split(";"))
    if time.lower() != "time" or not raters:
        must = f"its header must be time;{';'.join(RATERS)} separated by ';'"
        raise LabelError(f"{must}, got {header[:60]!r}{_cause_of_header(header)}")
    if set(raters) - set(RATERS) or len(set(raters)) < len(raters):
        raise LabelError(f"its raters must be among {', '.join(RATERS)}, each once; got {few(raters)}")
    short = len(raters) - 1 or -1  # separators of a row that lacks the last rater
    rows = [(n, line + ";" * (line.count(";") == short)) for n, line in content if line.strip()]
    count = 1 + len(raters)
    table, problems = numbers(rows, range(count), count, ";", gaps=True)
    if problems:
        raise LabelError(*problems)
    return _fill_gaps(table, raters)


def _cause_of_header(header: str) -> str:
    """What another program made of a header, as the end of a sentence; "" if that is not clear."""
    if header.lower().startswith("sep="):
        return ": that line is a spreadsheet's own: remove it"
    if header.startswith('"'):
        return ": its cells are in quotes: save the table without them"
    what = wrong_separator(header, ";")
    return f": {what}, and write numbers with points" if what else ""


def _fill_gaps(table: NDArray[np.float64], raters: list[str]) -> Labels:
    """Hold each rater's last value through short gaps, and leave out who has long ones."""
    columns, notes = {}, []
    for rater, column in zip(raters, table[:, 1:].T, strict=True):
        known = np.flatnonzero(np.isfinite(column))
        gaps = len(column) - len(known)
        misses = f"{rater} misses {gaps:,} of {len(column):,} rows"
        if gaps > MAX_GAPS * len(column):
            notes.append(f"{misses} and is left out")
            continue
        if gaps:
            notes.append(f"{misses}, where the last value is held")
        before = np.maximum(np.searchsorted(known, np.arange(len(column)), side="right") - 1, 0)
        columns[rater] = column[known[before]]
    if not columns:
        raise LabelError("none of its raters has rated enough of the rows")
    return Labels(table[:, 0], np.stack([*columns.values()], axis=1), tuple(columns), notes=tuple(notes))
