"""How well predictions agree, and in which words a page says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sercore.concordance import ccc
from sercore.gold_standard import DIMENSIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_FRAMES = 10  # two seconds: fewer frames give a CCC that says nothing


def agreement(reference: NDArray[np.float32], predicted: NDArray[np.float32]) -> list[float | None]:
    """CCC of each dimension over the frames that were received; None where too few were.

    Args:
        reference: the gold standard, or the clean prediction. Shape: (frames, 2).
        predicted: NaN where frames were lost. Shape: (frames, 2).

    Example:
        >>> line = np.linspace(0, 1, 20)[:, None].repeat(2, axis=1)
        >>> agreement(line, line)
        [1.0, 1.0]
        >>> agreement(line[:3], line[:3])
        [None, None]
    """
    kept = ~np.isnan(predicted[:, 0])
    if kept.sum() < FEWEST_FRAMES:
        return [None] * len(DIMENSIONS)
    return [float(score) for score in np.atleast_1d(ccc(reference[kept].T, predicted[kept].T))]


def in_words(score: float | None) -> str:
    """A CCC for people, with a true minus sign.

    Example:
        >>> in_words(0.5), in_words(-0.25), in_words(None)
        ('0.50', '−0.25', 'not defined')
    """
    return "not defined" if score is None else f"{round(score, 2) + 0.0:.2f}".replace("-", "−")


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
