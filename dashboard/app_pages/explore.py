"""What is lost, how does it sound, and what does a network make of it?"""

import weakref
from collections.abc import Callable

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import player, state
from dashboard.compute import networks, warm_up
from dashboard.compute.clips import Clip
from dashboard.compute.draws import Draws
from dashboard.explore.curves import show_path
from dashboard.explore.keep import keep
from dashboard.explore.luck import say_what_is_luck, show_luck
from dashboard.explore.trainings import show_all_scores, side_by_side
from dashboard.player.curves import awaited, send_curves
from dashboard.widgets import controls
from dashboard.widgets.ask import ask
from dashboard.widgets.corpus_score import corpus_words
from dashboard.widgets.prose import say
from dashboard.widgets.turn_to import turn_to
from dashboard.words import PROSE
from dashboard.words.channels import summary
from dashboard.words.scores import in_words
from sercore.channel import Gilbert
from sercore.channel.coupled import draw_received
from sercore.channel.packets import frames_received
from sercore.report.looks import setting_title
from sercore.units import DIMENSIONS

SAY = PROSE["explore"]


def page() -> None:
    """Choose a recording and a channel; see what is lost, hear what is left, follow the network."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title("What packet loss does to emotion recognition", width="content")
        microphone = st.container(width="content")
        if "pages" not in state.hidden() and st.button(SAY["start"], icon=":material/school:"):
            st.switch_page("app_pages/lesson.py")
    say(SAY["intro"])
    clip = controls.clip_in_hand(microphone)
    if clip is not None:
        follow, sound = st.container(), st.container()
        with sound:  # it travels while the network listens
            player.send_sound(clip)
        with follow:
            _follow(weakref.ref(clip))
    turn_to("in_hand", "" if clip is None or clip.track else clip.sha256)  # to what was just said


@st.fragment
def _follow(held: "weakref.ref[Clip]") -> None:
    """The part that follows the player: letting go of a slider computes nothing else on the page again.

    Streamlit keeps what a fragment is given for as long as the visit lasts, so it gets no hold of the clip.
    """
    clip = held()
    if clip is None:  # it had to make room, and the whole page says so
        st.rerun()
    if state.loss_model().NAME != Gilbert.NAME:
        controls.parameter_sliders()
    picture = st.container()
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        setting = controls.choose_setting(side_by_side=True)
        if setting is not None:
            controls.choose_score(list(state.SCORES))
        controls.choose_loss_model()
    several = setting == state.ALL
    shown = networks.trained_settings()[0] if several else setting
    with picture:
        player.show_player(clip, curves=awaited(clip, shown))
        player.send_concealed(clip)
    state.remember()  # the address need not wait for the network
    packets = draw_received(state.channel(), state.seed(), clip.n_frames)
    draws = ask(clip, shown, n_draws=1) if shown else None
    with picture:
        if not warm_up.RESULTS.is_set():  # as the server starts: curves come before the corpus's score
            send_curves(clip, shown, draws, *_words(clip, shown, draws), key="first curves")
            warm_up.RESULTS.wait()
        send_curves(clip, shown, draws, *_words(clip, shown, draws))
    st.caption(summary(state.channel(), packets))
    if not packets.any():
        st.warning(SAY["nothing"])
    if draws is not None and draws.band is not None:
        st.caption(SAY["band"])
    if draws is not None and shown is not None:
        say_what_is_luck(clip, shown)
        _more(clip, packets, {shown: draws}, several=several)


def _words(clip: Clip, setting: str | None, draws: Draws | None) -> tuple[list[str], str]:
    """What stands beside each curve, and all of it in one sentence."""
    if draws is None or setting is None:
        return ["" for _ in DIMENSIONS], SAY["no_curves"]
    scores = draws.scores(clip.gold, state.score())
    said = []
    for index, dimension in enumerate(DIMENSIONS):
        after = in_words(scores.after[index])
        if clip.gold is None:
            said.append(f"agreement with the prediction without loss: CCC {after}")
        else:
            corpus = corpus_words(clip, setting, dimension)
            said.append(f"CCC {in_words(scores.clean[index])} → {after}" + (f" · {corpus}" if corpus else ""))
    each = (f"{dimension} {words}" for dimension, words in zip(DIMENSIONS, said, strict=True))
    return said, f"{setting_title(setting)}: {', '.join(each)}."


def _more(clip: Clip, packets: NDArray[np.bool_], answers: dict[str, Draws], *, several: bool) -> None:
    """What opens below; it costs nothing before."""
    received = frames_received(packets, state.channel().packet_ms)
    (shown,) = answers
    if several:
        answers = side_by_side(clip, received)
    _when_opened("luck", ":material/casino:", lambda: show_luck(clip, received, shown))
    _when_opened("trainings", ":material/school:", lambda: show_all_scores(clip))
    _when_opened("way", ":material/route:", lambda: show_path(clip, answers[shown]))
    if "files" not in state.hidden():
        _when_opened("keep", ":material/download:", lambda: keep(clip, answers))


def _when_opened(name: str, icon: str, show: Callable[[], None]) -> None:
    part = st.expander(SAY["parts"][name], icon=icon, on_change="rerun", key=f"open {name}")
    if part.open:
        with part:
            show()


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
