"""Training: the objective, the masks, and a run that is killed and goes on."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from sercore.corpus.corpus import Corpus, open_corpus
from sercore.training.loop import pass_lines, train
from sercore.training.plan import TrainingPlan
from sercore.training.report import report_training
from sercore.training.settings import MULTI_CONDITION
from sercore.training.state import new_state

CPU = torch.device("cpu")


def test_training_learns_that_loud_is_aroused(tiny_tree):
    plan = TrainingPlan(epochs=12, segment_seconds=10, devel_every=12)
    state = train(open_corpus(tiny_tree), plan, new_state(plan, CPU))
    assert state.history[-1]["objective"] < state.history[0]["objective"] - 0.05
    assert state.history[-1].keys() >= {"devel_arousal", "devel_valence", "averaged_devel_arousal"}


@pytest.mark.parametrize("partition", ["train", "devel"])
def test_nothing_is_learned_from_a_partition_without_sound(tiny_tree, partition):
    corpus = open_corpus(tiny_tree)
    muted = [replace(t, audio=0 * t.audio) if t.partition == partition else t for t in corpus]
    with pytest.raises(ValueError, match=f"holds no sound in {partition}: its . tracks are silent"):
        train(Corpus("muted", tuple(muted)), TrainingPlan(epochs=1, segment_seconds=10))


def test_loss_in_training_keeps_the_share_that_the_channel_lets_through(tiny_tree):
    plan = TrainingPlan(setting=MULTI_CONDITION, epochs=3, segment_seconds=4, batch_size=2, devel_every=3)
    state = train(open_corpus(tiny_tree), plan, new_state(plan, CPU))
    assert all(0.1 < row["received"] < 1 for row in state.history)


def test_half_of_the_segments_pass_a_line_of_their_own():
    audio = np.random.default_rng(0).normal(0, 0.1, (400, 3_200)).astype(np.float32)
    heard, again = audio.copy(), audio.copy()
    pass_lines(heard, np.random.default_rng(1))
    changed = (heard != audio).any(axis=1)
    assert changed.mean() == pytest.approx(0.5, abs=0.07)
    pass_lines(again, np.random.default_rng(1))
    assert np.array_equal(heard, again)
    assert np.isfinite(heard).all()


def test_lines_leave_all_other_chance_as_it_is(tiny_tree):
    """The same network without lines meets the same order and the same losses."""
    corpus = open_corpus(tiny_tree)
    plan = TrainingPlan(setting=MULTI_CONDITION, epochs=2, segment_seconds=4, devel_every=2)
    without, lined = train(corpus, plan), train(corpus, replace(plan, lines=True))
    for name in ("received", "redrawn"):
        assert [row[name] for row in without.history] == [row[name] for row in lined.history]
    assert without.history[0]["objective"] != lined.history[0]["objective"]
    assert "lines" not in plan.decisive()
    assert replace(plan, lines=True).decisive()["lines"] is True


@pytest.mark.parametrize(("lines", "kept"), [(False, "last"), (True, "averaged")])
def test_devel_chooses_the_weights_unless_the_training_passed_lines(lines, kept, tiny_tree, monkeypatch):
    """Here devel always likes the last epoch best."""
    scored = {name: {"devel_clean": {"arousal": score}} for name, score in (("last", 0.9), ("averaged", 0.1))}
    monkeypatch.setattr("sercore.training.report.score_candidates", lambda *_: scored)
    corpus, plan = open_corpus(tiny_tree), TrainingPlan(epochs=1, segment_seconds=10, lines=lines)
    _, card = report_training(corpus, plan, train(corpus, plan), synthetic=True)
    assert card.chosen == kept
    assert card.scores == scored[kept]
