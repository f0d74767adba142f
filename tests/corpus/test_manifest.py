"""The manifest of a corpus."""

import json
from pathlib import Path

import pytest

from sercore.corpus.check import check_corpus
from sercore.corpus.corpus import CorpusError, open_corpus
from sercore.corpus.manifest import Manifest, changed_files
from sercore.corpus.partition import is_synthetic
from tests.corpus.recola_trees import write_avec, write_public


def write_manifest(root: Path, tracks: object) -> None:
    (root / "manifest.json").write_text(json.dumps({"tracks": tracks}))


ENTRIES = [
    {"name": "train_1", "speaker": "Ada", "language": "fr"},
    {"name": "dev_1", "speaker": "Bea", "language": "it"},
    {"name": "test_1", "speaker": "Carl"},
]


@pytest.mark.parametrize("tracks", [ENTRIES, {entry["name"]: entry for entry in ENTRIES}])
def test_the_manifest_tells_speakers_and_languages(tmp_path, tracks):
    write_manifest(write_avec(tmp_path), tracks)
    assert [(one.speaker, one.language) for one in open_corpus(tmp_path)] == [
        ("Ada", "fr"),
        ("Bea", "it"),
        ("Carl", "unknown"),
    ]


def test_without_a_manifest_each_track_is_its_own_speaker(tmp_path):
    assert [(one.speaker, one.language) for one in open_corpus(write_public(tmp_path))] == [
        ("P16", "unknown"),
        ("P19", "unknown"),
        ("P48", "unknown"),
    ]


def test_a_track_of_which_only_the_manifest_is_left_is_missing(tmp_path):
    write_manifest(write_avec(tmp_path), [*ENTRIES, {"name": "test_2"}])
    with pytest.raises(CorpusError, match=r"test_2 is missing, though manifest\.json lists it"):
        open_corpus(tmp_path)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"tracks": 3}', '{"tracks": [3]}', '{"tracks": [{}]}', '{"tracks": {"a": 1}}', "\xff"],
)
def test_a_damaged_manifest_is_one_problem_among_the_others(tmp_path, text):
    write_avec(tmp_path)
    (tmp_path / "manifest.json").write_text(text, encoding="latin-1")
    (tmp_path / "recordings_audio" / "dev_1.wav").write_bytes(b"")
    with pytest.raises(CorpusError) as caught:
        open_corpus(tmp_path)
    first, second = caught.value.problems
    assert first.startswith("manifest.json is not a list of tracks in JSON")
    assert second == "recordings_audio/dev_1.wav is empty (0 bytes)"


@pytest.mark.parametrize("tracks", [{"name": "an app", "icons": [], "start_url": "/"}, {}])
def test_the_manifest_of_another_program_is_called_so(tmp_path, tracks):
    (write_avec(tmp_path) / "manifest.json").write_text(json.dumps(tracks))
    with pytest.raises(CorpusError, match=r"another program's: it holds .*; rename or remove it"):
        open_corpus(tmp_path)


@pytest.mark.parametrize("tracks", [[{"id": 1}], {"a": "b"}, [1]])
def test_a_list_of_other_tracks_is_taken_for_another_programs(tmp_path, tracks):
    write_manifest(write_avec(tmp_path), tracks)
    with pytest.raises(CorpusError, match="if another program wrote it, rename it"):
        open_corpus(tmp_path)


def test_a_manifest_written_on_windows_is_held_against_the_files(tmp_path):
    entry = {"name": "train_1", "sha256": {"recordings_audio\\train_1.wav": "0"}}
    write_manifest(write_avec(tmp_path), [entry])
    (problem,) = check_corpus(tmp_path).problems
    assert problem.startswith("recordings_audio\\train_1.wav was changed")


def test_a_corpus_with_a_manifest_is_synthetic_only_if_sercore_made_it(tmp_path):
    write_manifest(write_avec(tmp_path), ENTRIES)
    assert not is_synthetic(tmp_path)
    assert is_synthetic("demo")


def test_a_listed_name_that_no_file_can_have_is_a_file_that_is_missing(tmp_path):
    assert changed_files(tmp_path, Manifest(sha256={"x" * 5_000: "0" * 64})) == [
        f"{'x' * 5_000} is missing, though manifest.json lists it"
    ]
