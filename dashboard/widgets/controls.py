"""The widgets that more than one page shows: the clip in hand, the channel, the network, the score."""

from __future__ import annotations

import random

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import state
from dashboard.compute import networks
from dashboard.compute.clips import EXCERPT_SECONDS, Clip, excerpt
from dashboard.widgets.own_audio import own_audio
from sercore.channel.coupled import LARGEST_SEED
from sercore.channel.presets import PRESETS, Preset
from sercore.channel.registry import LOSS_MODELS
from sercore.corpus.corpus import Corpus, CorpusError, Track, corpus_folder, open_corpus
from sercore.corpus.manifest import read_manifest
from sercore.report.looks import setting_title

LANGUAGES = {
    "fr": "French",
    "it": "Italian",
    "de": "German",
    "pt": "Portuguese",
    "es": "Spanish",
    "en": "English",
}


@st.cache_resource(show_spinner="Opening the recordings …")
def shipped_tracks() -> Corpus:
    """The tracks that come with the package."""
    return open_corpus("demo")


def track_title(track: Track, sex: str = "") -> str:
    """What a track is called in the menu.

    Example:
        >>> import numpy as np
        >>> track_title(Track("test_1", np.zeros(3_200), np.zeros((1, 2)), "S32", "fr", "test"), "female")
        'French, female voice (S32)'
    """
    voice = f"{sex} voice" if sex else "voice"
    return f"{LANGUAGES.get(track.language, track.language)}, {voice} ({track.speaker})"


@st.cache_resource(show_spinner=False)
def track_titles() -> dict[str, str]:
    """What each shipped track is called, by its name."""
    manifest = read_manifest(corpus_folder("demo"))
    return {track.name: track_title(track, manifest.say(track.name, "sex", "")) for track in shipped_tracks()}


def clip_in_hand() -> Clip | None:
    """Show the choice of clip, and give the one that is chosen; None while a visitor's own is awaited."""
    try:
        tracks = {track.name: track for track in shipped_tracks()}
    except CorpusError as error:
        st.warning(
            f"The recordings that come with the page cannot be opened ({error.problems[0]}); bring your own."
        )
        tracks = {}
    names = [*tracks, state.OWN]
    if st.session_state["clip"] not in names:
        st.session_state["clip"] = names[0]
    if state.is_hidden("clip") and tracks and st.session_state["clip"] != state.OWN:
        return _clip_by_name(tracks[st.session_state["clip"]])
    which, length, where = st.columns([3, 2, 3])
    with which:
        chosen = st.selectbox(
            "Recording", names, key="clip", help="Four recordings come with the page; or bring your own.",
            format_func=lambda name: "Your own audio …" if name == state.OWN else track_titles()[name],
        )  # fmt: skip
    if chosen == state.OWN:
        return own_audio()
    with length:
        seconds = _length(tracks[chosen])
    with where:
        start = _start(last=int(tracks[chosen].seconds) - seconds)
    return _excerpt(chosen, start, seconds)


def _clip_by_name(track: Track) -> Clip:
    """The clip that the address names, without the widgets that choose it."""
    seconds = min(state.LENGTHS[st.session_state["length"]], int(track.seconds))
    start = min(int(st.session_state["start"]), int(track.seconds) - seconds)
    return _excerpt(track.name, start, seconds)


@st.cache_resource(show_spinner=False, max_entries=64)
def _excerpt(name: str, start: int, seconds: int) -> Clip:
    track = next(track for track in shipped_tracks() if track.name == name)
    return excerpt(track, start, seconds)


def _length(track: Track) -> int:
    whole = int(track.seconds)
    titles = {"excerpt": f"{EXCERPT_SECONDS} s", "whole": f"All {whole} s"}
    chosen = st.segmented_control(
        "Length", list(titles), format_func=titles.__getitem__, key="length", required=True,
        help="A short excerpt answers at once; the whole recording gives a steadier score.",
    )  # fmt: skip
    return min(EXCERPT_SECONDS, whole) if chosen == "excerpt" else whole


def _start(last: int) -> int:
    """Where an excerpt begins, in seconds; nothing to choose for the whole recording."""
    if last <= 0:
        return 0
    st.session_state["start"] = min(st.session_state["start"], last)
    help_text = "Where in the recording the excerpt begins."
    return int(st.slider("Starts at (s)", 0, last, step=5, key="start", help=help_text))


