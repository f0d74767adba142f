"""At which channels does a network break, and does training with loss help?"""

import math
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import state
from dashboard.charts.comparisons import borne_bars
from dashboard.charts.heatmaps import ccc_heatmap, colour_scale, difference_heatmap
from dashboard.charts.palette import Palette
from dashboard.compute.findings import Findings, read_findings
from dashboard.compute.networks import SETTING_SENTENCES, SETTING_TITLES
from dashboard.lesson.evidence import luck_of
from dashboard.widgets import controls
from dashboard.widgets.chart import drawn, show_chart, show_plane
from dashboard.words import PROSE
from dashboard.words.channels import percent
from dashboard.words.scores import by_setting
from dashboard.words.table_2 import table_2
from sercore.report.curves import lines_by_setting
from sercore.report.looks import setting_title
from sercore.results.table import NOT_DEFINED
from sercore.results.tolerance import SHARE_OF_CLEAN
from sercore.units import DIMENSIONS

SAY = PROSE["breaks"]


def page() -> None:
    """Heatmaps of CCC over the plane of channels, differences, and scores against the loss rate."""
    st.title("Where does it break?")
    st.markdown(SAY["intro"])
    findings = read_findings()
    for problem in findings.problems:
        st.warning(problem, icon=":material/warning:")
    if not findings.partitions:
        st.info(SAY["nothing"], icon=":material/hourglass_empty:")
    else:
        with st.container(horizontal=True, gap="medium"):
            partition = _choose_partition(findings)
            score = controls.choose_score(findings.scores(partition) or ["ccc"])
        _say_what_is_missing(findings, partition)
        _heatmaps(findings, partition, score)
        _difference(findings, partition, score)
        _figure_3(findings, partition, score)
        _tolerance(findings, partition, score)
    _paper(findings)


def _choose_partition(findings: Findings) -> str:
    offered = findings.partitions
    partition = state.keep_known("partition", offered)
    if len(offered) > 1:
        controls.one_of("Recordings", {name: name for name in offered}, "partition", SAY["partitions"])
    return partition


def _say_what_is_missing(findings: Findings, partition: str) -> None:
    words = []
    if missing := findings.missing(partition):
        words.append(f"No results yet for: {', '.join(map(setting_title, missing))}.")
    covered = {setting_title(s): findings.coverage(partition, s) for s in findings.settings(partition)}
    partly = {title: percent(share) for title, share in covered.items() if share < 1}
    words += [f"{title} has results for {share} of the channels so far." for title, share in partly.items()]
    if "ccc_timeline" not in findings.scores(partition):
        words.append("No scores over the whole timeline yet.")
    words.append(_luck(findings, partition))
    if any(words):
        st.caption(":material/info: " + " ".join(filter(None, words)))


def _luck(findings: Findings, partition: str) -> str:
    trained = {setting_title(s): findings.trainings(partition, s) for s in findings.settings(partition)}
    once = [name for name, times in trained.items() if times == 1]
    if 0 < len(once) < len(trained):
        return f"One training only, so differences may be luck: {', '.join(once)}."
    return luck_of(min(trained.values(), default=0))


def _heatmaps(findings: Findings, partition: str, score: str) -> None:
    settings = findings.settings(partition)
    per_row = max(2, min(4, len(settings)))
    for dimension in DIMENSIONS:
        st.subheader(dimension.capitalize())
        cells = {setting: findings.cells(partition, setting, dimension, score) for setting in settings}
        highest = max((c["ccc"].max() for c in cells.values() if c["ccc"].notna().any()), default=1.0)
        highest = max(0.1, math.ceil(highest * 10) / 10)  # one scale for the row, so that colours compare
        st.html(colour_scale(highest))
        for column, setting in zip(st.columns(per_row), settings, strict=False):
            title, ccc = setting_title(setting), cells[setting]["ccc"].dropna()
            look: dict[str, Any] = {"title": title, "highest": highest, "height": 320, "with_scale": False}
            make = partial(ccc_heatmap, cells[setting], **look)
            figure = drawn(make, findings.stamp, "cells", partition, score, setting, dimension)
            said = f"{ccc.min():.2f} to {ccc.max():.2f}, mean {ccc.mean():.2f}" if len(ccc) else NOT_DEFINED
            alt = f"CCC of {dimension}, {title}: {said}."
            show_plane(figure, f"cell {setting} {dimension}", alt, where=column)
            if dimension == DIMENSIONS[0]:  # said once, under the first row
                column.caption(SETTING_SENTENCES[setting])
    over = {"score": state.SCORES[score].lower(), "corpus": findings.corpus, "partition": partition}
    st.caption(f"{SAY['heatmaps'].format_map(over)} {findings.origin}")


