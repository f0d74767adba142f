"""Why a label file cannot be read: what another program made of it, and how to mend that."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

MISSING_CODES = tuple(sign * code for code in (99, 999, 9_999, 99_999) for sign in (-1.0, 1.0))
_LARGEST_LABEL = 10.0  # among labels beyond it, 99 may be one
_OTHERS = {",": ";\t", ";": ",\t"}
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs"}
_MISSING = {"?", "-", "na", "n/a", "#n/a", "nan", "null", "none", "missing", "#value!", "#name?"}
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
_DIGITS = re.compile(r"-?\d+")
_MEND = "save the table with decimal points"


def cause_of_line(line: str, count: int, separator: str) -> str:
    """Why a line is not ``count`` numbers with ``separator``, as the end of a sentence; "" if unclear.

    Example:
        >>> cause_of_line("0,04;0,12", 2, ";")
        ': 0,04 has a decimal comma, as spreadsheets write it: save the table with decimal points'
        >>> cause_of_line("0.1_2;0", 2, ";")
        ": '0.1_2' is no number"
    """
    cells = [cell.strip() for cell in line.split(separator)]
    other = next((sign for sign in _OTHERS[separator] if line.count(sign) == count - 1), "")
    commas = [cell for each in re.split(r"[;\t]", line) if _DECIMAL_COMMA.fullmatch(cell := each.strip(' "'))]
    if commas and (separator != "," or other):
        apart = f"its columns are separated by {_NAMES[other]}, and " if other and separator == "," else ""
        comma = f"{commas[0]} has a decimal comma, as spreadsheets write it"
        mend = f"{_MEND} and {_NAMES[separator]} between columns" if apart else _MEND
        return f": {apart}{comma}: {mend}"
    if other:
        return f": {wrong_separator(line, separator)}"
    if separator == "," and len(cells) > count and sum(map(bool, map(_DIGITS.fullmatch, cells))) >= count:
        return f": perhaps its numbers have decimal commas: {_MEND}"
    return _cause_of_cells(cells if len(cells) == count else [])


def _cause_of_cells(cells: Sequence[str]) -> str:
    for cell in cells:
        shown = repr(cell[:20])
        if cell.lower() in _MISSING:
            return f": {shown} stands for a missing value, where a number is needed"
        if len(cell) > 1 and cell[0] == cell[-1] == '"':
            return f": {shown} is in quotes: save the table without them"
        if "_" in cell and cell.replace("_", "").lstrip("+-").replace(".", "", 1).isdigit():
            return f": {shown} is no number"
    return ""


def wrong_separator(line: str, wanted: str) -> str:
    """What separates the cells of a line instead of what should; "" if nothing does.

    Example:
        >>> wrong_separator("time,FM1,FM2", ";")
        'its columns are separated by commas, as spreadsheets save them: separate them by semicolons'
    """
    counts = {sign: line.count(sign) for sign in _OTHERS[wanted]}
    other = max(counts, key=lambda sign: counts[sign])
    if not counts[other] or line.count(wanted) > counts[other]:
        return ""
    names = _NAMES[other], _NAMES[wanted]
    return "its columns are separated by {}, as spreadsheets save them: separate them by {}".format(*names)


def cause_of_values(values: NDArray[np.float64], rows: Sequence[tuple[int, str]], gaps: bool) -> list[str]:
    """A sentence for a number far from all labels that other programs write for a missing one.

    Shape: (rows, columns), of the numbered lines ``rows``; with ``gaps``, cells may be blank.
    """
    for code in MISSING_CODES:
        places = np.argwhere(values == code)
        others = values[np.isfinite(values) & ~np.isin(values, MISSING_CODES)]
        if len(places) and len(others) and np.abs(others).max() <= _LARGEST_LABEL:
            mend = "leave such cells empty" if gaps else "give a value, or leave the recording out"
            return [
                f"{code:g} is {len(places):,} times among its labels, the first in line "
                f"{rows[places[0][0]][0]}, and all others lie in [{others.min():g}, {others.max():g}]: "
                f"if it stands for a missing label, {mend}"
            ]
    return []


def few(names: Iterable[str], most: int = 8, letters: int = 30) -> str:
    """Some names for a sentence that stays short.

    Example:
        >>> few(["FM1", "x" * 100], most=1)
        'FM1 and 1 more'
    """
    listed = [name if len(name) <= letters else f"{name[:letters]}..." for name in names]
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return f"{', '.join(listed[:most])}{more}"
