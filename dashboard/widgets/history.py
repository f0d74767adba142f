"""Back goes back: the address follows each choice, but only a change of page is a step in history."""

import streamlit as st

_SCRIPT = """
export default function () {
  if (globalThis.sercoreHistory) return;
  globalThis.sercoreHistory = true;
  const push = history.pushState.bind(history); // by which Streamlit writes every change of the address
  history.pushState = (state, title, url) => {
    const same = new URL(url, location.href).pathname === location.pathname;
    if (same) history.replaceState(state, title, url); else push(state, title, url);
  };
}
"""
_history = st.components.v2.component("sercore_history", js=_SCRIPT)


def keep_steps_apart() -> None:
    """From now on, for as long as the browser shows the dashboard."""
    with st.container(key="history"):
        _history(key="kept_history", height=1)
