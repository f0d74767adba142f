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

LESSON = 4  # its place among the pages


def main() -> None:
    """Show the page that the visitor chose; whatever goes wrong becomes a sentence."""
    st.set_page_config("Packet loss and emotion", page_icon=str(HERE / "icon.svg"), layout="wide")
    pages = [
        st.Page("app_pages/hear.py", title="Hear it", icon=":material/hearing:", default=True),
        st.Page("app_pages/predict.py", title="Predict", icon=":material/show_chart:"),
        st.Page("app_pages/breaks.py", title="Where it breaks", icon=":material/grid_on:"),
        st.Page("app_pages/plane.py", title="Your plane", icon=":material/blur_on:"),
        st.Page("app_pages/lesson.py", title="Lesson", icon=":material/school:"),
        st.Page("app_pages/about.py", title="About", icon=":material/info:"),
    ]
    page = st.navigation(pages, position="top")
    st.html(HERE / "page.css")
    try:
        first = "page" not in st.session_state
        state.restore(page.url_path)
        if first and page.url_path == "" and st.session_state["lesson"]:
            st.switch_page(pages[LESSON])  # a link may name the lesson alone: ?lesson=3
        if st.session_state["present"]:
            st.html(f"<style>html {{ font-size: {16 * state.type_scale():.1f}px !important; }}</style>")
        page.run()
        state.remember()
    except Exception:  # a visitor gets a sentence; who runs the server gets the traceback
        logging.getLogger("sercore.dashboard").exception("a page failed")
        st.error("Something went wrong on this page, and the log has the details. Reload it to go on.")


if __name__ == "__main__":
    main()
