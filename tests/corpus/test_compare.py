"""What is there twice, who is in two partitions, and what never moves: told where a corpus is opened."""

import json
import shutil

import numpy as np
import pytest
import soundfile

from sercore.corpus.check import check_corpus
from sercore.corpus.compare import groups_alike, unmoving
from sercore.corpus.corpus import CorpusError, open_corpus
from tests.corpus.made_tracks import track
from tests.corpus.noise_tree import hold_still
from tests.corpus.recola_trees import (
    ARFF,
    ratings_csv,
    write_avec,
    write_consortium,
    write_public,
    write_text,
)


def problems(root) -> tuple[str, ...]:
    """Those of the check, which must be those that opening the corpus gives."""
    with pytest.raises(CorpusError) as caught:
        open_corpus(root)
    assert check_corpus(root).problems == caught.value.problems
    return caught.value.problems


# Twice.


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_one_sound_in_two_partitions_is_refused(tmp_path, suffix):
    audio = write_avec(tmp_path) / "recordings_audio"
    (audio / "dev_1.wav").unlink()
    soundfile.write(
        (audio / "dev_1").with_suffix(suffix), *soundfile.read(audio / "train_1.wav", dtype="int16")
    )
    assert problems(tmp_path) == (
        "train_1, dev_1 hold the same sound, in train and devel: "
        "no score on it would mean anything; keep one",
    )


def test_one_sound_twice_in_one_partition_is_refused(tmp_path):
    audio = write_consortium(tmp_path, ("P15", "P16", "P14")) / "Audio_recordings_WAV"
    shutil.copy(audio / "P15.wav", audio / "P16.wav")
    assert problems(tmp_path) == ("P15, P16 hold the same sound; keep one",)


@pytest.mark.parametrize("write", [write_avec, write_consortium])
def test_labels_of_one_dimension_copied_to_the_other_are_refused(tmp_path, write):
    root = write(tmp_path)
    gold = next(root.glob("*gold*" if write is write_avec else "Ratings*"))
    name = min((gold / "arousal").iterdir()).name
    shutil.copy(gold / "arousal" / name, gold / "valence" / name)
    (problem,) = problems(root)
    stem = name.split(".")[0]
    assert problem == (
        f"the gold standards of {stem} arousal, {stem} valence are the same: one was copied to the other"
    )


def test_ratings_of_one_dimension_copied_to_the_other_are_refused_where_they_make_the_gold_standard(tmp_path):
    ratings = write_public(tmp_path) / "RECOLA-Annotation" / "emotional_behaviour"
    shutil.copy(ratings / "valence" / "P19.csv", ratings / "arousal" / "P19.csv")
    (problem,) = problems(tmp_path)
    assert "P19 arousal, P19 valence are the same" in problem


def test_ratings_that_are_copied_beside_a_gold_standard_are_noted(tmp_path):
    ratings = write_avec(tmp_path) / "ratings_individual"
    write_text(ratings / "valence" / "dev_1.csv", ratings_csv("dev_1", "arousal", 4))
    (note,) = open_corpus(tmp_path).notes
    assert note.startswith("ratings that are the same: dev_1 FM1 arousal and FM1 valence, dev_1 FM2")


def test_labels_of_one_recording_copied_to_another_are_refused(tmp_path):
    gold = write_avec(tmp_path, raters="") / "ratings_gold_standard"
    text = (gold / "arousal" / "train_1.arff").read_text()
    write_text(gold / "arousal" / "test_1.arff", text.replace("train_1", "test_1"))
    (problem,) = problems(tmp_path)
    assert "train_1 arousal, test_1 arousal are the same" in problem


def test_courses_of_few_values_may_be_alike_by_chance(tmp_path):
    gold = write_avec(tmp_path, raters="") / "ratings_gold_standard"
    for name in ("train_1", "dev_1"):
        rows = "".join(f"{name},{step / 25:g},{step // 50 / 10}\n" for step in range(101))
        write_text(gold / "arousal" / f"{name}.arff", ARFF + rows)
    assert len(open_corpus(tmp_path)) == 3


def test_arrays_are_compared_whole():
    rng = np.random.default_rng(0)
    one = rng.normal(size=5_000)
    almost = one.copy()
    almost[1] += 1e-12  # not among the sampled values
    named = [("one", one), ("almost", almost), ("same", one.copy()), ("other", rng.normal(size=5_000))]
    assert groups_alike(named) == [["one", "same"]]


# Speakers.


def test_a_speaker_of_two_partitions_is_noted_however_spelled(tmp_path):
    speakers = {"train_1": "Jörg", "dev_1": "Jo\u0308rg ", "test_1": "Ada"}
    entries = {name: {"speaker": speaker} for name, speaker in speakers.items()}
    (write_avec(tmp_path) / "manifest.json").write_text(json.dumps({"tracks": entries}))
    (note,) = open_corpus(tmp_path).notes
    assert note == (
        "one speaker is in several partitions: Jörg in train and devel (train_1, dev_1); scores there are "
        "not of new voices"
    )
    assert note in check_corpus(tmp_path).notes


@pytest.mark.parametrize("nobody", ["unknown", "?"])
def test_nobody_is_not_a_speaker_of_two_partitions(tmp_path, nobody):
    entries = {name: {"speaker": nobody} for name in ("train_1", "dev_1", "test_1")}
    (write_avec(tmp_path) / "manifest.json").write_text(json.dumps({"tracks": entries}))
    assert open_corpus(tmp_path).notes == ()


# Gold standards that never move.


def test_a_track_whose_gold_standard_never_moves_is_noted(tmp_path):
    hold_still(write_avec(tmp_path, ("train_1", "train_2"), raters=""), "train_2", dimensions=("valence",))
    assert open_corpus(tmp_path).notes == ("train_2 valence: the gold standard never moves",)


def test_a_partition_whose_gold_standard_never_moves_is_noted_once(tmp_path):
    hold_still(write_avec(tmp_path, ("train_1", "test_1", "test_2"), raters=""), "test_1", "test_2")
    (note,) = check_corpus(tmp_path).notes
    assert note == (
        "test: the gold standard of arousal and valence never moves in any of its 2 tracks (are labels "
        "withheld?): nothing can be learned or scored there"
    )


def test_raters_who_never_moved_make_a_gold_standard_that_is_told_so(tmp_path):
    ratings = write_public(tmp_path) / "RECOLA-Annotation" / "emotional_behaviour"
    write_text(
        ratings / "arousal" / "P48.csv", "time;FM1\n" + "".join(f"{n / 25:.2f};0.3\n" for n in range(101))
    )
    notes = open_corpus(tmp_path).notes
    assert "P48 arousal: FM1 never moved" in notes
    assert any(note.startswith("test: the gold standard of arousal never moves") for note in notes)


def test_tracks_of_one_level_each_move_together():
    low, high = (track(name, gold=np.full((3, 2), value)) for name, value in (("a", 0.1), ("b", 0.2)))
    assert unmoving([low]) == ["arousal", "valence"]
    assert unmoving([low, high]) == unmoving([]) == []
