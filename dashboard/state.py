"""What the visitor chose, kept across pages and written into the address: a link shows the same thing."""

import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import streamlit as st

from dashboard.compute.clips import EXCERPT_SECONDS, LONGEST_SECONDS
from dashboard.compute.networks import SETTING_TITLES, concealers, trained_settings
from dashboard.lesson.apart import keep_apart
from dashboard.lesson.steps import STEPS, steps_there
from dashboard.poll.store import read_code, read_key
from dashboard.words import PROSE
from sercore.channel import Gilbert, LossModel
from sercore.channel.coupled import LARGEST_SEED
from sercore.channel.packets import USUAL_MS
from sercore.channel.registry import PACKET_MS, models_of_numbers
from sercore.receiver import RECEIVERS, receiver_named
from sercore.receiver.drop import Drop
from sercore.report.markdown import SCORE_TITLES
from sercore.results.need import SHARE_OF_CLEAN
from sercore.units import FRAME_MS


def _within(low: float, high: float, kind: Callable[[str], float] = float) -> Callable[[str], float]:
    def read(text: str) -> float:
        number = round(kind(text), 4)
        if not low <= number <= high:
            raise ValueError(text)
        return number

    return read


def _one_of(*names: str) -> Callable[[str], str]:
    return lambda text: names[names.index(text)]  # which raises ValueError for what is not there


def _packet_ms(text: str) -> int:
    return USUAL_MS[USUAL_MS.index(int(text))]


def _step(text: str) -> float:
    return _within(1, len(steps_there()), int)(text)


def _setting(text: str) -> str:
    return _one_of(*SETTING_TITLES, *trained_settings(), *concealers(), ALL)(text)


def _hideable(text: str) -> str:
    """The known names of a list, in their own order; what is not known is left out.

    Example:
        >>> _hideable("setting,nonsense,seed")
        'seed,setting'
    """
    return ",".join(name for name in HIDEABLE if name in text.split(","))


REMEMBERED = "remembered"  # all choices once more, under a key that is no widget's
OWN = "own"  # the clip of a visitor who brought audio along; an address says so, and does not carry it
ALL = "all"  # every setting side by side
LENGTHS = {"excerpt": EXCERPT_SECONDS, "whole": LONGEST_SECONDS}
HEARD = ("silence", "removed")
SCORES = {score: words.capitalize() for score, words in SCORE_TITLES.items()}
HIDEABLE: Mapping[str, str] = PROSE["hideable"]

# name in the address and in the session: (default, reader that raises ValueError)
Choices = Mapping[str, tuple[Any, Callable[[str], Any]]]
CHOICES: Choices = {
    "seed": (1, _within(0, LARGEST_SEED, int)),
    PACKET_MS: (FRAME_MS, _packet_ms),
    "clip": (None, str),
    # Moods move enough here for a CCC like that of whole recordings; in most 20 s they do not.
    "start": (195, _within(0, LONGEST_SECONDS, int)),
    "length": ("excerpt", _one_of(*LENGTHS)),
    "heard": ("silence", _one_of(*HEARD)),
    "given": (Drop.NAME, lambda text: receiver_named(text).NAME),
    "setting": (None, _setting),
    "partition": (None, str),
    "score": ("ccc", _one_of(*SCORES)),
    "better": (None, _one_of(*SETTING_TITLES)),
    "than": (None, _one_of(*SETTING_TITLES)),
    "need": (round(100 * SHARE_OF_CLEAN), _within(50, 100, int)),
    "need_arousal": (None, _within(0, 1)),  # of links of before: a CCC
    "call_from": ("example", _one_of(*PROSE["call"]["sources"])),
    "call_example": (None, str),
    "call_loss": (3.0, _within(0, 100)),
    "call_burst": (80.0, _within(1, 60_000)),
    "call_packet": (20, _within(10, 200, int)),
    "call_trip": (100, _within(0, 2_000, int)),
    "call_receiver": (None, _one_of(*RECEIVERS)),
    "helps_training": (None, str),
    "helps_burst": ("short", _one_of("short", "long")),
    "picture": ("svg", _one_of("svg", "png")),
    "lesson": (None, _step),
    "hide": ("", _hideable),
    "present": (0, _within(0, 1, int)),
    "handout": (0, _within(0, 1, int)),
    "poll": ("", read_code),  # of the class, in a student's address
    "gather": ("", read_key),  # the teacher's key to it
}
# Elsewhere they would only confuse a link.
ONLY_ON = {name: name.partition("_")[0] for name in CHOICES if name.startswith(("call_", "helps_"))}
ONLY_ON |= dict.fromkeys(("better", "than", "need", "need_arousal"), "breaks")
ONLY_ON |= dict.fromkeys(("lesson", "handout"), "lesson")
# A step of the lesson opens with its own channel, so a link to it names even the usual one.
ALWAYS_ON = {"p_n": "lesson", "p_l": "lesson", "score": "lesson"}


def choices() -> Choices:
    """All that an address may hold: the loss model, each parameter of every model, and ``CHOICES``."""
    parameters = {
        each.name: (each.default, _within(each.low, each.high))
        for model in models_of_numbers().values()
        for each in model.PARAMETERS
    }
    return {"loss_model": (Gilbert.NAME, _one_of(*models_of_numbers())), **parameters, **CHOICES}


