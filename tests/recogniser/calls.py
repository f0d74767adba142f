"""A call for recognisers that are told of its losses."""

import numpy as np

from sercore.receiver import RECEIVERS

N = 30  # frames
AUDIO = np.random.default_rng(0).normal(0, 0.1, N * 3200).astype(np.float32)


def after(network, audio, received, packet_ms, receiver="drop"):
    """The course behind a receiver."""
    how = {"packet_ms": packet_ms}
    return network.predict_heard([(network.hear(audio), received)], RECEIVERS[receiver], **how)[0]
