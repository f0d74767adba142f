"""The scripts: their help, their refusals, what they write and what they leave alone."""

import subprocess
import sys

import pytest

from tests.scripts.in_process import ROOT, SCRIPTS, run_script

PROGRAMS = sorted(path for path in SCRIPTS.glob("*.py") if "__main__" in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda p: p.name)
def test_help_explains_itself_quickly(path):
    command = [sys.executable, str(path), "--help"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=600)
    assert "usage:" in answer.stdout


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
    answer = run_script(name, *words, expect=2)
    assert sentence in answer.stderr
    assert "Traceback" not in answer.stderr
