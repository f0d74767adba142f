"""The gold standard as AVEC (ARFF) and RECOLA (CSV) write it, one dimension a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sercore.corpus.labels import LabelError, Labels, lines, numbers

if TYPE_CHECKING:
    from pathlib import Path

# Names that the releases give to the attributes of their ARFF files, in lower case.
INSTANCE = {"name", "instance_name"}
TIME = {"frametime", "timestamp", "time"}
GOLD = {"goldstandard", "gold_standard", "class"}


def read_gold(path: Path) -> Labels:
    """Read a gold standard: ``.arff`` with its attributes in any order, or ``.csv`` of time and gold.

    Args:
        path: the file; anything not called ``.arff`` is CSV, comma-separated and without a header.

    Returns:
        One column, "gold".

    Raises:
        LabelError: with everything that is wrong with the file.
    """
    content = lines(path)
    instance_at, time_at, gold_at, count = None, 0, 1, 2
    if path.suffix.lower() == ".arff":
        attributes, content = _arff_parts(content)
        instance_at = next((i for i, name in enumerate(attributes) if name in INSTANCE), None)
        time_at, gold_at = _place(attributes, TIME, "time"), _place(attributes, GOLD, "gold standard")
        count = len(attributes)
    rows = [(number, line) for number, line in content if line.strip()]
    whole = [cells for _, line in rows if len(cells := line.split(",")) == count]
    instances = {cells[instance_at].strip(" \t'\"") for cells in whole if instance_at is not None}
    table, problems = numbers(rows, [time_at, gold_at], count, ",")
    if len(instances) > 1:
        problems.append(f"its rows name several recordings: {', '.join(sorted(instances)[:3])}")
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
        raise LabelError(
            f"it needs one attribute for the {what} ({', '.join(sorted(known))}), "
            f"got {', '.join(attributes) or 'none'}"
        )
    return places[0]
