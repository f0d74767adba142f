"""A visitor's own audio: a file or the microphone, checked first, and forgotten when it is removed."""

from typing import BinaryIO

import streamlit as st

from dashboard.compute import predictions
from dashboard.compute.clips import LONGEST_SECONDS, Clip, own_clip
from dashboard.words import PROSE
from sercore.audio import AudioError

SOURCES = ("The file", "The recording")
SAY = PROSE["own_audio"]
AUDIO_TYPES = ["wav", "flac", "ogg", "mp3", "aiff", "aif", "au", "opus"]


def own_audio() -> Clip | None:
    """A file or a microphone recording; kept when the page changes, replaced when a new one comes."""
    file, microphone = st.columns(2)
    help_text, removed = f"Speech of at most {LONGEST_SECONDS} s. {SAY['kept']}", _forget_if_removed
    uploaded = file.file_uploader(
        "Audio file", AUDIO_TYPES, key="upload", help=help_text, on_change=removed, args=("upload",)
    )
    help_text = f"Needs https or localhost. {SAY['kept']}"
    recorded = microphone.audio_input(
        "Or speak", key="microphone", help=help_text, on_change=removed, args=("microphone",)
    )
    for name, source in zip(SOURCES, (uploaded, recorded), strict=True):
        seen = f"seen {name}"  # whichever came last counts
        if source is not None and st.session_state.get(seen) != source.file_id:
            st.session_state[seen] = source.file_id
            _forget()
            st.session_state["own_clip"], st.session_state["own_problem"] = _read(name, source)
    if problem := st.session_state.get("own_problem"):
        st.error(problem, icon=":material/error:")
        return None
    own: Clip | None = st.session_state.get("own_clip")
    if own is not None and uploaded is None and recorded is None:  # it came on another page
        st.button("Forget my audio", icon=":material/delete:", on_click=_forget)
    if own is None:
        st.info(SAY["none_yet"], icon=":material/upload:")
    return own


def _forget_if_removed(widget: str) -> None:
    """Drop the clip when the visitor takes it away; a page that is left does not."""
    if st.session_state[widget] is None:
        _forget()
        for name in SOURCES:  # the other source counts again, if there is one
            st.session_state.pop(f"seen {name}", None)


def _forget() -> None:
    """Drop the clip in hand, and with it what networks computed of it."""
    own: Clip | None = st.session_state.pop("own_clip", None)
    st.session_state.pop("own_problem", None)
    if own is not None:
        predictions.forget(own.sha256)


def _read(name: str, source: BinaryIO) -> tuple[Clip | None, str | None]:
    """The clip, or the sentence that says why there is none."""
    try:
        return own_clip(name, source), None
    except AudioError as error:
        return None, str(error)
