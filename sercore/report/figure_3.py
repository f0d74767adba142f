"""Figure 3 as a picture that needs no script: CCC against loss rate, as SVG."""

from dataclasses import dataclass

import pandas as pd

from sercore.report.looks import LOOKS, title
from sercore.report.templates import render
from sercore.results.four_settings import FOUR_SETTINGS
from sercore.results.table import at
from sercore.units import DIMENSIONS

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM, _GAP = 860, 360, 52, 34, 78, 34
_STEP = 0.2  # between lines of the grid


def figure_3_svg(figure_3: pd.DataFrame, corpus: str) -> str:
    """Two panels, arousal and valence, one line and band for each setting, as an SVG document.

    The caption inside the picture names the corpus, so that it cannot be taken for RECOLA's.
    """
    rows = at(figure_3, score="ccc")
    values = [value for name in ("low", "high", "ccc") for value in rows[name].dropna()]
    bottom, top = min([0.0, *values]), max([_STEP, *values])
    width = (_WIDTH - _LEFT - _GAP) / 2
    shown = [name for name in FOUR_SETTINGS if (rows["setting"] == name).any()]
    panels = []
    for place, dimension in enumerate(DIMENSIONS):
        axes = _Axes(_LEFT + place * (width + _GAP), width - 26, bottom, top)
        curves = [(name, at(rows, setting=name, dimension=dimension)) for name in shown]
        panels.append((dimension, axes, [(LOOKS[name], axes.band(t), axes.line(t)) for name, t in curves]))
    legend = {title(name): LOOKS[name] for name in shown}
    picture = {"width": _WIDTH, "height": _HEIGHT, "left": _LEFT}
    return render("figure_3.svg", corpus=corpus, panels=panels, legend=legend, **picture)


@dataclass(frozen=True)
class _Axes:
    """From loss rate and CCC to points of the picture."""

    left: float
    width: float
    bottom: float
    top: float
    head: int = _TOP
    foot: int = _HEIGHT - _BOTTOM

    @property
    def levels(self) -> list[float]:
        """The CCC of each line of the grid."""
        return [i * _STEP for i in range(-int(-self.bottom / _STEP), int(self.top / _STEP) + 1)]

    def x(self, loss_rate: float) -> float:
        return round(self.left + self.width * loss_rate, 1)

    def y(self, ccc: float) -> float:
        share = (self.top - ccc) / (self.top - self.bottom)
        return round(self.head + (self.foot - self.head) * share, 1)

    def band(self, rows: pd.DataFrame) -> str:
        """The path around the intervals; "" where there are none."""
        known = rows.dropna(subset=["low", "high"])
        around = [*self._points(known, "high"), *self._points(known[::-1], "low")]
        return "M" + "L".join(around) + "Z" if around else ""

    def line(self, rows: pd.DataFrame) -> str:
        """The path of the means; "" where there are none."""
        return "M" + "L".join(self._points(rows, "ccc")) if len(rows) else ""

    def _points(self, rows: pd.DataFrame, name: str) -> list[str]:
        return [f"{self.x(x)} {self.y(y)}" for x, y in zip(rows["loss_rate"], rows[name], strict=True)]
