"""scripts/score_clips.py, by itself and by the option of scripts/evaluate.py."""

import csv
import json

import numpy as np
import soundfile

from tests.scripts.in_process import run_script


def write_clips(folder, *rows: str):
    """Clips of noise, and their table of labels."""
    rng = np.random.default_rng(0)
    for row in rows:
        soundfile.write(folder / row.split(",")[0], rng.normal(0, 0.1, 16_000), 16_000)
    (folder / "labels.csv").write_text("file,arousal,valence\n" + "".join(f"{row}\n" for row in rows))
    return folder


def test_two_clips_have_no_interval(weights, tmp_path):
    write_clips(tmp_path, "a.wav,high,", "b.wav,low,")
    out = tmp_path / "clips.json"
    answer = run_script("score_clips", "--models", weights, "--clips", tmp_path, "--out", out)
    assert "no interval, 1 to 1 clips" in answer.stdout
    ((row,),) = json.loads(out.read_text()).values()
    assert row["auc"] in (0, 0.5, 1)
    assert row["ci_low"] is row["ci_high"] is None


def test_labels_that_name_no_two_kinds_are_refused_before_anything_is_computed(weights, tmp_path):
    write_clips(tmp_path, "a.wav,high,", "b.wav,high,")
    answer = run_script("score_clips", "--models", weights, "--clips", tmp_path, expect=2)
    assert "the labels of the 2 clips name no two kinds to tell apart: high and low arousal" in answer.stderr


def test_a_score_of_clips_that_did_not_arrive_is_not_defined(weights, tmp_path):
    write_clips(tmp_path, "a.wav,high,", "b.wav,low,")
    words = ["--models", weights, "--clips", tmp_path, "--p-n", "0", "--p-l", "1"]
    assert "not defined: no two kinds of clips arrived" in run_script("score_clips", *words).stdout


def test_clips_of_one_sound_are_noted(weights, tmp_path):
    write_clips(tmp_path, "a.wav,high,", "b.wav,low,")
    (tmp_path / "b.wav").write_bytes((tmp_path / "a.wav").read_bytes())
    answer = run_script("score_clips", "--models", weights, "--clips", tmp_path)
    assert "note: a.wav, b.wav hold the same sound, with different labels" in answer.stdout


def test_clips_are_scored(weights, tmp_path):
    rng = np.random.default_rng(0)
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "arousal", "valence"])
        for i in range(4):
            soundfile.write(tmp_path / f"{i}.wav", rng.normal(0, 0.1, 16_000), 16_000)
            writer.writerow([f"{i}.wav", ["high", "low"][i % 2], ""])
    out = tmp_path / "clips.json"
    answer = run_script("evaluate", "--models", weights, "--clips", tmp_path, "--out", out)
    assert "arousal: high against low" in answer.stdout
    (rows,) = json.loads(out.read_text()).values()
    assert 0 <= rows[0]["auc"] <= 1
    itself = tmp_path / "itself.json"
    assert run_script("score_clips", "--models", weights, "--clips", tmp_path, "--out", itself) == answer
    assert itself.read_bytes() == out.read_bytes()
    run_script(
        "evaluate", "--models", weights, "--clips", tmp_path, "--rising-loss", "--seed", "5", "--out", out
    )
    (through,) = json.loads(out.read_text()).values()
    assert [row["auc"] for row in through[: len(rows)]] == [row["auc"] for row in rows]
    rates = list(dict.fromkeys(round(row["loss_rate"], 2) for row in through))
    assert rates[:5] == [0.0, 0.09, 0.27, 0.5, 0.75]  # of the last channel, perhaps nothing arrives
    assert {row["seed"] for row in through[len(rows) :]} == {5}
    run_script("score_clips", "--models", weights, "--clips", tmp_path, "--lines", "--out", out)
    (lined,) = json.loads(out.read_text()).values()
    assert [row.get("line") for row in lined] == [None, "telephone", "bright", "dull", "noisy", "room"]
    assert [row["auc"] for row in lined[:1]] == [row["auc"] for row in rows]
    assert all(abs(row["moved"]["arousal"]) > 0 for row in lined[1:])
