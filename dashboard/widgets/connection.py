"""What works without the server goes on when it is away, and the page says what does not."""

from html import escape

import streamlit as st

from dashboard.words import PROSE

# Streamlit shows a dialog, which freezes the page, how to restart the server. A visitor cannot.
_SCRIPT = """
export default function () {
  if (globalThis.sercoreConnection) return;
  globalThis.sercoreConnection = true;
  const close = () => {
    const explains = document.querySelector("[data-testid=stDialog] [data-testid=stErrorCodeBlock]");
    explains?.closest("[data-testid=stDialog]").querySelector("[aria-label=Close]")?.click();
  };
  new MutationObserver(close).observe(document.body, { childList: true });
  const app = document.querySelector("[data-test-connection-state]");
  const tell = () => {
    if (app.dataset.testConnectionState === "CONNECTED") globalThis.dispatchEvent(new Event("sercore-back"));
  };
  new MutationObserver(tell).observe(app, { attributeFilter: ["data-test-connection-state"] });
}
"""
_connection = st.components.v2.component("sercore_connection", js=_SCRIPT)


def go_on_without_the_server() -> None:
    """From now on: a line tells that it is away, by page.css, until it is back."""
    with st.container(key="connection"):
        _connection(key="watched_connection", height=1)
        st.html(f'<p class="away" role="status">{escape(PROSE["page"]["away"])}</p>')
