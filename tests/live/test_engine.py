"""A recogniser that follows a voice: what one pass over each window gives, whatever the blocks are."""

import numpy as np
import pytest

from sercore.channel import Gilbert
from sercore.live import Live
from sercore.network.weights import load_model
from sercore.receiver import RECEIVERS
from sercore.recogniser.paper_network import PaperNetwork
from sercore.units import SAMPLES_PER_FRAME


def in_blocks(live, audio, received, seed):
    """All predictions of audio that is pushed in blocks of random lengths."""
    rng, found, told = np.random.default_rng(seed), [], 0
    while len(audio):
        block, audio = np.split(audio, [rng.integers(1, 9_000)])
        packets = live.packets_in(len(block))
        found += live.push(block, received[told : told + packets])
        told += packets
    return np.array([list(each.values.values()) for each in found])


@pytest.fixture(scope="module")
def network():
    return PaperNetwork(load_model("trained/mismatched.safetensors"))


@pytest.fixture(scope="module")
def voice():
    rng = np.random.default_rng(3)
    return (0.1 * rng.standard_normal(12 * 16_000) * np.sin(np.arange(12 * 16_000) / 9_000)).astype("float32")


@pytest.mark.parametrize("receiver", ["silence", "pitch"])
@pytest.mark.parametrize("causal", [True, False])
def test_blocks_of_any_length_give_what_each_window_gives_alone(network, voice, receiver, causal):
    received = Gilbert(0.95, 0.7, packet_ms=20).sample(len(voice) // 320, np.random.default_rng(1))
    live = Live(network, receiver, packet_ms=20, context_seconds=4, causal=causal)
    found = in_blocks(live, voice, received, seed=2)
    heard = RECEIVERS[receiver](voice, received, packet_ms=20).reshape(-1, SAMPLES_PER_FRAME)
    later = live.lookahead_frames
    wanted = []
    for end in range(1 + later, len(heard) + 1):
        window = heard[max(0, end - 20) : end]
        wanted.append(network.predict(window.reshape(-1))[-1 - later])
    np.testing.assert_allclose(found, wanted, atol=2e-6)
