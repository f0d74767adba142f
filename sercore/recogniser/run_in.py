"""An excerpt, predicted as within its recording: who begins in mid-speech needs seconds to arrive."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.channel.packets import packets_in
from sercore.receiver.receiver import Receiver
from sercore.recogniser.recogniser import Recogniser
from sercore.units import FRAME_MS


def predict_after_run_in(
    recogniser: Recogniser,
    heard: Any,
    received: Sequence[NDArray[np.bool_]],
    receiver: Receiver,
    *,
    run_in: int,
    packet_ms: float = FRAME_MS,
) -> list[NDArray[np.float32]]:
    """The course of an excerpt after each of some losses; what was predicted of the run-in is thrown away.

    Args:
        recogniser: whose prediction it is.
        heard: from ``recogniser.hear``, of the run-in and the excerpt in one.
        received: packets of the excerpt, True = received; the run-in arrives. Shape of each: (packets,).
        receiver: what is done about the losses.
        run_in: frames before the excerpt; whole packets.
        packet_ms: the length of a packet.

    Returns:
        Shape of each: (frames of the excerpt, dimensions).
    """
    before = np.ones(packets_in(run_in, packet_ms), dtype=bool)
    sent = [(heard, np.concatenate([before, each])) for each in received]
    return [course[run_in:] for course in recogniser.predict_heard(sent, receiver, packet_ms=packet_ms)]
