"""A pipe or a device in the place of a file is refused at once: a program that reads it would never end."""

import os
import shutil
import signal

import pytest

from tests.scripts.in_process import run_script

NETWORK = ["--models", "weights/mismatched.safetensors"]
TRAINING = ["--corpus", "tree", "--runs", "runs", "--epochs", 1, "--segment-seconds", 4, "--device", "cpu"]
TRAIN = ["train", "--setting", "mismatched", *TRAINING]
ALL = ["--settings", "mismatched", "--seeds", 1, "--grid", 2, "--loss-seeds", 1, "--out", "trained/results"]
REPRODUCE = ["reproduce", *TRAINING, *ALL]
CHECK = ["check_corpus", "tree"]

# What is replaced, the program that would read it, and how that ends.
READERS = {
    "tree/recordings_audio/train_1.wav": (CHECK, 1),
    "tree/ratings_gold_standard/arousal/train_1.arff": (CHECK, 1),
    "tree/manifest.json": (CHECK, 1),
    "weights/mismatched.json": (["evaluate", *NETWORK, "--corpus", "tree"], 2),
    "weights/mismatched.safetensors": (["evaluate", *NETWORK, "--corpus", "tree"], 2),
    "plane.parquet": (["evaluate", *NETWORK, "--corpus", "tree", "--out", "plane.parquet"], 2),
    "clips/labels.csv": (["score_clips", *NETWORK, "--clips", "clips"], 2),
    "settings.json": (["replay", "settings.json", *NETWORK], 2),
    "bench.json": (["bench", "--table", "bench.json"], 2),
    "README.md": (["report", "--readme", "README.md"], 2),
    "trained/results/about.json": (["report", "--trained", "trained"], 2),
    "runs/mismatched-seed0/checkpoint.safetensors": (TRAIN, 2),
    "runs/networks/mismatched-seed0.json": (TRAIN, 0),  # of a card without content
    "runs/sheets/code.txt": (REPRODUCE, 2),
}


@pytest.fixture
def in_time():
    """A program that waits for a pipe ends the test."""

    def late(*_):
        raise AssertionError("the program waits")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def here(weights, tiny_tree, tmp_path, monkeypatch):
    """A folder with a corpus and a network."""
    shutil.copytree(tiny_tree, tmp_path / "tree")
    shutil.copytree(weights.parent, tmp_path / "weights")
    return tmp_path


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("kind", ["pipe", "device"])
@pytest.mark.parametrize("name", READERS)
def test_what_is_no_ordinary_file_is_not_waited_for(name, kind, here):
    (path := here / name).parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    words, expect = READERS[name]
    places = ("tree", "weights", "runs", "clips", "trained", "plane", "settings", "bench", "README")
    absolute = [here / str(word) if str(word).startswith(places) else word for word in words]
    answer = run_script(str(words[0]), *absolute[1:], expect=expect)
    assert not expect or path.stem in answer.stderr + answer.stdout
