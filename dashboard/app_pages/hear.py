"""What does packet loss sound like?"""

import weakref

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import player, state
from dashboard.compute import export
from dashboard.compute.clips import Clip
from dashboard.door.hosts import at_the_machine
from dashboard.widgets import controls, loudspeaker
from dashboard.widgets.downloads import download, named
from dashboard.words import PROSE
from sercore.audio import wav_bytes
from sercore.channel import Gilbert
from sercore.channel.coupled import draw_received
from sercore.receiver.any_rate import receive
from sercore.receiver.drop import Drop
from sercore.receiver.silence import Silence
from sercore.units import SAMPLE_RATE

SAY = PROSE["hear"]


def page() -> None:
    """Choose a recording and a channel, see what is lost, hear what is left."""
    st.title("What does packet loss sound like?")
    st.markdown(SAY["intro"])
    if (clip := controls.clip_in_hand()) is not None:
        _listen(weakref.ref(clip))
        player.send_sound(clip)


@st.fragment
def _listen(held: "weakref.ref[Clip]") -> None:
    """The part that follows the player: letting go of a slider computes nothing else on the page again.

    Streamlit keeps what a fragment is given for as long as the visit lasts, so it gets no hold of the clip.
    """
    clip = held()
    if clip is None:  # it had to make room, and the whole page says so
        st.rerun()
    if state.loss_model().NAME != Gilbert.NAME:
        controls.parameter_sliders()
    player.show_player(clip)
    controls.choose_loss_model()  # below, so that Play is in sight
    if "files" not in state.hidden():
        versions = st.expander(SAY["plain"], on_change="rerun", key="plain")
        if versions.open:
            with versions:
                _versions(clip)
    state.remember()


def _versions(clip: Clip) -> None:
    """The three versions with the browser's own player, to hear and to keep."""
    channel = state.channel()
    received = draw_received(channel, state.seed(), clip.n_frames)
    ways = (Silence(), Drop())
    versions = (
        clip.audio,
        *(receive(clip.audio, SAMPLE_RATE, received, channel.packet_ms, way) for way in ways),
    )
    local = at_the_machine(st.context.ip_address, dict(st.context.headers))
    reason = loudspeaker.why_silent() if local else None
    for column, audio, (title, meaning) in zip(st.columns(3), versions, SAY["versions"].items(), strict=True):
        with column, st.container(border=True):
            st.markdown(f"**{title}**  \n{meaning}")
            if len(audio):
                _version(title, audio, clip, loud=local and reason is None)
            else:
                st.info(SAY["nothing"])
    _losses(clip, received)
    if reason is not None:
        st.caption(f"This machine's own loudspeaker cannot be used: {reason}")


def _losses(clip: Clip, received: NDArray[np.bool_]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**What is lost**")
        packet_ms = state.channel().packet_ms
        table = export.received_csv(received, clip.start, packet_ms)
        download("Table", table, named("received.csv", clip), "text/csv", SAY["table"])
        download(
            "Trace",
            export.trace_text(received, packet_ms),
            named("trace.txt", clip),
            "text/plain",
            SAY["trace"],
        )


def _version(title: str, audio: NDArray[np.float32], clip: Clip, *, loud: bool) -> None:
    content = wav_bytes(audio)
    st.audio(content, format="audio/wav")
    name = title.lower().replace(" ", "_") + ".wav"
    with st.container(horizontal=True):
        download("WAV", content, named(name, clip), "audio/wav")
        label, icon = "This machine's loudspeaker", ":material/volume_up:"
        clicked = loud and st.button(label, key=f"play {title}", icon=icon)
        if clicked and (problem := loudspeaker.play(audio)):
            st.warning(problem)


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
