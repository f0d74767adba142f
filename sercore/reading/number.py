"""A number as files and command lines write it: digits with a point, and nothing that only Python takes."""

import re

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?(nan|inf|infinity)", re.ASCII | re.IGNORECASE)
_WITH_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)


def number(text: str) -> float:
    """The number that a text holds, blanks around it left out; also ``nan`` and ``inf``.

    Raises:
        ValueError: if it is none, though ``float`` may take it: "0.1_2", or digits of other scripts.

    Example:
        >>> number(" -1.5e-1 ")
        -0.15
        >>> number("0.1_2")
        Traceback (most recent call last):
        ValueError: '0.1_2' is no number
    """
    if not _NUMBER.fullmatch(text.strip()):
        comma = " but has a decimal comma" if _WITH_COMMA.fullmatch(text.strip()) else ""
        raise ValueError(f"{text[:40]!r} is no number{comma}")
    return float(text)
