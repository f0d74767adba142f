"""All networks on the same losses: their scores as dots, or their courses side by side."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import state
from dashboard.charts import comparisons
from dashboard.compute import networks
from dashboard.compute.clips import Clip
from dashboard.compute.draws import Draws, Scores
from dashboard.explore.curves import show_course
from dashboard.widgets.ask import ask
from dashboard.widgets.chart import colours, show_chart
from dashboard.widgets.corpus_score import corpus_words
from dashboard.words import PROSE
from dashboard.words.scores import by_setting, in_words, spread_in_words
from sercore.report.looks import setting_title
from sercore.results.four_settings import weights_of
from sercore.units import DIMENSIONS

SAY = PROSE["explore"]


def side_by_side(clip: Clip, received: NDArray[np.bool_]) -> dict[str, Draws]:
    """Every network on the same losses: one column each, the axes alike. Gives what each made of the clip."""
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
                st.caption(corpus_words(clip, setting, dimension) or "\u00a0")  # or charts stand unevenly
                show_course(clip, received, draws, index, key=f"{setting} {dimension}", height=210)
    if answers:
        n_draws = max(draws.n_draws for draws in answers.values())
        band = f"Band and dashes: nine of ten of {n_draws} draws, and their median. " if n_draws > 1 else ""
        st.caption(SAY["side_by_side"].format(band=band))
    return answers


def show_all_scores(clip: Clip) -> None:
    """The scores of every network on the same losses, with the luck of the draw."""
    score = state.score()
    found = {name: ask(clip, name) for name in networks.trained_settings()}
    scores = {name: draws.scores(clip.gold, score) for name, draws in found.items() if draws is not None}
    for index, (place, dimension) in enumerate(zip(st.columns(2), DIMENSIONS, strict=True)):
        figure = comparisons.score_dots(scores, index, dimension, colours())
        alt = f"CCC of {dimension}: {by_setting(scores, partial(_score_in_words, index))}."
        show_chart(figure, f"all {dimension}", alt, where=place)
    st.caption(" ".join(_notes(clip, scores)))


def _notes(clip: Clip, scores: Mapping[str, Scores]) -> list[str]:
    notes = [f"CCC over: {state.SCORES[state.score()].lower()}."]
    if clip.gold is None:
        notes.append(SAY["no_gold"])
    if "matched" in scores:
        notes.append(f"Matched: {_which_network('matched').removeprefix('For this channel: ')}")
    elif "matched" not in networks.trained_settings():
        notes.append("Matched: its networks are not trained yet.")
    return notes


def _which_network(setting: str) -> str:
    weights = weights_of(setting, state.channel())
    if setting == "matched":
        return f"For this channel: the network trained on {networks.cell_words(weights)}."
    return networks.sentence_of(setting)


def _score_in_words(index: int, scores: Scores) -> str:
    said = f"{in_words(scores.clean[index])} without loss, {in_words(scores.after[index])} after"
    spread = scores.spread[index]
    return f"{said}, {scores.n_draws} draws {spread_in_words(spread)}" if spread else said
