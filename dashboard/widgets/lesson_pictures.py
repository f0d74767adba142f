"""The picture of the results that a step of the lesson shows with its answer."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.charts.call import bursts_against_law
from dashboard.charts.decimate import lost_runs
from dashboard.charts.heatmaps import ccc_heatmap, difference_heatmap
from dashboard.charts.helps import over_training
from dashboard.charts.plane import ring
from dashboard.compute.findings import Findings
from dashboard.compute.remedies import read_remedies
from dashboard.lesson import evidence
from dashboard.lesson.steps import BURSTS
from dashboard.lesson.trainings import DIMENSION
from dashboard.widgets.chart import colours, drawn, show_chart
from dashboard.words.scores import by_setting
from sercore.channel import Gilbert
from sercore.channel.coupled import draw_received
from sercore.channel.presets import CALLS, PRESETS
from sercore.report.curves import lines_by_setting
from sercore.report.looks import setting_title
from sercore.units import FRAME_MS

HEIGHT = 320
LONG_DRAW = 20_000  # frames, more than an hour: what luck is left does not show
LONGEST = 16  # frames; longer bursts are counted together


def show_picture(answers: str, findings: Findings, partition: str) -> None:
    """The picture of a step, by the name of its evidence; nothing where there is nothing to show."""
    if answers == "burst":
        _burst_lengths()
    elif answers == "remedy":
        _remedies()
    elif answers in PICTURES and findings.partitions:
        PICTURES[answers](findings, partition)


def _burst_lengths() -> None:
    """Bursts of one long draw beside the law that they follow."""
    _, seconds = lost_runs(draw_received(BURSTS, state.seed(), LONG_DRAW))
    frames = np.rint(seconds * 1000 / FRAME_MS).astype(int)
    found = np.bincount(np.minimum(frames, LONGEST), minlength=LONGEST + 1)[1:] / len(frames)
    law = (1 - BURSTS.p_l) * np.power(BURSTS.p_l, np.arange(LONGEST), dtype=np.float64)
    law[-1] = BURSTS.p_l ** (LONGEST - 1)
    figure = bursts_against_law(found, {"throws of a coin": law}, FRAME_MS, colours())
    figure.update_layout(height=HEIGHT).data[0].name = "this draw"
    mean = frames.mean() * FRAME_MS
    show_chart(
        figure,
        "burst lengths",
        f"Bursts of a long draw: {found[0]:.0%} last one frame; {mean:.0f} ms on average.",
    )


def _bursts(findings: Findings, partition: str) -> None:
    tables = {}
    for setting in findings.settings(partition):
        cells = findings.cells(partition, setting, DIMENSION, state.score()).dropna(subset="ccc")
        half = cells[cells["loss_rate"].between(*evidence.HALF_LOST) & (cells["p_l"] < 1)]
        channels = (Gilbert(row.p_n, row.p_l) for row in half.itertuples())
        half = half.assign(burst=[round(c.mean_burst_length * FRAME_MS / 1000, 2) for c in channels])
        tables[setting] = half.groupby("burst", as_index=False).agg(mean=("ccc", "mean"))
    x_title = "mean burst (s), in channels that lose about half"
    figure = lines_by_setting(tables, "burst", x_title, f"CCC of {DIMENSION}", height=HEIGHT)

    def in_words(table: pd.DataFrame) -> str:
        (burst, ccc), (last_burst, last_ccc) = table[["burst", "mean"]].iloc[[0, -1]].to_numpy()
        return f"from {ccc:.2f} at {burst:.1f} s to {last_ccc:.2f} at {last_burst:.1f} s"

    said = by_setting({name: table for name, table in tables.items() if len(table)}, in_words)
    show_chart(figure, "bursts", f"CCC against the length of bursts: {said}.")


def _difference(better: str, findings: Findings, partition: str) -> None:
    if not {better, "mismatched"} <= set(findings.settings(partition)):
        return
    table = findings.difference(better, "mismatched", partition, DIMENSION, state.score())
    largest = max(0.05, float(table["difference"].abs().max()))
    title = f"{DIMENSION.capitalize()}: {setting_title(better)} minus mismatched"
    make = partial(difference_heatmap, table, title=title, largest=largest, height=400)
    figure = drawn(make, findings.stamp, "lesson", better, partition, state.score())
    alt = f"{title}: {table['difference'].mean():+.2f} on average."
    show_chart(figure.and_also(*ring(state.channel())), f"lesson {better}", alt)
    purple = setting_title(better).lower()
    st.caption(f"Purple: {purple} is better. Outlined: the 95 % interval excludes zero.")


def _knobs(findings: Findings, partition: str) -> None:
    score, settings = state.score(), findings.settings(partition)
    cells = {setting: findings.cells(partition, setting, DIMENSION, score) for setting in settings}
    knobs = {"p_n": ("N", "received"), "p_l": ("L", "lost")}
    along = {name: {s: evidence.marginal(table, name) for s, table in cells.items()} for name in knobs}
    highest = max((t["mean"].max() for tables in along.values() for t in tables.values()), default=1.0)
    for column, (name, (letter, stay)) in zip(st.columns(2), knobs.items(), strict=True):
        title = f"p<sub>{letter}</sub>: probability to stay {stay}"
        figure = lines_by_setting(along[name], name, title, f"CCC of {DIMENSION}", height=HEIGHT)
        figure.update_yaxes(range=[0, max(0.1, highest * 1.1)])  # one scale for both
        said = by_setting(along[name], lambda t: f"{t['mean'].min():.2f} to {t['mean'].max():.2f}")
        show_chart(figure, f"knob {name}", f"CCC against {name}: {said}.", where=column)


def _calls(findings: Findings, partition: str) -> None:
    settings = findings.settings(partition)
    setting = "mismatched" if "mismatched" in settings else settings[0]
    cells = findings.cells(partition, setting, DIMENSION, state.score())
    highest = max(0.1, float(cells["ccc"].max()))
    title = f"{DIMENSION.capitalize()}, {setting_title(setting)}; the dots are examples of calls"
    make = partial(ccc_heatmap, cells, title=title, highest=highest, height=400)
    figure = drawn(make, findings.stamp, "lesson calls", partition, state.score())
    names, channels = zip(*((p.name, p.channel) for p in PRESETS if p.group == CALLS), strict=True)
    dot = {"size": 10, "color": "#FFFFFF", "line": {"width": 2, "color": "#000000"}}
    dots = {"type": "scatter", "mode": "markers", "marker": dot, "hovertext": names, "hoverinfo": "text"}
    dots |= {"x": [c.p_n for c in channels], "y": [c.p_l for c in channels]}
    figure = figure.and_also(*ring(state.channel()), dots)
    show_chart(figure, "calls", f"{title}: CCC {cells['ccc'].min():.2f} to {highest:.2f}.")


def _remedies() -> None:
    found = read_remedies()
    if not len(found.advice):
        return
    figure = drawn(partial(over_training, found.advice, height=HEIGHT), found.stamp, "lesson remedies")
    said = "; ".join(
        f"{dimension} {rows['over_rival'].min():+.2f} to {rows['over_rival'].max():+.2f}"
        for dimension, rows in found.advice.groupby("dimension")
    )
    show_chart(figure, "remedies", f"Concealment minus training with loss, CCC: {said}.")


PICTURES: dict[str, Callable[[Findings, str], None]] = {
    "bursts": _bursts,
    "matched": partial(_difference, "matched"),
    "augmentation": partial(_difference, "augmentation"),
    "knobs": _knobs,
    "calls": _calls,
}
