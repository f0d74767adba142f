"""A visitor's own audio: a file or the microphone, checked first, and forgotten when it is removed."""

from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

import streamlit as st
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard.compute import own_clips
from dashboard.compute.clips import LONGEST_SECONDS, Clip, own_clip
from dashboard.widgets.ask import in_turn
from dashboard.widgets.phone_files import PHONES, READABLE, decode_in_the_browser
from dashboard.words import PROSE
from sercore.audio import AudioError
from sercore.audio.doubts import is_clipped, is_unlike_speech
from sercore.audio.silence import is_silent, said_of_silence
from sercore.units import SAMPLE_RATE

SOURCES = {"upload": "The file", "microphone": "The recording"}  # by widget
SAY = PROSE["own_audio"]


def own_audio() -> Clip | None:
    """A file or a microphone recording; kept when the page changes, replaced when a new one comes."""
    sources = _ask_for_it()
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
        st.caption(SAY["in_hand"].format(own.name.lower(), f"{len(own.audio) / SAMPLE_RATE:.1f}"))
        for remark in st.session_state.get("own_clip", ()):
            st.warning(remark, icon=":material/volume_off:")
    if own is None:
        st.info(SAY["let_go" if shown else "none_yet"], icon=":material/upload:")
    return own


def _ask_for_it() -> tuple[UploadedFile | None, UploadedFile | None]:
    """The microphone first, one tap away; where a browser will not give it, that is said before."""
    microphone, file = st.columns(2)
    removed, recorded = _forget_if_removed, None
    if may_record(st.context.url):
        how: dict[str, Any] = {"help": SAY["kept"], "on_change": removed, "args": ("microphone",)}
        recorded = microphone.audio_input("Speak", key="microphone", **how)
    else:
        microphone.info(SAY["insecure"], icon=":material/mic_off:")
    help_text = f"Speech; of more than {LONGEST_SECONDS} s you choose a part. {SAY['kept']}"
    how = {"help": help_text, "on_change": removed, "args": ("upload",)}
    with file:
        uploaded = st.file_uploader("Or an audio file", [*READABLE, *PHONES], key="upload", **how)
        decode_in_the_browser()
    return uploaded, recorded


def may_record(url: str | None) -> bool:
    """Whether browsers give a page at this address the microphone.

    Example:
        >>> may_record("https://a.example/"), may_record("http://localhost:8501"), may_record("http://10.0.0.7:8501")
        (True, True, False)
    """
    address = urlsplit(url or "http://localhost")
    return address.scheme == "https" or address.hostname in ("localhost", "127.0.0.1", "::1")


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
    return None
