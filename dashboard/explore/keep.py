"""What a visitor takes along: sound, losses, predictions, settings, pictures."""

from collections.abc import Iterator, Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import state
from dashboard.compute.clips import Clip
from dashboard.compute.draws import Draws
from dashboard.door.hosts import visitor_sits_here
from dashboard.widgets import loudspeaker
from dashboard.widgets.downloads import download, named, show_downloads
from dashboard.words import PROSE
from sercore.audio import wav_bytes
from sercore.channel.coupled import draw_received
from sercore.receiver import RECEIVERS
from sercore.receiver.any_rate import receive
from sercore.receiver.drop import Drop
from sercore.receiver.silence import Silence
from sercore.units import SAMPLE_RATE

SAY = PROSE["explore"]


def keep(clip: Clip, answers: Mapping[str, Draws]) -> None:
    """Everything as files, and each version of the sound with the browser's own player."""
    received = draw_received(state.channel(), state.seed(), clip.n_frames)
    show_downloads(clip, received, answers)
    local = visitor_sits_here()
    reason = loudspeaker.why_silent() if local else None
    versions = dict(_versions(clip, received))
    for column, (title, audio) in zip(st.columns(len(versions)), versions.items(), strict=True):
        with column, st.container(border=True):
            st.markdown(f"**{title}**")
            if len(audio):
                _version(title, audio, clip, loud=local and reason is None)
            else:
                st.info(SAY["nothing_to_play"])
    if reason is not None:
        st.caption(f"This machine's own loudspeaker cannot be used: {reason}")


def _versions(clip: Clip, received: NDArray[np.bool_]) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """What was said, with holes, joined, and what the receiver in hand makes of it."""
    yield "Original", clip.audio
    for name in dict.fromkeys((Silence.NAME, Drop.NAME, state.given())):
        receiver = RECEIVERS[name]
        heard = receive(clip.audio, SAMPLE_RATE, received, state.channel().packet_ms, receiver)
        yield f"Lost: {receiver.TITLE.lower()}", heard


def _version(title: str, audio: NDArray[np.float32], clip: Clip, *, loud: bool) -> None:
    content = wav_bytes(audio)
    st.audio(content, format="audio/wav")
    name = title.lower().replace(": ", "_").replace(" ", "_") + ".wav"
    with st.container(horizontal=True):
        download("WAV", content, named(name, clip), "audio/wav")
        label, icon = "This machine's loudspeaker", ":material/volume_up:"
        clicked = loud and st.button(label, key=f"play {title}", icon=icon)
        if clicked and (problem := loudspeaker.play(audio)):
            st.warning(problem)
