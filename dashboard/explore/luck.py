"""How much of a score is luck: of the draw of the losses, and of the moods that fall into an excerpt."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import state
from dashboard.compute.clips import EXCERPT_SECONDS, Clip
from dashboard.compute.draws import Draws
from dashboard.explore.curves import show_course
from dashboard.widgets.ask import ask
from dashboard.words import PROSE
from dashboard.words.scores import change_in_words, in_words, spread_in_words
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


def is_mostly_luck(clip: Clip) -> bool:
    """Whether the clip is an excerpt so short that its moods decide more than network and channel."""
    return clip.gold is not None and clip.n_frames <= EXCERPT_SECONDS * LABEL_RATE
