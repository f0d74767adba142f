"""Where does it break for the recording in hand?"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import state
from dashboard.charts.heatmaps import ccc_heatmap
from dashboard.charts.palette import palette_for
from dashboard.compute import networks, plane, predictions
from dashboard.compute.predictions import CellScores
from dashboard.widgets import controls
from dashboard.widgets.ask import waiting
from dashboard.widgets.chart import show_chart
from sercore.results.four_settings import all_weights_of, weights_of
from sercore.units import DIMENSIONS

if TYPE_CHECKING:
    from typing import Any

    from dashboard.compute.clips import Clip
    from sercore.channel.gilbert import Gilbert

CHANNELS = plane.POINTS**2
SECONDS_PER_PICTURE = 0.7  # a browser draws both pictures in less


def page() -> None:
    """The whole plane of channels for one clip, computed while the visitor looks on."""
    st.title("Where does it break for this recording?")
    st.markdown(
        f"The recording goes through **{CHANNELS} channels**, one draw of the losses each, and the "
        "network's agreement becomes a colour. Right: losses seldom begin. Up: they last long. **Click a "
        "square** to hear that channel."
    )
    clip = controls.clip_in_hand()
    if clip is None:
        return
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        setting = controls.choose_setting()
        controls.choose_score(list(state.SCORES))
        controls.seed_control()
    state.remember()
    if setting is not None:
        _plane(clip, setting)


def _plane(clip: Clip, setting: str) -> None:
    try:
        known = predictions.known_plane(clip, setting, int(st.session_state["seed"]))
    except (ValueError, OSError) as error:
        st.error(f"The network cannot be used: {error}.", icon=":material/error:")
        return
    untrained = [name for name in all_weights_of(setting) if not networks.is_trained(name)]
    todo = _todo(setting, known)
    job = (clip.sha256, setting, st.session_state["seed"])
    if st.session_state.get("plane_job") != job:
        st.session_state["plane_job"] = None
    button, bar = st.columns([1, 5], vertical_alignment="center")
    running = bool(todo) and st.session_state["plane_job"] == job
    _switch(button, job, running=running, begun=bool(known), finished=not todo)
    _tell_problem(job)
    places = [column.empty() for column in st.columns(2)]
    note = st.empty()
    _draw(known, places, clip)
    _explain(note, clip, untrained, pending=bool(todo))
    if running:
        progress = bar.progress(0.0, "")
        try:
            _compute(clip, setting, known, todo, places=places, progress=progress)
        except (ValueError, OSError) as error:  # shown after the page has run again
            st.session_state["plane_problem"] = (job, f"The network cannot be used: {error}.")
        st.session_state["plane_job"] = None
        st.rerun()
    elif todo and known:
        whole = len(known) + sum(map(len, todo))
        bar.progress(len(known) / whole, f"Stopped at {len(known)} of {whole} channels.")


def _tell_problem(job: tuple[object, ...]) -> None:
    """What went wrong with this plane stays until it is tried again."""
    of, problem = st.session_state.get("plane_problem") or (None, "")
    if of == job:
        st.error(problem, icon=":material/error:")


def _begin_or_stop(job: tuple[object, ...] | None) -> None:
    st.session_state["plane_job"], st.session_state["plane_problem"] = job, None


def _switch(where: Any, job: tuple[object, ...], *, running: bool, begun: bool, finished: bool) -> None:
    """One button: compute, stop, or go on; what is known stays."""
    if finished:
        return
    label, icon, wanted = (
        ("Stop", ":material/stop:", None)
        if running
        else ("Go on" if begun else "Compute", ":material/play_arrow:", job)
    )
    where.button(
        label, icon=icon, type="secondary" if running else "primary", key="plane_switch",
        on_click=_begin_or_stop, args=(wanted,),
    )  # fmt: skip


def _todo(setting: str, known: dict[Gilbert, CellScores]) -> list[list[Gilbert]]:
    """Rows of channels that are still to come, coarse first, each with weights that are there."""
    rows = []
    for row in plane.rounds():
        missing = [c for c in row if c not in known and networks.is_trained(weights_of(setting, c))]
        if missing:
            rows.append(missing)
    return rows


def _compute(
    clip: Clip,
    setting: str,
    known: dict[Gilbert, CellScores],
    todo: list[list[Gilbert]],
    *,
    places: list[Any],
    progress: Any,
) -> None:
    """Row after row, each in a turn of its own, so that other visitors get theirs in between.

    Who looks at the same clip fills the same table: what is there by now is not computed again.
    """
    seed = int(st.session_state["seed"])
    drawn, pictures = time.monotonic(), 0
    with waiting("The network listens …") as tell:
        for row in todo:
            weights = [weights_of(setting, channel) for channel in row]
            for name in dict.fromkeys(weights):
                mine = [channel for channel, its in zip(row, weights, strict=True) if its == name]
                predictions.fill_plane(known, clip, mine, seed=seed, weights=name, on_wait=tell)
            if time.monotonic() - drawn > SECONDS_PER_PICTURE:
                pictures += 1
                _draw(known, places, clip, number=pictures)
                drawn = time.monotonic()
            progress.progress(min(1.0, len(known) / CHANNELS), f"{len(known)} of {CHANNELS} channels")


def _draw(known: dict[Gilbert, CellScores], places: list[Any], clip: Clip, number: int = 0) -> None:
    """Both pictures; the number tells those of one run apart, whoever else fills the same table."""
    colours = palette_for(st.context.theme.type)
    score = st.session_state["score"]
    tables = [plane.table(known, d, score) for d in range(len(DIMENSIONS))]
    defined = [table["ccc"].max() for table in tables if table["ccc"].notna().any()]
    highest = max(0.1, math.ceil(max(defined, default=1.0) * 10) / 10)
    for place, dimension, table in zip(places, DIMENSIONS, tables, strict=True):
        title = dimension.capitalize()
        figure = ccc_heatmap(table, state.channel(), colours, title=title, highest=highest, height=520)
        against = "the gold standard" if clip.gold is not None else "the prediction without loss"
        done = int((~table["pending"]).sum())
        alt = f"{title} against {against}, {done} of {CHANNELS} channels"
        if table["ccc"].notna().any():
            alt += f": CCC {table['ccc'].min():.2f} to {table['ccc'].max():.2f}"
        key = f"plane {dimension} {done} {number}"
        show_chart(
            figure,
            key,
            f"{alt}.",
            on_select=lambda key=key: _take(key),
            where=place,
        )


def _take(key: str) -> None:
    points = st.session_state[key].selection.points
    if points:
        state.set_channel(points[0]["x"], points[0]["y"])
        st.toast(
            f"Channel set: p_N = {points[0]['x']:.2f}, p_L = {points[0]['y']:.2f}", icon=":material/hearing:"
        )


def _explain(note: Any, clip: Clip, untrained: list[str], *, pending: bool) -> None:
    words = [
        "Agreement (CCC) with the gold standard."
        if clip.gold is not None
        else "There is no gold standard for your own audio: colours show the agreement (CCC) with the "
        "network's prediction without loss, so the lower right is 1.",
        "One draw for each channel, all from one seed, so that neighbours meet similar losses; a short "
        "clip gives a rough picture. × is **not defined**: under 2 s arrive. Dotted: channels of equal "
        "loss. The network gets what arrives, joined.",
    ]
    if pending:
        words.append("Hatched: **not computed yet**.")
    if untrained:
        words.append(
            f"{len(untrained)} of the nine matched networks are not trained yet: their squares stay hatched."
        )
    note.caption(" ".join(words))


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
