"""Where does it break for the recording in hand?"""

import math
import time
from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import state
from dashboard.charts.heatmaps import ccc_heatmap
from dashboard.compute import networks, plane, predictions
from dashboard.compute.clips import Clip
from dashboard.compute.predictions import CellScores
from dashboard.widgets import controls
from dashboard.widgets.ask import waiting
from dashboard.widgets.chart import colours, show_plane
from sercore.channel import LossModel
from sercore.results.four_settings import all_weights_of, weights_of
from sercore.units import DIMENSIONS

CHANNELS = plane.POINTS**2
Known = dict[LossModel, CellScores]
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
        known = predictions.known_plane(clip, setting, state.seed())
    except (ValueError, OSError) as error:
        st.error(f"The network cannot be used: {error}.", icon=":material/error:")
        return
    untrained = [name for name in all_weights_of(setting) if not networks.is_trained(name)]
    todo = _todo(setting, known)
    job = (clip.sha256, setting, state.seed())
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


def _switch(
    where: DeltaGenerator, job: tuple[object, ...], *, running: bool, begun: bool, finished: bool
) -> None:
    """One button: compute, stop, or go on; what is known stays."""
    if finished:
        return
    look: dict[str, Any] = {"icon": ":material/stop:", "type": "secondary"}
    if not running:
        look = {"icon": ":material/play_arrow:", "type": "primary"}
    label = "Stop" if running else "Go on" if begun else "Compute"
    wanted = None if running else job
    where.button(label, key="plane_switch", on_click=_begin_or_stop, args=(wanted,), **look)


def _todo(setting: str, known: Known) -> Sequence[Sequence[LossModel]]:
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
    known: Known,
    todo: Sequence[Sequence[LossModel]],
    *,
    places: list[DeltaGenerator],
    progress: DeltaGenerator,
) -> None:
    """Row after row, each in a turn of its own, so that other visitors get theirs in between.

    Who looks at the same clip fills the same table: what is there by now is not computed again.
    """
    seed = state.seed()
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


def _draw(known: Known, places: list[DeltaGenerator], clip: Clip, number: int = 0) -> None:
    """Both pictures; the number tells those of one run apart, whoever else fills the same table."""
    tables = [plane.table(known, d, state.score()) for d in range(len(DIMENSIONS))]
    defined = [table["ccc"].max() for table in tables if table["ccc"].notna().any()]
    highest = max(0.1, math.ceil(max(defined, default=1.0) * 10) / 10)
    against = "the gold standard" if clip.gold is not None else "the prediction without loss"
    for place, dimension, table in zip(places, DIMENSIONS, tables, strict=True):
        title, done = dimension.capitalize(), int((~table["pending"]).sum())
        figure = ccc_heatmap(table, state.channel(), colours(), title=title, highest=highest, height=520)
        alt = f"{title} against {against}, {done} of {CHANNELS} channels"
        if table["ccc"].notna().any():
            alt += f": CCC {table['ccc'].min():.2f} to {table['ccc'].max():.2f}"
        show_plane(figure, f"plane {dimension} {done} {number}", f"{alt}.", where=place)


def _explain(note: DeltaGenerator, clip: Clip, untrained: list[str], *, pending: bool) -> None:
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
