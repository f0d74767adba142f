"""``scripts/check_corpus.py``: what it prints, and its exit codes."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sercore.corpus.check import check_corpus
from sercore.corpus.corpus import CorpusError, open_corpus
from tests.corpus.recola_trees import write_avec, write_consortium

ROOT = Path(__file__).parents[2]


def check(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "check_corpus.py"), *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_a_good_corpus_is_described_and_the_exit_code_is_0(tmp_path):
    answer = check(write_avec(tmp_path, ("train_1", "train_2", "dev_1"), 30, rate=44_100))
    assert (answer.returncode, answer.stderr) == (0, "")
    for part in (
        "layout:    AVEC\n",
        "tracks:    train 2 (1.0 min), devel 1 (0.5 min)\n",
        "audio:     44,100 Hz (3 files)\n",
        "labels:    25 Hz on disk, 5 Hz once read\n",
        "raters:    FM1 3, FM2 3, FM3 3, FF1 3, FF2 3, FF3 3\n",
        "languages: unknown 3\n",
        "speakers:  3\n",
        f"SHA-256:   {open_corpus(tmp_path).sha256}\n",
        "\nno problems\n",
    ):
        assert part in answer.stdout


def test_recordings_without_sound_are_told_by_name_and_seconds(tmp_path):
    write_avec(tmp_path, ("train_1", "train_2", "dev_1"), 20)
    assert not [note for note in check_corpus(tmp_path).notes if "silent" in note]
    sounds = tmp_path / "recordings_audio"
    voice, rate = soundfile.read(sounds / "train_1.wav", dtype="int16")
    soundfile.write(sounds / "train_1.wav", 0 * voice, rate)
    soundfile.write(sounds / "dev_1.wav", np.where(np.arange(len(voice)) < 12 * rate, 0, voice), rate)
    answer = check(tmp_path)
    assert answer.returncode == 0
    assert "note:      train_1: the audio holds no sound: all of its 20.0 s are silent\n" in answer.stdout
    assert "note:      dev_1: the audio is silent for 12.0 of its 20.0 s\n" in answer.stdout


def test_recordings_whose_channels_cancel_are_a_problem(tmp_path):
    path = write_avec(tmp_path) / "recordings_audio" / "train_1.wav"
    voice, rate = soundfile.read(path, dtype="int16")
    soundfile.write(path, np.stack([voice, -voice], axis=1), rate)
    (problem,) = check_corpus(tmp_path).problems
    assert problem.startswith("recordings_audio/train_1.wav falls silent when its 2 channels are averaged")


def test_problems_are_listed_beside_what_is_well_and_the_exit_code_is_1(tmp_path):
    write_avec(tmp_path)
    (tmp_path / "recordings_audio" / "train_1.wav").write_bytes(b"")
    (tmp_path / "ratings_gold_standard" / "arousal" / "dev_1.arff").unlink()
    answer = check(tmp_path)
    assert answer.returncode == 1
    assert "tracks:    test 1 (0.1 min)\n" in answer.stdout
    assert "problem:   recordings_audio/train_1.wav is empty (0 bytes)\n" in answer.stdout
    assert "problem:   ratings_gold_standard/arousal/dev_1.arff is missing\n" in answer.stdout
    assert answer.stdout.endswith("\n2 problems\n")


def test_json_holds_the_same_for_programs(tmp_path):
    answer = check(write_consortium(tmp_path), "--json")
    told = json.loads(answer.stdout)
    assert answer.returncode == 0
    assert told["layout"] == "consortium RECOLA"
    assert told["tracks"] == {"train": 1, "devel": 1, "test": 1}
    assert told["sample_rates"] == {"44100": 3}
    assert told["problems"] == []


@pytest.mark.parametrize("arguments", [[], ["/nowhere/at/all"], [__file__], ["a", "b"], [".", "--yaml"]])
def test_bad_arguments_give_exit_code_2_and_no_traceback(arguments):
    answer = check(*arguments)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "Traceback" not in answer.stderr
    assert "error: " in answer.stderr


def test_help_tells_what_it_does_and_its_exit_codes():
    answer = check("--help")
    assert answer.returncode == 0
    assert "python scripts/check_corpus.py corpora/default" in answer.stdout
    assert "0 if all is well, 1 if there are problems, 2 if" in answer.stdout


def test_a_folder_without_any_layout_is_a_problem_of_its_own(tmp_path):
    found = check_corpus(tmp_path)
    assert found.layout == ""
    assert len(found.problems) == 1
    assert "has no known layout" in found.as_text()


def test_a_file_that_is_no_longer_what_the_manifest_says_is_told(tmp_path):
    write_avec(tmp_path)
    files = [path for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    hashes = {
        path.relative_to(tmp_path).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
    entries = [{"name": "train_1", "speaker": "Ada", "language": "fr", "sha256": hashes}]
    (tmp_path / "manifest.json").write_text(json.dumps({"tracks": entries}))
    assert check_corpus(tmp_path).problems == ()
    changed = tmp_path / "ratings_gold_standard" / "arousal" / "dev_1.arff"
    changed.write_text(changed.read_text().replace("0.", "0.0", 1))
    (tmp_path / "ratings_individual" / "valence" / "dev_1.csv").unlink()
    told = check_corpus(tmp_path).problems
    assert (
        "ratings_gold_standard/arousal/dev_1.arff was changed: its SHA-256 is not the one in manifest.json"
        in told
    )
    assert "ratings_individual/valence/dev_1.csv is missing, though manifest.json lists it" in told


def test_an_inventory_of_nothing_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="gone is not a folder"):
        check_corpus(tmp_path / "gone")


def test_file_names_that_are_no_text_can_be_printed(tmp_path):
    write_avec(tmp_path)
    strange = os.fsencode(tmp_path) + b"/recordings_audio/dev_1\xff.wav"
    try:
        os.close(os.open(strange, os.O_CREAT))
    except OSError:
        pytest.skip("this file system takes only names that are text")
    answer = check(tmp_path)
    assert answer.returncode == 1
    assert "recordings_audio/dev_1\\udcff.wav is misnamed" in answer.stdout


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path):
    write_avec(tmp_path)
    command = f"'{sys.executable}' scripts/check_corpus.py '{tmp_path}' | true"
    answer = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT)
    assert answer.stderr == ""
