"""What does the network make of what arrives?"""

from collections.abc import Mapping
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
from dashboard.widgets.downloads import show_downloads
from dashboard.words.channels import summary
from dashboard.words.scores import change_in_words, in_words, spread_in_words
from sercore.channel.coupled import draw_received
from sercore.report.looks import setting_title
from sercore.results.four_settings import weights_of
from sercore.units import DIMENSIONS

CCC_HELP = (
    "Concordance correlation coefficient: 1 is perfect agreement, 0 is none, negative is the opposite. It "
    "asks for the right shape, level and range."
)
SPREAD_HELP = "Median, and where nine of ten draws of the same channel lie: how much of this one was luck."
SPLIT = (1, 5)  # words beside pictures; on a phone one stands above the other


def page() -> None:
    """Follow arousal and valence through what a lossy channel leaves of a recording."""
    st.title("What does the network make of it?")
    st.markdown(
        "A network follows **arousal** (calm to excited) and **valence** (unpleasant to pleasant) through "
        "the voice, five times a second. Hatched frames are lost on the way."
    )
    clip = controls.clip_in_hand()
    if clip is None:
        return
    controls.channel_controls()
    received = draw_received(state.channel(), state.seed(), clip.n_frames)
    text = summary(state.channel(), received)
    st.caption(text)
    with st.container(horizontal=True, gap="medium"):
        setting = controls.choose_setting(side_by_side=True)
        if setting is not None:
            controls.choose_given()
            controls.choose_score(list(state.SCORES))
    state.remember()  # the address need not wait for the network
    if not received.any():
        st.warning("Nothing arrives in this draw, so nothing can be predicted after loss.")
    answers = _one(clip, received, setting) if setting != state.ALL else _side_by_side(clip, received)
    _sound(clip, received, text)
    if answers:
        several = setting == state.ALL
        above = st.container()
        left, right = st.columns(2, gap="large")
        if several:
            _all_settings(clip, answers, above, [left, right])
        else:
            _path(clip, next(iter(answers.values())), left)
            _all_settings(clip, answers, right, [right, right])
        show_downloads(clip, received, answers)


def _one(clip: Clip, received: NDArray[np.bool_], setting: str | None) -> dict[str, Draws]:
    """One network: both dimensions large."""
    draws = ask(clip, setting) if setting else None
    for index, dimension in enumerate(DIMENSIONS):
        words, picture = st.columns(SPLIT, vertical_alignment="center")
        words.subheader(dimension.capitalize())
        if draws is not None:
            with words:
                _scores(draws.scores(clip.gold, state.score()), index, clip.gold is None)
        _curve(clip, received, draws, index, where=picture)
    return {} if draws is None or setting is None else {setting: draws}


def _sound(clip: Clip, received: NDArray[np.bool_], alt: str) -> None:
    words, picture = st.columns(SPLIT, vertical_alignment="center")
    words.subheader("Sound")
    figure = traces.waveform(clip.audio, received, colours(), clip.start)
    show_chart(figure, "sent", alt, where=picture)


def _side_by_side(clip: Clip, received: NDArray[np.bool_]) -> dict[str, Draws]:
    """Every network on the same losses: one column each, the axes alike."""
    answers: dict[str, Draws] = {}
    settings = networks.trained_settings()
    for column, setting in zip(st.columns(len(settings)), settings, strict=True):
        with column:
            st.subheader(setting_title(setting))
            st.container(key=f"which {setting}").caption(_which_network(setting))
            draws = ask(clip, setting)
            if draws is None:
                continue
            answers[setting] = draws
            scores = draws.scores(clip.gold, state.score())
            for index, dimension in enumerate(DIMENSIONS):
                after = in_words(scores.after[index])
                st.markdown(f"**{dimension.capitalize()}** CCC {in_words(scores.clean[index])} → {after}")
                _curve(clip, received, draws, index, key=f"{setting} {dimension}", height=210)
    if answers:
        n_draws = max(draws.n_draws for draws in answers.values())
        band = f"Band and dashes: nine of ten of {n_draws} draws, and their median. " if n_draws > 1 else ""
        st.caption(
            "Thick grey: gold standard. Dotted: prediction without loss. Solid: after loss. "
            f"{band}Hatched: lost."
        )
    return answers


