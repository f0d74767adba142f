"""What the first visitor would wait for, done before one comes: networks, the usual clip, results."""

import gc
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dashboard.compute import networks, predictions
from dashboard.compute.clips import Clip
from dashboard.compute.draws import N_DRAWS
from dashboard.compute.memory import give_back
from sercore.channel import Gilbert
from sercore.receiver import RECEIVERS
from sercore.receiver.drop import Drop
from sercore.results.four_settings import weights_of
from sercore.units import SAMPLES_PER_FRAME

ON_ITS_WAY = 0.5  # seconds a first prediction needs to the screen; whatever else Python does would hold it up
RESULTS = threading.Event()  # may be read: while a server starts, only after the first prediction
RESULTS.set()


def begin(usual_clip: Callable[[], Clip]) -> threading.Thread:
    """Start to warm up, beside all else; ``usual_clip`` gives what most visitors begin with.

    Until it ends, Python looks for no garbage: what is loaded stays, and looking at it takes half a second.
    """
    gc.disable()
    gc.freeze()
    RESULTS.clear()
    thread = threading.Thread(target=_warm_up, args=(usual_clip,), name="warm-up", daemon=True)
    thread.start()
    return thread


def _warm_up(usual_clip: Callable[[], Clip]) -> None:
    try:
        channel = Gilbert(*(each.default for each in Gilbert.PARAMETERS))
        settings = [each for each in networks.trained_settings() if each not in networks.OFFERED]
        with ThreadPoolExecutor(1) as beside:  # torch takes a second, and so do the recordings
            beside.map(networks.load, [weights_of(each, channel) for each in settings[:1]])
            clip = usual_clip()
        for setting in settings[:1]:
            _predict(clip, setting, channel, 1)
        time.sleep(ON_ITS_WAY)
        RESULTS.set()
        from dashboard.compute.findings import read_findings  # noqa: PLC0415 (with pandas, which takes a while)

        read_findings()
        for setting in settings:
            _predict(clip, setting, channel, N_DRAWS)
        for receiver in RECEIVERS.values():  # some are compiled when they are first used
            receiver(clip.audio[: 10 * SAMPLES_PER_FRAME], [True, True, False] * 3 + [True])
    except Exception:  # whoever needs it will be told
        logging.getLogger("sercore.dashboard").exception("the warm-up stopped")
    RESULTS.set()
    gc.enable()
    gc.collect()
    give_back()
    gc.freeze()  # Streamlit collects after every run; what stays for good need not be looked at each time


def _predict(clip: Clip, setting: str, channel: Gilbert, n_draws: int) -> None:
    how: dict[str, Any] = {"weights": weights_of(setting, channel), "given": Drop.NAME}
    predictions.draws_of(clip, channel, 1, n_draws=n_draws, on_wait=lambda _: None, **how)
