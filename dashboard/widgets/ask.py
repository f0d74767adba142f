"""Asking the networks on behalf of a page: the queue is shown, and trouble becomes a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard import state
from dashboard.compute import networks, predictions
from dashboard.compute.clips import Clip
from dashboard.compute.draws import Draws
from dashboard.words import PROSE
from sercore.report.looks import setting_title
from sercore.results.four_settings import weights_of


@contextmanager
def waiting(doing: str) -> Iterator[predictions.OnWait]:
    """Show that a network works, and how many visitors are before this one: what it yields is told."""
    notice = st.empty()

    def tell(ahead: int) -> None:
        notice.info(PROSE["controls"]["waiting"].format(ahead), icon=":material/hourglass_top:")

    try:
        with st.spinner(doing, show_time=True):
            yield tell
    finally:
        notice.empty()


@contextmanager
def in_turn(doing: str) -> Iterator[None]:
    """Do what costs the server much, one visitor after another, with the queue in sight."""
    with waiting(doing) as tell, predictions.QUEUE.turn(tell):
        yield


def ask(clip: Clip, setting: str) -> Draws | None:
    """What a setting's network makes of the clip in the channel in hand; None and a sentence if it cannot."""
    channel, weights = state.channel(), weights_of(setting, state.channel())
    title = setting_title(setting)
    if not networks.is_trained(weights):
        words = PROSE["controls"]["untrained"].format(title, networks.cell_words(weights))
        st.info(words, icon=":material/model_training:")
        return None
    try:
        with waiting(f"{title} listens …") as tell:
            how = {"weights": weights, "given": state.given()}
            return predictions.draws_of(clip, channel, state.seed(), on_wait=tell, **how)
    except (ValueError, OSError) as error:
        st.error(f"{title}: the network cannot be used: {error}.", icon=":material/error:")
        return None
