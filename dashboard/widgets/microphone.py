"""One tap, and one speaks; where a browser will not give its microphone, that is said before."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard.words import PROSE

SAY = PROSE["own_audio"]
_refusal = st.components.v2.component(
    "sercore_microphone",
    html="<p role='status'></p>",
    css="p { margin: 0; color: var(--st-text-color); }\np { font: 0.85rem/1.35 var(--st-font); }",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


def microphone(on_change: Callable[[], None]) -> UploadedFile | None:
    """What the visitor says, from a tap to the next; the key is ``microphone``, the button names itself."""
    if not may_record(st.context.url):
        st.caption(f":material/mic_off: {SAY['insecure']}")
        return None
    look: dict[str, Any] = {"label_visibility": "collapsed", "key": "microphone", "width": 184}
    said = st.audio_input(SAY["speak"], on_change=on_change, **look)
    with st.container(key="refusal"):
        _refusal(key="microphone_refusal", data=SAY["browser"])
    return said


def may_record(url: str | None) -> bool:
    """Whether browsers give a page at this address the microphone.

    Example:
        >>> may_record("https://a.example/"), may_record("http://localhost:8501"), may_record("http://10.0.0.7:8501")
        (True, True, False)
    """
    address = urlsplit(url or "http://localhost")
    return address.scheme == "https" or address.hostname in ("localhost", "127.0.0.1", "::1")
