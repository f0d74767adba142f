"""What the bench compares must be the same network, and what it prints what it measured."""

import json
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import benchmarks.channels
import benchmarks.floor
import benchmarks.gpu
import benchmarks.lines
import benchmarks.network
import benchmarks.plane
import pytest
import torch

import bench
from sercore.network.model import EmotionModel
from sercore.report.speed import median_report, speed_table

PATH = Path(__file__).parents[2] / "scripts" / "bench.py"


def test_plain_and_ours_predict_the_same():
    models, audio = benchmarks.network.networks(), benchmarks.network.noise(2, 1)
    with torch.no_grad():
        predicted = {name: model.eval()(audio) for name, model in models.items()}
    assert predicted["ours"].abs().max() > 0
    torch.testing.assert_close(predicted["ours"], predicted["plain"])


def test_one_training_step_moves_the_weights_of_both():
    for model in benchmarks.network.networks().values():
        before = {name: value.clone() for name, value in model.named_parameters()}
        benchmarks.network.training_step(model, benchmarks.network.noise(2, 1))()
        assert all(not torch.equal(value, before[name]) for name, value in model.named_parameters())


def test_rivals_take_turns_after_warming_up():
    calls = []
    benchmarks.network.take_turns({name: lambda name=name: calls.append(name) for name in "ab"}, repeats=2)
    assert calls == ["a", "b"] * 3


