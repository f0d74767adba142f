"""What does the network make of what arrives?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard import charts, controls, inference, state
from dashboard.channels import draw_received, summary
from dashboard.findings import SETTING_SENTENCES, setting_title
from dashboard.palette import palette_for
from dashboard.scores import agreement, change_in_words, in_words
from sercore.gold_standard import DIMENSIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dashboard.clips import Clip

CCC_HELP = (
    "Concordance correlation coefficient: 1 is perfect agreement, 0 is none, negative is the opposite. It "
    "asks for the right shape, level and range, and it is computed over the frames that arrived."
)

SPLIT = (1, 5)  # words beside pictures; on a phone one stands above the other
PLAIN = {"displayModeBar": False}


def page() -> None:
    """Follow arousal and valence through what a lossy channel leaves of a recording."""
    st.title("What does the network make of it?")
    st.markdown(
        "A neural network follows two sides of emotion through the voice, five times a second: **arousal** "
        "(calm to excited) and **valence** (unpleasant to pleasant). It never sees the frames that were lost."
    )
    clip = controls.clip_in_hand()
    if clip is None:
        return
    controls.channel_controls()
    received = draw_received(state.channel(), st.session_state["seed"], clip.n_frames)
    text = summary(state.channel(), received)
    st.caption(text)
    setting = _choose_setting()
    colours = palette_for(st.context.theme.type)
    _, picture = st.columns(SPLIT)
    picture.plotly_chart(
        charts.waveform(clip.audio, received, colours, clip.start), key="sent", alt=text, config=PLAIN
    )
    state.remember()  # the address need not wait for the network
    predictions = _predictions(clip, setting) if setting else None
    _emotions(clip, received, predictions)


def _choose_setting() -> str | None:
    settings = inference.trained_settings()
    if not settings:
        st.info(
            "No trained network lies in `trained/` yet, so nothing can be predicted: the charts show the "
            "gold standard alone. `scripts/train.py` makes one.",
            icon=":material/model_training:",
        )
        return None
    if st.session_state["setting"] not in settings:
        st.session_state["setting"] = settings[0]
    return st.segmented_control(
        "How the network was trained", settings, format_func=setting_title, key="setting", required=True,
        help="  \n".join(f"**{setting_title(s)}**: {_sentence(s)}" for s in settings),
    )  # fmt: skip


def _sentence(setting: str) -> str:
    return SETTING_SENTENCES.get(
        "augmentation" if setting == "matched_high_low" else setting, "One matched network."
    )


def _predictions(clip: Clip, setting: str) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """Clean, and after loss; None with a sentence on the page where the weights cannot be used."""
    notice = st.empty()

    def tell(ahead: int) -> None:
        notice.info(
            f"Predictions are made one at a time: {ahead} before yours.", icon=":material/hourglass_top:"
        )

    try:
        with st.spinner("The network listens …", show_time=True):
            clean = inference.predicted(clip, inference.CLEAN, 0, setting, tell)
            after = inference.predicted(clip, state.channel(), st.session_state["seed"], setting, tell)
    except (ValueError, OSError) as error:
        st.error(f"The network cannot be used: {error}.", icon=":material/error:")
        return None
    finally:
        notice.empty()
    return clean, after


def _emotions(
    clip: Clip,
    received: NDArray[np.bool_],
    predictions: tuple[NDArray[np.float32], NDArray[np.float32]] | None,
) -> None:
    colours = palette_for(st.context.theme.type)
    for index, dimension in enumerate(DIMENSIONS):
        words, picture = st.columns(SPLIT, vertical_alignment="center")
        words.subheader(dimension.capitalize())
        lines = {} if clip.gold is None else {"gold standard": clip.gold[:, index]}
        if predictions is not None:
            clean, after = predictions
            with words:
                _scores(clip, clean, after, index)
            lines |= {"predicted, clean": clean[:, index], "predicted, after loss": after[:, index]}
        if lines:
            figure = charts.emotion(lines, received, colours, dimension, clip.start)
            alt = f"{dimension} over time: {', '.join(lines)}."
            picture.plotly_chart(figure, key=dimension, alt=alt, config=PLAIN)
    if not received.any():
        st.warning("Nothing arrives in this draw, so nothing can be predicted after loss.")


def _scores(clip: Clip, clean: NDArray[np.float32], after: NDArray[np.float32], index: int) -> None:
    """CCC against the gold standard; where there is none, agreement with the clean prediction."""
    if clip.gold is None:
        score = in_words(agreement(clean, after)[index])
        st.metric("Agreement of after loss with clean (CCC)", score, help=CCC_HELP)
        return
    before, then = agreement(clip.gold, clean)[index], agreement(clip.gold, after)[index]
    st.metric("CCC, clean", in_words(before), help=CCC_HELP)
    st.metric("CCC, after loss", in_words(then), change_in_words(before, then), help=CCC_HELP)


if __name__ == "__main__":  # Streamlit runs a page as a script
    page()
