"""The whole experiment on one page that needs no network: tables, Figures 3 and 4 to point at, claims.

The page holds plotly.js (4.5 MB), so it is made from the committed results when wanted and is not committed.
"""

import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup
from plotly.offline import get_plotlyjs
from plotly.subplots import make_subplots

from sercore.report.curves import lines_by_setting
from sercore.report.looks import title
from sercore.report.markdown import SCORE_TITLES
from sercore.report.templates import render
from sercore.results.four_settings import FOUR_SETTINGS
from sercore.results.outcome import Outcome
from sercore.results.table import at
from sercore.units import DIMENSIONS


def html_page(outcome: Outcome) -> str:
    """The committed results as one HTML document."""
    figure_3 = {
        words: [_html(loss_curves(outcome.figure_3, score, dimension)) for dimension in DIMENSIONS]
        for score, words in SCORE_TITLES.items()
    }
    figure_4 = [_html(planes(outcome.plane, dimension)) for dimension in DIMENSIONS]
    pictures = {"plotly": Markup(get_plotlyjs()), "figure_3": figure_3, "figure_4": figure_4}  # noqa: S704
    return render("page.html", outcome=outcome, about=outcome.about, **pictures)


def loss_curves(figure_3: pd.DataFrame, score: str, dimension: str) -> go.Figure:
    """Figure 3: CCC against loss rate, one line with a band for each setting."""
    lowest = min(0.0, figure_3[["low", "ccc"]].min(axis=None))  # one scale, so that the pictures compare
    highest = figure_3[["high", "ccc"]].max(axis=None)
    rows = at(figure_3, score=score, dimension=dimension).rename(columns={"ccc": "mean"})
    tables = {name: mine for name in FOUR_SETTINGS if len(mine := at(rows, setting=name))}
    figure = lines_by_setting(tables, "loss_rate", "frames lost (Eq. 1)", f"CCC of {dimension}", percent=True)
    if len(rows):
        figure.update_yaxes(range=[lowest, highest + 0.02])
    return figure.update_layout(template="plotly_white")


def planes(plane: pd.DataFrame, dimension: str) -> go.Figure:
    """One map of CCC for each setting, p_L to the right and p_N upwards; not defined cells stay empty."""
    mine = at(plane, dimension=dimension)
    shown = [name for name in FOUR_SETTINGS if (mine["setting"] == name).any()]
    titles = [f"{dimension}, {title(name)}" for name in shown]
    figure = make_subplots(cols=max(len(shown), 1), subplot_titles=titles, shared_yaxes=True)
    for place, setting in enumerate(shown, 1):
        cells = at(mine, setting=setting).groupby(["p_n", "p_l"])["ccc"].mean().unstack("p_l")
        figure.add_heatmap(
            z=cells.to_numpy(), x=cells.columns, y=cells.index, coloraxis="coloraxis", row=1, col=place,
            hovertemplate="p_L %{x}<br>p_N %{y}<br>CCC %{z:.3f}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="p_L")
    figure.update_yaxes(title="p_N", col=1)
    scale = {"colorscale": "Viridis", "colorbar": {"title": "CCC"}}
    return figure.update_layout(height=380, coloraxis=scale, template="plotly_white")


def _html(figure: go.Figure) -> Markup:
    text = figure.to_html(full_html=False, include_plotlyjs=False, config={"responsive": True})
    return Markup(text)  # noqa: S704  (plotly's own)