def test_a_small_plane_gives_the_scores_of_the_plain_loop(tmp_path):
    out = tmp_path / "bench.json"
    words = ["plane", "--grid", "2", "--tracks", "2", "--track-seconds", "20", "--threads", "1"]
    command = [sys.executable, str(PATH), *words, "--plain-cells", "40", "--out", str(out)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(out.read_text())["results"]["plane"]["devices"]["cpu"]
    assert found["cells"] == 3 * 4 + (
        4 - 1
    )  # three networks everywhere, the matched ones in their own corners
    assert found["plain_cells"] == found["cells"]
    assert found["plain_share_of_frames"] == 1
    assert 0 < found["largest_difference_of_ccc"] < 1e-5
    assert found["ratio"] == pytest.approx(found["plain_seconds"] / found["ours_seconds"], rel=0.2, abs=0.06)
    assert 50 < found["ours_megabytes"] < 4000
    assert "scaled up from" in answer.stdout


def test_a_file_is_filled_bit_by_bit_on_the_same_machine_only(tmp_path):
    report = {"machine": {"cores": 2}, "versions": {"torch": "2"}, "git_commit": "a", "results": {"step": 1}}
    out = tmp_path / "bench.json"
    assert bench.earlier_results(out, report) == {}
    out.write_text(json.dumps(report))
    assert bench.earlier_results(out, report) == {"step": 1}
    for name, other in (("machine", {"cores": 4}), ("versions", {}), ("git_commit", "b")):
        assert bench.earlier_results(out, report | {name: other}) == {}


def test_the_floor_counts_the_products_of_the_network():
    """Hooks on the plain modules see every layer's shapes; nothing of the formula is used."""
    model, audio, counted = EmotionModel().eval(), torch.zeros(1, 16_000 * 4), []
    for block, pool in zip(model.blocks, (1, 40, 800), strict=True):
        counted.append(2 * block.weight.numel() * audio.shape[1] // pool)
    lstm = sum(weight.numel() for name, weight in model.lstm.named_parameters() if "weight" in name)
    assert benchmarks.floor.prediction_flops(audio.shape[1]) == sum(counted) + 2 * lstm * 20
    rate = 2 * benchmarks.floor.SIDE**3
    assert benchmarks.floor.floor_seconds(3 * rate, 0.5) == 1.5


def test_the_step_and_the_prediction_are_held_against_the_floor(tmp_path, monkeypatch):
    monkeypatch.setattr(benchmarks.network, "TRACK_SECONDS", 2)
    arguments = Namespace(device="cpu", repeats=1)
    found = benchmarks.network.bench_inference(arguments)["cpu"]
    assert set(found["of_floor"]) == {"plain", "ours", "predict"}
    assert found["of_floor"]["plain"] == pytest.approx(
        found["plain_seconds"] / found["floor_seconds"], rel=0.1
    )


def test_the_bench_of_a_gpu_runs_on_a_processor_too(monkeypatch):
    for name, value in {"BATCH": 2, "SEGMENT_SECONDS": 1, "TRACK_SECONDS": 20}.items():
        monkeypatch.setattr(benchmarks.gpu, name, value)
    monkeypatch.setattr(benchmarks.gpu, "EQUALITY", ("--version",))
    monkeypatch.setattr(EmotionModel, "compile", lambda model: model)  # needs a compiler, and minutes
    found = benchmarks.gpu.bench_gpu(Namespace(device="cpu", repeats=1, train_epochs=1))["cpu"]
    assert found["equality"].startswith("pytest")
    assert found["largest_difference"] < 1e-5
    for work in ("step", "inference"):
        assert len(found[work]) == 4
        assert all(0 < seconds < 60 for seconds in found[work].values())
    assert found["training"]["steps"] == 1


def test_cells_of_silence_are_held_against_the_network(monkeypatch):
    monkeypatch.setattr(benchmarks.plane, "SILENT_CELLS", 1)
    monkeypatch.setattr(benchmarks.plane, "SILENT_TRACKS", 1)
    found = benchmarks.plane.bench_silence(Namespace(device="cpu", repeats=1))
    assert found["ratio"] == pytest.approx(found["seconds"] / found["network_seconds"], rel=0.1)


def test_a_step_with_lines_is_held_against_one_without(monkeypatch):
    monkeypatch.setattr(benchmarks.lines, "BATCH", 2)
    monkeypatch.setattr(benchmarks.lines, "SEGMENT_SECONDS", 1)
    found = benchmarks.lines.time_lines(Namespace(repeats=1))
    assert found["ratio"] == pytest.approx(found["lines_seconds"] / found["plain_seconds"], rel=0.1)


def test_every_bench_is_where_the_table_of_them_says():
    assert all(
        bench.bench(name).__name__ == f"bench_{name}" for name in (*bench.BENCHES, *bench.MORE_BENCHES)
    )


def test_slopes_are_those_of_powers():
    assert benchmarks.channels.slope({str(n): 3 * n**1.5 for n in (1, 2, 4, 8)})[
        "log_log_slope"
    ] == pytest.approx(1.5)


def test_three_runs_become_their_medians(tmp_path, monkeypatch):
    machine = {"processor": "P", "cores": 2, "threads": 2}
    files = []
    for seed, seconds in enumerate((3.0, 1.0, 2.0)):
        plane = {"plain_seconds": 90, "ours_seconds": seconds, "ours_megabytes": 9, "ratio": 90 / seconds}
        plane |= {"plain_cells": 6, "plain_seed": seed}
        results = {"plane": {"grid": 21, "tracks": 15, "seconds": 300, "devices": {"cpu": plane}}}
        if seed == 1:
            results["import"] = {"sercore_seconds": 0.25}
        report = {"machine": machine, "versions": {"torch": "2"}, "git_commit": "a", "results": results}
        files.append(tmp_path / f"{seed}.json")
        files[-1].write_text(json.dumps(report))
    out = tmp_path / "bench.json"
    monkeypatch.setattr(sys, "argv", ["bench.py", "--median", *map(str, files), "--out", str(out)])
    assert bench.main() == 0
    report = json.loads(out.read_text())
    assert report["runs"] == {"plane": 3, "import": 1}
    assert report["results"]["plane"]["devices"]["cpu"]["ours_seconds"] == 2.0
    assert report["results"]["plane"]["devices"]["cpu"]["ratio"] == 45.0
    printed = speed_table([report])
    assert "6 random cells, seed 0, 1, 2) | P | 90 s | 2 s | 45 |" in printed
    assert "each number is the median of 1 or 3 runs." in printed
    other = {"machine": {"cores": 4}, "versions": {"torch": "2"}, "git_commit": "a", "results": {}}
    with pytest.raises(ValueError, match="machine differ"):
        median_report([report, other])
