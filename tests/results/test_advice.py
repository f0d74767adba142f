"""Advice follows the results: chosen on devel, judged on test, and silent where it cannot tell."""

import numpy as np
import pytest

from sercore.experiment.receivers import calls
from sercore.results.advice import ADVICE, NO, RATES_OF_ADVICE, YES, advice_for, advise, read_advice
from sercore.results.claims import OPEN
from sercore.results.table import ResultsError, write_results
from sercore.results.ways import LEARNED
from tests.results.made_ways import made_ways

RECEIVERS = ["drop", "pitch", "silence", *LEARNED]
SKILLS = {
    ("mismatched", "drop"): 0.5,
    ("mismatched", "silence"): 0.4,
    ("mismatched", "pitch"): 0.7,
    ("multi_condition", "drop"): 0.6,
    ("matched_high_low", "drop"): 0.55,
}


def advised(devel, test):
    channels = calls(RATES_OF_ADVICE)
    return advise(made_ways(devel, channels, partition="devel"), made_ways(test, channels), RECEIVERS)


@pytest.fixture(scope="module")
def plain():
    return advised(SKILLS, SKILLS)


def test_what_is_better_by_far_is_advised_with_its_lead(plain):
    table = plain
    assert list(table.columns) == list(ADVICE)
    assert len(table) == len(RATES_OF_ADVICE) * 2
    assert set(table["receiver"]) == {"pitch"}
    assert set(table["rival"]) == {"multi_condition"}
    assert set(table["helps"]) == set(table["beats_training"]) == {YES}
    assert table["over_drop"].to_numpy() == pytest.approx(0.2, abs=0.03)
    assert table["over_rival"].to_numpy() == pytest.approx(0.1, abs=0.03)
    assert (table["over_drop_low"] < table["over_drop"]).all()


@pytest.mark.parametrize("best", list(LEARNED))
def test_what_was_learned_is_advised_where_devel_has_it_best(best):
    """A concealer in the network counts as a receiver, though its network is one that cuts out."""
    skills = SKILLS | {(f"mismatched_{name}", "drop"): 0.65 for name in LEARNED}
    table = advised(skills | {(f"mismatched_{best}", "drop"): 0.8}, skills)
    assert set(table["receiver"]) == {best}
    assert table["ccc"].to_numpy() == pytest.approx(0.65, abs=0.03)  # of test, where pitch is better
    assert set(table["helps"]) == {YES}
    assert (table["over_drop_low"] < table["over_drop"]).all()
    unseen = advised(skills | {(f"mismatched_{best}", "drop"): 0.8}, SKILLS)
    assert set(unseen["receiver"]) == {"pitch"}  # what test does not know cannot be judged


def test_devel_chooses_even_where_test_would_choose_otherwise():
    table = advised(SKILLS, SKILLS | {("mismatched", "pitch"): 0.45, ("matched_high_low", "drop"): 0.9})
    assert set(table["receiver"]) == {"pitch"}
    assert set(table["rival"]) == {"multi_condition"}
    assert set(table["helps"]) == set(table["beats_training"]) == {NO}


def test_ways_that_are_alike_cannot_be_told_apart():
    even = dict.fromkeys(SKILLS, 0.6)
    table = advised(SKILLS, even)
    assert set(table["helps"]) == set(table["beats_training"]) == {OPEN}


def test_where_dropping_is_chosen_nothing_helps():
    best = SKILLS | {("mismatched", "drop"): 0.8}
    table = advised(best, best)
    assert set(table["receiver"]) == {"drop"}
    assert set(table["helps"]) == {NO}
    assert (table["over_drop"] == 0).all()


def test_a_loss_without_scores_has_no_advice():
    some = made_ways(SKILLS, calls((0.05,)))
    assert set(advise(some, some, RECEIVERS)["packet_loss_rate"]) == {0.05}
    assert not len(advise(some[:0], some, RECEIVERS))


def test_it_is_read_back_as_it_was_written_and_nonsense_is_refused(tmp_path, plain):
    table = plain
    write_results(tmp_path / "advice.csv", table)
    assert read_advice(tmp_path / "advice.csv").equals(table)
    write_results(tmp_path / "advice.csv", table.assign(helps="perhaps"))
    with pytest.raises(ResultsError, match="helps must be one of yes, no, cannot tell"):
        read_advice(tmp_path / "advice.csv")
    write_results(tmp_path / "advice.csv", table[1:])
    with pytest.raises(ResultsError, match=r"a loss of 0.01 needs arousal and valence, once each"):
        read_advice(tmp_path / "advice.csv")


@pytest.mark.parametrize(("rate", "nearest"), [(0.001, 0.01), (0.035, 0.03), (0.14, 0.1), (1, 0.2)])
def test_a_call_takes_the_advice_of_the_loss_nearest_by_ratio(plain, rate, nearest):
    rows = advice_for(plain, rate)
    assert np.unique(rows["packet_loss_rate"]).tolist() == [nearest]
    assert len(rows) == 2


def test_nothing_is_advised_where_nothing_is_lost(plain):
    assert not len(advice_for(plain, 0.0))
