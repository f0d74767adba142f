"""Tracks and corpora as values, and corpora opened by name."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import sercore
from sercore.corpus import corpus as corpus_module
from sercore.corpus.alignment import fit_audio
from sercore.corpus.corpus import Corpus, CorpusError, Track, open_corpus
from sercore.units import SAMPLES_PER_FRAME
from tests.corpus.recola_trees import write_audio, write_avec, write_public


def track(name: str = "a", partition: str = "test", frames: int = 3, **changes) -> Track:
    rng = np.random.default_rng(sum(map(ord, name)))
    values = {
        "name": name,
        "audio": rng.uniform(-1, 1, frames * SAMPLES_PER_FRAME),
        "gold": rng.uniform(-1, 1, (frames, 2)),
        "speaker": "somebody",
        "language": "French",
        "partition": partition,
    }
    return Track(**{**values, **changes})


# Tracks.


def test_a_track_knows_its_lengths_and_rates():
    one = track(frames=7)
    assert (one.n_frames, one.seconds, one.audio_rate, one.label_rate) == (7, 1.4, 16_000, 5)
    assert one.audio.dtype == one.gold.dtype == np.float32
    assert len(one.audio) == one.seconds * one.audio_rate


def test_a_track_cannot_be_changed_and_leaves_the_callers_arrays_alone():
    audio, gold = np.zeros(6400, np.float32), np.zeros((2, 2), np.float32)
    one = track(audio=audio, gold=gold)
    with pytest.raises(ValueError, match="read-only"):
        one.audio[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        one.gold[0] = 1
    with pytest.raises(AttributeError):
        one.name = "b"  # type: ignore[misc]
    audio[0] = 1  # still the caller's


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "a track needs a name"),
        ({"partition": "dev"}, "partition must be one of train, devel, test, got 'dev'"),
        ({"audio": np.zeros(9601)}, r"3 frames need 9,600 samples \(3,200 each\), got 9,601"),
        ({"audio": np.zeros(0)}, r"audio must have the shape \(samples,\) and not be empty, got \(0,\)"),
        ({"audio": np.zeros((9600, 1))}, r"audio must have the shape \(samples,\)"),
        ({"audio": np.full(9600, np.nan)}, "audio must be finite, 9,600 values are not"),
        (
            {"gold": np.zeros((3, 3))},
            r"gold must have the shape \(frames, 2\) and not be empty, got \(3, 3\)",
        ),
        ({"gold": np.zeros(3)}, r"gold must have the shape \(frames, 2\)"),
        ({"gold": np.zeros((0, 2))}, r"gold must have the shape \(frames, 2\)"),
        ({"gold": np.full((3, 2), np.inf)}, "gold must be finite, 6 values are not"),
        ({"ratings": {"FM1": np.zeros((4, 2))}}, "ratings of FM1 must have 3 frames .* got 4"),
        ({"ratings": {"FM1": np.full((3, 2), np.nan)}}, "ratings of FM1 must be finite"),
    ],
)
def test_a_track_that_does_not_fit_together_is_refused_with_the_numbers(changes, message):
    with pytest.raises(ValueError, match=message):
        track(**changes)


# Corpora.


def test_a_corpus_is_iterated_counted_and_parted():
    corpus = Corpus("c", (track("a", "train"), track("b", "devel"), track("c", "test"), track("d", "train")))
    assert len(corpus) == 4
    assert [one.name for one in corpus] == ["a", "b", "c", "d"]
    assert [one.name for one in corpus.partition("train")] == ["a", "d"]
    assert Corpus("c", ()).partition("test") == ()


@pytest.mark.parametrize("name", ["dev", "validation", ""])
def test_partitions_have_three_names(name):
    with pytest.raises(ValueError, match=f"must be one of train, devel, test, got '{name}'"):
        Corpus("c", ()).partition(name)
    with pytest.raises(ValueError, match="must be one of train, devel, test"):
        open_corpus("demo", [name])


def test_two_tracks_of_one_name_are_refused():
    with pytest.raises(ValueError, match="must be unique, got twice: a"):
        Corpus("c", (track("a"), track("b"), track("a")))


def test_the_hash_is_that_of_the_content_in_any_order():
    one, other = track("a", "train"), track("b")
    corpus = Corpus("c", (one, other))
    assert len(corpus.sha256) == 64
    assert corpus.sha256 == Corpus("another name", (other, one), ("a note",)).sha256
    twin = Track("a", one.audio.copy(), one.gold.copy(), "a twin", "Italian", "train")
    assert corpus.sha256 == Corpus("c", (twin, other)).sha256


@pytest.mark.parametrize("changed", ["name", "partition", "audio", "gold"])
def test_the_hash_changes_with_whatever_networks_learn_from(changed):
    audio, gold = track("a").audio.copy(), track("a").gold.copy()
    audio[5] += 1e-3
    gold[2, 1] += 1e-3
    change = {"name": "b", "partition": "train", "audio": audio, "gold": gold}[changed]
    values = {"audio": track("a").audio, "gold": track("a").gold, changed: change}
    assert Corpus("c", (track("a"),)).sha256 != Corpus("c", (track(**values),)).sha256


def test_the_hash_does_not_depend_on_how_the_audio_is_stored(tmp_path):
    import soundfile

    expected = open_corpus(write_avec(tmp_path / "wav")).sha256
    write_avec(tmp_path / "flac")
    for wav in (tmp_path / "flac" / "recordings_audio").iterdir():
        soundfile.write(wav.with_suffix(".flac"), *soundfile.read(wav, dtype="int16"))
        wav.unlink()
    assert open_corpus(tmp_path / "flac").sha256 == expected


# Audio and labels are brought to one length.


@pytest.mark.parametrize("samples", [6400, 6401, 9600])
def test_audio_up_to_a_frame_too_long_is_cut(samples):
    audio = np.arange(samples, dtype=np.float32)
    np.testing.assert_array_equal(fit_audio(audio, 2), audio[:6400])


@pytest.mark.parametrize("samples", [3200, 6399])
def test_audio_up_to_a_frame_too_short_is_filled_with_zeros(samples):
    fitted = fit_audio(np.ones(samples, np.float32), 2)
    assert fitted.tolist() == [1.0] * samples + [0.0] * (6400 - samples)
    assert fitted.dtype == np.float32


@pytest.mark.parametrize(("samples", "which"), [(3199, "is the audio"), (9601, "are the labels")])
def test_more_than_a_frame_of_difference_is_refused(samples, which):
    with pytest.raises(ValueError, match=rf"lasts \d\.\d\d s, its labels 0\.40 s: {which} truncated\?"):
        fit_audio(np.ones(samples, np.float32), 2)


def test_what_follows_recolas_five_rated_minutes_is_cut():
    assert len(fit_audio(np.zeros(310 * 16_000, np.float32), 1500)) == 300 * 16_000


def test_audio_that_goes_on_after_five_minutes_is_noted(tmp_path):
    write_avec(tmp_path, ("train_1", "train_2"), 300, raters="")
    write_audio(tmp_path / "recordings_audio" / "train_2.wav", 301)
    corpus = open_corpus(tmp_path)
    assert {one.seconds for one in corpus} == {300.0}
    assert corpus.notes == ("train_2: the audio goes on after the last label and is cut there",)


# Opening by name or folder.


def test_open_corpus_is_public():
    assert sercore.open_corpus is open_corpus
    assert sercore.Track is Track
    assert sercore.Corpus is Corpus


def test_folders_may_be_text_or_paths(tmp_path):
    write_avec(tmp_path)
    assert open_corpus(str(tmp_path)).sha256 == open_corpus(tmp_path).sha256


@pytest.mark.parametrize("partitions", ["test", ("test",), ["test"]])
def test_one_partition_can_be_opened_alone(tmp_path, partitions):
    write_avec(tmp_path)
    assert [one.name for one in open_corpus(tmp_path, partitions)] == ["test_1"]


def test_a_folder_that_does_not_exist_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(CorpusError, match=r"^the corpus gone: the folder .*gone does not exist$"):
        open_corpus(tmp_path / "gone")


def test_a_file_in_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "corpus.zip").touch()
    with pytest.raises(CorpusError, match=r"corpus\.zip is a file; a folder is needed"):
        open_corpus(tmp_path / "corpus.zip")


@pytest.mark.parametrize("half_made", [True, False])
def test_the_default_corpus_must_be_made_first_and_the_error_says_how(tmp_path, monkeypatch, half_made):
    monkeypatch.setattr(corpus_module, "DEFAULT", tmp_path / "default")
    if half_made:
        write_avec(tmp_path / "default")
    state = "it is not finished" if half_made else "it is not there"
    with pytest.raises(CorpusError, match=f"{state}.*; run: python scripts/make_corpus.py"):
        open_corpus("default")


def test_a_corpus_that_is_still_being_made_is_not_opened(tmp_path):
    write_avec(tmp_path)
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "plan.txt").write_text("0123456789abcdef")
    with pytest.raises(CorpusError, match=r"is not finished: run scripts/make_corpus\.py again"):
        open_corpus(tmp_path)
    write_manifest(tmp_path, [])
    assert len(open_corpus(tmp_path))


def test_a_folder_named_like_a_known_corpus_is_reached_as_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_avec(Path("demo"))
    assert len(open_corpus(Path("demo"))) == 3


# What the manifest of a made corpus adds.


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
