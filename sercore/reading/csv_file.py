"""CSV as every reader here takes it: one row a line, as many cells in each as there are columns."""

import csv
import io
from pathlib import Path

from sercore.reading.text import MOST_BYTES, ReadingError, first_line, read_text, shortened

MOST_CELLS = 20_000_000
_FROM_A_SPREADSHEET = (
    "its columns are separated by semicolons or tabs, as spreadsheets save them: take the file as it was "
    "written, or save it with commas between columns and points in numbers"
)


def read_csv(
    path: Path, most: int = MOST_BYTES, delimiter: str = ","
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Names of the columns, and the rows with their lines; blank lines are left out.

    Raises:
        ReadingError: if it cannot be read as text, has no header or one name twice, if a quote is left open
            or a cell holds a line break (an open quote would swallow the rows after it), or if a row has
            more or fewer cells than the header.
    """
    reader = csv.reader(io.StringIO(read_text(path, most), newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    count = 0
    try:
        for cells in reader:
            if any("\n" in cell or "\r" in cell for cell in cells):
                raise ReadingError(f"a cell that ends in line {reader.line_num} holds a line break")
            if (count := count + len(cells)) > MOST_CELLS:
                raise ReadingError(f"it has more than {MOST_CELLS:,} cells")
            if cells:
                rows.append((reader.line_num, cells))
    except csv.Error as error:
        raise ReadingError(f"line {reader.line_num} is no CSV ({first_line(error)})") from None
    if not rows:
        raise ReadingError("it is empty")
    (_, header), *content = rows
    if len(header) == 1 and any(sign in header[0] for sign in ";\t" if sign != delimiter):
        raise ReadingError(_FROM_A_SPREADSHEET)
    if len(set(header)) < len(header):
        twice = next(name for place, name in enumerate(header) if name in header[:place])
        raise ReadingError(f"its column {shortened(twice)} is there twice")
    for line, cells in content:
        if len(cells) != len(header):
            raise ReadingError(f"line {line} has {len(cells)} cells, the header {len(header)}")
    return header, content
