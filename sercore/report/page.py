"""The whole experiment on one page that needs no network: tables, Figures 3 and 4 to point at, claims.

The page holds plotly.js (4.5 MB), so it is made from the committed results when wanted and is not committed.
"""

from __future__ import annotations

import re
from html import escape

import pandas as pd
import plotly.graph_objects as go
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup
from plotly.offline import get_plotlyjs
from plotly.subplots import make_subplots

from sercore.report.claims import claims_table, findings_table
from sercore.report.curves import lines_by_setting
from sercore.report.looks import title
from sercore.report.markdown import SCORE_TITLES, Table
from sercore.report.sentences import machine_words, provenance_sentence
from sercore.report.tables import (
    BEARABLE,
    WITHOUT_LOSS,
    bearable_table_of,
    loss_table_of,
    pairs_table,
    table_2_of,
)
from sercore.results.about import About
from sercore.results.four_settings import FOUR_SETTINGS
from sercore.results.outcome import Outcome
from sercore.units import DIMENSIONS


def html_page(outcome: Outcome) -> str:
    """The report as one HTML document.

    Args:
        outcome: the committed results.
    """
    about, corpus = outcome.about, outcome.about.corpus
    return _template().render(
        heading=f"Packet loss and speech emotion recognition: results on {corpus.name}",
        plotly=Markup(get_plotlyjs()),  # noqa: S704  (plotly's own)
        sentences=[provenance_sentence(about), *corpus.partition, *corpus.notes],
        without_loss=WITHOUT_LOSS,
        table_2=table_2_of(outcome.table_2),
        figure_3={
            words: [_html(loss_curves(outcome.figure_3, score, dimension)) for dimension in DIMENSIONS]
            for score, words in SCORE_TITLES.items()
        },
        loss_table=loss_table_of(outcome.plane),
        bearable=BEARABLE,
        bearable_table=bearable_table_of(outcome.plane),
        figure_4=[_html(planes(outcome.plane, dimension)) for dimension in DIMENSIONS],
        pairs=pairs_table(outcome.differences),
        claims=claims_table(outcome.findings),
        findings=findings_table(outcome.findings),
        about=about_table(about),
    )


def loss_curves(figure_3: pd.DataFrame, score: str, dimension: str) -> go.Figure:
    """Figure 3: CCC against loss rate, one line with a band for each setting."""
    rows = figure_3[(figure_3["score"] == score) & (figure_3["dimension"] == dimension)]
    rows = rows.rename(columns={"ccc": "mean"})
    shown = [name for name in FOUR_SETTINGS if (rows["setting"] == name).any()]
    tables = {name: rows[rows["setting"] == name] for name in shown}
    figure = lines_by_setting(tables, "loss_rate", "frames lost (Eq. 1)", f"CCC of {dimension}", percent=True)
    return figure.update_layout(template="plotly_white")


def planes(plane: pd.DataFrame, dimension: str) -> go.Figure:
    """One map of CCC for each setting, p_L to the right and p_N upwards; not defined cells stay empty."""
    mine = plane[plane["dimension"] == dimension]
    shown = [name for name in FOUR_SETTINGS if (mine["setting"] == name).any()]
    titles = [f"{dimension}, {title(name)}" for name in shown]
    figure = make_subplots(cols=max(len(shown), 1), subplot_titles=titles, shared_yaxes=True)
    for place, setting in enumerate(shown, 1):
        cells = mine[mine["setting"] == setting].groupby(["p_n", "p_l"])["ccc"].mean().unstack("p_l")
        figure.add_heatmap(
            z=cells.to_numpy(), x=cells.columns, y=cells.index, coloraxis="coloraxis", row=1, col=place,
            hovertemplate="p_L %{x}<br>p_N %{y}<br>CCC %{z:.3f}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="p_L")
    figure.update_yaxes(title="p_N", col=1)
    scale = {"colorscale": "Viridis", "colorbar": {"title": "CCC"}}
    return figure.update_layout(height=380, coloraxis=scale, template="plotly_white")


def about_table(about: About) -> Table:
    """Networks, machines, hours and versions."""
    machines = {str(each.machine["processor"]) for each in about.networks}
    rows = [
        ["networks trained", str(len(about.networks))],
        ["not trained yet", ", ".join(about.missing) or "none"],
        ["trained on", ", ".join(sorted(machines)) or "nothing"],
        ["training", f"{about.training_hours:.1f} hours in all"],
        ["evaluation", f"{about.evaluation_hours:.1f} hours"],
        ["tables made on", machine_words(about)],
        ["commit", about.git_commit],
        ["versions", ", ".join(f"{name} {version}" for name, version in about.versions.items())],
    ]
    return ["", ""], rows


def html_table(table: Table) -> Markup:
    """A table of text; ``**bold**`` and ``*italic*`` as in Markdown.

    Example:
        >>> str(html_table((["a"], [["**<b>**"]])))
        '<table><tr><th>a</th></tr><tr><td><strong>&lt;b&gt;</strong></td></tr></table>'
    """
    header, rows = table
    lines = ["".join(f"<th>{inline(cell)}</th>" for cell in header)]
    lines += ["".join(f"<td>{inline(cell)}</td>" for cell in row) for row in rows]
    return Markup("<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>")  # noqa: S704  (escaped)


def inline(text: str) -> Markup:
    """A line of Markdown, as far as it is bold or italic, as HTML."""
    bold = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text, quote=False))
    return Markup(re.sub(r"\*(.+?)\*", r"<em>\1</em>", bold))  # noqa: S704  (escaped)


def _template() -> Template:
    rooms = Environment(loader=PackageLoader("sercore", "report"), autoescape=True, undefined=StrictUndefined)
    rooms.filters.update(table=html_table, inline=inline)
    return rooms.get_template("page.html")


def _html(figure: go.Figure) -> Markup:
    return Markup(figure.to_html(full_html=False, include_plotlyjs=False))  # noqa: S704  (plotly's own)
