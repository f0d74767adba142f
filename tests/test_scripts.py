"""The scripts, run as a user runs them."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from sercore.checkpoints import read_card, save_model
from sercore.lines import NAMED
from sercore.model import EmotionModel
from sercore.results import read_results

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted(
    path for path in (ROOT / "scripts").glob("*.py") if "__main__" in path.read_text(encoding="utf-8")
)


def script(name, *words, expect=0):
    answer = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / f"{name}.py"), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=240,
    )
    assert answer.returncode == expect, answer.stderr
    return answer


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights") / "mismatched.safetensors"
    save_model(path, EmotionModel().eval(), {"setting": {"name": "mismatched", "p_n": None, "p_l": None}})
    return path


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_help_explains_itself_quickly(path):
    assert "usage:" in script(path.stem, "--help").stdout


@pytest.mark.parametrize(
    ("name", "words", "sentence"),
    [
        ("train", ["--setting", "clean"], "error: there is no setting 'clean'"),
        ("train", ["--setting", "mismatched", "--corpus", "no/such/folder"], "no/such/folder"),
        (
            "train",
            ["--setting", "mismatched", "--corpus", "demo", "--epochs", "0"],
            "error: epochs must be at least 1",
        ),
        (
            "train",
            ["--setting", "mismatched", "--corpus", "demo", "--segment-seconds", "nan"],
            "error: segment_seconds must be 0.2 s to an hour, got nan s",
        ),
        (
            "train",
            ["--setting", "mismatched", "--corpus", "demo", "--out", "README.md"],
            "error: --out README.md cannot be written to: it is a file",
        ),
        ("train", ["--setting", "mismatched", "--threads", "-1"], "--threads: must be a whole number of at"),
        ("sweep", ["--loss-seeds", "0"], "--loss-seeds: must be a whole number of at least 1, got '0'"),
        ("reproduce", ["--grid", "1"], "--grid: must be a whole number of at least 2, got '1'"),
        ("evaluate", ["--models", "x", "--labels", "labels.csv"], "name their folder (--clips)"),
        ("evaluate", ["--models", "x", "--csv"], "name that (--out)"),
        (
            "evaluate",
            ["--models", "trained/mismatched.safetensors", "--out", "plane.xlsx"],
            "error: --out must end in .parquet or .csv, got plane.xlsx",
        ),
        (
            "evaluate",
            ["--models", "trained/mismatched.safetensors", "--clips", "tests", "--out", "labels.csv"],
            "error: --out must end in .json, got labels.csv",
        ),
        ("evaluate", ["--models", "none.safetensors"], "error: there are no weights at none.safetensors"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(name, words, sentence):
    answer = script(name, *words, expect=2)
    assert sentence in answer.stderr
    assert "Traceback" not in answer.stderr


def test_training_never_overwrites_another_training(weights, tiny_tree, tmp_path):
    for suffix in (".safetensors", ".json"):
        (tmp_path / f"mismatched{suffix}").write_bytes(weights.with_suffix(suffix).read_bytes())
    words = ["--setting", "mismatched", "--corpus", tiny_tree, "--out", tmp_path, "--runs", tmp_path / "runs"]
    answer = script("train", *words, expect=2)
    assert "mismatched.safetensors holds weights of another training" in answer.stderr
    assert (tmp_path / "mismatched.safetensors").read_bytes() == weights.read_bytes()


def test_a_network_goes_where_the_experiment_looks_for_it(tiny_tree, tmp_path):
    runs = tmp_path / "runs"
    words = ["--setting", "mismatched", "--corpus", tiny_tree, "--runs", runs, "--epochs", "1"]
    script("train", *words, "--segment-seconds", "4", "--device", "cpu")
    assert read_card(runs / "networks" / "mismatched-seed0.safetensors")["seed"] == 0
    before = (runs / "networks" / "mismatched-seed0.safetensors").read_bytes()
    script("train", *words, "--segment-seconds", "4", "--device", "cpu")  # the same training again
    assert (runs / "networks" / "mismatched-seed0.safetensors").read_bytes() == before


def test_a_table_of_somebody_else_is_not_overwritten(weights, tiny_tree, tmp_path):
    (tmp_path / "plane.csv").write_text("mine,yours\n1,2\n")
    words = ["--models", weights, "--corpus", tiny_tree, "--out", tmp_path / "plane.parquet", "--csv"]
    assert "plane.csv lack the columns" in script("evaluate", *words, expect=2).stderr
    assert (tmp_path / "plane.csv").read_text() == "mine,yours\n1,2\n"


def test_probabilities_outside_the_unit_interval_are_refused(weights, tiny_tree):
    answer = script(
        "evaluate", "--models", weights, "--corpus", tiny_tree, "--p-n", "1.5", "--p-l", "0.5", expect=2
    )
    assert "error: p_n must lie in [0, 1], got 1.5" in answer.stderr
    answer = script("evaluate", "--models", weights, "--corpus", tiny_tree, "--p-n", "0.5", expect=2)
    assert "give both" in answer.stderr


def test_only_partitions_with_tracks_are_scored(weights):
    answer = script("evaluate", "--models", weights, "--corpus", "demo")
    assert "test" in answer.stdout
    assert "devel" not in answer.stdout
    answer = script("evaluate", "--models", weights, "--corpus", "demo", "--partitions", "devel", expect=2)
    assert "has no labelled track in devel; score others (--partitions): test" in answer.stderr


def test_a_plane_is_evaluated_once_and_a_second_run_adds_nothing(weights, tiny_tree, tmp_path):
    out = tmp_path / "plane.parquet"
    words = ["--models", weights, "--corpus", tiny_tree, "--grid", "2", "--out", out, "--csv"]
    script("evaluate", *words)
    table = read_results(out)
    assert len(table) == 2 * 2 * 4  # partitions, dimensions, channels (clean is one of the corners)
    assert set(table.status) == {"defined", "not defined"}
    first = out.read_bytes()
    script("evaluate", *words)
    assert read_results(out).equals(table)
    assert out.read_bytes() == first
    assert read_results(out.with_suffix(".csv")).equals(table)


def test_an_interrupted_plane_goes_on_with_what_is_missing(weights, tiny_tree, tmp_path):
    whole, part = tmp_path / "whole.parquet", tmp_path / "part.parquet"
    words = ["--models", weights, "--corpus", tiny_tree, "--partitions", "test"]
    script("evaluate", *words, "--grid", "3", "--out", whole)
    script("evaluate", *words, "--grid", "2", "--out", part)
    script("evaluate", *words, "--grid", "3", "--out", part)
    assert read_results(part).equals(read_results(whole))


def test_clips_are_scored(weights, tmp_path):
    rng = np.random.default_rng(0)
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "arousal", "valence"])
        for i in range(4):
            soundfile.write(tmp_path / f"{i}.wav", rng.normal(0, 0.1, 16_000), 16_000)
            writer.writerow([f"{i}.wav", ["high", "low"][i % 2], ""])
    out = tmp_path / "clips.json"
    answer = script("evaluate", "--models", weights, "--clips", tmp_path, "--out", out)
    assert "arousal: high against low" in answer.stdout
    (rows,) = json.loads(out.read_text()).values()
    assert 0 <= rows[0]["auc"] <= 1
    script("evaluate", "--models", weights, "--clips", tmp_path, "--rising-loss", "--seed", "5", "--out", out)
    (through,) = json.loads(out.read_text()).values()
    assert [row["auc"] for row in through[: len(rows)]] == [row["auc"] for row in rows]
    rates = list(dict.fromkeys(round(row["loss_rate"], 2) for row in through))
    assert rates[:5] == [0.0, 0.09, 0.27, 0.5, 0.75]  # of the last channel, perhaps nothing arrives
    assert {row["seed"] for row in through[len(rows) :]} == {5}
    lines = script("evaluate", "--models", weights, "--clips", tmp_path, "--lines", "--out", out)
    assert "telephone: 4 clips" in lines.stdout
    assert "mean valence" in lines.stdout
    (through,) = json.loads(out.read_text()).values()
    assert [row["auc"] for row in through[: len(rows)]] == [row["auc"] for row in rows]
    assert list(dict.fromkeys(row["line"] for row in through)) == ["", *NAMED]
    shifts = [row for row in through if "moved_sd" in row]
    assert len(shifts) == 2 * len(NAMED)
    assert all(row["ci_low"] <= row["moved_sd"] <= row["ci_high"] for row in shifts)


def test_lines_without_clips_are_refused_in_one_sentence(weights):
    assert "--lines are for clips" in script("evaluate", "--models", weights, "--lines", expect=2).stderr
