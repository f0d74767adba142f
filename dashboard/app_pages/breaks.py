"""At which channels does a network break, and does training with loss help?"""

import math

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.charts.comparisons import borne_bars
from dashboard.charts.heatmaps import ccc_heatmap, colour_scale, difference_heatmap
from dashboard.compute.findings import Findings, clean_scores, read_findings
from dashboard.compute.networks import SETTING_SENTENCES, SETTING_TITLES
from dashboard.lesson.evidence import luck_of
from dashboard.widgets import controls
from dashboard.widgets.chart import colours, show_chart, show_plane
from dashboard.words import table_2
from dashboard.words.channels import percent
from sercore.report.curves import lines_by_setting
from sercore.report.looks import setting_title
from sercore.results.tolerance import SHARE_OF_CLEAN, borne_in_plane
from sercore.units import DIMENSIONS


def page() -> None:
    """Heatmaps of CCC over the plane of channels, differences, and scores against the loss rate."""
    st.title("Where does it break?")
    st.markdown(
        "Each square is one channel; its colour is how well the network still agrees with the gold standard "
        "(CCC, 1 is perfect). Right: losses seldom begin. Up: they last long. **Click a square** to make it "
        "your channel, then go and hear it. The ring marks the channel in hand."
    )
    findings = read_findings()
    for problem in findings.problems:
        st.warning(problem, icon=":material/warning:")
    if not findings.partitions:
        words = "No results lie in `trained/results/` yet; `scripts/evaluate.py` writes them. "
        st.info(words + "The paper's numbers are below.", icon=":material/hourglass_empty:")
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
    partition = state.keep_known("partition", findings.partitions)
    if len(findings.partitions) > 1:
        help_text = "Networks were chosen on devel; test was kept apart. The paper reports devel."
        offered = findings.partitions
        st.segmented_control("Recordings", offered, key="partition", required=True, help=help_text)
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
            with column:
                _heatmap(cells[setting], setting, dimension, highest)
                if dimension == DIMENSIONS[0]:  # said once, under the first row
                    st.caption(SETTING_SENTENCES[setting])
    st.caption(
        f"CCC over: {state.SCORES[score].lower()}; mean over draws of the losses. Negative CCC has the "
        "colour of 0. A grey square with × is **not defined**: too few frames arrive for a score. Dotted "
        "lines join channels that lose the same share of frames (25, 50, 75 %): walk along one, and only "
        f"the length of the bursts changes. Corpus: {findings.corpus}, {partition} partition. "
        f"{findings.origin}"
    )


def _heatmap(cells: pd.DataFrame, setting: str, dimension: str, highest: float) -> None:
    title = setting_title(setting)
    figure = ccc_heatmap(
        cells, state.channel(), colours(), title=title, highest=highest, height=320, with_scale=False
    )
    ccc = cells["ccc"].dropna()
    alt = f"CCC of {dimension}, {title}: {ccc.min():.2f} to {ccc.max():.2f}, mean {ccc.mean():.2f}."
    show_plane(figure, f"cell {setting} {dimension}", alt)


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
        with column:
            _difference_map(table, dimension, better, than, largest)
    known = any(table["low"].notna().any() for table in tables.values())
    outlined = (
        "Outlined: the 95 % interval of the difference (bootstrap over speakers) excludes zero."
        if known
        else "**No intervals yet** for this pair, so no cell is outlined: which differences are chance "
        "cannot be told."
    )
    luck = luck_of(min(findings.trainings(partition, name) for name in (better, than)))
    purple, orange = setting_title(better), setting_title(than)
    st.caption(f"Purple: {purple} is better; orange: {orange} is. {outlined} {luck}")


