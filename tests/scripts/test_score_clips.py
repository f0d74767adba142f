"""scripts/score_clips.py, by itself and by the option of scripts/evaluate.py."""

import csv
import json

import numpy as np
import soundfile

from tests.scripts.in_process import run_script


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
