"""Training: the objective, the masks, and a run that is killed and goes on."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from sercore.checkpoints import WeightsError
from sercore.concordance import ccc
from sercore.corpus import open_corpus
from sercore.segments import cut_segments
from sercore.settings import MATCHED, MISMATCHED, MULTI_CONDITION, Setting
from sercore.training import (
    MIN_FRAMES,
    TrainingPlan,
    choose_device,
    draw_received,
    new_state,
    one_minus_ccc,
    train,
)
from sercore.training_report import report_training
from sercore.training_runs import describe_run, save_run, start_or_resume

ROOT = Path(__file__).parent.parent
CPU = torch.device("cpu")


def test_the_objective_is_1_minus_the_mean_ccc_over_examples_and_dimensions():
    rng = np.random.default_rng(0)
    gold, predicted = rng.normal(size=(2, 3, 50, 2))
    expected = 1 - np.mean([ccc(gold[i, :, d], predicted[i, :, d]) for i in range(3) for d in range(2)])
    assert one_minus_ccc(torch.tensor(gold), torch.tensor(predicted)).item() == pytest.approx(
        expected, abs=1e-6
    )


def test_the_objectives_gradient_is_finite_where_both_are_constant():
    predicted = torch.zeros(1, 5, 2, requires_grad=True)
    one_minus_ccc(torch.zeros(1, 5, 2), predicted).backward()
    assert torch.isfinite(predicted.grad).all()


def test_a_mask_that_keeps_too_little_is_drawn_again_and_counted():
    rng = np.random.default_rng(0)
    draws = [draw_received(MATCHED["low", "high"], 100, rng) for _ in range(300)]
    assert min(received.sum() for received, _ in draws) >= MIN_FRAMES
    assert sum(redraws for _, redraws in draws) > 0
    assert draw_received(MISMATCHED, 100, rng)[0].all()


def test_a_setting_that_loses_everything_is_refused():
    with pytest.raises(ValueError, match="no draw of the setting void keeps 5 of 100 frames"):
        draw_received(Setting("void", (0.0, 0.0), (1.0, 1.0)), 100, np.random.default_rng(0))


def test_segments_cover_each_track_once_and_batches_cover_each_segment_once(tiny_tree):
    tracks = open_corpus(tiny_tree).partition("train")
    segments = cut_segments(tracks, seconds=4)
    assert len(segments) == 10
    assert np.array_equal(np.concatenate(segments.audio), np.concatenate([t.audio for t in tracks]))
    assert np.array_equal(np.concatenate(segments.gold), np.concatenate([t.gold for t in tracks]))
    seen = np.concatenate([gold[:, 0] for _, gold in segments.batches(np.random.default_rng(0), 3)])
    first = np.array([gold[0] for gold in segments.gold])
    assert np.array_equal(np.sort(seen, axis=0), np.sort(first, axis=0))


def test_tracks_shorter_than_a_segment_are_refused_with_the_lengths(tiny_tree):
    with pytest.raises(ValueError, match=r"no training track holds a segment of 30 s: .* longest lasts 20 s"):
        cut_segments(open_corpus(tiny_tree).partition("train"), seconds=30)


def test_training_learns_that_loud_is_aroused(tiny_tree):
    plan = TrainingPlan(epochs=12, segment_seconds=10, devel_every=12)
    state = train(open_corpus(tiny_tree), plan, new_state(plan, CPU))
    assert state.history[-1]["objective"] < state.history[0]["objective"] - 0.05
    assert state.history[-1].keys() >= {"devel_arousal", "devel_valence", "averaged_devel_arousal"}


def test_loss_in_training_keeps_the_share_that_the_channel_lets_through(tiny_tree):
    plan = TrainingPlan(setting=MULTI_CONDITION, epochs=3, segment_seconds=4, batch_size=2, devel_every=3)
    state = train(open_corpus(tiny_tree), plan, new_state(plan, CPU))
    assert all(0.1 < row["received"] < 1 for row in state.history)


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


def test_lines_change_what_is_heard_and_nothing_else(tiny_tree):
    corpus = open_corpus(tiny_tree)
    plans = [
        TrainingPlan(setting=MULTI_CONDITION, epochs=2, segment_seconds=4, devel_every=2, lines=lines)
        for lines in (False, True, True)
    ]
    without, first, again = (train(corpus, plan, new_state(plan, CPU)) for plan in plans)
    # The same segments in the same order, and the same losses.
    assert [row["received"] for row in first.history] == [row["received"] for row in without.history]
    assert not torch.equal(first.averaged["dense.weight"], without.averaged["dense.weight"])
    assert all(torch.equal(first.averaged[name], again.averaged[name]) for name in first.averaged)


def test_a_run_without_lines_is_described_as_before_there_were_any():
    assert "lines" not in describe_run(TrainingPlan(), "abc")
    assert describe_run(TrainingPlan(lines=True), "abc")["lines"] is True


def test_the_card_tells_whether_there_were_lines(tiny_tree):
    corpus = open_corpus(tiny_tree)
    for lines, words in ((False, "none, as in the paper"), (True, "a random one per segment")):
        plan = TrainingPlan(epochs=1, segment_seconds=10, devel_every=1, lines=lines)
        state = train(corpus, plan, new_state(plan, CPU))
        assert report_training(corpus, plan, state, synthetic=True)[1]["lines"].startswith(words)


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


def test_a_killed_training_ends_bit_identical(tiny_tree, tmp_path):
    def command(name):
        words = {
            "--setting": "augmentation", "--corpus": tiny_tree, "--epochs": 8, "--segment-seconds": 4,
            "--devel-every": 3, "--threads": 1, "--device": "cpu",
            "--out": tmp_path / name / "trained", "--runs": tmp_path / name / "runs",
        }  # fmt: skip
        flat = [str(word) for pair in words.items() for word in pair]
        return [sys.executable, str(ROOT / "scripts" / "train.py"), *flat]

    subprocess.run(command("whole"), check=True, capture_output=True, cwd=ROOT)
    history = tmp_path / "killed" / "runs" / "matched_high_low-seed0" / "history.jsonl"
    process = subprocess.Popen(
        command("killed"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT
    )
    deadline = time.monotonic() + 120
    while not (history.exists() and len(history.read_text().splitlines()) >= 2):
        assert process.poll() is None, "the training ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert len(history.read_text().splitlines()) < 8
    resumed = subprocess.run(command("killed"), check=True, capture_output=True, text=True, cwd=ROOT)
    assert "Going on after epoch" in resumed.stdout
    whole, killed = (
        tmp_path / name / "trained" / "matched_high_low.safetensors" for name in ("whole", "killed")
    )
    assert whole.read_bytes() == killed.read_bytes()
    cards = [json.loads(path.with_suffix(".json").read_text()) for path in (whole, killed)]
    assert cards[0]["candidates"] == cards[1]["candidates"]
    assert set(cards[0]["candidates"]) == {"last", "best", "averaged"}


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        ({"epochs": 0}, "epochs must be at least 1, got 0"),
        ({"learning_rate": 0}, "learning_rate must be above 0"),
        ({"averaging_decay": 1.0}, r"averaging_decay must lie in \[0, 1\)"),
        ({"seed": -1}, "seed must be at least 0"),
        ({"segment_seconds": float("nan")}, r"segment_seconds must be 0\.2 s to an hour, got nan"),
        ({"segment_seconds": float("inf")}, "got inf"),
        ({"segment_seconds": 0.0}, "got 0 s"),
    ],
)
def test_impossible_plans_are_refused(plan, sentence):
    with pytest.raises(ValueError, match=sentence):
        TrainingPlan(**plan)


def test_an_unknown_device_is_refused():
    with pytest.raises(ValueError, match="device must be auto, cpu or cuda, got 'tpu'"):
        choose_device("tpu")


def test_float32_means_float32_on_a_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", True)
    assert choose_device("cpu").type == "cpu"
    assert torch.backends.cudnn.allow_tf32
    assert choose_device("auto").type == "cuda"
    assert not torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32
