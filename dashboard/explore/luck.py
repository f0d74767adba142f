"""How much of a score is luck: of the draw of the losses, and of the moods that fall into an excerpt."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import state
from dashboard.compute.clips import Clip
from dashboard.compute.draws import Draws
from dashboard.compute.excerpts import scores_of_excerpts
from dashboard.explore.curves import show_course
from dashboard.widgets import controls
from dashboard.widgets.ask import ask, waiting
from dashboard.words import PROSE
from dashboard.words.scores import change_in_words, in_words, spread_in_words
from sercore.results.four_settings import weights_of
from sercore.units import DIMENSIONS, LABEL_RATE

SAY = PROSE["explore"]
SPLIT = (1, 5)  # words beside pictures; on a phone one stands above the other


def show_luck(clip: Clip, received: NDArray[np.bool_], setting: str) -> None:
    """Scores, and both dimensions large, with what other draws of the same channel would have given."""
    draws = ask(clip, setting)
    if draws is None:
        return
    for index, dimension in enumerate(DIMENSIONS):
        words, picture = st.columns(SPLIT, vertical_alignment="center")
        with words:
            st.subheader(dimension.capitalize())
            _scores(clip, draws, index)
        with picture:
            show_course(clip, received, draws, index)


def _scores(clip: Clip, draws: Draws, index: int) -> None:
    """CCC against the gold standard; where there is none, agreement with the clean prediction."""
    scores = draws.scores(clip.gold, state.score())
    before, then, spread = scores.clean[index], scores.after[index], scores.spread[index]
    if clip.gold is None:
        st.metric("Agreement of after loss with clean (CCC)", in_words(then), help=SAY["ccc"])
    else:
        st.metric("CCC, clean", in_words(before), help=SAY["ccc"])
        st.metric("CCC, after loss", in_words(then), change_in_words(before, then), help=SAY["ccc"])
    if spread is not None:
        st.caption(f"{scores.n_draws} draws: {spread_in_words(spread)}", help=SAY["spread"])


def say_what_is_luck(clip: Clip, setting: str) -> None:
    """How far the scores of this clip can be trusted, in numbers where it is a part of a recording."""
    if clip.gold is None:
        st.caption(SAY["start_up"])
        return
    track = controls.shipped_track(clip.track) if clip.track else None
    if track is None or clip.n_frames == track.n_frames:
        return
    with waiting() as tell:
        weights = weights_of(setting, state.channel())
        scores = scores_of_excerpts(track, clip.n_frames, weights, tell)
    ranges = [
        f"{in_words(np.nanmin(each))} to {in_words(np.nanmax(each))} for {dimension}"
        for dimension, each in zip(DIMENSIONS, scores.T, strict=True)
        if not np.isnan(each).all()
    ]
    seconds = round(clip.n_frames / LABEL_RATE)
    st.caption(SAY["luck"].format(seconds=seconds, excerpts=len(scores), ranges=" and ".join(ranges)))