def _which_network(setting: str) -> str:
    weights = weights_of(setting, state.channel())
    if setting == "matched":
        return f"For this channel: the network trained on {networks.cell_words(weights)}."
    return networks.SETTING_SENTENCES[setting]


def _curve(
    clip: Clip,
    received: NDArray[np.bool_],
    draws: Draws | None,
    index: int,
    *,
    key: str = "",
    height: int = 270,
    where: Any = st,
) -> None:
    dimension = DIMENSIONS[index]
    lines = {name: values[:, index] for name, values in _lines(clip, draws).items()}
    if not lines:
        return
    many: dict[str, Any] = {}
    if draws is not None and draws.ribbon is not None:
        many = {"ribbon": draws.ribbon[:, :, index], "n_draws": draws.n_draws}
    figure = traces.emotion(lines, received, colours(), dimension, clip.start, height=height, **many)
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
        st.metric("Agreement of after loss with clean (CCC)", in_words(then), help=CCC_HELP)
    else:
        st.metric("CCC, clean", in_words(before), help=CCC_HELP)
        st.metric("CCC, after loss", in_words(then), change_in_words(before, then), help=CCC_HELP)
    if spread is not None:
        st.caption(f"{scores.n_draws} draws: {spread_in_words(spread)}", help=SPREAD_HELP)


def _path(clip: Clip, draws: Draws, where: Any) -> None:
    where.subheader("The way through the emotion plane")
    where.caption("Each line is the clip from its beginning, the ring. Gaps are lost frames.")
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
    for place, (index, dimension) in zip(places, enumerate(DIMENSIONS), strict=True):
        figure = comparisons.score_dots(scores, index, dimension, colours())
        show_chart(figure, f"all {dimension}", _dots_in_words(dimension, index, scores), where=place)
    notes = [f"CCC over: {state.SCORES[score].lower()}."]
    if clip.gold is None:
        notes.append(
            "There is no gold standard for your own audio: each network is compared with itself, clean."
        )
    if "matched" in scores:
        notes.append(f"Matched: {_which_network('matched').removeprefix('For this channel: ')}")
    elif "matched" not in settings:
        notes.append("Matched: its networks are not trained yet.")
    places[1].caption(" ".join(notes))


def _dots_in_words(dimension: str, index: int, scores: Mapping[str, Scores]) -> str:
    said = [
        f"{setting_title(name)} {in_words(s.clean[index])} without loss, "
        f"{in_words(s.after[index])} after"
        + (f", {s.n_draws} draws {spread_in_words(s.spread[index])}" if s.spread[index] else "")
        for name, s in scores.items()
    ]
    return f"CCC of {dimension}: {'; '.join(said)}."


def _said(name: str) -> str:
    return name if name == "gold standard" else f"prediction {name}"


def _course_in_words(dimension: str, lines: Mapping[str, NDArray[np.float32]]) -> str:
    said = [
        f"{_said(name)} {np.nanmin(values):.2f} to {np.nanmax(values):.2f}, mean {np.nanmean(values):.2f}"
        if not np.isnan(values).all()
        else f"{_said(name)} nowhere"
        for name, values in lines.items()
    ]
    return f"{dimension.capitalize()} over time: {'; '.join(said)}."


def _path_in_words(lines: Mapping[str, NDArray[np.float32]]) -> str:
    said = []
    for name, values in lines.items():
        known = values[~np.isnan(values[:, 0])]
        if len(known):
            (a0, v0), (a1, v1) = known[0], known[-1]
            said.append(
                f"{_said(name)} from valence {v0:.2f}, arousal {a0:.2f} to valence {v1:.2f}, arousal {a1:.2f}"
            )
    return f"The way through the plane: {'; '.join(said)}."


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
