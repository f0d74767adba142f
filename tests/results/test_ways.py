"""Networks behind receivers, as ways that can be compared."""

import pytest

from sercore.channel import CLEAN, Gilbert
from sercore.receiver import RECEIVERS
from sercore.recogniser.learned import LEARNED as NAMES
from sercore.results.ways import LEARNED, as_ways, in_words, is_call, receiver_in_words, way
from tests.results.made_ways import made

CALL = Gilbert.from_rates(0.4, 10, 20)


def test_matched_is_the_network_of_the_channels_ninth_and_augmentation_one_of_the_nine():
    frames, others = Gilbert(0.5, 0.5), {("mismatched", "pitch"): 0.5, ("loss_aware", "drop"): 0.5}
    skills = {(f"matched_{a}_{b}", "drop"): 0.5 for a in ("high", "mid") for b in ("low", "mid", "high")}
    table = as_ways(made(skills | others, [frames, CALL]))
    of = table[table["setting"] == way("matched")]
    assert dict(zip(of["channel"], of["weights_sha256"], strict=True)) == {
        "gilbert:p_n=0.5,p_l=0.5": "matched_mid_mid",
        # Bursts of 10 packets are long for packets, p_l = 0.9, and not so long for the frames that they cost.
        "gilbert:p_n=0.933333333333,p_l=0.9,packet_ms=20": "matched_high_mid",
    }
    augmented = table[table["setting"] == way("augmentation")]
    assert set(augmented["weights_sha256"]) == {"matched_high_low"}
    assert set(augmented["channel"]) == set(table["channel"])
    assert {way("mismatched", "pitch"), way("loss_aware")} <= set(table["setting"])


def test_a_network_that_conceals_by_itself_is_its_training_behind_a_receiver():
    assert list(NAMES) == list(LEARNED)
    skills = {("mismatched_learned", "drop"): 0.5, ("mismatched_learned_both", "drop"): 0.6}
    table = as_ways(made(skills | {("mismatched", "drop"): 0.4}, [CALL]))
    assert set(table["training"]) == {"mismatched"}
    assert set(table["setting"]) == {way("mismatched", name) for name in ("drop", *LEARNED)}
    best = table[table["setting"] == way("mismatched", "learned_both")]
    assert set(best["weights_sha256"]) == {"mismatched_learned_both"}


@pytest.mark.parametrize("channel", [CLEAN, CALL])
def test_a_call_loses_packets_and_not_frames(channel):
    assert is_call(channel) == (channel is CALL)


def test_a_receiver_says_whether_it_can_answer_while_somebody_speaks():
    for name, both_ways in NAMES.items():
        assert receiver_in_words(name).endswith("(waits for what follows)" if both_ways else "(causal)")
    assert receiver_in_words("learned") == "learned concealment (causal)"
    for name, receiver in RECEIVERS.items():
        assert receiver_in_words(name).endswith("(causal)") == receiver.CAUSAL


def test_a_way_is_said_in_words():
    assert in_words(way("loss_aware")) == "loss-aware that cuts out"
    assert in_words(way("mismatched", "g711+pitch")) == "mismatched behind g711+pitch"
