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


def main() -> None:
    """Show the page that the visitor chose; whatever goes wrong becomes a sentence."""
    st.set_page_config("Packet loss and emotion", page_icon=str(HERE / "icon.svg"), layout="wide")
    pages = [
        st.Page("app_pages/hear.py", title="Hear it", icon=":material/hearing:", default=True),
        st.Page("app_pages/predict.py", title="Predict", icon=":material/show_chart:"),
        st.Page("app_pages/breaks.py", title="Where it breaks", icon=":material/grid_on:"),
        st.Page("app_pages/about.py", title="About", icon=":material/info:"),
    ]
    page = st.navigation(pages, position="top")
    st.html(HERE / "page.css")
    try:
        state.restore()
        page.run()
        state.remember()
    except Exception:  # a visitor gets a sentence; who runs the server gets the traceback
        logging.getLogger("sercore.dashboard").exception("a page failed")
        st.error("Something went wrong on this page, and the log has the details. Reload it to go on.")


if __name__ == "__main__":
    main()
