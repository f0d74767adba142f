"""A receiver that hears a call in blocks, against itself on the whole call."""

import numpy as np
import pytest

from sercore.channel.gilbert import Gilbert
from sercore.line import receiver_of
from sercore.receiver import RECEIVERS
from sercore.receiver.streamed import MEMORY_MS, Streamed

SECONDS = 3
CAUSAL = [name for name, receiver in RECEIVERS.items() if receiver.CAUSAL]


def sound(seed):
    """Something that hums and hisses, softer and louder."""
    time = np.arange(SECONDS * 16_000) / 16_000
    hum = np.sin(2 * np.pi * 140 * time) * np.abs(np.sin(3 * time))
    return (0.3 * hum + 0.02 * np.random.default_rng(seed).standard_normal(len(time))).astype(np.float32)


def in_blocks(receiver, audio, received, packet_ms, seed=5):
    """What is heard of a call that comes in blocks of some packets, none among them."""
    streamed, rng, heard, packet = Streamed(receiver, packet_ms), np.random.default_rng(seed), [], 0
    size = len(audio) // len(received)
    while packet < len(received):
        n = int(rng.integers(0, 12))
        block = slice(packet * size, (packet + n) * size)
        heard.append(streamed.push(audio[block], received[packet : packet + n]))
        packet += n
    return np.concatenate([*heard, streamed.flush()]), streamed


@pytest.mark.parametrize("packet_ms", [2.5, 20, 60, 200])
@pytest.mark.parametrize("name", CAUSAL)
def test_a_causal_receiver_answers_blocks_as_it_answers_the_whole_call(name, packet_ms):
    n_packets = int(SECONDS * 1000 / packet_ms)
    audio = sound(1)[: n_packets * int(packet_ms * 16)]
    # Holes from one packet to some seconds, at the beginning and the end too.
    received = Gilbert(0.9, 0.8).sample(n_packets, np.random.default_rng(2))
    received[:3] = received[-2:] = False
    received[n_packets // 3 : n_packets // 2 + n_packets // 4] = False
    heard, streamed = in_blocks(RECEIVERS[name], audio, received, packet_ms)
    np.testing.assert_array_equal(heard, RECEIVERS[name](audio, received, packet_ms=packet_ms))
    assert streamed.delay_packets == 0


def test_one_that_waits_for_the_end_of_a_hole_waits_for_a_second():
    audio = sound(1)
    received = Gilbert(0.9, 0.6).sample(len(audio) // 320, np.random.default_rng(3))
    heard, streamed = in_blocks(RECEIVERS["linear"], audio, received, 20)
    assert streamed.delay_packets * 20 == MEMORY_MS
    np.testing.assert_array_equal(heard, RECEIVERS["linear"](audio, received, packet_ms=20))


def test_behind_a_telephone_blocks_sound_as_the_whole_call():
    audio, receiver = sound(1), receiver_of("g711+pitch")
    received = Gilbert(0.95, 0.6).sample(len(audio) // 320, np.random.default_rng(3))
    heard, _ = in_blocks(receiver, audio, received, 20)
    whole = receiver(audio, received, packet_ms=20)
    error = np.sqrt(np.mean(np.square(heard - whole)) / np.mean(np.square(whole)))
    assert error < 0.05


def test_it_keeps_no_more_after_an_hour_of_loss():
    receiver = Streamed(RECEIVERS["pitch"], 20)
    sizes = set()
    for _ in range(60):
        receiver.push(np.zeros(100 * 320, dtype=np.float32), np.zeros(100, dtype=bool))
        sizes.add(receiver.nbytes)
    assert max(sizes) < 4 * 16_000 * 4
