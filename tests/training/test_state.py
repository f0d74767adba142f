"""A run that goes on from its checkpoint, and checkpoints that are refused."""

import json
import os

import pytest
import torch
from safetensors.torch import save as tensors_to_bytes

from sercore.corpus.corpus import open_corpus
from sercore.network.tensor_file import read_tensors
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


def test_a_history_that_a_kill_left_an_epoch_behind_is_written_again(tmp_path):
    plan = TrainingPlan(epochs=1, segment_seconds=10)
    description, state = describe_run(plan, "abc"), new_state(plan, CPU)
    state.epoch, state.history = 1, [{"epoch": 1, "objective": 0.5, "redrawn": 0, "seconds": 1.0}]
    save_run(tmp_path, state, description)
    whole = (tmp_path / "history.jsonl").read_text()
    (tmp_path / "history.jsonl").unlink()  # killed between checkpoint and history of the last epoch
    start_or_resume(tmp_path, plan, description, CPU)
    assert (tmp_path / "history.jsonl").read_text() == whole


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


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"epoch": -1}, r"epoch must lie in \[0, "),
        ({"epoch": 1.5}, "epoch must be a whole number, got 1.5"),
        ({"epoch": "2026-11-26"}, "epoch must be a whole number, got '2026-11-26'"),
        ({"epoch": 1}, "its history must have the epochs 1 to 1"),
        ({"best_epoch": 3}, "of 2 epochs number 3 cannot be the best"),
        ({"best_score": float("nan")}, "it holds NaN"),
        ({"history": [{"epoch": 1}, {"epoch": 2}]}, r"history\[0\] lacks objective"),
        ({"history": [5, 6]}, r"history\[0\] must be a table"),
        ({"steps": None}, "steps must be a whole number, got None"),
    ],
)
def test_a_checkpoint_whose_notes_cannot_be_is_refused(changed, sentence, tmp_path):
    plan = TrainingPlan(epochs=4, segment_seconds=10)
    description = describe_run(plan, "abc")
    state = new_state(plan, CPU)
    state.epoch, state.steps = 2, 8
    row = {"objective": 0.5, "redrawn": 0, "seconds": 1.0}
    state.history = [{"epoch": epoch, **row} for epoch in (1, 2)]
    save_run(tmp_path, state, description)
    path = tmp_path / "checkpoint.safetensors"
    content = path.read_bytes()
    tensors, notes = read_tensors(content)
    progress = json.loads(notes["progress"]) | changed
    path.write_bytes(tensors_to_bytes(tensors, notes | {"progress": json.dumps(progress)}))
    with pytest.raises(WeightsError, match=f"is damaged .*{sentence}.* delete it to start again"):
        start_or_resume(tmp_path, plan, description, CPU)
    assert epochs_done(tmp_path) == 0


def test_a_checkpoint_of_other_tensors_is_refused(tmp_path):
    plan = TrainingPlan(epochs=4, segment_seconds=10)
    description = describe_run(plan, "abc")
    save_run(tmp_path, new_state(plan, CPU), description)
    path = tmp_path / "checkpoint.safetensors"
    tensors, notes = read_tensors(path.read_bytes())
    for changed, sentence in (
        ({"more.dense.bias": torch.zeros(2)}, "'more.dense.bias' is no part of it"),
        ({"model.dense.bias": torch.zeros(3)}, r"dense\.bias has the shape \(3,\) instead of \(2,\)"),
        ({"averaged.dense.bias": torch.full((2,), torch.nan)}, r"NaN or infinity in dense\.bias"),
        ({"optimizer.0.square_avg": torch.zeros(1)}, "is missing"),
    ):
        path.write_bytes(tensors_to_bytes({**tensors, **changed}, notes))
        with pytest.raises(WeightsError, match=f"is damaged .*{sentence}"):
            start_or_resume(tmp_path, plan, description, CPU)
