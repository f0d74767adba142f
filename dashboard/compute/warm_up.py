"""What the first visitor would wait for, done before one comes: networks, results, the usual clip."""

import gc
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dashboard.compute import networks, predictions
from dashboard.compute.clips import Clip
from dashboard.compute.draws import N_DRAWS
from dashboard.compute.findings import read_findings
from dashboard.compute.memory import give_back
from sercore.channel import Gilbert
from sercore.receiver import RECEIVERS
from sercore.receiver.drop import Drop
from sercore.results.four_settings import weights_of
from sercore.units import SAMPLES_PER_FRAME


def begin(usual_clip: Callable[[], Clip]) -> threading.Thread:
    """Start to warm up, beside all else; ``usual_clip`` gives what most visitors begin with.

    Until it ends, Python looks for no garbage: what is loaded stays, and looking at it takes half a second.
    """
    gc.disable()
    gc.freeze()
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
        read_findings()
        for setting, n_draws in [(each, 1) for each in settings[:1]] + [(each, N_DRAWS) for each in settings]:
            how: dict[str, Any] = {"weights": weights_of(setting, channel), "given": Drop.NAME}
            predictions.draws_of(clip, channel, 1, n_draws=n_draws, on_wait=lambda _: None, **how)
        for receiver in RECEIVERS.values():  # some are compiled when they are first used
            receiver(clip.audio[: 10 * SAMPLES_PER_FRAME], [True, True, False] * 3 + [True])
    except Exception:  # whoever needs it will be told
        logging.getLogger("sercore.dashboard").exception("the warm-up stopped")
    gc.enable()
    gc.collect()
    give_back()
    gc.freeze()  # Streamlit collects after every run; what stays for good need not be looked at each time
