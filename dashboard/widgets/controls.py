"""The widgets that more than one page shows: the clip in hand, the channel, the network, the score."""

import random
from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import state
from dashboard.compute import networks
from dashboard.compute.clips import EXCERPT_SECONDS, Clip, excerpt
from dashboard.widgets.own_audio import own_audio
from sercore.channel.coupled import LARGEST_SEED
from sercore.channel.presets import PRESETS
from sercore.channel.registry import LOSS_MODELS
from sercore.corpus.corpus import Corpus, CorpusError, Track, corpus_folder, open_corpus
from sercore.corpus.manifest import read_manifest
from sercore.receiver.registry import RECEIVERS
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
    chosen = state.keep_known("clip", names)
    if state.is_hidden("clip") and chosen in tracks:
        return _clip_in_hand(tracks[chosen])
    which, length, where = st.columns([3, 2, 3])
    help_text = "Four recordings come with the page; or bring your own."
    chosen = which.selectbox("Recording", names, format_func=_title, key="clip", help=help_text)
    if chosen == state.OWN:
        return own_audio()
    with length:
        titles = {"excerpt": f"{EXCERPT_SECONDS} s", "whole": f"All {int(tracks[chosen].seconds)} s"}
        help_text = "A short excerpt answers at once; the whole recording gives a steadier score."
        _one_of("Length", titles, "length", help_text)
    with where:
        _, last = _seconds(tracks[chosen])
        if last > 0:
            st.session_state["start"] = min(st.session_state["start"], last)
            help_text = "Where in the recording the excerpt begins."
            st.slider("Starts at (s)", 0, last, step=5, key="start", help=help_text)
    return _clip_in_hand(tracks[chosen])


def _title(clip: str) -> str:
    return "Your own audio …" if clip == state.OWN else track_titles()[clip]


def _seconds(track: Track) -> tuple[int, int]:
    """The length that is chosen, and where the last excerpt of it begins."""
    length = min(state.LENGTHS[st.session_state["length"]], int(track.seconds))
    return length, int(track.seconds) - length


def _clip_in_hand(track: Track) -> Clip:
    length, last = _seconds(track)
    return _excerpt(track.name, min(int(st.session_state["start"]), last), length)


@st.cache_resource(show_spinner=False, max_entries=64)
def _excerpt(name: str, start: int, seconds: int) -> Clip:
    track = next(track for track in shipped_tracks() if track.name == name)
    return excerpt(track, start, seconds)


def _one_of(label: str, titles: Mapping[str, str], key: str, help_text: str) -> str:
    """A choice between few: what is chosen of the keys of ``titles``."""
    names, title = list(titles), titles.__getitem__
    return str(st.segmented_control(label, names, format_func=title, key=key, required=True, help=help_text))


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
            channel, key = preset.channel, f"preset {preset.name}"
            meaning = f"p_N = {channel.p_n:g}, p_L = {channel.p_l:g}. {preset.meaning}"
            st.button(preset.name, key, meaning, on_click=state.set_channel, args=(channel,))


def choose_loss_model() -> None:
    """How losses are drawn; no choice where there is one model."""
    if len(LOSS_MODELS) > 1 and not state.is_hidden("channel"):
        docs = {name: (model.__doc__ or name).splitlines()[0] for name, model in LOSS_MODELS.items()}
        sentences = "  \n".join(f"**{name}**: {sentence}" for name, sentence in docs.items())
        _one_of("Loss model", {name: name for name in LOSS_MODELS}, "loss_model", sentences)


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
    help_text = "The same seed gives the same losses; moving a slider then changes them gradually."
    st.number_input("Seed", 0, LARGEST_SEED, step=1, key="seed", width=120, help=help_text)
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
    chosen = state.keep_known("setting", offered)
    if state.is_hidden("setting"):
        return chosen
    sentences = "  \n".join(f"**{setting_title(s)}**: {networks.SETTING_SENTENCES[s]}" for s in settings)
    titles = {name: "Side by side" if name == state.ALL else setting_title(name) for name in offered}
    return _one_of("How the network was trained", titles, "setting", sentences)


def choose_given() -> str:
    """What the network gets in place of lost frames."""
    if not state.is_hidden("given"):
        st.segmented_control(
            "Lost frames reach the network as", list(RECEIVERS), key="given", required=True,
            format_func=lambda name: RECEIVERS[name].TITLE,
            help="  \n".join(f"**{each.TITLE}**: {each.MEANING}" for each in RECEIVERS.values()),
        )  # fmt: skip
    return str(st.session_state["given"])


def choose_score(offered: list[str]) -> str:
    """Which frames a CCC is computed over; no choice where only one is known."""
    state.keep_known("score", offered)
    if len(offered) > 1 and not state.is_hidden("score"):
        titles = {name: state.SCORES[name] for name in offered}
        help_text = (
            "**Frames that arrive**: as in the paper. **Whole timeline**: what a user sees who needs an "
            "answer all the time; while frames are lost, the last prediction stands."
        )
        _one_of("CCC over", titles, "score", help_text)
    return state.score()


def _new_draw() -> None:
    st.session_state["seed"] = random.randrange(1, 10_000)
