"""What does packet loss sound like?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import charts, controls, loudspeaker, state
from dashboard.channels import draw_received, summary
from dashboard.clips import silenced
from dashboard.palette import palette_for
from sercore.audio import wav_bytes
from sercore.drop import sample_mask

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dashboard.clips import Clip


def page() -> None:
    """Choose a recording and a channel, see what is lost, hear what is left."""
    st.title("What does packet loss do to speech?")
    st.markdown(
        "A call does not arrive whole: now and then a piece of **200 ms** is lost. Choose how often that "
        "begins and how long it lasts, then listen."
    )
    clip = controls.clip_in_hand()
    if clip is None:
        return
    controls.channel_controls()
    received = draw_received(state.channel(), st.session_state["seed"], clip.n_frames)
    controls.channel_facts(1 - received.mean())
    colours = palette_for(st.context.theme.type)
    text = summary(state.channel(), received)
    st.plotly_chart(charts.waveform(clip.audio, received, colours, clip.start), key="waveform", alt=text)
    _players(clip, received)


def _players(clip: Clip, received: NDArray[np.bool_]) -> None:
    """The three versions with the browser's own player, to hear and to keep."""
    versions = {
        "Original": (clip.audio, "What was said."),
        "Lost frames silent": (
            silenced(clip.audio, received),
            "What a listener hears: same length, with holes.",
        ),
        "Lost frames removed": (
            clip.audio[sample_mask(received)],
            "What the network gets, as in the paper: the pieces that arrive, joined.",
        ),
    }
    for column, (title, (audio, meaning)) in zip(st.columns(3), versions.items(), strict=True):
        with column, st.container(border=True):
            st.markdown(f"**{title}**  \n{meaning}")
            if not len(audio):
                st.info("Nothing arrives: every frame of this draw is lost.")
                continue
            st.audio(wav_bytes(audio), format="audio/wav")
            _loudspeaker_button(title, audio)


def _loudspeaker_button(title: str, audio: NDArray[np.float32]) -> None:
    headers = st.context.headers
    if not loudspeaker.is_local(st.context.url, st.context.ip_address, "X-Forwarded-For" in headers):
        return
    reason = loudspeaker.why_silent()
    if st.button(
        "On this machine's loudspeaker",
        key=f"play {title}",
        icon=":material/volume_up:",
        help=reason,
        disabled=reason is not None,
    ):
        try:
            loudspeaker.play(audio)
        except Exception as error:
            st.warning(f"The loudspeaker refuses: {error}.")
