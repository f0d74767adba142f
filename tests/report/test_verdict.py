"""The verdict on a call says what the results say, and no more."""

import json
import shutil

import numpy as np
import pytest

from sercore.channel import CLEAN, Bernoulli, Gilbert
from sercore.channel.frames import FrameLaw, frame_law
from sercore.channel.packets import frames_received
from sercore.report.verdict import RESULTS, per_cent, verdict_on
from sercore.results.outcome import PLANE
from sercore.results.table import at, read_results


@pytest.fixture(scope="module")
def measured():
    return at(read_results(RESULTS / PLANE), partition="test")


def mean(rows, setting, dimension, p_n, p_l):
    return at(rows, setting=setting, dimension=dimension, p_n=p_n, p_l=p_l)["ccc"].mean()


@pytest.mark.parametrize("dimension", ["arousal", "valence"])
@pytest.mark.parametrize(("p_n", "p_l"), [(0.9, 0.5), (0.7, 0.8), (0.3, 0.9)])
def test_on_a_measured_channel_it_expects_what_was_measured(measured, dimension, p_n, p_l):
    verdict = verdict_on(Gilbert(p_n, p_l))
    (found,) = [
        each for each in verdict.expected if (each.setting, each.dimension) == ("mismatched", dimension)
    ]
    assert found.ccc == pytest.approx(mean(measured, "mismatched", dimension, p_n, p_l), abs=1e-6)
    assert found.low < found.ccc < found.high


@pytest.mark.parametrize(
    ("channel", "training", "words"),
    [
        (CLEAN, "mismatched", ("No need to worry: even", "Nothing is lost.")),
        (
            Gilbert(0.99, 0.75, packet_ms=20),
            "mismatched",
            ("3.8 % of the 20 ms packets", "80 ms", "1.9 % of"),
        ),
        (
            Gilbert(0.7, 0.8),
            "augmentation",
            ("It can be borne: augmentation", "training on clean speech gives"),
        ),
        (Gilbert(0.3, 0.9), "matched", ("Worry: no training gives what is needed; the best, matched",)),
        (
            Gilbert(0.0, 1.0),
            None,
            ("100 % of the frames are lost, and once lost, all is lost", "is not known"),
        ),
    ],
)
def test_it_chooses_and_says_so(channel, training, words):
    verdict = verdict_on(channel)
    assert verdict.training == training
    for word in words:
        assert word in verdict.sentence
    assert bool(verdict.limits) == (channel.packet_ms < 200)


def test_it_worries_where_the_measured_scores_do(measured):
    """Nine tenths of the clean score of mismatched training, by hand."""
    clean = {name: mean(measured, "mismatched", name, 1.0, 0.0) for name in ("arousal", "valence")}
    found = {}
    for place in ((0.95, 0.5), (0.8, 0.6), (0.5, 0.8), (0.4, 0.5), (0.2, 0.9)):
        got = {name: mean(measured, "mismatched", name, *place) for name in clean}
        found[place] = all(got[name] >= round(0.9 * clean[name], 2) for name in clean)
        assert verdict_on(Gilbert(*place)).sentence.count("No need to worry") == found[place]
    assert len(set(found.values())) == 2


def test_short_packets_lie_where_the_frames_that_they_spoil_do():
    channel = Gilbert(0.95, 0.85, packet_ms=20)
    packets = channel.sample(20_000_000, np.random.default_rng(0))
    lost = ~frames_received(packets, 20)
    begins = np.count_nonzero(np.diff(lost.astype(int)) == 1)
    place = verdict_on(channel).place
    assert place.loss_rate == pytest.approx(lost.mean(), rel=0.01)
    assert place.mean_burst_length == pytest.approx(lost.sum() / begins, rel=0.01)


def test_the_place_has_the_rates_of_its_frames():
    for law in (FrameLaw(0.2, 2.5), FrameLaw(0.97, 40.0), FrameLaw(0.001, 1.0)):
        assert Gilbert.of_frames(law).loss_rate == pytest.approx(law.loss_rate)
        assert Gilbert.of_frames(law).mean_burst_length == pytest.approx(law.mean_burst_length)
    assert Gilbert.of_frames(frame_law(CLEAN)) == CLEAN
    assert Gilbert.of_frames(FrameLaw(1.0, float("inf"))) == Gilbert(0.0, 1.0)


def test_a_loss_is_borne_by_the_share_of_channels_that_lose_about_as_much_and_are_enough(measured):
    verdict = verdict_on(Gilbert(0.7, 0.8))  # loses 60 %, and augmentation is chosen
    means = at(measured, setting="augmentation").groupby(["dimension", "p_n", "p_l"])["ccc"].mean()
    shares = []
    for dimension, needed in (("arousal", 0.68), ("valence", 0.56)):
        near = [ccc for (d, n, p), ccc in means.items() if d == dimension and is_near(Gilbert(n, p), 60)]
        shares.append(np.mean([ccc >= needed for ccc in near]))
    assert verdict.borne_by == pytest.approx(min(shares))
    assert 0.9 < verdict.borne_by < 1
    assert f"{per_cent(min(shares))} leave augmentation training with what is needed" in verdict.borne
    found = verdict.to_json()
    assert (found["borne_by"], found["borne"]) == (verdict.borne_by, verdict.borne)
    assert found["receiver"] == "drop"
    nearly_all = verdict_on(Gilbert(0.02, 0.99))  # over 95 %, where no strip reaches
    assert (nearly_all.borne_by, nearly_all.borne) == (None, "")


def is_near(channel: Gilbert, per_cent_lost: int) -> bool:
    """Up to five points less or more; channels that lose nothing are none."""
    return channel.p_n < 1 and per_cent_lost - 5 <= round(100 * channel.loss_rate, 6) < per_cent_lost + 5


def test_without_results_nothing_is_expected_and_it_says_so(tmp_path):
    verdict = verdict_on(Bernoulli(0.1), tmp_path)
    assert verdict.expected == ()
    assert "is not known: there are no results" in verdict.sentence
    shutil.copy(RESULTS / PLANE, tmp_path)
    assert verdict_on(Bernoulli(0.1), tmp_path).training == "mismatched"


def test_as_json_what_is_not_known_is_null():
    found = json.loads(json.dumps(verdict_on(Gilbert(0.0, 1.0)).to_json(), allow_nan=False))
    assert found["burst_ms"] is None
    assert {each["ccc"] for each in found["expected"]} == {None}


def test_shares_are_said_in_two_digits():
    assert [per_cent(x) for x in (0.0, 0.00004, 0.0312, 0.5, 1.0)] == [
        "0 %",
        "under 0.01 %",
        "3.1 %",
        "50 %",
        "100 %",
    ]
