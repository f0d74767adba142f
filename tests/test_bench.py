"""What the bench compares must be the same network, and what it prints what it measured."""

import importlib.util
import json
from pathlib import Path

import pytest
import torch

PATH = Path(__file__).parent.parent / "scripts" / "bench.py"


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("bench", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_plain_and_ours_predict_the_same(bench):
    models, audio = bench.networks(), bench.noise(2, 1)
    with torch.no_grad():
        predicted = {name: model.eval()(audio) for name, model in models.items()}
    assert predicted["ours"].abs().max() > 0
    torch.testing.assert_close(predicted["ours"], predicted["plain"])


def test_one_training_step_moves_the_weights_of_both(bench):
    for model in bench.networks().values():
        before = {name: value.clone() for name, value in model.named_parameters()}
        bench.training_step(model, bench.noise(2, 1))()
        assert all(not torch.equal(value, before[name]) for name, value in model.named_parameters())


def test_rivals_take_turns_after_warming_up(bench):
    calls = []
    bench.take_turns({name: lambda name=name: calls.append(name) for name in "ab"}, repeats=2)
    assert calls == ["a", "b"] * 3


def test_the_table_holds_what_was_measured(bench):
    speed = {"plain_seconds": 8.0, "ours_seconds": 0.5, "plain_times_real_time": 40}
    speed |= {"ours_times_real_time": 640, "ratio": 16.0}
    report = {
        "machine": {"processor": "P", "cores": 2, "threads": 2},
        "versions": {"torch": "2.13.0"},
        "results": {"step": {"cpu": speed}, "growth": {"log_log_slope": 1.01}},
    }
    printed = bench.table(json.loads(json.dumps(report)))
    assert (
        "| training step, 16 x 20 s (cpu) | 8 s (40 x real time) | 0.5 s (640 x real time) | 16.0 |"
        in printed
    )
    assert "| 1.01 |" in printed
    assert "P, 2 cores, 2 threads, PyTorch 2.13.0." in printed