def channel_controls() -> None:
    """The loss model, a slider for each of its parameters, the seed, and the channels with a name."""
    choose_loss_model()
    draw = parameter_sliders(beside=2)
    with draw, st.container(horizontal=True, vertical_alignment="bottom"):
        seed_control()
    if state.is_hidden("presets"):
        return
    with st.container(horizontal=True, gap="small"):
        for preset in PRESETS:
            st.button(
                preset.name,
                key=f"preset {preset.name}",
                on_click=state.set_channel,
                args=(preset.channel,),
                help=_tooltip(preset),
            )


def choose_loss_model() -> None:
    """How losses are drawn; no choice where there is one model."""
    if len(LOSS_MODELS) > 1 and not state.is_hidden("channel"):
        sentences = (
            f"**{name}**: {(model.__doc__ or '').splitlines()[0]}" for name, model in LOSS_MODELS.items()
        )
        st.segmented_control(
            "Loss model", list(LOSS_MODELS), key="loss_model", required=True, help="  \n".join(sentences)
        )


def parameter_sliders(*, beside: int) -> DeltaGenerator:
    """A slider for each parameter of the loss model in hand.

    Args:
        beside: width of a further column, where a slider has 3.

    Returns:
        That column.
    """
    parameters = state.loss_model().PARAMETERS
    *columns, further = st.columns([*[3] * len(parameters), beside], vertical_alignment="bottom")
    for column, each in zip(columns, () if state.is_hidden("channel") else parameters, strict=False):
        step = 10**-each.decimals
        column.slider(each.title, each.low, each.high, step=step, key=each.name, help=each.meaning)
    return further


def seed_control() -> None:
    """The seed of the loss, and another one."""
    if state.is_hidden("seed"):
        return
    st.number_input(
        "Seed", 0, LARGEST_SEED, step=1, key="seed", width=120,
        help="The same seed gives the same losses; moving a slider then changes them gradually.",
    )  # fmt: skip
    st.button("New draw", icon=":material/casino:", on_click=_new_draw, help="Same channel, other losses.")


def choose_setting(*, side_by_side: bool = False) -> str | None:
    """How the network was trained; None, with a sentence on the page, where no network is there.

    Args:
        side_by_side: offer all settings at once, too.
    """
    settings = networks.trained_settings()
    if not settings:
        st.info(
            "No trained network lies in `trained/` yet, so nothing can be predicted. "
            "`scripts/train.py --out trained` makes one.",
            icon=":material/model_training:",
        )
        return None
    offered = [*settings, state.ALL] if side_by_side and len(settings) > 1 else settings
    if st.session_state["setting"] not in offered:
        st.session_state["setting"] = settings[0]
    if state.is_hidden("setting"):
        return str(st.session_state["setting"])
    sentences = "  \n".join(f"**{setting_title(s)}**: {networks.SETTING_SENTENCES[s]}" for s in settings)
    return st.segmented_control(
        "How the network was trained", offered, key="setting", required=True, help=sentences,
        format_func=lambda name: "Side by side" if name == state.ALL else setting_title(name),
    )  # fmt: skip


def choose_given() -> str:
    """What the network gets in place of lost frames."""
    titles = {"removed": "Cut out", "silence": "Silence"}
    if not state.is_hidden("given"):
        st.segmented_control(
            "Lost frames reach the network as", list(titles), format_func=titles.__getitem__, key="given",
            required=True,
            help="**Cut out**: the paper's way; what arrives is joined, and the network says nothing of lost "
            "frames. **Silence**: holes filled with zeros, as a listener hears them.",
        )  # fmt: skip
    return str(st.session_state["given"])


def choose_score(offered: list[str]) -> str:
    """Which frames a CCC is computed over; no choice where only one is known."""
    if st.session_state["score"] not in offered:
        st.session_state["score"] = offered[0]
    if len(offered) > 1 and not state.is_hidden("score"):
        st.segmented_control(
            "CCC over", offered, format_func=state.SCORES.__getitem__, key="score", required=True,
            help="**Frames that arrive**: as in the paper. **Whole timeline**: what a user sees who needs an "
            "answer all the time; while frames are lost, the last prediction stands.",
        )  # fmt: skip
    return str(st.session_state["score"])


def _tooltip(preset: Preset) -> str:
    return f"p_N = {preset.channel.p_n:g}, p_L = {preset.channel.p_l:g}. {preset.meaning}"


def _new_draw() -> None:
    st.session_state["seed"] = random.randrange(1, 10_000)
