"""JSON as every reader here takes it: of bounded size and depth, each name once, its numbers finite."""

import json
import math
from pathlib import Path
from typing import Any

from sercore.reading.text import MOST_BYTES, ReadingError, first_line, read_text, shortened

MOST_DEPTH = 32  # tables and lists within each other; a card has 4
LARGEST = 2**63 - 1  # what a table of results can hold


def read_json(path: Path, most: int = MOST_BYTES) -> Any:
    """What a JSON file holds.

    Raises:
        ReadingError: if it cannot be read as text, or as ``json_of``.
    """
    return json_of(read_text(path, most))


def json_of(text: str) -> Any:
    """What a JSON text holds.

    Raises:
        ReadingError: if it is no JSON, is nested too deeply, gives one name twice, or holds NaN, a number
            beyond float64 or int64, or text that no file can hold.

    Example:
        >>> json_of('{"seed": 3}')
        {'seed': 3}
        >>> json_of('{"seed": NaN}')
        Traceback (most recent call last):
        sercore.reading.text.ReadingError: it holds NaN, which is no number of JSON
    """
    try:
        found = json.loads(text, object_pairs_hook=_table, parse_constant=_no_number)
    except RecursionError:
        raise ReadingError(_TOO_DEEP) from None
    except ReadingError:
        raise
    except ValueError as error:
        raise ReadingError(f"it is no JSON ({first_line(error)})") from None
    _check_values(found)
    return found


_TOO_DEEP = f"its tables and lists are nested more than {MOST_DEPTH} deep"


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ReadingError(f"it gives {shortened(twice)} twice")
    return table


def _no_number(name: str) -> Any:
    raise ReadingError(f"it holds {name}, which is no number of JSON")


def _check_values(found: Any) -> None:
    left = [(found, 1)]
    while left:
        value, depth = left.pop()
        if depth > MOST_DEPTH:
            raise ReadingError(_TOO_DEEP)
        if isinstance(value, dict):
            left += [(each, depth) for each in value]
            left += [(each, depth + 1) for each in value.values()]
        elif isinstance(value, list):
            left += [(each, depth + 1) for each in value]
        elif isinstance(value, str):
            _check_text(value)
        elif (
            not -LARGEST <= value <= LARGEST if isinstance(value, int) else value and not math.isfinite(value)
        ):
            raise ReadingError(f"it holds the number {shortened(value)}, beyond all that is meant")


def _check_text(text: str) -> None:
    """Half of a pair of surrogates can be written in JSON, but not into a file or to a screen."""
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ReadingError(
            f"it holds text that is none: {shortened(text.encode('ascii', 'backslashreplace'))}"
        )
