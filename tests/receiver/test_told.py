"""What is told of a loss, against a count of its samples one by one."""

import numpy as np
import pytest

from sercore.channel.packets import packets_in, samples_in_packet
from sercore.receiver.silence import Silence
from sercore.receiver.told import left_of, told_of


def by_hand(received, packet_ms, n_frames):
    """Both numbers of each frame, from a list that says of each sample whether it arrived."""
    arrives = np.repeat(received, samples_in_packet(packet_ms))[: n_frames * 3200]
    told = []
    for end in range(3200, n_frames * 3200 + 1, 3200):
        silent = 0
        while silent < end and not arrives[end - 1 - silent]:
            silent += 1
        told.append([1 - arrives[end - 3200 : end].mean(), np.log(1 + silent / 3200)])
    return np.array(told)


@pytest.mark.parametrize("packet_ms", [200, 60, 20, 2.5])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.7, 1.0])
def test_what_is_told_is_what_a_count_of_samples_gives(packet_ms, share):
    received = np.random.default_rng(3).random(packets_in(9, packet_ms)) >= share
    told = told_of(received, packet_ms)
    assert told == pytest.approx(by_hand(received, packet_ms, 9), abs=1e-6)
    assert told.any() == (not received.all())


@pytest.mark.parametrize("packet_ms", [200, 60, 20])
def test_what_is_left_is_silence_without_the_frames_that_nothing_arrives_of(packet_ms):
    rng = np.random.default_rng(5)
    audio, n = rng.normal(size=(2, 12 * 3200)).astype(np.float32), packets_in(12, packet_ms)
    received = np.repeat(rng.random(4) < 0.5, -(-n // 4))[:n] & (rng.random(n) < 0.8)
    longer = np.pad(audio, ((0, 0), (0, n * samples_in_packet(packet_ms) - audio.shape[1])))
    for row, left in zip(longer, left_of(audio, received, packet_ms), strict=True):
        silent = Silence()(row, received, packet_ms=packet_ms)[: 12 * 3200].reshape(12, 3200)
        assert np.array_equal(left, silent[told_of(received, packet_ms)[:, 0] < 1].ravel())
    nothing = np.zeros(n, dtype=bool)
    assert left_of(audio, nothing, packet_ms).shape == (2, 0)
