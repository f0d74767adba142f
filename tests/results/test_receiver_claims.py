"""What made-up tables say to the claims on receivers."""

import numpy as np
import pytest

from sercore.experiment.receivers import calls, frames
from sercore.results.claims import (
    AT_LEAST,
    FAILS,
    HOLDS,
    OPEN,
    UNTRAINED,
    Finding,
    judge,
    verdict_of,
)
from sercore.results.means import mean_scores
from sercore.results.receiver_claims import (
    CALLS,
    FRAMES,
    RECEIVER_CLAIMS,
    SCORE,
    among,
    chosen_receiver,
    examine_receiver_claims,
)
from tests.results.made_ways import made_ways

CHANNELS = [*calls((0.05, 0.4)), *[each for each in frames() if each.loss_rate < 0.2], *frames()[:1]]
GOOD = {
    ("mismatched", "pitch"): 0.7,
    ("mismatched_learned", "drop"): 0.8,
    ("mismatched", "drop"): 0.6,
    ("multi_condition", "drop"): 0.72,
    ("loss_aware", "drop"): 0.75,
    **{(f"matched_{a}_{b}", "drop"): 0.75 for a in ("high", "mid", "low") for b in ("high", "mid", "low")},
}


def verdicts(skills, chosen="pitch"):
    findings = examine_receiver_claims(made_ways(skills, CHANNELS), chosen)
    assert all(Finding.from_json(each.to_json()).verdict == each.verdict for each in findings)
    return {claim.number: verdict_of(claim, findings, SCORE) for claim in RECEIVER_CLAIMS}


def test_results_as_hoped_for_make_the_claims_hold():
    assert verdicts(GOOD) == {8: HOLDS, 9: HOLDS, 10: HOLDS, 11: UNTRAINED}


def test_results_the_other_way_round_make_them_fail():
    bad = GOOD | {
        ("multi_condition", "drop"): 0.9,
        ("mismatched_learned", "drop"): 0.5,
        ("loss_aware", "drop"): 0.4,
    }
    assert verdicts(bad) == {8: FAILS, 9: FAILS, 10: FAILS, 11: UNTRAINED}


def test_results_between_tell_nothing():
    even = GOOD | {("mismatched_learned", "drop"): 0.7}
    assert verdicts(even)[9] == OPEN


def test_what_is_not_there_is_not_trained_yet():
    some = {name: GOOD[name] for name in (("mismatched", "pitch"), ("multi_condition", "drop"))}
    assert verdicts(some) == {8: HOLDS, 9: UNTRAINED, 10: UNTRAINED, 11: UNTRAINED}
    assert verdicts(some, chosen=None)[8] == UNTRAINED


def test_each_comparison_is_over_its_own_channels():
    """Concealment that is hopeless over 20 % changes nothing of what is claimed under it."""
    hopeless = lambda channel: 0.7 if channel.loss_rate < 0.2 else 0.01  # noqa: E731
    assert verdicts(GOOD | {("mismatched", "pitch"): hopeless})[8] == HOLDS
    scores = mean_scores(made_ways(GOOD, CHANNELS), SCORE)
    for band, packet_ms in ((CALLS, 20), (FRAMES, 200)):
        keys = scores.cells["channel"][among(scores, band)]
        assert {("packet_ms=20" in key) for key in keys} == {packet_ms == 20}


def test_the_receiver_is_the_best_behind_the_clean_network():
    ways = made_ways(
        GOOD | {("mismatched", "silence"): 0.71, ("multi_condition", "noise"): 0.99}, calls((0.05,))
    )
    assert chosen_receiver(ways, ["pitch", "silence", "noise"]) == "silence"
    assert chosen_receiver(ways[:0], ["pitch"]) is None


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(-0.04, 0.9, HOLDS), (-0.06, 0.9, OPEN), (-0.9, -0.06, FAILS), (-0.04, -0.01, HOLDS)],
)
def test_at_least_on_a_par_minds_the_lower_end_alone(low, high, verdict):
    assert judge(AT_LEAST, low, high, [np.mean([low, high])]) == verdict
