"""Which loss can be borne, as a table: a strip of shares for each training."""

import math
from collections.abc import Iterable, Mapping
from html import escape

from sercore.report.looks import LOOKS, setting_title
from sercore.results.tolerance import STEPS, step_of


def strips_table(strips: Mapping[str, Iterable[float]], caption: str, here: float | None = None) -> str:
    """Strips by setting as an HTML table; a cell is filled as high as its share. Shape: (steps,) each.

    The column nearest to the loss rate ``here`` is framed.

    Example:
        >>> table = strips_table({"matched": [1.0, 0.5] + 8 * [math.nan]}, "arousal", here=0.12)
        >>> "<th scope=row>Matched" in table, "--share: 50%" in table, table.count("<td")
        (True, True, 10)
        >>> table.count("here"), '<td class=here style="--share: 50%">50' in table
        (2, True)
    """
    framed = ["" for _ in STEPS]
    if here is not None and step_of(here) < len(STEPS):
        framed[step_of(here)] = " class=here"
    head = "".join(f"<th scope=col{how}>{step:.0%}</th>" for step, how in zip(STEPS, framed, strict=True))
    rows = "".join(_row(setting, shares, framed) for setting, shares in strips.items())
    title = f"<caption>{escape(caption)}</caption>"
    return f"<table class=strips>{title}<thead><tr><th scope=col>lost</th>{head}</tr></thead>{rows}</table>"


def _row(setting: str, shares: Iterable[float], framed: Iterable[str]) -> str:
    cells = "".join(
        f"<td{how}></td>"
        if math.isnan(share)
        else f'<td{how} style="--share: {100 * share:.0f}%">{100 * share:.0f}</td>'
        for share, how in zip(shares, framed, strict=True)
    )
    colour = LOOKS[setting].faint(0.3)
    return f'<tr style="--colour: {colour}"><th scope=row>{escape(setting_title(setting))}</th>{cells}</tr>'
