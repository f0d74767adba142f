"""A visitor's own audio: a file or the microphone, checked first, and forgotten when it is removed."""

from typing import BinaryIO, cast

import streamlit as st
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.compute import own_clips
from dashboard.compute.clips import LONGEST_SECONDS, Clip, own_clip
from dashboard.widgets.ask import in_turn
from dashboard.words import PROSE
from sercore.audio import AudioError
from sercore.audio.header import AUDIO_SUFFIXES
from sercore.audio.silence import is_silent, said_of_silence

SOURCES = {"upload": "The file", "microphone": "The recording"}  # by widget
SAY = PROSE["own_audio"]
AUDIO_TYPES = [suffix.removeprefix(".") for suffix in AUDIO_SUFFIXES]


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
    for widget, source in zip(SOURCES, (uploaded, recorded), strict=True):
        seen = f"seen {widget}"  # whichever came last counts
        if source is not None and st.session_state.get(seen) != source.file_id:
            _forget()
            st.session_state["own_problem"] = _read(SOURCES[widget], source)
            st.session_state[seen] = source.file_id  # not before it is read: a click meanwhile begins again
            _let_go(source.file_id)
    if problem := st.session_state.get("own_problem"):
        st.error(problem, icon=":material/error:")
        return None
    own = held_audio()
    shown = any(st.session_state[widget] is not None for widget in SOURCES)
    if own is not None and not shown:  # it came on another page
        st.button("Forget my audio", icon=":material/delete:", on_click=_forget)
    if own is not None and (remark := st.session_state.get("own_clip")):
        st.warning(f"{remark}.", icon=":material/volume_off:")
    if own is None:
        st.info(SAY["let_go" if shown else "none_yet"], icon=":material/upload:")
    return own


def held_audio() -> Clip | None:
    """The visitor's own clip, while the server holds it."""
    return own_clips.clip_of(_visitor())


def _visitor() -> str:
    context = get_script_run_ctx()
    return context.session_id if context else ""


def _let_go(file_id: str) -> None:
    """Drop the file itself: what was read of it is all that pages need."""
    if context := get_script_run_ctx():
        files = cast(MemoryUploadedFileManager, context.uploaded_file_mgr)
        files.remove_file(context.session_id, file_id)


def _forget_if_removed(widget: str) -> None:
    """Drop the clip when the visitor takes it away; a page that is left does not."""
    if st.session_state[widget] is None:
        _forget()


def _forget() -> None:
    """Drop the clip in hand, what networks computed of it, and what the page could fetch of it."""
    for said in ("own_problem", "own_clip"):
        st.session_state.pop(said, None)
    own_clips.forget(_visitor())
    if runtime.exists():  # files to keep are marked the first time, and removed when this run ends
        runtime.get_instance().media_file_mgr.remove_orphaned_files()


def _read(name: str, source: BinaryIO) -> str | None:
    """Keep the clip of a file, or give the sentence that says why there is none."""
    try:
        with in_turn(SAY["reading"]):
            clip = own_clip(name, source)
    except AudioError as error:
        return str(error)
    said = said_of_silence(clip.audio, name)
    if is_silent(clip.audio):
        return f"{said}. {SAY['muted']}"
    st.session_state["own_clip"] = said  # of the clip in hand, which is no session's
    own_clips.keep(_visitor(), clip)
    return None
