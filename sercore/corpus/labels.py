"""What a label file holds: lines of numbers, one each 0.04 s; all that is wrong with them is collected."""

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sercore.corpus.gold_standard import RATING_RATE
from sercore.corpus.label_causes import cause_of_line, cause_of_values
from sercore.reading import ReadingError, read_text
from sercore.reading.number import number

STEP = 1 / RATING_RATE  # 0.04 s
MAX_BYTES = 64_000_000  # hundreds of times what five minutes take
MAX_LINES = 1_000_000  # eleven hours at 25 Hz
MAX_LABEL = 1e6  # ratings lie in [-1, 1]; sums of squares of what is much larger leave float32
MAX_LETTERS = 10_000  # of a line; a row has under a hundred


class LabelError(ValueError):
    """A label file that cannot be used. ``problems`` holds one sentence for each thing that is wrong."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, eq=False)
class Labels:
    """What one label file holds, at 25 Hz.

    Attributes:
        time: seconds, 0.04 apart, from 0 or from 0.04. Shape: (rows,).
        values: one column for each name. Shape: (rows, columns).
        columns: names of the columns: the raters, or "gold".
        instance: the recording that the rows name, if they do.
        notes: what was mended, for the user to know.
    """

    time: NDArray[np.float64]
    values: NDArray[np.float64]
    columns: tuple[str, ...]
    instance: str = ""
    notes: tuple[str, ...] = ()

    @property
    def after_start(self) -> NDArray[np.float64]:
        """The values without the row at t = 0, which describes no audio. Shape: (steps, columns)."""
        return self.values[1:] if self.begins_at_0 else self.values

    @property
    def begins_at_0(self) -> bool:
        """Whether the first row is that at t = 0."""
        return bool(self.time[0] < STEP / 2)


def lines(path: Path) -> list[tuple[int, str]]:
    """The numbered lines of a text file; only line feeds and carriage returns part them.

    Raises:
        LabelError: if it is absent, empty, too large, something else or not text in UTF-8.
    """
    if not path.is_file():
        raise LabelError("it is not a file")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LabelError(f"it has {size:,} bytes; at most {MAX_BYTES:,} are allowed")
    try:
        text = read_text(path, MAX_BYTES)
    except ReadingError as error:
        raise LabelError(str(error)) from None
    if not text.strip():
        raise LabelError("it is empty")
    if (count := text.count("\n") + text.count("\r")) > MAX_LINES:
        raise LabelError(f"it has {count:,} lines; at most {MAX_LINES:,} are allowed")
    parted = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if (longest := max(map(len, parted))) > MAX_LETTERS:
        raise LabelError(f"it has a line of {longest:,} letters; at most {MAX_LETTERS:,} are allowed")
    return list(enumerate(parted, start=1))


def numbers(
    rows: list[tuple[int, str]], places: Sequence[int], count: int, separator: str, *, gaps: bool = False
) -> tuple[NDArray[np.float64], list[str]]:
    """A table, (well-formed rows, columns), and what is wrong with the other rows, time stamps or labels.

    Of the ``count`` columns those in ``places`` are taken, the time first. With ``gaps``, cells other than
    the time may be blank; they become NaN.
    """
    texts = [text for _, text in rows]
    if texts and all(text.count(separator) == count - 1 for text in texts):
        # NumPy's parser is many times faster than the row by row below, but cannot say what is wrong.
        with suppress(ValueError):
            table = np.loadtxt(texts, delimiter=separator, usecols=places, comments=None, ndmin=2)
            if np.isfinite(table).all():
                values = table[:, 1:]
                return table, [*time_problems(table[:, 0]), *too_large(values, rows, gaps)]
    return _row_by_row(rows, places, count, separator, gaps)


def too_large(values: NDArray[np.float64], rows: Sequence[tuple[int, str]], gaps: bool) -> list[str]:
    """A sentence for labels that no rater gives, with its cause where that can be told."""
    if told := cause_of_values(values, rows, gaps):
        return told
    largest = np.abs(values[np.isfinite(values)]).max(initial=0.0)
    return [f"its labels reach {largest:.3g}; ratings lie in [-1, 1]"] if largest > MAX_LABEL else []


def _row_by_row(
    rows: list[tuple[int, str]], places: Sequence[int], count: int, separator: str, gaps: bool
) -> tuple[NDArray[np.float64], list[str]]:
    found, good, bad, infinite = [], [], [], []
    for line, text in rows:
        cells = [cell.strip() for cell in text.split(separator)]
        try:
            values = [number(cells[place] or "nan") for place in places]
        except (ValueError, IndexError):
            values = []
        if not values or len(cells) != count:
            bad.append((line, text))
            continue
        unknown = [place for place, x in zip(places, values, strict=True) if not math.isfinite(x)]
        may_be = [place for place in places[1:] if gaps and not cells[place]]
        infinite += [(line, cells[place]) for place in unknown if place not in may_be]
        found.append(values)
        good.append((line, text))
    table = np.array(found, dtype=np.float64).reshape(-1, len(places))
    problems = []
    if bad:
        where = (
            f"line {bad[0][0]} is" if len(bad) == 1 else f"{len(bad):,} lines (the first: {bad[0][0]}) are"
        )
        what = f"{count} values separated by {separator!r} with numbers for time and labels"
        problems.append(f"{where} not {what}{cause_of_line(bad[0][1], count, separator)}")
    if infinite:
        line, cell = infinite[0]
        what = repr(cell[:20]) if cell else "an empty cell"
        problems.append(f"{len(infinite)} values are not finite, the first in line {line}: {what}")
    if not bad and np.isfinite(table[:, 0]).all():
        problems += time_problems(table[:, 0])
    return table, problems + too_large(table[:, 1:], good, gaps)


def time_problems(time: NDArray[np.float64]) -> list[str]:
    """What is wrong with the time stamps, which must run 0.04 s apart from 0 or 0.04 s. Shape: (rows,)."""
    if len(time) < 2:
        return [f"it holds {len(time)} rows of labels; at least 2 are needed"]
    steps = np.diff(time)
    problems = []
    if len(twice := np.flatnonzero(steps == 0)):
        problems.append(f"{len(twice)} time stamps are duplicated, the first at {time[twice[0]]:.2f} s")
    if len(back := np.flatnonzero(steps < 0)):
        problems.append(f"time runs backwards {len(back)} times, first after {time[back[0]]:.2f} s")
    if problems:
        return problems
    typical = float(np.median(steps))
    if abs(typical - STEP) > STEP / 10:
        ms = ": its time is in milliseconds" if abs(typical - 1000 * STEP) < STEP else ""
        return [f"its labels are {typical:g} s apart; they must be {STEP:g} s apart (25 Hz){ms}"]
    if len(gaps := np.flatnonzero(steps > 1.5 * STEP)):
        problems.append(f"rows are missing in {len(gaps)} places, the first after {time[gaps[0]]:.2f} s")
    elif np.abs(steps - STEP).max() > STEP / 2 or abs(time[-1] - time[0] - STEP * (len(time) - 1)) > STEP / 2:
        problems.append(f"its time stamps stray from steps of {STEP:g} s by more than half a step")
    if min(abs(time[0]), abs(time[0] - STEP)) > STEP / 4:
        problems.append(f"it begins at {time[0]:g} s; labels must begin at 0 or {STEP:g} s")
    return problems
