"""scripts/train.py: where networks go, and what is left alone."""

import shutil

import pytest
import soundfile

from sercore.network.weights import read_card
from tests.scripts.in_process import run_script


def test_training_never_overwrites_another_training(weights, tiny_tree, tmp_path):
    for suffix in (".safetensors", ".json"):
        (tmp_path / f"mismatched{suffix}").write_bytes(weights.with_suffix(suffix).read_bytes())
    words = ["--setting", "mismatched", "--corpus", tiny_tree, "--out", tmp_path, "--runs", tmp_path / "runs"]
    answer = run_script("train", *words, expect=2)
    assert "mismatched.safetensors holds weights of another training" in answer.stderr
    assert (tmp_path / "mismatched.safetensors").read_bytes() == weights.read_bytes()


def test_a_network_goes_where_the_experiment_looks_for_it(tiny_tree, tmp_path):
    runs = tmp_path / "runs"
    words = ["--setting", "mismatched", "--corpus", tiny_tree, "--runs", runs, "--epochs", "1"]
    run_script("train", *words, "--segment-seconds", "4", "--device", "cpu")
    assert read_card(runs / "networks" / "mismatched-seed0.safetensors").seed == 0
    before = (runs / "networks" / "mismatched-seed0.safetensors").read_bytes()
    run_script("train", *words, "--segment-seconds", "4", "--device", "cpu")  # the same training again
    assert (runs / "networks" / "mismatched-seed0.safetensors").read_bytes() == before


def test_with_equal_frames_a_training_that_hears_half_lasts_twice_as_long(tiny_tree, tmp_path):
    words = ["--setting", "matched_mid_mid", "--corpus", tiny_tree, "--runs", tmp_path, "--epochs", "1"]
    run_script("train", *words, "--equal-frames", "--segment-seconds", "4", "--device", "cpu")
    assert read_card(tmp_path / "networks" / "matched_mid_mid-seed0.safetensors").epochs == 2


@pytest.mark.parametrize("left", [None, b""], ids=["none", "an empty one"])
def test_weights_without_a_card_are_an_unfinished_training(left, tiny_tree, tmp_path):
    words = ["--setting", "mismatched", "--corpus", tiny_tree, "--runs", tmp_path, "--epochs", "1"]
    words += ["--segment-seconds", "4", "--device", "cpu"]
    run_script("train", *words)
    weights = tmp_path / "networks" / "mismatched-seed0.safetensors"
    before, card = weights.read_bytes(), weights.with_suffix(".json")
    card.unlink()
    if left is not None:
        card.write_bytes(left)
    run_script("train", *words)
    assert weights.read_bytes() == before
    assert read_card(weights).seed == 0


def test_recordings_without_sound_are_told_and_a_partition_of_them_is_refused(tiny_tree, tmp_path):
    tree = shutil.copytree(tiny_tree, tmp_path / "muted")
    for path in (tree / "recordings_audio").glob("train_*.wav"):
        samples, rate = soundfile.read(path, dtype="int16")
        soundfile.write(path, 0 * samples, rate)
    words = ["--setting", "mismatched", "--corpus", tree, "--runs", tmp_path / "runs", "--epochs", "1"]
    answer = run_script("train", *words, "--segment-seconds", "4", expect=2)
    assert "the audio holds no sound: all of its" in answer.stdout
    assert "holds no sound in train: its" in answer.stderr
