"""Sound as phones record it: the visitor's own browser decodes what the server does not read."""

from pathlib import Path

import streamlit as st

from dashboard.compute.clips import LONGEST_SECONDS
from dashboard.words import PROSE
from sercore.audio.header import AUDIO_SUFFIXES
from sercore.units import SAMPLE_RATE

READABLE = [suffix.removeprefix(".") for suffix in AUDIO_SUFFIXES]  # by the server itself
PHONES = ["m4a", "mp4", "aac", "webm", "weba", "3gp", "mov"]
_HTML = """
<p class="status" role="status"></p>
<div class="part" hidden>
  <p></p>
  <label>Starts at <input type="range" min="0" step="1" aria-label="Where the part begins">
    <output></output></label>
  <button type="button">Take this part</button>
</div>
"""
_CSS = """
:host { font-family: var(--st-font); color: var(--st-text-color); font-size: 0.95rem; }
p { margin: 0 0 0.4rem; } .status:empty { display: none; }
input { width: min(24rem, 60vw); vertical-align: middle; }
button { font: inherit; padding: 0.4rem 0.8rem; border-radius: 0.5rem; cursor: pointer;
  border: 1px solid var(--st-border-color); background: var(--st-background-color); color: inherit; }
[hidden] { display: none; }
"""
_files = st.components.v2.component(
    "sercore_phone_files",
    html=_HTML,
    css=_CSS,
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


def decode_in_the_browser() -> None:
    """From now on, what the uploader with the key ``upload`` gets is decoded first where that is needed."""
    say = {name: PROSE["own_audio"][name] for name in ("decoding", "not_decoded", "too_long")}
    data = {"readable": READABLE, "longest": LONGEST_SECONDS, "rate": SAMPLE_RATE, "say": say}
    _files(key="phone_files", data=data)
