"""A visitor's own audio: a file or the microphone, checked first, and forgotten when it is removed."""

from __future__ import annotations

from typing import BinaryIO

import streamlit as st

from dashboard.clips import LONGEST_SECONDS, Clip, own_clip
from sercore.audio import AudioError

AUDIO_TYPES = ["wav", "flac", "ogg", "mp3", "aiff", "aif", "au", "opus"]


def own_audio() -> Clip | None:
    """A file or a microphone recording; kept when the page changes, replaced when a new one comes."""
    file, microphone = st.columns(2)
    with file:
        uploaded = st.file_uploader(
            "Audio file", type=AUDIO_TYPES, key="upload",
            on_change=_forget_if_removed, args=("upload",),
            help=f"Speech of at most {LONGEST_SECONDS} s. It stays in the server's memory until you leave or "
            "remove it; what networks computed of it, until newer results take its place. Nothing is written "
            "to disk.",
        )  # fmt: skip
    with microphone:
        recorded = st.audio_input(
            "Or speak", key="microphone", help="Needs https or localhost.", on_change=_forget_if_removed,
            args=("microphone",),
        )  # fmt: skip
    for name, source in (("The file", uploaded), ("The recording", recorded)):
        seen = f"seen {name}"  # whichever came last counts
        if source is not None and st.session_state.get(seen) != source.file_id:
            st.session_state[seen] = source.file_id
            st.session_state["own_clip"], st.session_state["own_problem"] = _read(name, source)
    if problem := st.session_state.get("own_problem"):
        st.error(problem, icon=":material/error:")
        return None
    own: Clip | None = st.session_state.get("own_clip")
    if own is None:
        st.info("Choose a file or speak, and the page goes on from there.", icon=":material/upload:")
    return own


def _forget_if_removed(widget: str) -> None:
    """Drop the clip when the visitor takes it away; a page that is left does not."""
    if st.session_state[widget] is None:
        for name in ("own_clip", "own_problem"):
            st.session_state.pop(name, None)


def _read(name: str, source: BinaryIO) -> tuple[Clip | None, str | None]:
    """The clip, or the sentence that says why there is none."""
    try:
        return own_clip(name, source), None
    except AudioError as error:
        return None, str(error)
