"""In which words a page gives a score."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from sercore.report.looks import setting_title

Found = TypeVar("Found")


def in_words(score: float | None) -> str:
    """A CCC for people, with a true minus sign.

    Example:
        >>> in_words(0.5), in_words(-0.25), in_words(None)
        ('0.50', '−0.25', 'not defined')
    """
    return "not defined" if score is None else f"{round(score, 2) + 0.0:.2f}".replace("-", "−")


def by_setting(found: Mapping[str, Found], words: Callable[[Found], str]) -> str:
    """What was found for each setting, in a row.

    Example:
        >>> by_setting({"matched": 0.5, "mismatched": None}, in_words)
        'Matched 0.50; Mismatched not defined'
    """
    return "; ".join(f"{setting_title(name)} {words(each)}" for name, each in found.items())


def change_in_words(before: float | None, after: float | None) -> str | None:
    """The difference of two scores as shown; None where there is none to show.

    Example:
        >>> change_in_words(0.5, 0.25), change_in_words(0.5, 0.501), change_in_words(None, 0.5)
        ('-0.25', None, None)
    """
    if before is None or after is None:
        return None
    change = round(after, 2) - round(before, 2)
    return f"{change:+.2f}" if abs(change) >= 0.005 else None


def spread_in_words(spread: tuple[float, float, float] | None) -> str:
    """The middle and the range of many draws.

    Example:
        >>> spread_in_words((0.1, 0.25, 0.5)), spread_in_words(None)
        ('0.25 (0.10 to 0.50)', 'not defined')
    """
    if spread is None:
        return "not defined"
    low, middle, high = map(in_words, spread)
    return f"{middle} ({low} to {high})"
