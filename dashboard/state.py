"""What the visitor chose, kept across pages and written into the address: a link shows the same thing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboard.channels import LARGEST_SEED
from dashboard.clips import EXCERPT_SECONDS, LONGEST_SECONDS
from sercore.loss_models import Gilbert


def _probability(text: str) -> float:
    number = round(float(text), 4)
    if not 0 <= number <= 1:
        raise ValueError(text)
    return number


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not lowest <= number <= highest:
            raise ValueError(text)
        return number

    return read


def _one_of(*names: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in names:
            raise ValueError(text)
        return text

    return read


OWN = "own"  # the clip of a visitor who brought audio along; it is never in the address
LENGTHS = {"excerpt": EXCERPT_SECONDS, "whole": LONGEST_SECONDS}
HEARD = ("silence", "removed")

# name in the address and in the session: (default, reader that raises ValueError)
CHOICES: Mapping[str, tuple[Any, Callable[[str], Any]]] = {
    "p_n": (0.9, _probability),
    "p_l": (0.5, _probability),
    "seed": (1, _whole(0, LARGEST_SEED)),
    "clip": (None, str),
    "start": (160, _whole(0, LONGEST_SECONDS)),
    "length": ("excerpt", _one_of(*LENGTHS)),
    "heard": ("silence", _one_of(*HEARD)),
    "setting": (None, str),
    "partition": (None, str),
}


def restore() -> None:
    """Fill the session from the address on the first run, and keep it alive when another page is shown."""
    first = "p_n" not in st.session_state
    for name, (default, read) in CHOICES.items():
        value = st.session_state.get(name, default)
        if first and name in st.query_params:
            with contextlib.suppress(ValueError, OverflowError):  # a bad address gives the default
                value = read(st.query_params[name])
        st.session_state[name] = value


def remember() -> None:
    """Write the choices that differ from their defaults into the address."""
    wanted = {
        name: str(st.session_state[name])
        for name, (default, _) in CHOICES.items()
        if st.session_state.get(name) not in (None, default, OWN)
    }
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)


def channel() -> Gilbert:
    """The channel in hand."""
    return Gilbert(float(st.session_state["p_n"]), float(st.session_state["p_l"]))


def set_channel(p_n: float, p_l: float) -> None:
    """Choose a channel; values that the sliders cannot show are rounded to theirs."""
    st.session_state["p_n"], st.session_state["p_l"] = round(p_n, 2), round(p_l, 2)
