"""Where does it break for the recording in hand?"""

import math
import time
from collections.abc import Sequence
from functools import partial
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
from dashboard.widgets.chart import drawn, show_plane
from dashboard.widgets.prose import say
from dashboard.words import PROSE
from sercore.channel import LossModel
from sercore.results.four_settings import all_weights_of, weights_of
from sercore.units import DIMENSIONS

SAY = PROSE["plane"]
CHANNELS = plane.POINTS**2
Known = dict[LossModel, CellScores]
Rows = Sequence[Sequence[LossModel]]
Places = list[DeltaGenerator]
Job = tuple[str, str, int]  # hash of the clip, setting, seed
SECONDS_PER_PICTURE = 2.5  # both cost the server a third of a second, which networks could use


def page() -> None:
    """The whole plane of channels for one clip, computed while the visitor looks on."""
    st.title("Where does it break for this recording?")
    say(SAY["intro"].format(channels=CHANNELS))
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
    todo = _todo(setting, known, untrained)
    job = (clip.sha256, setting, state.seed())
    if st.session_state.get("plane_job") != job:
        st.session_state["plane_job"] = None
    button, bar = st.columns([1, 5], vertical_alignment="center")
    running = bool(todo) and st.session_state["plane_job"] == job
    if todo:
        label = "Stop" if running else "Go on" if known else "Compute"
        icon, kind = ("stop", "secondary") if running else ("play_arrow", "primary")
        look: dict[str, Any] = {"icon": f":material/{icon}:", "type": kind, "key": "plane_switch"}
        button.button(label, on_click=_begin_or_stop, args=(None if running else job,), **look)
    of, problem = st.session_state.get("plane_problem") or (None, "")
    if of == job:  # it stays until the plane is tried again
        st.error(problem, icon=":material/error:")
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


def _begin_or_stop(job: Job | None) -> None:
    st.session_state["plane_job"], st.session_state["plane_problem"] = job, None


def _todo(setting: str, known: Known, untrained: list[str]) -> Rows:
    """Rows of channels that are still to come, coarse first, each with weights that are there."""
    rows = ([channel for channel in row if channel not in known] for row in plane.rounds())
    rows = ([c for c in row if weights_of(setting, c) not in untrained] for row in rows)
    return list(filter(None, rows))


def _compute(
    clip: Clip, setting: str, known: Known, todo: Rows, *, places: Places, progress: DeltaGenerator
) -> None:
    """Row after row, each in a turn of its own, so that other visitors get theirs in between.

    Who looks at the same clip fills the same table: what is there by now is not computed again.
    """
    seed = state.seed()
    since, pictures = time.monotonic(), 0
    with waiting("The network listens …") as tell:
        for row in todo:
            weights = [weights_of(setting, channel) for channel in row]
            for name in dict.fromkeys(weights):
                mine = [channel for channel, its in zip(row, weights, strict=True) if its == name]
                predictions.fill_plane(known, clip, mine, seed=seed, weights=name, on_wait=tell)
            if time.monotonic() - since > SECONDS_PER_PICTURE:
                pictures += 1
                _draw(known, places, clip, number=pictures)
                since = time.monotonic()
            progress.progress(min(1.0, len(known) / CHANNELS), f"{len(known)} of {CHANNELS} channels")


def _draw(known: Known, places: Places, clip: Clip, number: int = 0) -> None:
    """Both pictures; the number tells those of one run apart, whoever else fills the same table."""
    tables = [plane.table(known, d, state.score()) for d in range(len(DIMENSIONS))]
    defined = [table["ccc"].max() for table in tables if table["ccc"].notna().any()]
    highest = max(0.1, math.ceil(max(defined, default=1.0) * 10) / 10)
    against = "the gold standard" if clip.gold is not None else "the prediction without loss"
    for place, dimension, table in zip(places, DIMENSIONS, tables, strict=True):
        title, done = dimension.capitalize(), int((~table["pending"]).sum())
        make = partial(ccc_heatmap, table, title=title, highest=highest, height=520)
        shown = (table[column].to_numpy().tobytes() for column in ("ccc", "pending"))
        figure = drawn(make, "plane", title, highest, *shown)
        alt = f"{title} against {against}, {done} of {CHANNELS} channels"
        if table["ccc"].notna().any():
            alt += f": CCC {table['ccc'].min():.2f} to {table['ccc'].max():.2f}"
        show_plane(figure, f"plane {dimension} {done} {number}", f"{alt}.", where=place.container())


def _explain(note: DeltaGenerator, clip: Clip, untrained: list[str], *, pending: bool) -> None:
    words = [SAY["no_gold" if clip.gold is None else "gold"], SAY["one_draw"]]
    if pending:
        words.append(SAY["pending"])
    if untrained:
        words.append(SAY["untrained"].format(len(untrained)))
    note.caption(" ".join(words))


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
