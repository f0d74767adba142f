"""A former page, whose links still open: Explore has taken its place, and shows the scores at once here."""

import streamlit as st

from dashboard.app_pages import explore

if __name__ == "__main__":
    st.session_state.setdefault("open luck", True)
    explore.page()
