"""Asking the networks on behalf of a page: the queue is shown, and trouble becomes a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import streamlit as st

from dashboard import state
from dashboard.compute import networks, predictions
from dashboard.compute.clips import Clip
from dashboard.compute.draws import N_DRAWS, Draws
from dashboard.words import PROSE
from sercore.report.looks import setting_title
from sercore.results.four_settings import weights_of


@contextmanager
def waiting(doing: str = "") -> Iterator[predictions.OnWait]:
    """Show what is done, if it is named, and how many visitors are ahead: what it yields is told."""
    notice = st.empty()

    def tell(ahead: int) -> None:
        notice.info(PROSE["controls"]["waiting"].format(ahead), icon=":material/hourglass_top:")

    try:
        with st.spinner(doing, show_time=True) if doing else nullcontext():
            yield tell
    finally:
        notice.empty()


@contextmanager
def in_turn(doing: str) -> Iterator[None]:
    """Do what costs the server much, one visitor after another, with the queue in sight."""
    with waiting(doing) as tell, predictions.QUEUE.turn(tell):
        yield


def ask(clip: Clip, setting: str, n_draws: int = N_DRAWS) -> Draws | None:
    """What a setting's network makes of the clip in the channel in hand; None and a sentence if it cannot.

    Of one draw there is no notice but of the queue: it is there in less time than a notice would take.
    """
    channel, weights = state.channel(), weights_of(setting, state.channel())
    title = setting_title(setting)
    if not networks.is_trained(weights):
        words = PROSE["controls"]["untrained"].format(title, networks.cell_words(weights))
        st.info(words, icon=":material/model_training:")
        return None
    try:
        with waiting(f"{title} listens …" if n_draws > 1 else "") as tell:
            how: dict[str, Any] = {"weights": weights, "given": state.given(), "n_draws": n_draws}
            return predictions.draws_of(clip, channel, state.seed(), on_wait=tell, **how)
    except (ValueError, OSError) as error:
        st.error(f"{title}: the network cannot be used: {error}.", icon=":material/error:")
        return None
