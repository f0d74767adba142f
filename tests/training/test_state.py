"""A run that goes on from its checkpoint, and checkpoints that are refused."""

import os

import pytest
import torch

from sercore.corpus.corpus import open_corpus
from sercore.network.weights import WeightsError
from sercore.training.loop import train
from sercore.training.plan import TrainingPlan
from sercore.training.settings import MULTI_CONDITION
from sercore.training.state import describe_run, epochs_done, new_state, save_run, start_or_resume

CPU = torch.device("cpu")


def test_a_resumed_run_equals_one_never_stopped(tiny_tree, tmp_path):
    corpus = open_corpus(tiny_tree)
    plan = TrainingPlan(setting=MULTI_CONDITION, epochs=4, segment_seconds=4, devel_every=2)
    description = describe_run(plan, corpus.sha256)
    whole = train(corpus, plan, new_state(plan, CPU))

    class StoppedError(Exception):
        pass

    def stop_after_two(state):
        save_run(tmp_path, state, description)
        if state.epoch == 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        train(corpus, plan, start_or_resume(tmp_path, plan, description, CPU), after_epoch=stop_after_two)
    resumed = start_or_resume(tmp_path, plan, description, CPU)
    assert resumed.epoch == 2
    train(corpus, plan, resumed)
    for weights in ("averaged", "best"):
        for name, value in getattr(whole, weights).items():
            assert torch.equal(value, getattr(resumed, weights)[name]), (weights, name)
    for name, value in whole.model.state_dict().items():
        assert torch.equal(value, resumed.model.state_dict()[name]), name


def test_a_checkpoint_of_another_plan_or_with_damage_is_refused(tiny_tree, tmp_path):
    plan = TrainingPlan(epochs=1, segment_seconds=10)
    description = describe_run(plan, "abc")
    save_run(tmp_path, new_state(plan, CPU), description)
    other = TrainingPlan(epochs=1, seed=1, segment_seconds=10)
    with pytest.raises(WeightsError, match="belongs to another training: seed differ"):
        start_or_resume(tmp_path, other, describe_run(other, "abc"), CPU)
    (tmp_path / "checkpoint.safetensors").write_bytes(b"\xff" * 40)
    with pytest.raises(WeightsError, match="is damaged"):
        start_or_resume(tmp_path, plan, description, CPU)


@pytest.mark.parametrize("left", [0, 40, -1], ids=["nothing", "the beginning", "all but a byte"])
def test_a_checkpoint_that_a_disk_lost_gives_way_to_the_one_before(tmp_path, left):
    plan = TrainingPlan(epochs=4, segment_seconds=10)
    description = describe_run(plan, "abc")
    state = new_state(plan, CPU)
    for epoch in (1, 2):
        state.epoch = epoch
        state.history.append({"epoch": epoch, "objective": 0.5, "redrawn": 0, "seconds": 1.0})
        save_run(tmp_path, state, description)
    newest = tmp_path / "checkpoint.safetensors"
    newest.write_bytes(newest.read_bytes()[:left])
    assert epochs_done(tmp_path) == 1
    resumed = start_or_resume(tmp_path, plan, description, CPU)
    assert resumed.epoch == 1
    assert epochs_done(tmp_path) == 1
    save_run(tmp_path, resumed, description)
    newest.write_bytes(b"")  # what is left is that of before, not the damaged one
    assert start_or_resume(tmp_path, plan, description, CPU).epoch == 1


def test_a_pipe_in_the_place_of_a_checkpoint_is_refused_and_not_waited_for(tmp_path):
    plan = TrainingPlan(epochs=4, segment_seconds=10)
    os.mkfifo(tmp_path / "checkpoint.safetensors")
    assert epochs_done(tmp_path) == 0
    with pytest.raises(WeightsError, match="is no ordinary file"):
        start_or_resume(tmp_path, plan, describe_run(plan, "abc"), CPU)
