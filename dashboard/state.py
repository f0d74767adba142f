"""What the visitor chose, kept across pages and written into the address: a link shows the same thing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.compute.clips import EXCERPT_SECONDS, LONGEST_SECONDS
from dashboard.compute.networks import SETTING_TITLES
from dashboard.lesson.steps import STEPS
from sercore.channel.coupled import LARGEST_SEED
from sercore.channel.gilbert import Gilbert
from sercore.experiment.replay import GIVEN


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


def _hideable(text: str) -> str:
    """The known names of a list, in their own order; what is not known is left out.

    Example:
        >>> _hideable("setting,nonsense,seed")
        'seed,setting'
    """
    asked = text.split(",")
    return ",".join(name for name in HIDEABLE if name in asked)


OWN = "own"  # the clip of a visitor who brought audio along; it is never in the address
ALL = "all"  # every setting side by side
LENGTHS = {"excerpt": EXCERPT_SECONDS, "whole": LONGEST_SECONDS}
HEARD = ("silence", "removed")
SCORES = {"ccc": "Frames that arrive", "ccc_timeline": "Whole timeline"}
HIDEABLE = {
    "clip": "the choice of recording",
    "channel": "the sliders of the channel",
    "presets": "the channels with a name",
    "seed": "the seed",
    "setting": "the choice of network",
    "given": "what the network gets",
    "score": "the choice of score",
    "files": "downloads",
}

# name in the address and in the session: (default, reader that raises ValueError)
CHOICES: Mapping[str, tuple[Any, Callable[[str], Any]]] = {
    "p_n": (0.9, _probability),
    "p_l": (0.5, _probability),
    "seed": (1, _whole(0, LARGEST_SEED)),
    "clip": (None, str),
    # Moods move enough here for a CCC like that of whole recordings; in most 20 s they do not.
    "start": (195, _whole(0, LONGEST_SECONDS)),
    "length": ("excerpt", _one_of(*LENGTHS)),
    "heard": ("silence", _one_of(*HEARD)),
    "given": ("removed", _one_of(*GIVEN)),
    "setting": (None, _one_of(*SETTING_TITLES, ALL)),
    "partition": (None, str),
    "score": ("ccc", _one_of(*SCORES)),
    "better": (None, _one_of(*SETTING_TITLES)),
    "than": (None, _one_of(*SETTING_TITLES)),
    "need_arousal": (None, _probability),
    "need_valence": (None, _probability),
    "picture": ("svg", _one_of("svg", "png")),
    "lesson": (None, _whole(1, len(STEPS))),
    "hide": ("", _hideable),
    "present": (0, _whole(0, 1)),
}
ONLY_ON = {
    "lesson": "lesson",
    "better": "breaks",
    "than": "breaks",
    "need_arousal": "breaks",
    "need_valence": "breaks",
}  # elsewhere they would only confuse a link
# A step of the lesson opens with its own channel, so a link to it names even the usual one.
ALWAYS_ON = {"p_n": "lesson", "p_l": "lesson", "score": "lesson"}


def restore(page: str) -> None:
    """Fill the session from the address on the first run, and keep it alive when another page is shown.

    Args:
        page: the last part of the page's address.
    """
    st.session_state["page"] = page
    first = "p_n" not in st.session_state
    if first:  # a channel that a link to another page named is not one for the lesson
        to_lesson = page == "lesson" or "lesson" in st.query_params
        st.session_state["linked_channel"] = to_lesson and not {"p_n", "p_l"}.isdisjoint(st.query_params)
    for name, (default, read) in CHOICES.items():
        value = st.session_state.get(name, default)
        if first and name in st.query_params:
            with contextlib.suppress(ValueError, OverflowError):  # a bad address gives the default
                value = read(st.query_params[name])
        st.session_state[name] = value


def remember() -> None:
    """Write the choices that differ from their defaults into the address."""
    page = st.session_state.get("page")
    wanted = {name: _written(st.session_state[name]) for name in CHOICES if _belongs_in_link(name, page)}
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)


def _belongs_in_link(name: str, page: str | None) -> bool:
    if ONLY_ON.get(name, page) != page:
        return False
    usual = () if ALWAYS_ON.get(name) == page else (CHOICES[name][0],)
    return st.session_state.get(name) not in (None, OWN, *usual)


def _written(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def channel() -> Gilbert:
    """The channel in hand."""
    return Gilbert(float(st.session_state["p_n"]), float(st.session_state["p_l"]))


def set_channel(p_n: float, p_l: float) -> None:
    """Choose a channel; values that the sliders cannot show are rounded to theirs."""
    st.session_state["p_n"], st.session_state["p_l"] = round(p_n, 2), round(p_l, 2)


def seed() -> int:
    """The seed of the losses."""
    return int(st.session_state["seed"])


def score() -> str:
    """What a CCC is computed over, one of ``SCORES``."""
    return str(st.session_state["score"])


def heard() -> str:
    """What the visitor hears in place of lost frames, one of ``HEARD``."""
    return str(st.session_state["heard"])


def given() -> str:
    """What the network gets in place of lost frames, one of ``GIVEN``."""
    return str(st.session_state["given"])


def keep_known(name: str, offered: Sequence[str], usual: str | None = None) -> str:
    """A choice, if it is among what a page offers; else ``usual``, or the first that is offered."""
    if st.session_state[name] not in offered:
        st.session_state[name] = usual or offered[0]
    return str(st.session_state[name])


def hidden() -> set[str]:
    """What the teacher's link hides, of ``HIDEABLE``."""
    return set(str(st.session_state["hide"]).split(",")) & set(HIDEABLE)


def is_hidden(name: str) -> bool:
    """Whether the teacher's link hides a control, one of ``HIDEABLE``."""
    return name in hidden()


def type_scale() -> float:
    """How large type is drawn: 1, or more for a projector."""
    return 1.35 if st.session_state["present"] else 1.0
