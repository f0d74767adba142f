"""Hear packet loss and see what it does to emotion recognition: ``streamlit run dashboard/app.py``."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import streamlit as st

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:  # streamlit puts this folder on the path, not the one that holds it
    sys.path.insert(0, str(HERE.parent))

from dashboard import state  # noqa: E402
from dashboard.app_pages import about, breaks, hear, predict  # noqa: E402

st.set_page_config("Packet loss and emotion", page_icon=str(HERE / "icon.svg"), layout="wide")

PAGES = [
    st.Page(hear.page, title="Hear it", icon=":material/hearing:", url_path="hear", default=True),
    st.Page(predict.page, title="Predict", icon=":material/show_chart:", url_path="predict"),
    st.Page(breaks.page, title="Where it breaks", icon=":material/grid_on:", url_path="breaks"),
    st.Page(about.page, title="About", icon=":material/info:", url_path="about"),
]

page = st.navigation(PAGES, position="top")
st.html(HERE / "page.css")
try:
    state.restore()
    page.run()
    state.remember()
except Exception:  # a visitor gets a sentence; the person who runs the server gets the traceback
    logging.getLogger("sercore.dashboard").exception("a page failed")
    st.error("Something went wrong on this page, and the log has the details. Reload it to go on.")
