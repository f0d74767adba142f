"""What is a loss and what is not, from packets as they arrived."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rtpkit import RtpStreamTracker, parse_rtp

from sercore.trace.arrivals import Arrivals, delays, trace_of
from tests.trace.made_calls import rtp


def seen(numbers, **options) -> str:
    """The trace of packets with these numbers, 1 = received."""
    arrivals = Arrivals(np.asarray(numbers) % 65_536, **options)
    return "".join(str(int(got)) for got in trace_of(arrivals, packet_ms=20, source="a call").received)


def test_a_gap_in_the_numbers_is_a_loss():
    assert seen([10, 11, 14, 15, 17]) == "11001101"


def test_numbers_that_wrap_around_are_no_loss():
    assert seen([65_533, 65_534, 65_535, 0, 1]) == "11111"
    assert seen([65_533, 65_534, 1, 2]) == "110011"


def test_packets_that_come_twice_or_in_another_order_are_no_loss():
    assert seen([65_534, 0, 65_535, 65_535, 1, 3, 3, 2]) == "111111"


def test_a_sender_that_numbers_anew_loses_nothing():
    assert seen([1, 2, 4, 30_000, 30_001, 30_003]) == "11011101"
    trace = trace_of(Arrivals(np.array([1, 2, 30_000, 30_001])), packet_ms=20, source="a")
    assert trace.remarks == ("the sender began to number anew 1 times; that is no loss",)


def test_a_stray_number_is_left_out():
    assert seen([1, 2, 40_000, 3, 5]) == "11101"


def test_a_step_that_the_senders_clock_did_not_make_is_a_new_start():
    numbers, sent = np.array([0, 1, 2, 500, 501]), np.array([0, 20, 40, 60, 80]) / 1_000
    assert seen(numbers, sent=sent) == "11111"
    outage = np.array([0, 20, 40, 10_000, 10_020]) / 1_000
    assert seen(numbers, sent=outage) == "111" + "0" * 497 + "11"


def test_an_outage_of_minutes_is_a_loss_if_numbers_and_clock_went_on_alike():
    numbers = np.array([0, 1, 2, 8_000, 8_001])
    assert seen(numbers, sent=numbers * 0.02) == "111" + "0" * 7_997 + "11"
    assert seen(numbers, sent=np.array([0, 20, 40, 900, 920]) / 1_000) == "11111"


def test_silence_in_which_nothing_is_sent_is_no_loss():
    """Discontinuous transmission: times jump, numbers go on."""
    sent = np.array([0, 20, 40, 5_040, 5_060]) / 1_000
    trace = trace_of(Arrivals(np.arange(5), sent + 0.1, sent), packet_ms=20, source="a")
    assert trace.received.all()
    np.testing.assert_allclose(trace.delay_ms, 0, atol=1e-6)


def test_what_went_missing_while_nothing_was_recorded_does_not_count():
    number = np.concatenate([np.arange(50), np.arange(200, 250)])
    sent = number * 0.02
    pause = np.array([[sent[49], sent[50]]])
    arrivals = Arrivals(number, sent, sent, silences=pause)
    trace = trace_of(arrivals, packet_ms=20, source="a")
    assert trace.received.all()
    assert trace.packets == 100
    assert "150 packets fell into pauses of the recording" in trace.remarks[0]


def test_a_packet_within_the_deadline_is_no_loss_and_after_it_it_is():
    sent = np.arange(100) * 0.02
    late = np.zeros(100)
    late[[10, 20]] = 0.15, 0.35
    arrived = sent + 0.08 + late
    order = np.argsort(arrived)
    trace = trace_of(Arrivals(order, arrived[order], sent[order]), packet_ms=20, source="a")
    assert trace.lost == 0
    assert np.flatnonzero(~trace.at_deadline(200).received).tolist() == [20]
    assert np.flatnonzero(~trace.at_deadline(100).received).tolist() == [10, 20]
    assert trace.at_deadline(400).lost == 0


def test_two_clocks_that_drift_apart_make_no_packet_late():
    sent = np.arange(0, 3_600, 0.02)
    noise = np.random.default_rng(1).exponential(0.005, len(sent))
    late = delays(sent * (1 + 100e-6) + 7 + noise, sent)
    assert late.max() < 0.1
    np.testing.assert_allclose(late, noise, atol=0.01)


@pytest.mark.parametrize("jump", [0.0, 154.3, -20.0])
def test_a_call_on_hold_begins_anew(jump):
    """Nothing is sent for a minute, of which the sender's clock knows nothing, or something else."""
    sent = np.arange(1_000) * 0.02
    later = np.arange(1_000) >= 500
    late = delays(sent + 60 * later, sent + jump * later)
    np.testing.assert_allclose(late, 0, atol=1e-6)


def test_a_queue_that_fills_and_drains_is_delay_not_drift():
    sent = np.arange(0, 60, 0.02)
    queue = np.interp(sent, [0, 20, 23, 26, 60], [0, 0, 1.5, 0, 0])
    np.testing.assert_allclose(delays(sent + queue, sent), queue, atol=1e-9)


def test_a_spike_of_over_a_second_is_delay():
    """A link that stops for 1.5 s and then delivers everything at once, as Wi-Fi does."""
    sent = np.arange(0, 60, 0.02)
    arrived = np.where((sent > 20) & (sent < 21.5), 21.5, sent)
    np.testing.assert_allclose(delays(arrived, sent), arrived - sent, atol=1e-9)


def test_a_file_that_was_not_sent_in_real_time_has_no_delays():
    sent = np.arange(0, 60, 0.02)
    assert delays(sent / 50, sent) is None
    trace = trace_of(Arrivals(np.arange(len(sent)), sent / 50, sent), packet_ms=20, source="a")
    assert trace.delay_ms is None
    assert "not sent at the pace of speech" in trace.remarks[0]


@given(st.data())
def test_whatever_is_lost_doubled_and_swapped_comes_back_as_rtpkit_counts_it(data):
    count = data.draw(st.integers(20, 300))
    start = data.draw(st.integers(0, 65_535))
    chance = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    lost = chance.random(count) < data.draw(st.floats(0, 0.6))
    lost[[0, 1, -2, -1]] = False
    sent = np.flatnonzero(~lost)
    sent = np.sort(np.concatenate([sent, chance.choice(sent, len(sent) // 10)]))
    order = np.argsort(sent + chance.random(len(sent)) * data.draw(st.floats(0, 5)), kind="stable")
    arrived = np.concatenate([[0, 1], sent[order], [count - 2, count - 1]])
    trace = trace_of(Arrivals((start + arrived) % 65_536), packet_ms=20, source="a")
    np.testing.assert_array_equal(trace.received, ~lost)
    witness = RtpStreamTracker()
    for place in arrived:
        witness.observe(parse_rtp(rtp(start + int(place), 0)), 0.0)
    assert witness.stats(witness.ssrcs()[0]).lost_count == trace.lost


def test_no_packets_are_refused():
    with pytest.raises(ValueError, match="a call has no packets in sequence"):
        seen(np.array([], dtype=int))
