"""A training that is killed ends in the same weights."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


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
