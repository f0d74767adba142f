"""The widgets that more than one page shows: the clip in hand, the channel, the network, the score."""

import random
from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import state
from dashboard.compute import networks
from dashboard.compute.cache import Cache
from dashboard.compute.clips import EXCERPT_SECONDS, Clip, excerpt
from dashboard.widgets.own_audio import held_audio, own_audio, speak
from dashboard.widgets.read_aloud import read_aloud
from dashboard.words import PROSE
from sercore.channel.coupled import LARGEST_SEED
from sercore.channel.packets import USUAL_MS
from sercore.channel.presets import CALLS_OF_PACKETS
from sercore.channel.registry import PACKET_MS, models_of_numbers
from sercore.corpus.corpus import CorpusError, Track, corpus_folder, open_corpus
from sercore.corpus.manifest import read_manifest
from sercore.report.looks import setting_title
from sercore.units import LABEL_RATE

SAY = PROSE["controls"]


_TRACKS: Cache[Track] = Cache(16)
_TITLES: Cache[dict[str, str]] = Cache(1)
_EXCERPTS: Cache[Clip] = Cache(256)  # they share the samples of their track


def shipped_track(name: str) -> Track:
    """A track that comes with the package, read once for all visitors, when it is first asked for.

    Raises:
        CorpusError: if it cannot be read.
    """
    return _TRACKS.find(name, lambda: open_corpus("demo", names=[name]).tracks[0])


def track_title(language: str, speaker: str, sex: str) -> str:
    """What a track is called in the menu.

    Example:
        >>> track_title("fr", "S32", "female")
        'French, synthetic female voice (S32)'
    """
    known = PROSE["languages"].get(language, language)
    return f"{known}, {' '.join(filter(None, ('synthetic', sex, 'voice')))} ({speaker})"


def track_titles() -> dict[str, str]:
    """What each shipped track is called, by its name."""
    return _TITLES.find("demo", _read_titles)


def _read_titles() -> dict[str, str]:
    manifest = read_manifest(corpus_folder("demo"))
    of_it = {"language": "unknown", "speaker": "", "sex": ""}
    return {
        name: track_title(**{what: manifest.say(name, what, otherwise) for what, otherwise in of_it.items()})
        for name in manifest.tracks
    }


def clip_in_hand(microphone: DeltaGenerator | None = None) -> Clip | None:
    """Show the choice of clip, and give the one that is chosen; None while a visitor's own is awaited.

    The ``microphone`` has a place of its own, or stands above the choice.
    """
    names = [*track_titles(), state.OWN]
    try:
        track = _track_in_hand(names)
    except CorpusError as error:
        st.warning(SAY["no_recordings"].format(error.problems[0]))
        names = [state.OWN]
        track = _track_in_hand(names)
    if "clip" in state.hidden() and track is not None:
        return _clip_in_hand(track)
    with microphone or st.container():
        said = speak()
    which, beside = st.columns([3, 5])
    help_text = f"{SAY['clip']} {PROSE['own_audio']['kept']}"
    which.selectbox("Recording", names, format_func=_title, key="clip", help=help_text)
    if track is None:
        return own_audio(said, beside)
    length, where = beside.columns([2, 3])
    with length:
        titles = {"excerpt": f"{EXCERPT_SECONDS} s", "whole": f"All {int(track.seconds)} s"}
        one_of("Length", titles, "length", SAY["length"])
    _, last = _seconds(track)
    if last > 0:
        st.session_state["start"] = min(st.session_state["start"], last)
        where.slider("Starts at (s)", 0, last, step=5, key="start", help=SAY["start"])
    return _clip_in_hand(track)


def _track_in_hand(names: list[str]) -> Track | None:
    """The track that is chosen of these; None for a visitor's own audio."""
    chosen = state.keep_known("clip", names)
    return None if chosen == state.OWN else shipped_track(chosen)


def clip_that_is_known() -> Clip | None:
    """What a page without a choice plays: a visitor's own audio, while it is held, or a shipped excerpt."""
    chosen = st.session_state["clip"]
    if chosen == state.OWN and (own := held_audio()) is not None:
        return own
    try:
        track = shipped_track(chosen if chosen in track_titles() else next(iter(track_titles())))
    except CorpusError:
        return None
    seconds = min(EXCERPT_SECONDS, int(track.seconds))
    return _excerpt(track, min(int(st.session_state["start"]), int(track.seconds) - seconds), seconds)


def name_of(clip: Clip) -> str:
    """What a clip is called in a sentence."""
    if clip.track is None:
        return str(SAY["own"])
    return f"{track_titles()[clip.track]}, {clip.start:g} to {clip.start + clip.n_frames / LABEL_RATE:g} s"


