"""The whole experiment on one page that needs no network: tables, Figures 3 and 4 to point at, claims.

The page holds plotly.js (4.5 MB), so it is made from the committed results when wanted and is not committed.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from sercore.report.claims import claims_table, findings_table
from sercore.report.figure_3 import COLOURS
from sercore.report.markdown import SCORE_TITLES, Table, provenance_sentence
from sercore.report.tables import (
    BEARABLE,
    WITHOUT_LOSS,
    bearable_table_of,
    loss_table_of,
    pairs_table,
    table_2_of,
)
from sercore.results.four_settings import FOUR_SETTINGS
from sercore.results.paper import title
from sercore.units import DIMENSIONS

if TYPE_CHECKING:
    import pandas as pd

    from sercore.experiment.about import Outcome

_DASHES = {"mismatched": "solid", "multi_condition": "dash", "augmentation": "dot", "matched": "dashdot"}
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid #ccc; padding: .3rem .7rem; text-align: left; }
th { background: #f3f3f3; }
"""


def html_page(outcome: Outcome) -> str:
    """The report as one HTML document.

    Args:
        outcome: the committed results.
    """
    from plotly.offline import get_plotlyjs  # noqa: PLC0415  (4.5 MB that only this page needs)

    about = outcome.about
    heading = f"Packet loss and speech emotion recognition: results on {about['corpus']['name']}"
    body = [
        f"<h1>{escape(heading)}</h1>",
        *_paragraphs([provenance_sentence(about), *about["corpus"]["partition"], *about["corpus"]["notes"]]),
        "<h2>Without loss (the paper's Table 2)</h2>",
        f"<p>{WITHOUT_LOSS} The last column is the paper's, on RECOLA.</p>",
        html_table(*table_2_of(outcome.table_2)),
        "<h2>CCC against loss rate (Figure 3)</h2>",
        *(
            f"<h3>CCC on the {words}</h3>" + _plot(loss_curves(outcome.figure_3, score))
            for score, words in SCORE_TITLES.items()
        ),
        html_table(*loss_table_of(outcome.plane)),
        *_bearable(outcome.plane),
        "<h2>The plane of channels (Figure 4)</h2>",
        *(_plot(planes(outcome.plane, dimension)) for dimension in DIMENSIONS),
        "<h2>In how many channels one setting is better</h2>",
        "<p>Channels in which the 95 % interval of the paired difference lies on one side of 0. Of so many "
        "channels, some do by chance.</p>",
        html_table(*pairs_table(outcome.differences)),
        "<h2>The paper's claims</h2>",
        html_table(*claims_table(outcome.findings)),
        "<h3>What they rest on</h3>",
        html_table(*findings_table(outcome.findings)),
        "<h2>Machine and time</h2>",
        html_table(*_account_table(about)),
    ]
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f"<title>{escape(heading)}</title>",
            f"<style>{_STYLE}</style>\n<script>{get_plotlyjs()}</script>\n</head>\n<body>",
            *body,
            "</body>\n</html>\n",
        ]
    )


def _bearable(plane: pd.DataFrame) -> list[str]:
    table = bearable_table_of(plane)
    return ["<h2>Which loss can be borne?</h2>", f"<p>{BEARABLE}</p>", html_table(*table)] if table[1] else []


