"""What labels at 5 Hz see of packets, against counting sample by sample."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sercore.channel import Bernoulli, Gilbert, Netem
from sercore.channel.frames import frame_law
from sercore.channel.packets import (
    USUAL_MS,
    checked_packet_ms,
    frames_received,
    packets_in,
    samples_arrived,
    samples_in_packet,
)

packets = st.tuples(
    st.sampled_from([2.5, 10, 20, 30, 40, 60, 125, 200]), st.lists(st.booleans(), max_size=120)
)


@given(packets)
def test_a_frame_is_received_when_at_least_half_of_its_samples_are(drawn):
    packet_ms, states = drawn
    received = np.array(states, dtype=bool)
    samples = np.repeat(received, int(packet_ms * 16))
    whole = samples[: len(samples) // 3_200 * 3_200].reshape(-1, 3_200)
    assert frames_received(received, packet_ms).tolist() == (whole.mean(axis=1) >= 0.5).tolist()
    assert samples_arrived(received, packet_ms).tolist() == np.cumsum(whole.sum(axis=1)).tolist()


@given(st.lists(st.booleans(), max_size=50))
def test_packets_of_200_ms_are_the_frames(states):
    received = np.array(states, dtype=bool)
    assert np.array_equal(frames_received(received, 200), received)


def test_exactly_half_is_received_and_one_packet_less_is_not():
    assert frames_received(np.arange(10) < 5, 20).tolist() == [True]
    assert frames_received(np.arange(10) < 4, 20).tolist() == [False]


@pytest.mark.parametrize("packet_ms", [*USUAL_MS, 2.5, 30])
@pytest.mark.parametrize("n_frames", [0, 1, 7, 100])
def test_enough_packets_are_sent_and_the_last_may_stick_out(packet_ms, n_frames):
    n = packets_in(n_frames, packet_ms)
    assert 0 <= n * packet_ms - n_frames * 200 < packet_ms
    assert len(frames_received(np.ones(n, dtype=bool), packet_ms)) == n_frames


@pytest.mark.parametrize(("packet_ms", "samples"), [(2.5, 40), ("20", 320), (60, 960), (200, 3_200)])
def test_a_packet_holds_whole_samples(packet_ms, samples):
    assert samples_in_packet(packet_ms) == samples


@pytest.mark.parametrize("wrong", [0, -20, 1, 201, 20.03, float("nan"), float("inf"), None, "ten"])
def test_other_packets_are_refused_with_their_length_and_the_rule(wrong):
    rule = r"a packet must last 2\.5 to 200 ms and hold whole samples at 16,000 Hz, got .*"
    with pytest.raises(ValueError, match=rule + str(wrong)):
        checked_packet_ms(wrong)


@pytest.mark.parametrize("packet_ms", [10, 20, 40, 100, 60])
@pytest.mark.parametrize("model", [Gilbert, Netem])
def test_frames_are_lost_at_the_rate_and_in_the_bursts_of_the_law(packet_ms, model):
    numbers = (0.9, 0.8) if model is Gilbert else (0.02, 0.1, 0.2, 0.3, 0.02)
    channel = model(*numbers, packet_ms=packet_ms)
    law = frame_law(channel)
    received = frames_received(
        channel.sample(packets_in(200_000, packet_ms), np.random.default_rng(5)), packet_ms
    )
    edges = np.flatnonzero(np.diff(received))
    starts = edges[received[edges]]
    lost = 1 - received.mean()
    assert lost == pytest.approx(law.loss_rate, rel=0.04)
    assert (~received).sum() / len(starts) == pytest.approx(law.mean_burst_length, rel=0.04)
    assert (law.loss_rate_error > 0) == (packet_ms == 60)  # which is simulated: it divides no frame


def test_independent_packets_lose_a_frame_as_the_binomial_law_says():
    by_hand = sum(
        [1, 10, 45, 120, 210][k] * 0.6 ** (10 - k) * 0.4**k for k in range(5)
    )  # of ten, under five arrive
    assert frame_law(Bernoulli(0.6, packet_ms=20)).loss_rate == pytest.approx(by_hand)


def test_the_paper_sees_its_own_frames():
    channel = Gilbert(0.9, 0.6)
    law = frame_law(channel)
    assert (law.loss_rate, law.mean_burst_length) == (channel.loss_rate, channel.mean_burst_length)
    assert Gilbert.like(channel) is channel
