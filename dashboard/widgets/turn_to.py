"""Where eyes and screen readers go when a page shows something new, which a browser leaves out of sight."""

from collections.abc import Hashable

import streamlit as st

_SCRIPT = """
export default function ({ data }) {
  const before = globalThis.sercoreTurnedTo;
  globalThis.sercoreTurnedTo = data.what;
  if (before === undefined || before === data.what) return; // a page that opens stands right by itself
  const part = document.querySelector(`.st-key-${data.part}`);
  if (!part) return;
  part.tabIndex = -1;
  part.style.outline = "none";
  part.style.scrollMarginTop = "4rem"; // the bar with the names of the pages
  part.focus({ preventScroll: true });
  part.scrollIntoView({ block: "nearest" });
}
"""
_turn = st.components.v2.component("sercore_turn_to", js=_SCRIPT)


def turn_to(part: str, what: Hashable) -> None:
    """Bring a container of the page into sight and into focus, once for each ``what`` it shows.

    Args:
        part: key of the container, which this run has shown already.
        what: tells what it shows from what it showed before.
    """
    with st.container(key="turn_to"):
        _turn(key="turned_part", data={"part": part, "what": f"{part} {what}"}, height=1)