def _difference(findings: Findings, partition: str, score: str) -> None:
    settings = findings.settings(partition)
    if len(settings) < 2:
        return
    st.subheader("Which is better, and where?")
    better, than = state.keep_known("better", settings, settings[-1]), state.keep_known("than", settings)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Compare", settings, format_func=setting_title, key="better", width=220)
        st.selectbox("with", settings, format_func=setting_title, key="than", width=220)
    if better == than:
        st.info("Choose two different trainings.")
        return
    tables = {d: findings.difference(better, than, partition, d, score) for d in DIMENSIONS}
    largest = max(0.05, *(table["difference"].abs().max() for table in tables.values()))
    for column, (dimension, table) in zip(st.columns(2), tables.items(), strict=True):
        title = f"{dimension.capitalize()}: {setting_title(better)} minus {setting_title(than)}"
        look: dict[str, Any] = {"title": title, "largest": largest, "height": 480}
        make = partial(difference_heatmap, table, **look)
        figure = drawn(make, findings.stamp, "difference", partition, score, better, than, dimension)
        show_plane(figure, f"difference {dimension}", f"{title}: {_in_words(table)}", where=column)
    known = any(table["low"].notna().any() for table in tables.values())
    outlined = SAY["outlined" if known else "not_outlined"]
    luck = luck_of(min(findings.trainings(partition, name) for name in (better, than)))
    purple, orange = setting_title(better), setting_title(than)
    st.caption(f"Purple: {purple} is better; orange: {orange} is. {outlined} {luck}")


def _in_words(table: pd.DataFrame) -> str:
    known, sure = table["difference"].dropna(), (table["low"] > 0) | (table["high"] < 0)
    if not len(known):
        return f"{NOT_DEFINED}."
    said = f"{known.min():+.2f} to {known.max():+.2f}, mean {known.mean():+.2f}"
    return f"{said}; in {sure.sum()} of {len(known)} channels the interval excludes zero."


def _figure_3(findings: Findings, partition: str, score: str) -> None:
    st.subheader("Against the share of frames lost")
    settings = findings.settings(partition)
    for column, dimension in zip(st.columns(2), DIMENSIONS, strict=True):
        tables = {setting: findings.by_loss(partition, setting, dimension, score) for setting in settings}
        make = partial(_against_loss, tables, dimension)
        figure = drawn(make, findings.stamp, "by loss", partition, score, dimension)
        means = {name: list(table["mean"]) for name, table in tables.items() if len(table)}
        said = by_setting(means, lambda y: f"{y[0]:.2f} at little loss, {y[-1]:.2f} at most loss")
        alt = f"CCC of {dimension} against the share of frames lost: {said}."
        show_chart(figure, f"by loss {dimension}", alt, where=column)
    band = "band_of_speakers" if len(findings.figure_3_of(partition)) else "band_of_channels"
    st.caption(SAY["figure_3"].format(band=SAY[band]))


def _against_loss(tables: dict[str, pd.DataFrame], dimension: str, _: Palette) -> go.Figure:
    axes = ("loss_rate", "share of frames lost", f"CCC of {dimension}")
    return lines_by_setting(tables, *axes, percent=True)


def _tolerance(findings: Findings, partition: str, score: str) -> None:
    if not findings.settings(partition):
        return
    st.subheader("Which loss can be borne?")
    st.markdown(SAY["tolerance"])
    for column, dimension in zip(st.columns(2), DIMENSIONS, strict=True):
        with column:
            _borne(findings, partition, score, dimension)
    st.caption(SAY["tolerance_limits"])


def _borne(findings: Findings, partition: str, score: str, dimension: str) -> None:
    cells = {s: findings.cells(partition, s, dimension, score) for s in findings.settings(partition)}
    reference = next(iter(cells.values()))  # the first in the paper's order: mismatched
    clean = float(reference.loc[reference["p_n"] == 1, "ccc"].mean())
    if math.isnan(clean):
        st.caption(f"No score of {dimension} without loss yet, so nothing to compare with.")
        return
    key = f"need_{dimension}"
    if st.session_state[key] is None:
        st.session_state[key] = max(0.0, round(SHARE_OF_CLEAN * clean, 2))
    help_text = f"At first {SHARE_OF_CLEAN:.0%} of what the first network below has without loss."
    needed = st.slider(f"CCC of {dimension} that is needed", 0.0, 1.0, step=0.01, key=key, help=help_text)
    whole = [name for name in cells if findings.coverage(partition, name) == 1]
    borne = {name: findings.borne(partition, name, dimension, score, needed) for name in whole}
    said = by_setting(borne, lambda x: "not even without loss" if x is None else f"up to {percent(x)}")
    alt = f"Loss that leaves a CCC of {dimension} of {needed:.2f}: {said}."
    figure = drawn(partial(borne_bars, borne), findings.stamp, "borne", *borne.items())
    show_chart(figure, f"borne {dimension}", alt)


def _paper(findings: Findings) -> None:
    st.subheader("Without any loss, beside the paper")
    ours, theirs = st.columns([2, 3])
    with ours:
        st.markdown(f"**This project, corpus: {findings.corpus}**")
        if findings.partitions:
            table = findings.clean(str(st.session_state["partition"])).rename(
                index=SETTING_TITLES, columns=lambda dimension: f"{dimension} CCC"
            )
            st.table(table.style.format("{:.3f}", na_rep=NOT_DEFINED), border="horizontal")
        else:
            st.markdown("No results yet.")
        st.caption(SAY["levels"])
    with theirs:
        st.markdown("**The paper (Table 2), RECOLA**")
        numbers = dict.fromkeys(("arousal CCC", "valence CCC"), "{:.3f}")
        st.table(table_2().style.format(numbers), border="horizontal", hide_index=True)
        st.caption(SAY["table_2"])


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
