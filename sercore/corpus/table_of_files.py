"""A table of files, one row each or several at rising times: of labels, or of predictions made elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sercore.corpus.label_causes import few
from sercore.reading import ReadingError, read_csv, shortened, told_as
from sercore.reading.names import composed
from sercore.reading.number import number
from sercore.units import FRAME_MS, LABEL_RATE

FILE, TIME = "file", "time"
MOST_BYTES = 256_000_000
LARGEST = 1e6  # sums of squares of what is much larger leave float32


class TableError(ValueError):
    """A table of files cannot be used: one sentence with the line and the rule."""


@dataclass(frozen=True, eq=False)
class Said:
    """What a table says of one file.

    Attributes:
        numbers: by column; NaN where a cell is empty. Shape of each: (rows,).
        words: by column, as they are written; "" where a cell is empty.
        times: in seconds, rising; None where one row is of the whole file. Shape: (rows,).
    """

    numbers: Mapping[str, NDArray[np.float64]]
    words: Mapping[str, str]
    times: NDArray[np.float64] | None = None

    def over(self, column: str, n_frames: int) -> NDArray[np.float64]:
        """A column of numbers at 5 Hz: the mean of a frame's rows, else the newest before its middle.

        NaN before the first. Shape: (frames,).

        Example:
            >>> Said({"a": np.array([1.0, 3.0, 5.0])}, {}, np.array([0.1, 0.1, 0.6])).over("a", 4).tolist()
            [2.0, 2.0, 2.0, 5.0]
        """
        values = self.numbers[column]
        if self.times is None:
            return np.full(n_frames, values[0])
        frame = np.minimum((self.times * LABEL_RATE + 1e-9).astype(int), n_frames)
        known = ~np.isnan(values)
        counts, sums = (
            np.bincount(frame[known], weights, minlength=n_frames + 1)[:n_frames]
            for weights in (None, values[known])
        )
        return _held(np.divide(sums, counts, out=np.full(n_frames, np.nan), where=counts > 0))

    def newest(self, column: str, n_frames: int) -> NDArray[np.float64]:
        """A column of numbers at 5 Hz: the newest row at each frame's middle; the first before it.

        Shape: (frames,).
        """
        values = self.numbers[column]
        if self.times is None:
            return np.full(n_frames, values[0])
        middle = (np.arange(n_frames) + 0.5) * FRAME_MS / 1000
        row = np.searchsorted(self.times, middle + 1e-9, side="right") - 1
        found: NDArray[np.float64] = values[np.maximum(row, 0)]
        return found


def _held(values: NDArray[np.float64]) -> NDArray[np.float64]:
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, np.arange(len(values))))
    return np.where(last >= 0, values[np.maximum(last, 0)], np.nan)


def read_table_of_files(path: Path, *, only_numbers: bool = False) -> dict[str, Said]:
    """What a table says of each file that it names; names of columns in small letters.

    CSV with the column ``file``, perhaps ``time`` in seconds, and columns that hold numbers or words: a
    column whose cells are all numbers, empty ones left out, holds numbers.

    Args:
        path: of the table.
        only_numbers: refuse words and empty cells.

    Raises:
        TableError: if it is no such table; one sentence with the line and the rule.
    """
    with told_as(TableError, f"the table {path} cannot be used"):
        header, rows = read_csv(path, MOST_BYTES)
        names = [name.strip() if only_numbers else name.strip().lower() for name in header]
        if twice := [name for at, name in enumerate(names) if name in names[:at]]:
            raise ReadingError(f"its column {shortened(twice[0])} is there twice")
        if FILE not in names:
            raise ReadingError(f"it has no column {FILE}; it has {few(names)}")
        if not rows:
            raise ReadingError("it names no file")
        cells = {name: [each[at].strip() for _, each in rows] for at, name in enumerate(names)}
        table = _Table([line for line, _ in rows], cells)
        if only_numbers:
            table.check_numbers()
        return {file: table.said(file, places) for file, places in table.places.items()}


class _Table:
    """Columns of cells, and the lines that they stand in."""

    def __init__(self, lines: list[int], cells: dict[str, list[str]]) -> None:
        self.lines, self.cells = lines, cells
        self.times = self._times(cells.pop(TIME)) if TIME in cells else None
        self.places = self._places(cells.pop(FILE))
        columns = {name: self._numbers(name, each) for name, each in cells.items()}
        self.numbers = {name: each for name, each in columns.items() if each is not None}
        self.words = {name: each for name, each in cells.items() if name not in self.numbers}

    def _places(self, files: list[str]) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for at, (file, line) in enumerate(zip(files, self.lines, strict=True)):
            if not file:
                raise ReadingError(f"line {line} names no file")
            places.setdefault(composed(file.replace("\\", "/")), []).append(at)
        return places

    def _times(self, cells: list[str]) -> NDArray[np.float64]:
        for cell, line in zip(cells, self.lines, strict=True):
            try:
                good = 0 <= number(cell) < LARGEST
            except ValueError:
                good = False
            if not good:
                raise ReadingError(
                    f"line {line} has the time {shortened(cell)}; seconds from 0 on are needed"
                )
        return np.array([number(cell) for cell in cells])

    def _numbers(self, name: str, cells: list[str]) -> NDArray[np.float64] | None:
        """The cells as numbers, NaN where they are empty; None if they are words."""
        found = np.full(len(cells), np.nan)
        for at, cell in enumerate(cells):
            if cell:
                try:
                    found[at] = number(cell)
                except ValueError:
                    return None
                if not abs(found[at]) <= LARGEST:
                    rule = f"numbers to {LARGEST:,.0f} are meant"
                    raise ReadingError(f"line {self.lines[at]} has {name} {cell[:20]}; {rule}")
        return None if np.isnan(found).all() else found

    def check_numbers(self) -> None:
        """Raise ReadingError where a cell is empty or a word, or if there is no column of numbers."""
        if not self.cells:
            raise ReadingError("it has no column of numbers")
        for name, cells in self.cells.items():
            for cell, line in zip(cells, self.lines, strict=True):
                if name in self.words or not cell:
                    _check_number(name, cell, line)

    def said(self, file: str, places: list[int]) -> Said:
        """What the rows at some places say of one file."""
        if self.times is None and len(places) > 1:
            both = f"lines {self.lines[places[0]]} and {self.lines[places[1]]} are both of {shortened(file)}"
            raise ReadingError(f"{both}; several rows of a file need a column {TIME}")
        times = None if self.times is None else self.times[places]
        if times is not None and (np.diff(times) < 0).any():
            at = places[int(np.flatnonzero(np.diff(times) < 0)[0]) + 1]
            raise ReadingError(f"time runs backwards in {shortened(file)}, in line {self.lines[at]}")
        words = {}
        for name, cells in self.words.items():
            different = sorted({cells[at] for at in places})
            if len(different) > 1:
                raise ReadingError(f"{shortened(file)} has several words in {name}: {few(different)}")
            words[name] = different[0]
        return Said({name: each[places] for name, each in self.numbers.items()}, words, times)


def _check_number(name: str, cell: str, line: int) -> None:
    try:
        number(cell)
    except ValueError:
        raise ReadingError(f"line {line} has {name} {shortened(cell)}; a number is needed") from None
