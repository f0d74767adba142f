"""What does the network make of what arrives?"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import state
from dashboard.charts import comparisons, traces
from dashboard.compute import networks
from dashboard.compute.clips import Clip
from dashboard.compute.draws import Draws, Scores
from dashboard.widgets import controls
from dashboard.widgets.ask import ask
from dashboard.widgets.chart import colours, show_chart
from dashboard.widgets.corpus_score import corpus_words, say_what_is_luck
from dashboard.widgets.downloads import show_downloads
from dashboard.words import PROSE
from dashboard.words.channels import summary
from dashboard.words.scores import by_setting, change_in_words, in_words, spread_in_words
from sercore.channel.coupled import draw_received
from sercore.channel.packets import frames_received
from sercore.report.looks import setting_title
from sercore.results.four_settings import weights_of
from sercore.units import DIMENSIONS

SAY = PROSE["predict"]
SPLIT = (1, 5)  # words beside pictures; on a phone one stands above the other


def page() -> None:
    """Follow arousal and valence through what a lossy channel leaves of a recording."""
    st.title("What does the network make of it?")
    st.markdown(SAY["intro"])
    clip = controls.clip_in_hand()
    if clip is None:
        return
    controls.channel_controls()
    channel = state.channel()
    packets = draw_received(channel, state.seed(), clip.n_frames)
    received = frames_received(packets, channel.packet_ms)
    text = summary(channel, packets)
    st.caption(text)
    with st.container(horizontal=True, gap="medium"):
        setting = controls.choose_setting(side_by_side=True)
        if setting is not None:
            controls.choose_given()
            controls.choose_score(list(state.SCORES))
    state.remember()  # the address need not wait for the network
    if not packets.any():
        st.warning(SAY["nothing"])
    several = setting == state.ALL
    answers = _side_by_side(clip, received) if several else _one(clip, received, setting)
    words, picture = st.columns(SPLIT, vertical_alignment="center")
    words.subheader("Sound")
    figure = traces.waveform(clip.audio, packets, colours(), clip.start, channel.packet_ms)
    show_chart(figure, "sent", text, where=picture)
    if answers:
        say_what_is_luck(clip)
        above = st.container()
        left, right = st.columns(2, gap="large")
        if several:
            _all_settings(clip, answers, above, [left, right])
        else:
            _path(clip, next(iter(answers.values())), left)
            _all_settings(clip, answers, right, [right, right])
        show_downloads(clip, packets, answers)


def _one(clip: Clip, received: NDArray[np.bool_], setting: str | None) -> dict[str, Draws]:
    """One network: both dimensions large."""
    draws = ask(clip, setting) if setting else None
    for index, dimension in enumerate(DIMENSIONS):
        words, picture = st.columns(SPLIT, vertical_alignment="center")
        words.subheader(dimension.capitalize())
        if draws is not None and setting is not None:
            with words:
                _scores(draws.scores(clip.gold, state.score()), index, clip.gold is None)
                if said := corpus_words(clip, setting, dimension):
                    st.caption(said, help=SAY["corpus"])
        _curve(clip, received, draws, index, where=picture)
    return {} if draws is None or setting is None else {setting: draws}


def _side_by_side(clip: Clip, received: NDArray[np.bool_]) -> dict[str, Draws]:
    """Every network on the same losses: one column each, the axes alike."""
    answers: dict[str, Draws] = {}
    settings = networks.trained_settings()
    for column, setting in zip(st.columns(len(settings)), settings, strict=True):
        with column:
            st.subheader(setting_title(setting))
            st.container(key=f"which {setting}").caption(_which_network(setting))
            if (draws := ask(clip, setting)) is None:
                continue
            answers[setting] = draws
            scores = draws.scores(clip.gold, state.score())
            for index, dimension in enumerate(DIMENSIONS):
                after = in_words(scores.after[index])
                st.markdown(f"**{dimension.capitalize()}** CCC {in_words(scores.clean[index])} → {after}")
                st.caption(corpus_words(clip, setting, dimension))
                _curve(clip, received, draws, index, key=f"{setting} {dimension}")
    if answers:
        n_draws = max(draws.n_draws for draws in answers.values())
        band = f"Band and dashes: nine of ten of {n_draws} draws, and their median. " if n_draws > 1 else ""
        st.caption(SAY["side_by_side"].format(band=band))
    return answers


def _which_network(setting: str) -> str:
    weights = weights_of(setting, state.channel())
    if setting == "matched":
        return f"For this channel: the network trained on {networks.cell_words(weights)}."
    return networks.sentence_of(setting)


def _curve(
    clip: Clip,
    received: NDArray[np.bool_],
    draws: Draws | None,
    index: int,
    *,
    key: str = "",
    where: Any = st,
) -> None:
    dimension = DIMENSIONS[index]
    lines = {name: values[:, index] for name, values in _lines(clip, draws).items()}
    if not lines:
        return
    look: dict[str, Any] = {"height": 210 if key else 270}
    if draws is not None and draws.ribbon is not None:
        look |= {"ribbon": draws.ribbon[:, :, index], "n_draws": draws.n_draws}
    figure = traces.emotion(lines, received, colours(), dimension, clip.start, **look)
    if key:  # one of several: the legend stands once, in words
        figure.update_layout(showlegend=False, margin_t=16)
    show_chart(figure, key or dimension, _course_in_words(dimension, lines), where=where)


def _lines(clip: Clip, draws: Draws | None) -> dict[str, NDArray[np.float32]]:
    lines = {} if clip.gold is None else {"gold standard": clip.gold}
    if draws is not None:
        lines |= {"clean": draws.clean, "after loss": draws.shown}
    return lines


def _scores(scores: Scores, index: int, alone: bool) -> None:
    """CCC against the gold standard; where there is none, agreement with the clean prediction."""
    before, then, spread = scores.clean[index], scores.after[index], scores.spread[index]
    if alone:
        st.metric("Agreement of after loss with clean (CCC)", in_words(then), help=SAY["ccc"])
    else:
        st.metric("CCC, clean", in_words(before), help=SAY["ccc"])
        st.metric("CCC, after loss", in_words(then), change_in_words(before, then), help=SAY["ccc"])
    if spread is not None:
        st.caption(f"{scores.n_draws} draws: {spread_in_words(spread)}", help=SAY["spread"])


def _path(clip: Clip, draws: Draws, where: Any) -> None:
    where.subheader("The way through the emotion plane")
    where.caption(SAY["path"])
    lines = _lines(clip, draws)
    show_chart(traces.path(lines, colours()), "path", _path_in_words(lines), where=where)


def _all_settings(clip: Clip, answers: Mapping[str, Draws], heading: Any, places: list[Any]) -> None:
    """The scores of every network on the same losses, with the luck of the draw."""
    settings = networks.trained_settings()
    if len(settings) < 2:
        return
    heading.subheader("All networks, the same losses")
    score = state.score()
    found = {name: answers.get(name) or ask(clip, name) for name in settings}
    scores = {name: draws.scores(clip.gold, score) for name, draws in found.items() if draws is not None}
    for index, (place, dimension) in enumerate(zip(places, DIMENSIONS, strict=True)):
        figure = comparisons.score_dots(scores, index, dimension, colours())
        alt = f"CCC of {dimension}: {by_setting(scores, partial(_score_in_words, index))}."
        show_chart(figure, f"all {dimension}", alt, where=place)
    notes = [f"CCC over: {state.SCORES[score].lower()}."]
    if clip.gold is None:
        notes.append(SAY["no_gold"])
    if "matched" in scores:
        notes.append(f"Matched: {_which_network('matched').removeprefix('For this channel: ')}")
    elif "matched" not in settings:
        notes.append("Matched: its networks are not trained yet.")
    places[1].caption(" ".join(notes))


def _score_in_words(index: int, scores: Scores) -> str:
    said = f"{in_words(scores.clean[index])} without loss, {in_words(scores.after[index])} after"
    spread = scores.spread[index]
    return f"{said}, {scores.n_draws} draws {spread_in_words(spread)}" if spread else said


def _said(name: str) -> str:
    return name if name == "gold standard" else f"prediction {name}"


def _course_in_words(dimension: str, lines: Mapping[str, NDArray[np.float32]]) -> str:
    said = []
    for name, values in lines.items():
        known, where = values[~np.isnan(values)], "nowhere"
        if len(known):
            where = f"{known.min():.2f} to {known.max():.2f}, mean {known.mean():.2f}"
        said.append(f"{_said(name)} {where}")
    return f"{dimension.capitalize()} over time: {'; '.join(said)}."


def _path_in_words(lines: Mapping[str, NDArray[np.float32]]) -> str:
    said = []
    for name, values in lines.items():
        known = values[~np.isnan(values[:, 0])]
        if len(known):
            first, last = (f"valence {v:.2f}, arousal {a:.2f}" for a, v in known[[0, -1]])
            said.append(f"{_said(name)} from {first} to {last}")
    return f"The way through the plane: {'; '.join(said)}."


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