def restore(page: str) -> None:
    """Fill the session from the address on the first run, and keep it alive when another page is shown."""
    of_channel = {*choices()} - {*CHOICES} | {PACKET_MS}
    keep_apart(st.session_state, page, st.session_state.get(REMEMBERED, {}), of_channel)
    st.session_state["page"] = page  # the last part of its address
    first = "p_n" not in st.session_state
    if first:  # a channel that a link to another page named is not one for the lesson
        to_lesson = page == "lesson" or "lesson" in st.query_params
        st.session_state["linked_channel"] = to_lesson and not {"p_n", "p_l"}.isdisjoint(st.query_params)
        st.session_state["came_for_own"] = st.query_params.get("clip") == OWN  # which is of another visit
    for name, (default, read) in choices().items():
        value = _sent(name, default, read)
        if first and name in st.query_params:
            with contextlib.suppress(ValueError, OverflowError):  # a bad address gives the default
                value = read(st.query_params[name])
        st.session_state[name] = value


def _sent(name: str, default: Any, read: Callable[[str], Any]) -> Any:
    """A choice as the browser sent it, which may be anything; the default for what no address could say."""
    try:  # a page that is left after a fragment ran has lost what its widgets held (streamlit#10805)
        value = st.session_state.get(name, st.session_state.get(REMEMBERED, {}).get(name, default))
        if value not in (None, OWN, default):
            read(str(int(value)) if isinstance(value, bool) else str(value))
    except Exception:  # Streamlit takes a widget's value to be of its kind, and breaks where it is not
        return default
    return value


def remember() -> None:
    """Keep all choices for the next page, and write those that are not the default into the address."""
    page, wanted = st.session_state["page"], {}
    st.session_state[REMEMBERED] = {name: st.session_state[name] for name in choices()}
    of_models = {each.name for model in models_of_numbers().values() for each in model.PARAMETERS}
    idle = of_models - {each.name for each in loss_model().PARAMETERS}
    for name, (default, _) in choices().items():
        value = st.session_state[name]
        usual = () if ALWAYS_ON.get(name) == page else (default,)
        if name not in idle and ONLY_ON.get(name, page) == page and value not in (None, *usual):
            wanted[name] = str(int(value)) if isinstance(value, bool) else str(value)
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)


def loss_model() -> type[LossModel]:
    """The loss model in hand."""
    return models_of_numbers()[st.session_state["loss_model"]]


def channel() -> LossModel:
    """The channel in hand; the usual one where the numbers exclude each other (``channel_problem``)."""
    usual = {each.name: each.default for each in loss_model().PARAMETERS}
    numbers = _numbers() if channel_problem() is None else usual
    return loss_model()(**numbers | {PACKET_MS: packet_ms()})


def channel_problem() -> str | None:
    """Why the numbers that are chosen make no channel; None where they do."""
    try:
        loss_model()(**_numbers())
    except ValueError as error:
        return str(error)
    return None


def _numbers() -> dict[str, float]:
    return {each.name: float(st.session_state[each.name]) for each in loss_model().PARAMETERS}


def packet_ms() -> int:
    """How long a packet is; in the lesson as its step has it, whatever was chosen elsewhere."""
    if st.session_state["page"] == "lesson":
        return STEPS[int(st.session_state["lesson"] or 1) - 1].packet_ms
    return int(st.session_state[PACKET_MS])


def set_channel(channel: LossModel) -> None:
    """Choose a channel; values that the sliders cannot show are rounded to theirs."""
    st.session_state["loss_model"] = channel.NAME
    st.session_state[PACKET_MS] = channel.packet_ms
    for each in channel.PARAMETERS:
        st.session_state[each.name] = round(getattr(channel, each.name), each.decimals)


def seed() -> int:
    """The seed of the losses."""
    return int(st.session_state["seed"])


def score() -> str:
    """What a CCC is computed over, one of ``SCORES``."""
    return str(st.session_state["score"])


def given() -> str:
    """What the network gets in place of lost frames, the name of a receiver."""
    return str(st.session_state["given"])


def keep_known(name: str, offered: Sequence[str], usual: str | None = None) -> str:
    """A choice, if it is among what a page offers; else ``usual``, or the first that is offered."""
    if st.session_state[name] not in offered:
        st.session_state[name] = usual or offered[0]
    return str(st.session_state[name])


def hidden() -> set[str]:
    """What the teacher's link hides, of ``HIDEABLE``."""
    return {name for name in st.session_state["hide"].split(",") if name}


def position_of_pages() -> Literal["top", "hidden"]:
    """Where the names of all pages stand; asked before a first run has read the address."""
    hide = str(st.session_state.get("hide") or st.query_params.get("hide", ""))
    return "hidden" if "pages" in hide.split(",") else "top"


def type_scale() -> float:
    """How large type is drawn: 1, or more for a projector."""
    return 1.35 if st.session_state["present"] else 1.0


def say_sorry(error: Exception) -> bool:
    """A visitor gets a sentence; who runs the server gets the traceback. True: Streamlit need say no more."""
    logging.getLogger("sercore.dashboard").error("a page failed", exc_info=error)
    st.error(PROSE["page"]["failed"])
    return True
