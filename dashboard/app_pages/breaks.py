"""At which channels does a network break, and does training with loss help?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import state
from dashboard.findings import (
    SETTING_SENTENCES,
    Findings,
    clean_scores,
    paper_table,
    read_findings,
    setting_title,
)
from dashboard.heatmaps import ccc_heatmap
from dashboard.palette import palette_for
from sercore.gold_standard import DIMENSIONS

if TYPE_CHECKING:
    import pandas as pd

PER_ROW = 3


def page() -> None:
    """Heatmaps of CCC over the plane of channels, for each trained network."""
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
        st.info(
            "No results lie in `trained/results/` yet; `scripts/evaluate.py` writes them. "
            "The paper's numbers are below.",
            icon=":material/hourglass_empty:",
        )
    else:
        _heatmaps(findings, _choose_partition(findings))
    _paper(findings)


def _choose_partition(findings: Findings) -> str:
    if st.session_state["partition"] not in findings.partitions:
        st.session_state["partition"] = findings.partitions[0]
    if len(findings.partitions) > 1:
        st.segmented_control(
            "Recordings", findings.partitions, key="partition", required=True,
            help="Networks were chosen on devel; test was kept apart. The paper reports devel.",
        )  # fmt: skip
    return str(st.session_state["partition"])


def _heatmaps(findings: Findings, partition: str) -> None:
    settings = findings.settings(partition)
    missing = [setting_title(name) for name in SETTING_SENTENCES if name not in settings]
    for dimension in DIMENSIONS:
        st.subheader(dimension.capitalize())
        cells = {setting: findings.cells(partition, setting, dimension) for setting in settings}
        highest = max((c["ccc"].max() for c in cells.values() if c["ccc"].notna().any()), default=1.0)
        highest = max(0.1, math.ceil(highest * 10) / 10)  # one scale for the row, so that colours compare
        for first in range(0, len(settings), PER_ROW):
            for column, setting in zip(st.columns(PER_ROW), settings[first : first + PER_ROW], strict=False):
                with column:
                    _heatmap(cells[setting], setting, dimension, highest)
    st.caption(
        "Mean over loss seeds. Negative CCC has the colour of 0. A grey square with × is **not defined**: "
        "too few frames arrive for a score. Dotted lines join channels that lose the same share of frames "
        "(25, 50, 75 %): walk along one, and only the length of the bursts changes. "
        f"Corpus: {findings.corpus}, {partition} partition."
        + (f" No results yet for: {', '.join(missing)}." if missing else "")
    )


def _heatmap(cells: pd.DataFrame, setting: str, dimension: str, highest: float) -> None:
    title, colours = setting_title(setting), palette_for(st.context.theme.type)
    figure = ccc_heatmap(cells, state.channel(), colours, title=title, highest=highest)
    scored = cells.dropna(subset="ccc")
    lowest, best = scored["ccc"].min(), scored["ccc"].max()
    alt = f"CCC of {dimension}, {title}: {lowest:.2f} to {best:.2f}."
    key = f"cell {setting} {dimension}"
    st.plotly_chart(
        figure, key=key, on_select=lambda: _take_cell(key), selection_mode="points", alt=alt,
        config={"displayModeBar": False},
    )  # fmt: skip
    st.caption(SETTING_SENTENCES.get(setting, "One matched network."))


def _take_cell(key: str) -> None:
    points = st.session_state[key].selection.points
    if points:
        state.set_channel(points[0]["x"], points[0]["y"])
        st.toast(
            f"Channel set: p_N = {points[0]['x']:.2f}, p_L = {points[0]['y']:.2f}", icon=":material/hearing:"
        )


def _paper(findings: Findings) -> None:
    st.subheader("Without any loss, beside the paper")
    ours, theirs = st.columns([2, 3])
    with ours:
        st.markdown("**This project, default corpus**")
        if findings.partitions:
            table = clean_scores(findings, str(st.session_state["partition"]), DIMENSIONS)
            table.index = [setting_title(name) for name in table.index]
            table.columns = [f"{dimension} CCC" for dimension in table.columns]
            st.table(table.style.format("{:.3f}"), border="horizontal")
        else:
            st.markdown("No results yet.")
        st.caption(
            "Synthetic speech, and fewer epochs than the paper's 200 (each network's card says how many): "
            "neither levels nor order can be compared with the paper's."
        )
    with theirs:
        st.markdown("**The paper (Table 2), RECOLA**")
        numbers = dict.fromkeys(("arousal CCC", "valence CCC"), "{:.3f}")
        st.table(paper_table().style.format(numbers), border="horizontal", hide_index=True)
        st.caption("RECOLA's validation partition; numbers of Mohamed and Schuller, not of this project.")


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
