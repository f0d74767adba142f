"""What all scripts take from a command line, whatever shell hands it over."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.scripts.in_process import run_script


@pytest.fixture
def networks(weights, tmp_path):
    """Two networks under two names."""
    for name in ("one", "other"):
        for suffix in (".safetensors", ".json"):
            (tmp_path / f"{name}{suffix}").write_bytes(weights.with_suffix(suffix).read_bytes())
    return tmp_path


def test_wildcards_that_no_shell_expands_name_what_matches(networks, tiny_tree):
    words = ["--corpus", tiny_tree, "--partitions", "test"]
    both = run_script(
        "evaluate", "--models", networks / "one.safetensors", networks / "other.safetensors", *words
    )
    assert run_script("evaluate", "--models", networks / "o*.safetensors", *words).stdout == both.stdout
    assert f"{networks / 'other.safetensors'} holds the same network as {networks}" in both.stdout
    assert both.stdout.count("mismatched") == 2  # a row for each dimension, once
    assert run_script("evaluate", "--models", f"{networks}/o[nt]*.safetensors", *words).stdout == both.stdout
    answer = run_script("evaluate", "--models", networks / "x*.safetensors", *words, expect=2)
    assert "x*.safetensors matches no file" in answer.stderr


def test_backslashes_part_folders_in_wildcards_too(networks, tiny_tree, monkeypatch):
    words = ["--corpus", tiny_tree, "--partitions", "test"]
    assert run_script("evaluate", "--models", f"{networks}\\on*.safetensors", *words).stdout


def test_a_file_whose_name_looks_like_a_wildcard_is_itself(networks, tiny_tree):
    for suffix in (".safetensors", ".json"):
        (networks / f"one{suffix}").rename(networks / f"[o]ther{suffix}")
    words = ["--models", networks / "[o]ther.safetensors", "--corpus", tiny_tree, "--partitions", "test"]
    assert len(run_script("evaluate", *words).stdout.splitlines()) == 3


def test_corpora_and_reports_take_wildcards(tiny_tree, tmp_path):
    words = ["--settings", "mismatched", "--seeds", "1", "--out", tmp_path, "--list"]
    (tmp_path / "tree1").symlink_to(tiny_tree)
    by_pattern = run_script("sweep", "--corpora", tmp_path / "tree?", *words)
    assert by_pattern == run_script("sweep", "--corpora", tiny_tree, *words)
    (tmp_path / "a.json").write_text("{")
    assert "a.json" in run_script("bench", "--median", tmp_path / "*.json", expect=2).stderr
    assert "matches no file" in run_script("bench", "--median", tmp_path / "x*", expect=2).stderr


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("evaluate", ["--models", "a", "--p-n", "0,9"]),
        ("train", ["--setting", "mismatched", "--segment-seconds", "2,5"]),
        ("reproduce", ["--delay", "0,4"]),
        ("make_corpus", ["--minutes", "0,5"]),
        ("sweep", ["--gpus", "0,5"]),
        ("bench", ["--track-seconds", "20,5"]),
    ],
)
def test_a_decimal_comma_is_called_one(script, words):
    comma = words[-1]
    answer = run_script(script, *words, expect=2)
    told = f"must be a number with a decimal point, got {comma!r} (write {comma.replace(',', '.')})"
    assert told in answer.stderr


@pytest.mark.parametrize("number", ["1_0", "١", "1.5"])
def test_whole_numbers_are_digits(number):
    answer = run_script("evaluate", "--models", "a", "--grid", number, expect=2)
    assert "must be a whole number of at least 2" in answer.stderr


def test_networks_and_clips_are_found_whose_umlauts_are_spelled_otherwise(networks, tmp_path):
    (tmp_path / "wo\u0308rter").mkdir()
    samples = np.random.default_rng(0).normal(0, 0.1, (2, 16_000))
    for name, sound in zip("ab", samples, strict=True):
        soundfile.write(tmp_path / "wo\u0308rter" / f"{name}.wav", sound, 16_000)
    (tmp_path / "wo\u0308rter" / "labels.csv").write_text("file,arousal,valence\na.wav,high,\nb.wav,low,\n")
    for suffix in (".safetensors", ".json"):
        (networks / f"one{suffix}").rename(networks / f"u\u0308ber{suffix}")
    words = ["--models", networks / "\u00fcber.safetensors", "--clips", tmp_path / "w\u00f6rter"]
    assert "1 to 1 clips" in run_script("score_clips", *words).stdout


def test_a_corpus_is_found_whose_umlauts_are_spelled_otherwise(tiny_tree, tmp_path):
    (tmp_path / "Gespra\u0308che").symlink_to(tiny_tree)
    assert "no problems" in run_script("check_corpus", Path(tmp_path, "Gespr\u00e4che")).stdout
