"""Where eyes and screen readers go when a page shows something new, which a browser leaves out of sight."""

from collections.abc import Hashable

import streamlit as st

_SCRIPT = """
export default function ({ data, parentElement }) {
  const before = globalThis.sercoreTurnedTo;
  globalThis.sercoreTurnedTo = data.what;
  if (before === undefined || before === data.what) return; // a page that opens stands right by itself
  const find = (name) => document.querySelector(`.st-key-${name}`);
  let part;
  const turn = () => {
    const left = part && document.activeElement !== document.body; // whoever went on is not called back
    if (part?.isConnected || left || globalThis.sercoreTurnedTo !== data.what) return;
    part = find(data.part);
    if (!part) return;
    part.tabIndex = -1;
    part.style.outline = "none";
    part.focus({ preventScroll: true });
    const top = find(data.top) ?? part;
    top.style.scrollMarginTop = "5rem"; // the bar with the names of the pages
    top.scrollIntoView({ block: "start" });
  };
  turn();
  for (const later of [300, 1000, 3000]) setTimeout(turn, later); // a busy page draws it late, or once more
  parentElement.querySelector("[role=status]").textContent = data.say;
}
"""
_turn = st.components.v2.component("sercore_turn_to", html="<div role='status'></div>", js=_SCRIPT)


def turn_to(part: str, what: Hashable, top: str = "", say: str = "") -> None:
    """Bring a container of the page into focus and into sight, once for each ``what`` it shows.

    Args:
        part: key of the container, which this run has shown already.
        what: tells what it shows from what it showed before.
        top: key of the container that then stands at the top of the screen; the same one if left out.
        say: what screen readers announce.
    """
    with st.container(key="turn_to"):
        data = {"part": part, "what": f"{part} {what}", "top": top or part, "say": say}
        _turn(key="turned_part", data=data, height=1)
