"""The experiment as a plan: the paper's by default, impossible ones refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sercore.corpus.corpus import open_corpus
from sercore.experiment.plan import Experiment, experiment_for, with_delay
from sercore.results.paper import PAPER_TABLE_2
from sercore.training.plan import TrainingPlan


def test_nothing_of_recola_goes_to_trained_by_itself():
    found = experiment_for("/somewhere/RECOLA")
    assert found.partition == "devel"
    assert found.trained == Path("runs/RECOLA/trained")
    assert found.results == Path("runs/RECOLA/trained/results")
    default = experiment_for("default")
    assert (default.trained, default.results) == (Path("trained"), Path("trained/results"))
    assert experiment_for("default", results=Path("x/results")).trained == Path("x")


def test_the_papers_experiment_is_the_default():
    experiment = Experiment()
    assert set(experiment.settings) == set(PAPER_TABLE_2)
    assert len(experiment.networks) == 33
    assert [network.seed for network in experiment.networks[:11]] == [0] * 11
    assert experiment.plan == TrainingPlan()
    cells = [
        channel
        for name in experiment.settings
        if name.startswith("matched") and name != "matched_high_low"
        for channel in experiment.channels(name)
    ]
    assert len(cells) == len(set(cells)) == 441 - 7 * 7
    assert len(experiment.channels("matched_high_low")) == len(experiment.channels("mismatched")) == 441


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"seeds": 0}, "seeds must be at least 1, got 0"),
        ({"settings": ("clean",)}, "settings must be some of .* got clean"),
        ({"settings": ()}, "got none"),
        ({"partition": "train"}, "must be devel or test, got 'train'"),
        ({"delay": 9.0}, r"must lie in \[0, 8\] s, got 9"),
        ({"grid": 1}, "at least 2 points"),
    ],
)
def test_impossible_experiments_are_refused(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        Experiment(**wrong)


def test_a_delay_moves_labels_to_earlier(tiny_tree):
    corpus = open_corpus(tiny_tree)
    moved = with_delay(corpus, 2.0)
    assert np.array_equal(moved.tracks[0].gold[:-10], corpus.tracks[0].gold[10:])
    assert (moved.tracks[0].gold[-10:] == corpus.tracks[0].gold[-1]).all()
    assert moved.sha256 != corpus.sha256
    assert with_delay(corpus, 0.0) is corpus


def test_with_equal_frames_half_of_them_lost_is_twice_the_epochs():
    experiment = Experiment(plan=TrainingPlan(epochs=40), equal_frames=True)
    epochs = {each.setting.name: experiment.plan_of(each).epochs for each in experiment.networks}
    assert epochs["mismatched"] == 40
    assert epochs["matched_mid_mid"] == pytest.approx(80, abs=1)
    assert epochs["matched_low_high"] > epochs["matched_low_mid"] > epochs["matched_low_low"]
    without = replace(experiment, equal_frames=False)
    assert {without.plan_of(each).epochs for each in experiment.networks} == {40}