def _title(clip: str) -> str:
    return "Your own audio …" if clip == state.OWN else track_titles()[clip]


def _seconds(track: Track) -> tuple[int, int]:
    """The length that is chosen, and where the last excerpt of it begins."""
    length = min(state.LENGTHS[st.session_state["length"]], int(track.seconds))
    return length, int(track.seconds) - length


def _clip_in_hand(track: Track) -> Clip:
    length, last = _seconds(track)
    return _excerpt(track, min(int(st.session_state["start"]), last), length)


def usual_clip() -> Clip:
    """What a visitor begins with."""
    return _excerpt(shipped_track(next(iter(track_titles()))), state.CHOICES["start"][0], EXCERPT_SECONDS)


def _excerpt(track: Track, start: int, seconds: int) -> Clip:
    return _EXCERPTS.find((track.name, start, seconds), lambda: excerpt(track, start, seconds))


def _explained(meanings: Mapping[str, str]) -> str:
    return "  \n".join(f"**{name}**: {meaning}" for name, meaning in meanings.items())


def one_of(label: str, titles: Mapping[str, str], key: str, help_text: str | None = None) -> str:
    """A choice between few: what is chosen of the keys of ``titles``."""
    names, title = list(titles), titles.__getitem__
    return str(st.segmented_control(label, names, format_func=title, key=key, required=True, help=help_text))


def choose_loss_model() -> None:
    """How losses are drawn, out of the way of the two sliders of the paper's chain."""
    if "channel" in state.hidden():
        return
    docs = {name: (model.__doc__ or name).splitlines()[0] for name, model in models_of_numbers().items()}
    titles = {name: name.replace("_", "-").title() for name in docs}
    with st.popover(SAY["advanced"], icon=":material/tune:"):
        one_of("Loss model", titles, "loss_model", _explained({titles[name]: docs[name] for name in docs}))
        look = {"format_func": "{} ms".format, "key": PACKET_MS, "help": SAY["packet"]}
        st.segmented_control("One packet", USUAL_MS, required=True, **look)
        if "presets" not in state.hidden():
            st.markdown(SAY["calls"])
            with st.container(horizontal=True, gap="small"):
                for call in CALLS_OF_PACKETS:
                    said, key = f"{call.meaning} Source: {call.source} {call.derived}", f"call {call.name}"
                    st.button(call.name, key, said, on_click=state.set_channel, args=(call.channel,))


def parameter_sliders() -> DeltaGenerator:
    """A slider for each parameter of the loss model in hand; gives the column beside them."""
    parameters = state.loss_model().PARAMETERS
    *columns, beside = st.columns([*[3] * len(parameters), 2], vertical_alignment="bottom")
    for column, each in zip(columns, () if "channel" in state.hidden() else parameters, strict=False):
        said = len(f"{st.session_state[each.name]:.4f}".rstrip("0").partition(".")[2])  # by a link: more
        look: dict[str, Any] = {
            "step": 10.0**-each.decimals,
            "format": f"%.{max(each.decimals, said)}f",
            "help": each.meaning,
        }
        column.slider(read_aloud(each.title), each.low, each.high, key=each.name, **look)
    if problem := state.channel_problem():
        st.warning(SAY["no_channel"].format(problem))
    return beside


def seed_control() -> None:
    """The seed of the loss, and another one."""
    if "seed" not in state.hidden():
        st.number_input("Seed", 0, LARGEST_SEED, step=1, key="seed", width=120, help=SAY["seed"])
        st.button(
            "New draw", icon=":material/casino:", on_click=_new_draw, help="Same channel, other losses."
        )


def choose_setting(*, side_by_side: bool = False) -> str | None:
    """How the network was trained, or all ways at once; None, and a sentence, where no network is there."""
    settings = networks.trained_settings()
    if not settings:
        st.info(SAY["no_network"], icon=":material/model_training:")
        return None
    others = networks.concealers() if side_by_side else ()
    titles = {name: setting_title(name) for name in (*settings, *others)}
    sentences = _explained({title: networks.sentence_of(name) for name, title in titles.items()})
    if side_by_side and len(settings) > 1:
        titles[state.ALL] = "Side by side"
    chosen = state.keep_known("setting", list(titles))
    if "setting" in state.hidden():
        return chosen
    return one_of("How the network was trained", titles, "setting", sentences)


def choose_score(offered: list[str]) -> str:
    """Which frames a CCC is computed over; no choice where only one is known."""
    state.keep_known("score", offered)
    if len(offered) > 1 and "score" not in state.hidden():
        one_of("CCC over", {name: state.SCORES[name] for name in offered}, "score", SAY["score"])
    return state.score()


def _new_draw() -> None:
    st.session_state["seed"] = random.randrange(1, 10_000)
