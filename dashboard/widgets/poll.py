"""The poll of a class on a step: students are counted, the teacher sees bars before the answer."""

import logging
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from html import escape
from typing import TypeVar

import streamlit as st

from dashboard.poll.store import Poll, code_of, new_key
from dashboard.widgets.read_aloud import read_aloud
from dashboard.words import PROSE

SAY = PROSE["poll"]
SECONDS = 2.0  # between two looks at what came in
Answer = TypeVar("Answer")


def code_for_students() -> str:
    """What a link to a class holds while its teacher gathers predictions; "" otherwise."""
    return code_of(key) if (key := _key()) else ""


def count(step: int, chosen: int) -> None:
    """Count a student's prediction where the address names a poll that is open; once for each change."""
    code, session = str(st.session_state["poll"]), st.session_state
    if not code or _key():
        return
    voter = session.setdefault("voter", secrets.token_hex(8))
    is_new = session.get(f"counted {step}") != chosen
    if is_new and _asked(lambda: Poll().vote(code, step, voter, chosen), False):
        session[f"counted {step}"] = chosen
    if session.get(f"counted {step}") == chosen:
        st.caption(f":material/how_to_vote: {SAY['counted']}")


def show_poll(step: int, options: Sequence[str]) -> None:
    """What the class predicts so far, for the teacher who gathers it."""
    if key := _key():
        _asked(lambda: Poll().begin(key), None)
        _bars(key, step, list(options))


@st.fragment(run_every=SECONDS)
def _bars(key: str, step: int, options: list[str]) -> None:
    counts = _asked(lambda: Poll().counts(key, step, len(options)), None)
    if counts is None:
        st.warning(SAY["no_file"])
    else:
        st.html(bars(options, counts))


def bars(options: Sequence[str], counts: Sequence[int]) -> str:
    """How many chose each option, as an HTML table of bars.

    Example:
        >>> "<td>3</td>" in bars(["a", "b"], [3, 1]), "--share: 75%" in bars(["a", "b"], [3, 1])
        (True, True)
    """
    whole = sum(counts)
    rows = "".join(
        f"<tr><th scope=row>{escape(read_aloud(option))}</th><td>{n}</td>"
        f'<td aria-hidden=true><div style="--share: {100 * n / max(1, whole):.0f}%"></div></td></tr>'
        for option, n in zip(options, counts, strict=True)
    )
    return f"<table class=bars><caption>{SAY['caption'].format(whole)}</caption>{rows}</table>"


def begin_or_clear() -> None:
    """Buttons in the teacher's box."""
    if key := _key():
        st.caption(SAY["open"].format(code_of(key)))
        clear, end = st.columns(2)
        clear.button("Clear all predictions", key="clear_poll", on_click=_clear, args=(key,))
        end.button("Stop gathering", key="end_poll", on_click=_gather, args=("",))
    else:
        st.button("Gather the class's predictions", key="gather_poll", on_click=_gather, args=(new_key(),))


def _clear(key: str) -> None:
    _asked(lambda: Poll().clear(key), None)


def _gather(key: str) -> None:
    st.session_state["gather"] = key


def _key() -> str:
    return str(st.session_state["gather"])


def _asked(ask: Callable[[], Answer], otherwise: Answer) -> Answer:
    """An answer of the file; where it cannot be used, who runs the server reads why."""
    try:
        return ask()
    except (sqlite3.Error, OSError) as error:
        logging.getLogger("sercore.dashboard").warning("the poll cannot be used: %s", error)
        return otherwise
