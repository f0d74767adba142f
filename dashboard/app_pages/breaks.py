"""At which channels does a network break, and does training with loss help?"""

import math
from collections.abc import Iterator
from functools import partial

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import planes, player, state
from dashboard.charts.ccc_axis import ccc_range
from dashboard.charts.palette import Palette
from dashboard.compute.findings import Findings, read_findings
from dashboard.compute.networks import SETTING_TITLES
from dashboard.compute.remedies import read_remedies
from dashboard.lesson.evidence import luck_of
from dashboard.planes import boards
from dashboard.widgets import controls
from dashboard.widgets.chart import drawn, show_chart
from dashboard.widgets.prose import say
from dashboard.widgets.strips import show_strips
from dashboard.words import PROSE
from dashboard.words.channels import percent
from dashboard.words.scores import by_setting
from dashboard.words.table_2 import table_2
from sercore.report.advice import in_a_sentence
from sercore.report.curves import lines_by_setting
from sercore.report.looks import setting_title
from sercore.results.advice import advice_for
from sercore.results.table import NOT_DEFINED
from sercore.units import DIMENSIONS

SAY = PROSE["breaks"]


def page() -> None:
    """Heatmaps of CCC over the plane of channels, differences, and scores against the loss rate."""
    st.title("Where does it break?")
    say(SAY["intro"])
    findings = read_findings()
    for problem in findings.problems:
        st.warning(problem, icon=":material/warning:")
    if not findings.partitions:
        st.info(SAY["nothing"], icon=":material/hourglass_empty:")
    else:
        with st.container(horizontal=True, gap="medium"):
            partition = _choose_partition(findings)
            score = controls.choose_score(findings.scores(partition) or ["ccc"])
        _say_what_plays()
        _say_what_is_missing(findings, partition)
        _planes(findings, partition, score)
        _difference(findings, partition, score)
        _figure_3(findings, partition, score)
        _tolerance(findings, partition, score)
        _what_helps()
    _paper(findings)
    if findings.partitions and (clip := controls.clip_that_is_known()) is not None:
        player.send_sound(clip)


def _choose_partition(findings: Findings) -> str:
    offered = findings.partitions
    partition = state.keep_known("partition", offered)
    if len(offered) > 1:
        controls.one_of("Recordings", {name: name for name in offered}, "partition", SAY["partitions"])
    return partition


def _say_what_plays() -> None:
    if (clip := controls.clip_that_is_known()) is not None:
        instead = st.session_state["clip"] == state.OWN and clip.track is not None
        st.caption(SAY["plays_instead" if instead else "plays"].format(controls.name_of(clip)))


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


def _planes(findings: Findings, partition: str, score: str) -> None:
    _board(boards.scores_of(findings, partition, score), "scores")
    over = {"score": state.SCORES[score].lower(), "corpus": findings.corpus, "partition": partition}
    st.caption(f"{SAY['heatmaps'].format_map(over)} {findings.origin}")


def _difference(findings: Findings, partition: str, score: str) -> None:
    settings = findings.settings(partition)
    if len(settings) < 2:
        return
    st.subheader("Which is better, and where?")
    pair = state.keep_known("better", settings, settings[-1]), state.keep_known("than", settings)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Compare", settings, format_func=setting_title, key="better", width=220)
        st.selectbox("with", settings, format_func=setting_title, key="than", width=220)
    if pair[0] == pair[1]:
        st.info("Choose two different trainings.")
        return
    _board(boards.difference_of(findings, partition, score, pair), "difference")
    st.caption(boards.difference_caption(findings, partition, score, pair))


@st.fragment
def _board(board: planes.Board, key: str) -> None:
    """Planes to choose a channel on: nothing else on the page follows it, so nothing else runs again."""
    planes.show_planes(board, controls.clip_that_is_known(), key)
    state.remember()


def _figure_3(findings: Findings, partition: str, score: str) -> None:
    st.subheader("Against the share of frames lost")
    settings = findings.settings(partition)
    by_loss = {
        dimension: {name: findings.by_loss(partition, name, dimension, score) for name in settings}
        for dimension in DIMENSIONS
    }
    shown = ccc_range(value for tables in by_loss.values() for value in _all_of(tables))
    for column, (dimension, tables) in zip(st.columns(2), by_loss.items(), strict=True):
        make = partial(_against_loss, tables, dimension, shown)
        figure = drawn(make, findings.stamp, "by loss", partition, score, dimension)
        means = {name: list(table["mean"]) for name, table in tables.items() if len(table)}
        said = by_setting(means, lambda y: f"{y[0]:.2f} at little loss, {y[-1]:.2f} at most loss")
        alt = f"CCC of {dimension} against the share of frames lost: {said}."
        show_chart(figure, f"by loss {dimension}", alt, where=column)
    band = "band_of_speakers" if len(findings.figure_3_of(partition)) else "band_of_channels"
    st.caption(SAY["figure_3"].format(band=SAY[band]))


def _all_of(tables: dict[str, pd.DataFrame]) -> Iterator[float]:
    """Every point, and every end of a band."""
    for table in tables.values():
        yield from table.reindex(columns=["mean", "low", "high"]).to_numpy(dtype=float).ravel()


def _against_loss(
    tables: dict[str, pd.DataFrame], dimension: str, shown: list[float], _: Palette
) -> go.Figure:
    axes = ("loss_rate", "share of frames lost", f"CCC of {dimension}")
    return lines_by_setting(tables, *axes, percent=True).update_yaxes(range=shown)


def _tolerance(findings: Findings, partition: str, score: str) -> None:
    settings = findings.settings(partition)
    if not settings:
        return
    st.subheader("Which loss can be borne?")
    st.markdown(SAY["tolerance"])
    clean = {dimension: _clean(findings, partition, score, dimension) for dimension in DIMENSIONS}
    _take_need_of_before(clean[DIMENSIONS[0]])
    need = st.slider(SAY["need"], 50, 100, step=1, key="need", format="%d %%") / 100
    whole = [name for name in settings if findings.coverage(partition, name) == 1]
    for dimension, reference in clean.items():
        if math.isnan(reference):
            st.caption(SAY["no_reference"].format(dimension=dimension))
            continue
        needed = round(need * reference, 2)
        strips = {name: findings.strip(partition, name, dimension, score, needed) for name in whole}
        show_strips(strips, dimension, needed, reference)
    st.caption(SAY["tolerance_limits"])


def _take_need_of_before(clean: float) -> None:
    """A link of before named the CCC of arousal that is needed, not its share of what one has."""
    named, st.session_state["need_arousal"] = st.session_state["need_arousal"], None
    if named is not None and clean > 0:
        st.session_state["need"] = min(100, max(50, round(100 * named / clean)))


def _clean(findings: Findings, partition: str, score: str, dimension: str) -> float:
    """What the first setting in the paper's order, mismatched, scores without loss; NaN if nothing does."""
    reference = findings.cells(partition, findings.settings(partition)[0], dimension, score)
    return float(reference.loc[reference["p_n"] == 1, "ccc"].mean())


def _what_helps() -> None:
    """What a receiver does about it, once that was scored."""
    advice = read_remedies().advice
    if not len(advice):
        return
    st.subheader("What can be done about it?")
    losses = sorted(advice["packet_loss_rate"].unique())
    st.markdown("\n".join(f"- {in_a_sentence(advice_for(advice, loss))}" for loss in losses))
    if "pages" not in state.hidden():
        st.page_link("app_pages/helps.py", label="What helps?", icon=":material/healing:")


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
