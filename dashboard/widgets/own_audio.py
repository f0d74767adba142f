"""A visitor's own audio: a file or the microphone, checked first, and forgotten when it is removed."""

from typing import Any, BinaryIO, cast

import streamlit as st
from streamlit import runtime
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard import state
from dashboard.compute import own_clips
from dashboard.compute.clips import LONGEST_SECONDS, Clip, own_clip
from dashboard.widgets.ask import in_turn
from dashboard.widgets.microphone import microphone
from dashboard.widgets.phone_files import PHONES, READABLE, decode_in_the_browser
from dashboard.words import PROSE
from sercore.audio import AudioError
from sercore.audio.doubts import is_clipped, is_unlike_speech
from sercore.audio.silence import is_silent, said_of_silence
from sercore.units import SAMPLE_RATE

SOURCES = {"upload": "The file", "microphone": "The recording"}  # by widget
SAY = PROSE["own_audio"]


def speak() -> UploadedFile | None:
    """The microphone; who has spoken gets the own audio at once, whatever was chosen before."""
    return microphone(_take_what_was_said)


def own_audio(said: UploadedFile | None, where: DeltaGenerator) -> Clip | None:
    """A file or what was said; kept when the page changes, replaced when a new one comes.

    ``where`` is the place of the choice of a file.
    """
    sources = (_file(where), said)
    for widget, source in zip(SOURCES, sources, strict=True):
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
    shown = any(source is not None for source in sources)
    if own is not None and not shown:  # it came on another page
        st.button("Forget my audio", icon=":material/delete:", on_click=_forget)
    if own is not None:
        with st.container(key="in_hand"):
            st.caption(SAY["in_hand"].format(own.name.lower(), f"{len(own.audio) / SAMPLE_RATE:.1f}"))
            for remark in st.session_state.get("own_clip", ()):
                st.warning(remark, icon=":material/volume_off:")
    if own is None:
        missing = "loaded_anew" if st.session_state["came_for_own"] else "none_yet"
        st.info(SAY["let_go" if shown else missing], icon=":material/upload:")
    return own


def _file(where: DeltaGenerator) -> UploadedFile | None:
    help_text = f"Speech; of more than {LONGEST_SECONDS} s you choose a part. {SAY['kept']}"
    how: dict[str, Any] = {"help": help_text, "on_change": _forget_if_removed, "args": ("upload",)}
    with where:
        kinds = [*READABLE, *PHONES]
        uploaded: UploadedFile | None = st.file_uploader(SAY["file"], kinds, key="upload", **how)
        decode_in_the_browser()
    return uploaded


def _take_what_was_said() -> None:
    _forget_if_removed("microphone")
    if st.session_state["microphone"] is not None:
        st.session_state["clip"] = state.OWN


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
    remarks = [f"{said}."] if said else []
    remarks += [SAY["clipped"]] if is_clipped(clip.audio) else []
    remarks += [SAY["unlike_speech"]] if is_unlike_speech(clip.audio) else []
    st.session_state["own_clip"] = remarks  # of the clip in hand, which is no session's
    own_clips.keep(_visitor(), clip)
    st.session_state["came_for_own"] = False
    return None
