"""Your call: what is read becomes pictures, a verdict and sound, and bad input one sentence."""

import json
import re

import numpy as np
import pytest

from dashboard.compute.call import Call, burst_law, burst_shares, heard, loss_over_time
from dashboard.compute.clips import clip_of
from sercore.channel import Gilbert
from sercore.channel.call import read_call
from sercore.channel.recorded import Recorded
from sercore.trace import Statistics, Trace
from sercore.trace.examples import EXAMPLES
from tests.dashboard.opened import ROOT, open_page, strips_of

TRACE = Trace(Gilbert(0.98, 0.7).sample(20_000, np.random.default_rng(0)), packet_ms=20)


def clip(seconds=20):
    audio = np.random.default_rng(1).normal(0, 0.1, seconds * 16_000).astype(np.float32)
    return clip_of("noise", audio, None)


def test_the_picture_over_time_loses_what_the_call_lost():
    for packets in (1, 7, 299, 300, 301, 20_000):
        trace = Trace(TRACE.received[:packets], packet_ms=20)
        seconds, share = loss_over_time(trace)
        size = -(-packets // 300)
        sizes = np.diff([*range(0, packets, size), packets])
        assert len(seconds) == len(share) == len(sizes) <= 300
        assert (share * sizes).sum() == pytest.approx(trace.lost)
        assert seconds[0] == 0


def test_bursts_are_counted_and_the_law_of_the_channel_that_made_them_is_near():
    found, law = burst_shares(TRACE.burst_lengths), burst_law(Gilbert(0.98, 0.7))
    by_hand = [np.mean(TRACE.burst_lengths == n) for n in range(1, 15)]
    assert found[:14] == pytest.approx(by_hand)
    assert found.sum() == pytest.approx(1)
    assert law.sum() == pytest.approx(1)
    assert np.abs(found - law).max() < 0.06


def test_a_clip_loses_the_calls_own_packets_in_their_own_order():
    losses = Call(TRACE).losses(100, seed=3)
    assert losses.shape == (1_000,)
    twice = np.concatenate([TRACE.received, TRACE.received]).tobytes()
    assert losses.tobytes() in twice
    short = Trace([True, False, False], packet_ms=20)
    assert (
        Call(short).losses(3, seed=0)[:27].reshape(9, 3).tolist()
        == [Call(short).losses(3, seed=0)[:3].tolist()] * 9
    )


def test_what_is_heard_is_the_clip_with_the_lost_packets_silent():
    sound, call = clip(), Call(TRACE)
    lost = np.repeat(~call.losses(sound.n_frames, 2), 320)
    said = heard(call, sound, "silence", 2)
    assert not said[lost].any()
    assert np.array_equal(said[~lost], sound.audio[~lost])


def test_two_numbers_stand_for_themselves_and_statistics_are_fitted():
    typed = Call(Gilbert.from_rates(0.03, 4, packet_ms=20))
    assert typed.fit is None
    assert typed.verdict.burst_ms == pytest.approx(80)
    counted = Call(Statistics(packets=10_000, lost=300, bursts=75, packet_ms=20))
    assert counted.channel.loss_rate == pytest.approx(0.03, rel=0.01)
    assert counted.channel.mean_burst_length == pytest.approx(4)
    assert counted.losses(50, 0).shape == (500,)


def test_every_example_that_ships_is_read_and_judged():
    assert len(EXAMPLES) == 3
    for each in EXAMPLES:
        assert Call(read_call(each.path)).verdict.expected


def test_the_page_opens_with_an_example_its_verdict_above_everything():
    page = open_page("call")
    (verdict,) = [*page.success, *page.info, *page.warning]
    assert "packets are lost" in verdict.value
    assert [metric.label for metric in page.metric][:2] == ["Packets lost", "Mean burst"]


def test_what_comes_too_late_for_ears_is_lost_and_is_there_a_second_later():
    delay = np.where(np.arange(100) % 10 == 0, 500.0, 5.0)
    call = Call(Trace(np.ones(100, dtype=bool), packet_ms=20, delay_ms=delay))
    assert call.recorded.lost == 10
    ears, emotion = call.outlook(round_trip_ms=100)
    assert (ears.missing, emotion.missing) == (pytest.approx(0.1), 0)
    assert Call(Gilbert(0.9, 0.5)).outlook(100) == []


def test_the_page_tells_what_would_bring_it_back():
    page = open_page("call", call_example="handover")
    (table,) = page.table
    assert list(table.value.iloc[:, 0]) == ["200 ms", "1,000 ms"]


def test_two_numbers_give_a_verdict():
    page = open_page("call", call_from="numbers", call_loss="3", call_burst="80")
    assert page.metric[0].value == "3 %"
    assert page.metric[1].value == "80 ms"
    assert "No need to worry" in page.success[0].value
    page.number_input(key="call_loss").set_value(60.0).run()
    assert not page.success


def test_pasted_text_is_read_and_nonsense_is_one_sentence():
    page = open_page("call", call_from="paste")
    assert "No call yet" in page.info[0].value
    packets = {"packetsLost": 30, "packetsReceived": 970, "concealmentEvents": 10}
    samples = {"concealedSamples": 30 * 960, "totalSamplesReceived": 1_000 * 960}
    report = [{"type": "inbound-rtp", "kind": "audio", "ssrc": 1, **packets, **samples}]
    page.text_area(key="call_text").set_value(json.dumps(report)).run()
    assert page.metric[0].value == "3 %"
    page.text_area(key="call_text").set_value("what?").run()
    assert len(page.error) == 1
    assert "the pasted text" in page.error[0].value
    assert not page.exception


def test_an_impossible_pair_of_numbers_is_one_sentence():
    page = open_page("call", call_from="numbers", call_loss="99", call_burst="20")
    assert len(page.error) == 1 or page.metric
    assert not page.exception


def test_a_call_that_no_model_fits_is_judged_by_itself():
    (text,) = [each.path for each in EXAMPLES if each.path.suffix == ".txt"]
    call = Call(read_call(text))
    assert not call.fit.chosen.fits
    assert call.verdict.channel == Recorded.of(call.recorded)


def test_where_it_breaks_readme_and_your_call_tell_one_tolerance():
    said = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\S+) \| frames that arrive \| \w+ 0\.\d\d \| (.*) \|$", said, re.MULTILINE)
    assert len(rows) == 8
    breaks = strips_of(open_page("breaks"))
    call = open_page("call", call_from="numbers", call_loss="60", call_burst="1000", call_packet="200")
    for training, shares in rows:
        row = f"{training.capitalize()}: {shares.replace('% |', '').replace('%', '')} "
        assert row in breaks
        assert row in strips_of(call)
    (metric,) = (each for each in call.metric if each.label == "Channels that bear it")
    assert metric.value == "98 %"  # of augmentation and valence, at 60 %
    tables = "".join(each.proto.body for each in call.get("html"))
    assert set(re.findall(r"class=here>(\d+)%", tables)) == {"60"}
