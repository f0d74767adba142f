"""What does packet loss sound like?"""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import player, state
from dashboard.compute import export
from dashboard.compute.clips import Clip
from dashboard.widgets import controls, loudspeaker
from dashboard.widgets.downloads import download
from sercore.audio import wav_bytes
from sercore.channel.coupled import draw_received
from sercore.receiver.drop import Drop
from sercore.receiver.silence import Silence


def page() -> None:
    """Choose a recording and a channel, see what is lost, hear what is left."""
    st.title("What does packet loss sound like?")
    st.markdown(
        "A call does not arrive whole: now and then a piece of **200 ms** is lost. Move the sliders to say "
        "how often that begins and how long it lasts, press play, and switch between what was said and what "
        "arrived."
    )
    clip = controls.clip_in_hand()
    if clip is None:
        return
    _listen(clip)
    player.send_sound(clip)


@st.fragment
def _listen(clip: Clip) -> None:
    """The part that follows the player: letting go of a slider computes nothing else on the page again."""
    controls.choose_loss_model()
    if not player.runs_live(state.channel()):
        controls.parameter_sliders(beside=2)
    player.show_player(clip)
    if not state.is_hidden("files"):
        title = "Plain players, files to keep, this machine's loudspeaker"
        versions = st.expander(title, on_change="rerun", key="plain")
        if versions.open:
            with versions:
                _versions(clip)
    state.remember()


def _versions(clip: Clip) -> None:
    """The three versions with the browser's own player, to hear and to keep."""
    received = draw_received(state.channel(), state.seed(), clip.n_frames)
    versions = {
        "Original": (clip.audio, "What was said."),
        "Lost frames silent": (
            Silence()(clip.audio, received),
            "What a listener hears: same length, with holes.",
        ),
        "Lost frames cut out": (
            Drop()(clip.audio, received),
            "What the network gets, as in the paper: the pieces that arrive, joined.",
        ),
    }
    loud, reason = _loudspeaker()
    for column, (title, (audio, meaning)) in zip(st.columns(3), versions.items(), strict=True):
        with column, st.container(border=True):
            st.markdown(f"**{title}**  \n{meaning}")
            if len(audio):
                _version(title, audio, loud)
            else:
                st.info("Nothing arrives: every frame of this draw is lost.")
    _losses(clip, received)
    if reason is not None:
        st.caption(f"This machine's own loudspeaker cannot be used: {reason}")


def _losses(clip: Clip, received: NDArray[np.bool_]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**Which frames are lost**")
        help_text = "CSV: a row for each frame of 200 ms, 1 = received."
        download("Table", export.received_csv(received, clip.start), "received.csv", "text/csv", help_text)
        help_text = "A line for each packet of 20 ms, 1 = lost (PLC challenge)."
        download("Trace", export.trace_text(received), "trace.txt", "text/plain", help_text)


def _version(title: str, audio: NDArray[np.float32], loud: bool) -> None:
    content = wav_bytes(audio)
    st.audio(content, format="audio/wav")
    name = title.lower().replace(" ", "_") + ".wav"
    with st.container(horizontal=True):
        download("WAV", content, name, "audio/wav")
        if loud and st.button("This machine's loudspeaker", key=f"play {title}", icon=":material/volume_up:"):
            problem = loudspeaker.play(audio)
            if problem is not None:
                st.warning(problem)


def _loudspeaker() -> tuple[bool, str | None]:
    """Whether to offer the machine's own loudspeaker, and why not where a visitor might expect it."""
    forwarded = "X-Forwarded-For" in st.context.headers
    if not loudspeaker.is_local(st.context.url, st.context.ip_address, forwarded):
        return False, None
    reason = loudspeaker.why_silent()
    return reason is None, reason


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
