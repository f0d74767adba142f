"""Late is not lost: what waiting, copies and a second try bring back, against packet by packet."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sercore.channel.repair import in_time, outlook, with_red, with_retransmission
from sercore.trace import Trace

calls = st.lists(st.tuples(st.booleans(), st.floats(0, 400)), min_size=1, max_size=40)
deadlines = st.sampled_from([0.0, 30.0, 60.0, 200.0, 1_000.0])


def arrays(call):
    received = np.array([arrives for arrives, _ in call])
    return received, np.where(received, [delay for _, delay in call], np.nan)


def when_it_comes(call):
    """In ms since the first packet was sent, in the order of sending; never for what is lost."""
    return [20 * i + delay if arrives else np.inf for i, (arrives, delay) in enumerate(call)]


@given(calls, deadlines)
def test_a_packet_that_comes_before_it_is_played_is_there(call, deadline):
    played = [20 * i + deadline for i in range(len(call))]
    expected = [comes <= at for comes, at in zip(when_it_comes(call), played, strict=True)]
    received, delay = arrays(call)
    found = in_time(received, delay, deadline)
    margin = np.abs(np.nan_to_num(delay, nan=0) - deadline) > 1e-6  # but for rounding at the deadline itself
    assert found[margin].tolist() == np.array(expected)[margin].tolist()
    waited = Trace(received, delay_ms=delay).at_deadline(deadline)
    assert np.array_equal(found, waited.received)


@given(calls, deadlines, st.sampled_from([(1,), (1, 2), (3,)]))
def test_a_copy_in_a_later_packet_comes_with_it(call, deadline, distances):
    comes, expected = when_it_comes(call), []
    for i, mine in enumerate(comes):
        chances = [mine, *(comes[i + d] for d in distances if i + d < len(call))]
        expected.append(min(chances) <= 20 * i + deadline)
    found = with_red(*arrays(call), deadline, packet_ms=20, distances=distances)
    clear = [all(abs(c - 20 * i - deadline) > 1e-6 for c in comes) for i in range(len(call))]
    assert found[clear].tolist() == np.array(expected)[clear].tolist()


@given(calls, deadlines, st.sampled_from([0.0, 40.0, 150.0]))
def test_a_gap_is_seen_when_a_later_packet_comes_and_filled_a_round_trip_later(call, deadline, round_trip):
    comes, expected = when_it_comes(call), []
    for i, mine in enumerate(comes):
        gap_seen = min(comes[i + 1 :], default=np.inf)
        again = gap_seen + round_trip if gap_seen < mine else np.inf
        expected.append(min(mine, again) <= 20 * i + deadline)
    how = {"packet_ms": 20, "round_trip_ms": round_trip}
    found = with_retransmission(*arrays(call), deadline, **how, loss_rate=0.0)
    times = [c + extra for c in comes for extra in (0, round_trip)]
    clear = [all(abs(t - 20 * i - deadline) > 1e-6 for t in times) for i in range(len(call))]
    assert found[clear].tolist() == np.array(expected)[clear].tolist()
    assert np.array_equal(
        with_retransmission(*arrays(call), deadline, **how, loss_rate=1.0), in_time(*arrays(call), deadline)
    )


def test_copies_are_lost_as_often_as_packets():
    rng = np.random.default_rng(0)
    received = rng.random(100_000) >= 0.2
    found = with_retransmission(received, None, 1_000, packet_ms=20, round_trip_ms=100)
    assert 1 - found.mean() == pytest.approx(0.2 * 0.2, rel=0.05)


def test_one_copy_of_packets_that_are_lost_one_by_one_leaves_the_square_of_the_loss():
    received = np.random.default_rng(1).random(200_000) >= 0.1
    one, two = (with_red(received, None, 200, packet_ms=20, distances=d) for d in ((1,), (1, 2)))
    assert 1 - one.mean() == pytest.approx(0.01, rel=0.05)
    assert 1 - two.mean() == pytest.approx(0.001, rel=0.15)


def test_the_outlook_tells_ears_and_emotion_apart():
    received = np.ones(1_000, dtype=bool)
    delay = np.where(np.arange(1_000) % 10 == 0, 600.0, 20.0)
    received[5::100], delay[5::100] = False, np.nan
    ears, emotion = outlook(received, delay, packet_ms=20, round_trip_ms=100)
    assert (ears.deadline_ms, emotion.deadline_ms) == (200, 1_000)
    assert ears.missing == pytest.approx(0.11)
    assert emotion.missing == pytest.approx(0.01)
    assert emotion.with_red == 0


@pytest.mark.parametrize(
    ("ask", "rule"),
    [
        (lambda r, d: in_time(r, d, -1), "a deadline must be at least 0 ms, got -1"),
        (lambda r, d: in_time(r, d, np.nan), "a deadline must be at least 0 ms, got nan"),
        (lambda r, d: in_time(r, d[:-1], 5), r"one delay, got the shapes \(3,\) and \(2,\)"),
        (lambda r, d: with_red(r, d, 5, packet_ms=20, distances=(0,)), "at least 1, got 0"),
        (
            lambda r, d: with_retransmission(r, d, 5, packet_ms=20, round_trip_ms=-5),
            "a round trip must take at least 0 ms, got -5",
        ),
    ],
)
def test_what_cannot_be_is_refused(ask, rule):
    with pytest.raises(ValueError, match=rule):
        ask(np.array([True, False, True]), np.array([1.0, np.nan, 3.0]))
