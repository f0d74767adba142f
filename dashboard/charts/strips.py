"""Which loss can be borne, as a table: a strip of shares for each training."""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from sercore.report.looks import LOOKS, setting_title
from sercore.results.tolerance import STEPS


def strips_table(strips: Mapping[str, NDArray[np.float64]], caption: str) -> str:
    """Strips by setting as an HTML table; a cell is filled as high as its share. Shape: (steps,) each.

    Example:
        >>> table = strips_table({"matched": np.array([1.0, 0.5] + 8 * [np.nan])}, "arousal")
        >>> "<th scope=row>Matched" in table, "--share: 50%" in table, table.count("<td")
        (True, True, 10)
    """
    head = "".join(f"<th scope=col>{step:.0%}</th>" for step in STEPS)
    rows = "".join(_row(setting, shares) for setting, shares in strips.items())
    title = f"<caption>{escape(caption)}</caption>"
    return f"<table class=strips>{title}<thead><tr><th scope=col>lost</th>{head}</tr></thead>{rows}</table>"


def strip_in_words(shares: Sequence[float]) -> str:
    """A strip for who hears it.

    Example:
        >>> strip_in_words([1.0, 0.5, float("nan")])
        '100 % at 0 %, 50 % at 10 %'
    """
    known = [(share, step) for share, step in zip(shares, STEPS, strict=False) if not np.isnan(share)]
    return ", ".join(f"{100 * share:.0f} % at {100 * step:.0f} %" for share, step in known)


def _row(setting: str, shares: NDArray[np.float64]) -> str:
    cells = "".join(
        "<td></td>" if np.isnan(share) else f'<td style="--share: {100 * share:.0f}%">{100 * share:.0f}</td>'
        for share in shares
    )
    colour = LOOKS[setting].faint(0.3)
    return f'<tr style="--colour: {colour}"><th scope=row>{escape(setting_title(setting))}</th>{cells}</tr>'
