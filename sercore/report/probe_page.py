"""What a probe found, on one page that needs no network."""

import itertools
from collections.abc import Iterator

import plotly.graph_objects as go
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from sercore.report import probe_tables, probe_words
from sercore.report.curves import lay_out
from sercore.report.looks import Look
from sercore.report.probe_words import PLANE, RISING, name_of
from sercore.report.templates import render
from sercore.results.probed import Interval, Probed

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6BB1", "#7F7F7F")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "triangle-down")
_DASHES = ("solid", "dash", "dot", "dashdot")


def probe_page(probed: Probed) -> str:
    """The whole page as one HTML document."""
    parts = [_part(probed, at) for at in range(len(probed.questions))]
    plotly = Markup(get_plotlyjs())  # noqa: S704
    return render(
        "probe.html",
        probed=probed,
        parts=parts,
        plotly=plotly,
        words=probe_words,
        summary=probe_tables.summary_table(probed),
    )


def _part(probed: Probed, at: int) -> dict[str, object]:
    """Pictures and tables of one question."""
    series = {channel.series for channel in probed.channels}
    figures = [loss_curves(probed, at, "score")] if RISING in series else []
    if figures and probed.questions[at].score == "agreement":
        figures.append(loss_curves(probed, at, "unchanged"))
    if PLANE in series:
        figures.append(plane_map(probed, at))
    return {
        "findings": probe_words.findings(probed, at),
        "title": name_of(probed.questions[at]),
        "figures": [_html(figure) for figure in figures],
        "channels": probe_tables.channels_table(probed, at),
        "receivers": probe_tables.receivers_table(probed, at),
        "groups": probe_tables.groups_table([each for each in probed.groups if each.question == at]),
        "lines": probe_tables.lines_table(probed, at),
    }


def loss_curves(probed: Probed, at: int, what: str) -> go.Figure:
    """Score, or share unchanged, against the rising loss: a line and a band for each receiver."""
    asked, figure = probed.questions[at], go.Figure()
    receivers = dict.fromkeys(each.receiver for each in probed.at_channels)
    for receiver, look in zip(receivers, _looks(), strict=False):
        mine = [
            (probed.channels[each.channel].loss_rate, each)
            for each in probed.at_channels
            if (each.question, each.receiver) == (at, receiver)
            and probed.channels[each.channel].series == RISING
        ]
        mine.sort(key=lambda pair: pair[0])
        rates = [0.0, *(rate for rate, _ in mine)]
        if what == "score":
            ends = [asked.clean, *(each.score for _, each in mine)]
            _add_band(figure, receiver, look, rates, ends)
            _add_line(figure, receiver, look, rates, [each.value for each in ends])
        else:
            _add_line(figure, receiver, look, rates, [1.0, *(each.unchanged for _, each in mine)])
    if what == "score" and asked.needed is not None:
        figure.add_hline(asked.needed, line={"dash": "dot", "width": 1, "color": "#888"})
    title = name_of(asked) if what == "score" else f"share of {asked.of} unchanged"
    figure.update_xaxes(title_text="packets lost", tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(title_text=title, tickformat=".0%" if what != "score" else ".2~f")
    return _plain(lay_out(figure, 380, top=44, hovermode="closest"))


def _add_band(figure: go.Figure, receiver: str, look: Look, rates: list[float], ends: list[Interval]) -> None:
    """The intervals, where there are any at all places."""
    if all(each.low is not None for each in ends):
        around = [each.high for each in ends] + [each.low for each in reversed(ends)]
        aside = {"hoverinfo": "skip", "showlegend": False, "legendgroup": receiver, "mode": "lines"}
        band = {"fill": "toself", "fillcolor": look.faint(), "line": {"width": 0}}
        figure.add_scatter(x=[*rates, *reversed(rates)], y=around, **band, **aside)


def _add_line(
    figure: go.Figure, receiver: str, look: Look, rates: list[float], values: list[float | None]
) -> None:
    line = {"color": look.colour, "dash": look.dash, "width": 2}
    marked = {"mode": "lines+markers", "line": line, "marker": {"symbol": look.symbol, "size": 8}}
    hover = f"%{{x:.0%}} lost: %{{y:.2f}}<extra>{receiver}</extra>"
    figure.add_scatter(x=rates, y=values, name=receiver, legendgroup=receiver, hovertemplate=hover, **marked)


def plane_map(probed: Probed, at: int) -> go.Figure:
    """The score over the paper's plane behind the best receiver, p_L to the right and p_N upwards."""
    places: dict[tuple[float, float], float | None] = {}
    for each in probe_words.best_at(probed, at, PLANE):
        said = dict(
            word.split("=") for word in probed.channels[each.channel].key.partition(":")[2].split(",")
        )
        places[float(said["p_n"]), float(said["p_l"])] = each.score.value
    rows, columns = sorted({p_n for p_n, _ in places}), sorted({p_l for _, p_l in places})
    cells = [[places.get((p_n, p_l)) for p_l in columns] for p_n in rows]
    scale = {"colorscale": "Viridis", "colorbar": {"title": probed.questions[at].score}}
    hover = "p_L %{x}<br>p_N %{y}<br>%{z:.2f}<extra></extra>"
    figure = go.Figure(go.Heatmap(z=cells, x=columns, y=rows, hovertemplate=hover, **scale))
    figure.update_xaxes(title_text=f"p_L ({probed.questions[at].receiver})")
    figure.update_yaxes(title_text="p_N")
    return _plain(lay_out(figure, 380))


def _looks() -> Iterator[Look]:
    """As many as there are receivers, the first eight of different colours."""
    for colour, symbol, dash in zip(*map(itertools.cycle, (_COLOURS, _SYMBOLS, _DASHES)), strict=False):
        yield Look(colour, symbol, dash, "")


def _plain(figure: go.Figure) -> go.Figure:
    """Without colours of its own, which the page gives by day and by night."""
    clear = "rgba(0,0,0,0)"
    grid = {"gridcolor": "rgba(128,128,128,.3)", "zeroline": False}
    figure.update_xaxes(**grid).update_yaxes(**grid)
    return figure.update_layout(template="plotly_white", paper_bgcolor=clear, plot_bgcolor=clear)


def _html(figure: go.Figure) -> Markup:
    how = {"responsive": True, "displayModeBar": False}
    return Markup(figure.to_html(full_html=False, include_plotlyjs=False, config=how))  # noqa: S704  (plotly's own)