def loss_curves(figure_3: pd.DataFrame, score: str) -> Any:
    """Lines with bands, arousal and valence side by side; a plotly figure."""
    from plotly.graph_objects import Scatter  # noqa: PLC0415
    from plotly.subplots import make_subplots  # noqa: PLC0415

    figure = make_subplots(cols=2, subplot_titles=DIMENSIONS, shared_yaxes=True)
    for place, dimension in enumerate(DIMENSIONS, 1):
        for setting in FOUR_SETTINGS:
            mine = figure_3[
                (figure_3["score"] == score)
                & (figure_3["setting"] == setting)
                & (figure_3["dimension"] == dimension)
            ]
            if not len(mine):
                continue
            look = {"legendgroup": setting, "x": mine["loss_rate"], "mode": "lines"}
            unseen = {"line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
            fill = {"fill": "tonexty", "fillcolor": _faint(COLOURS[setting])}
            figure.add_trace(Scatter(y=mine["low"], **look, **unseen), row=1, col=place)
            figure.add_trace(Scatter(y=mine["high"], **look, **unseen, **fill), row=1, col=place)
            line = {"color": COLOURS[setting], "dash": _DASHES[setting]}
            named = {"name": title(setting), "line": line, "showlegend": place == 1}
            figure.add_trace(Scatter(y=mine["ccc"], **look, **named), row=1, col=place)
    figure.update_xaxes(title="frames lost (Eq. 1)", tickformat=".0%", range=[0, 1])
    figure.update_yaxes(title="CCC", col=1)
    return figure.update_layout(height=420, hovermode="x unified", template="plotly_white")


def planes(plane: pd.DataFrame, dimension: str) -> Any:
    """One map of CCC for each setting, p_L to the right and p_N upwards; not defined cells stay empty."""
    from plotly.graph_objects import Heatmap  # noqa: PLC0415
    from plotly.subplots import make_subplots  # noqa: PLC0415

    mine = plane[plane["dimension"] == dimension]
    shown = [name for name in FOUR_SETTINGS if (mine["setting"] == name).any()]
    titles = [f"{dimension}, {title(name)}" for name in shown]
    figure = make_subplots(cols=max(len(shown), 1), subplot_titles=titles, shared_yaxes=True)
    for place, setting in enumerate(shown, 1):
        cells = mine[mine["setting"] == setting].groupby(["p_n", "p_l"])["ccc"].mean().unstack("p_l")
        heat = Heatmap(
            z=cells.to_numpy(),
            x=cells.columns,
            y=cells.index,
            coloraxis="coloraxis",
            hovertemplate="p_L %{x}<br>p_N %{y}<br>CCC %{z:.3f}<extra></extra>",
        )
        figure.add_trace(heat, row=1, col=place)
    figure.update_xaxes(title="p_L")
    figure.update_yaxes(title="p_N", col=1)
    return figure.update_layout(
        height=380, coloraxis={"colorscale": "Viridis", "colorbar": {"title": "CCC"}}, template="plotly_white"
    )


def html_table(header: list[str], rows: list[list[str]]) -> str:
    """A table of text; ``**bold**`` and ``*italic*`` as in Markdown.

    Example:
        >>> html_table(["a"], [["**<b>**"]])
        '<table><tr><th>a</th></tr><tr><td><strong>&lt;b&gt;</strong></td></tr></table>'
    """
    lines = ["".join(f"<th>{_inline(cell)}</th>" for cell in header)]
    lines += ["".join(f"<td>{_inline(cell)}</td>" for cell in row) for row in rows]
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def _account_table(about: dict[str, Any]) -> Table:
    machines = {str(each["machine"]["processor"]) for each in about["networks"]}
    rows = [
        ["networks trained", str(len(about["networks"]))],
        ["not trained yet", ", ".join(about["missing"]) or "none"],
        ["trained on", ", ".join(sorted(machines)) or "nothing"],
        ["training", f"{about['training_hours']:.1f} hours in all"],
        ["evaluation", f"{about['evaluation_hours']:.1f} hours"],
        ["tables made on", f"{about['machine']['processor']}, {about['machine']['cores']} cores"],
        ["commit", about["git_commit"]],
        ["versions", ", ".join(f"{name} {version}" for name, version in about["versions"].items())],
    ]
    return ["", ""], rows


def _paragraphs(sentences: list[str]) -> list[str]:
    return [f"<p>{_inline(sentence)}</p>" for sentence in sentences]


def _inline(text: str) -> str:
    bold = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text, quote=False))
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", bold)


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},.12)"


def _plot(figure: Any) -> str:
    html: str = figure.to_html(full_html=False, include_plotlyjs=False)
    return html