def _difference_map(table: pd.DataFrame, dimension: str, better: str, than: str, largest: float) -> None:
    title = f"{dimension.capitalize()}: {setting_title(better)} minus {setting_title(than)}"
    figure = difference_heatmap(table, state.channel(), colours(), title=title, largest=largest, height=480)
    sure = int(((table["low"] > 0) | (table["high"] < 0)).sum())
    known = table["difference"].dropna()
    alt = (
        f"{title}: {known.min():+.2f} to {known.max():+.2f}, mean {known.mean():+.2f}; in {sure} of "
        f"{len(known)} channels the interval excludes zero."
    )
    show_plane(figure, f"difference {dimension}", alt)


def _figure_3(findings: Findings, partition: str, score: str) -> None:
    st.subheader("Against the share of frames lost")
    settings = findings.settings(partition)
    for column, dimension in zip(st.columns(2), DIMENSIONS, strict=True):
        tables = {setting: findings.by_loss(partition, setting, dimension, score) for setting in settings}
        axes = ("loss_rate", "share of frames lost", f"CCC of {dimension}")
        figure = lines_by_setting(tables, *axes, percent=True)
        means = {setting_title(name): list(table["mean"]) for name, table in tables.items() if len(table)}
        said = [f"{name} {y[0]:.2f} at little loss, {y[-1]:.2f} at most loss" for name, y in means.items()]
        alt = f"CCC of {dimension} against the share of frames lost: {'; '.join(said)}."
        show_chart(figure, f"by loss {dimension}", alt, where=column)
    band = (
        "where nine of ten of these channels lie: a wide one says that the loss rate is not all that counts"
    )
    if len(findings.figure_3_of(partition)):
        band = "the 95 % interval (bootstrap over speakers)"
    st.caption(
        "As the paper's Figure 3. A point is the mean over the channels that lose about as much; "
        f"the band is {band}."
    )


def _tolerance(findings: Findings, partition: str, score: str) -> None:
    if not findings.settings(partition):
        return
    st.subheader("Which loss can be borne?")
    st.markdown(
        "Say which CCC your product needs. A bar reaches to the largest share of lost frames up to which "
        "19 of 20 channels still give it."
    )
    for column, dimension in zip(st.columns(2), DIMENSIONS, strict=True):
        with column:
            _borne(findings, partition, score, dimension)
    st.caption(
        "Channels that lose the same share differ, so one in twenty may miss it. Measured on synthetic "
        "voices: other speakers, networks and codecs will move the numbers."
    )


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
    borne = {
        name: borne_in_plane(table, "ccc", needed)
        for name, table in cells.items()
        if findings.coverage(partition, name) == 1
    }
    said = [
        f"{setting_title(name)} {'not even without loss' if share is None else f'up to {percent(share)}'}"
        for name, share in borne.items()
    ]
    alt = f"Loss that leaves a CCC of {dimension} of {needed:.2f}: {'; '.join(said)}."
    show_chart(borne_bars(borne, colours()), f"borne {dimension}", alt)


def _paper(findings: Findings) -> None:
    st.subheader("Without any loss, beside the paper")
    ours, theirs = st.columns([2, 3])
    with ours:
        st.markdown(f"**This project, corpus: {findings.corpus}**")
        if findings.partitions:
            table = clean_scores(findings, str(st.session_state["partition"]), DIMENSIONS)
            table.index = [SETTING_TITLES[name] for name in table.index]
            table.columns = [f"{dimension} CCC" for dimension in table.columns]
            st.table(table.style.format("{:.3f}"), border="horizontal")
        else:
            st.markdown("No results yet.")
        st.caption(
            "The default corpus is synthetic speech, and the cards of the networks (About) say for how "
            "many epochs each was trained: levels cannot be compared with the paper's."
        )
    with theirs:
        st.markdown("**The paper (Table 2), RECOLA**")
        numbers = dict.fromkeys(("arousal CCC", "valence CCC"), "{:.3f}")
        st.table(table_2.table_2().style.format(numbers), border="horizontal", hide_index=True)
        st.caption(table_2.IN_WORDS)


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
