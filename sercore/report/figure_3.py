"""Figure 3 as a picture that needs no script: CCC against loss rate, drawn as SVG by hand."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd

from sercore.report.looks import LOOKS, title
from sercore.results.four_settings import FOUR_SETTINGS
from sercore.results.table import at
from sercore.units import DIMENSIONS

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM, _GAP = 860, 360, 52, 34, 78, 34
_STEP = 0.2  # between lines of the grid


def figure_3_svg(figure_3: pd.DataFrame, corpus: str, score: str = "ccc") -> str:
    """Two panels, arousal and valence, one line and band for each setting.

    Args:
        figure_3: from ``sercore.results.summaries.figure_3``.
        corpus: for the caption inside the picture, so that it cannot be taken for RECOLA's.
        score: which rows to draw.

    Returns:
        The SVG document.
    """
    rows = at(figure_3, score=score)
    values = [value for name in ("low", "high", "ccc") for value in rows[name].dropna()]
    bottom = min([0.0, *values])
    top = max([_STEP, *values])
    panel = (_WIDTH - _LEFT - _GAP) / 2
    shown = [name for name in FOUR_SETTINGS if (rows["setting"] == name).any()]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        'font-family="sans-serif" font-size="13">',
        f"<title>CCC against loss rate on {escape(corpus)}, for four ways to train</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
    ]
    for place, dimension in enumerate(DIMENSIONS):
        left = _LEFT + place * (panel + _GAP)
        axes = _Axes(left, panel - 26, bottom, top)
        parts += axes.frame(f"{dimension}, {corpus}", labelled=place == 0)
        for setting in shown:
            parts += _curve(axes, at(rows, setting=setting, dimension=dimension), setting)
    for place, setting in enumerate(shown):
        x, y = _LEFT + place * 200, _HEIGHT - 14
        parts.append(_stroke(f"M{x} {y - 4}h30", setting))
        parts.append(f'<text x="{x + 38}" y="{y}">{escape(title(setting))}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


@dataclass(frozen=True)
class _Axes:
    """From loss rate and CCC to points of the picture."""

    left: float
    width: float
    bottom: float
    top: float

    def x(self, loss_rate: float) -> float:
        return round(self.left + self.width * loss_rate, 1)

    def y(self, ccc: float) -> float:
        height = _HEIGHT - _TOP - _BOTTOM
        return round(_TOP + height * (self.top - ccc) / (self.top - self.bottom), 1)

    def frame(self, heading: str, *, labelled: bool) -> list[str]:
        first = -int(-self.bottom / _STEP)
        levels = [i * _STEP for i in range(first, int(self.top / _STEP) + 1)]
        lines = [f'<path d="M{self.x(0)} {self.y(v)}H{self.x(1)}" stroke="#ddd"/>' for v in levels]
        if labelled:
            lines += [
                f'<text x="{self.left - 8}" y="{self.y(v) + 4}" text-anchor="end">{v:.1f}</text>'
                for v in levels
            ]
            lines.append(
                f'<text transform="translate(14 {self.y((self.top + self.bottom) / 2)}) rotate(-90)" '
                'text-anchor="middle">CCC</text>'
            )
        foot = _HEIGHT - _BOTTOM
        lines += [
            f'<text x="{self.x(rate / 4)}" y="{foot + 18}" text-anchor="middle">{rate / 4:.0%}</text>'
            for rate in range(5)
        ]
        middle = self.x(0.5)
        lines.append(f'<text x="{middle}" y="{foot + 36}" text-anchor="middle">frames lost</text>')
        lines.append(
            f'<text x="{middle}" y="{_TOP - 12}" text-anchor="middle" font-weight="bold">'
            f"{escape(heading)}</text>"
        )
        return lines


def _curve(axes: _Axes, rows: pd.DataFrame, setting: str) -> list[str]:
    """A band where there is an interval, and a line over it."""
    parts = []
    banded = rows.dropna(subset=["low", "high"])
    if len(banded):
        there = [f"{axes.x(r.loss_rate)} {axes.y(r.high)}" for r in banded.itertuples()]
        back = [f"{axes.x(r.loss_rate)} {axes.y(r.low)}" for r in banded[::-1].itertuples()]
        path = "M" + "L".join([*there, *back]) + "Z"
        parts.append(f'<path d="{path}" fill="{LOOKS[setting].colour}" fill-opacity=".12"/>')
    if len(rows):
        points = [f"{axes.x(r.loss_rate)} {axes.y(r.ccc)}" for r in rows.itertuples()]
        parts.append(_stroke("M" + "L".join(points), setting))
    return parts


def _stroke(path: str, setting: str) -> str:
    look = LOOKS[setting]
    dash = f' stroke-dasharray="{look.strokes}"' if look.strokes else ""
    return f'<path d="{path}" fill="none" stroke="{look.colour}" stroke-width="2.4"{dash}/>'
