"""RECOLA's three layouts, opened; and everything that can be missing or misplaced in them."""

import shutil
import statistics

import numpy as np
import pytest
import scipy.signal

from sercore.corpus.corpus import CorpusError, open_corpus
from sercore.corpus.gold_standard import gold_standard
from sercore.corpus.layouts import LAYOUTS, PARTICIPANTS, avec_key, participant_key
from tests.corpus.recola_trees import (
    ARFF,
    RATERS,
    arff,
    course,
    rated,
    ratings_csv,
    samples,
    write_audio,
    write_avec,
    write_consortium,
    write_public,
    write_text,
)

PUBLIC = [16, 17, 19, 21, 23, 25, 26, 28, 30, 34, 37, 39, 41, 42, 43, 45, 46, 48, 56, 58, 62, 64, 65]
SECONDS = 4


def pooled(values: np.ndarray) -> list[float]:
    return [statistics.median(values[i : i + 5]) for i in range(1, len(values), 5)]


def problems(folder, partitions=None) -> tuple[str, ...]:
    with pytest.raises(CorpusError) as caught:
        open_corpus(folder, partitions)
    assert all(problem in str(caught.value) for problem in caught.value.problems)
    return caught.value.problems


# The layouts.


def test_the_papers_partition_has_16_15_and_15_participants():
    assert [len(PARTICIPANTS[p]) for p in ("train", "devel", "test")] == [16, 15, 15]
    everybody = [number for members in PARTICIPANTS.values() for number in members]
    assert len(set(everybody)) == 46
    assert set(PUBLIC) <= set(everybody)


@pytest.mark.parametrize("gold", ["ratings_gold_standard", "labels/gs_1"])
@pytest.mark.parametrize("raters", ["ratings_individual", "labels/individual"])
def test_avec_is_opened_with_the_folder_names_of_each_year(tmp_path, gold, raters):
    names = ("train_10", "train_2", "dev_1", "test_1")
    corpus = open_corpus(write_avec(tmp_path / "AVEC", names, SECONDS, gold=gold, raters=raters))
    assert [(track.name, track.partition) for track in corpus] == [
        ("train_2", "train"),
        ("train_10", "train"),
        ("dev_1", "devel"),
        ("test_1", "test"),
    ]
    for track in corpus:
        np.testing.assert_array_equal(track.audio, samples(track.name, SECONDS, 16_000) / np.float32(32768))
        for column, dimension in enumerate(("arousal", "valence")):
            expected = pooled(course(track.name, dimension, SECONDS).round(6))
            np.testing.assert_allclose(track.gold[:, column], expected, atol=1e-6)
            ratings = rated(track.name, dimension, SECONDS)
            for rater, drawn in zip(RATERS, ratings.T, strict=True):
                assert track.ratings is not None
                np.testing.assert_allclose(track.ratings[rater][:, column], pooled(drawn), atol=1e-6)
    assert corpus.name == "AVEC"
    assert corpus.notes == ()


def test_public_recola_gets_a_gold_standard_and_a_note_that_the_paper_cannot_be_rebuilt(tmp_path):
    corpus = open_corpus(write_public(tmp_path))
    assert [(t.name, t.partition, t.speaker) for t in corpus] == [
        ("P16", "train", "P16"),
        ("P19", "devel", "P19"),
        ("P48", "test", "P48"),
    ]
    for track in corpus:
        for column, dimension in enumerate(("arousal", "valence")):
            expected = pooled(gold_standard(rated(track.name, dimension, SECONDS).T))
            np.testing.assert_allclose(track.gold[:, column], expected, atol=1e-6)
    assert any(
        "23 of the 46 participants" in n and "16 train, 15 devel and 15 test" in n for n in corpus.notes
    )


def test_consortium_recola_is_opened_and_its_audio_resampled(tmp_path):
    corpus = open_corpus(write_consortium(tmp_path))
    assert [(track.name, track.partition) for track in corpus] == [
        ("P15", "train"),
        ("P14", "devel"),
        ("P13", "test"),
    ]
    low = scipy.signal.firwin(401, 6_000, fs=16_000)  # where the two resamplers must agree
    for track in corpus:
        assert (len(track.audio), track.n_frames) == (SECONDS * 16_000, SECONDS * 5)
        witness = scipy.signal.resample_poly(samples(track.name, SECONDS, 44_100) / 32768, 160, 441)
        difference = scipy.signal.lfilter(low, 1, track.audio - witness)[1000:-1000]
        assert np.abs(difference).max() < 2e-3
        np.testing.assert_allclose(
            track.gold[:, 1], pooled(course(track.name, "valence", SECONDS)), atol=1e-6
        )
        assert track.ratings is None


@pytest.mark.parametrize(
    ("stem", "key"),
    [("dev_3", ("devel", 3)), ("devel_03", ("devel", 3)), ("TRAIN_12", ("train", 12))]
    + [(stem, None) for stem in ("train1", "train_", "trian_1", "train_1b", "P16", "")],
)
def test_avecs_names_tell_partition_and_number(stem, key):
    assert avec_key(stem) == key


@pytest.mark.parametrize(("stem", "key"), [("P16", ("train", 16)), ("p13", ("test", 13)), ("P27", None)])
def test_participants_names_tell_partition_and_number(stem, key):
    assert participant_key(stem) == key
    assert participant_key("16") is participant_key("P16x") is None


def test_audio_and_labels_are_paired_by_stem_not_by_order(tmp_path):
    # Sorted as text, train_10 comes first; two sorted listings would agree on that, so one file is renamed.
    write_avec(tmp_path, ("train_9", "train_10"), SECONDS)
    gold = tmp_path / "ratings_gold_standard" / "arousal"
    (gold / "train_9.arff").rename(gold / "TRAIN_09.arff")
    by_name = {track.name: track for track in open_corpus(tmp_path)}
    for name in ("train_9", "train_10"):
        expected = pooled(course(name, "arousal", SECONDS))
        np.testing.assert_allclose(by_name[name].gold[:, 0], expected, atol=1e-6)


def test_any_audio_that_libsndfile_reads_will_do(tmp_path):
    import soundfile

    write_avec(tmp_path, ("train_1", "train_2"), SECONDS)
    for name, suffix in (("train_1", ".flac"), ("train_2", ".OGG")):
        wav = tmp_path / "recordings_audio" / f"{name}.wav"
        soundfile.write(wav.with_suffix(suffix), samples(name, SECONDS, 16_000), 16_000)
        wav.unlink()
    assert [len(track.audio) for track in open_corpus(tmp_path)] == [SECONDS * 16_000] * 2


def test_files_of_other_kinds_and_hidden_files_are_passed_over(tmp_path):
    write_avec(tmp_path)
    for name in ("README.txt", "._train_1.wav", ".DS_Store", "train_1.wav.77.tmp"):
        (tmp_path / "recordings_audio" / name).write_bytes(b"\0")
    assert len(open_corpus(tmp_path)) == 3


# Labels that may be absent.


def test_test_recordings_without_labels_are_left_out_with_a_note_as_avec_ships_them(tmp_path):
    write_avec(tmp_path)
    for kind in ("ratings_gold_standard", "ratings_individual"):
        for path in (tmp_path / kind).glob("*/test_1.*"):
            path.unlink()
    corpus = open_corpus(tmp_path)
    assert [track.name for track in corpus] == ["train_1", "dev_1"]
    assert corpus.notes == ("1 test recordings have no labels and are left out",)
    assert problems(tmp_path, "test") == ("it holds no track of the partition test that has labels",)


def test_raters_of_the_training_partition_alone_will_do_as_avec_ships_them(tmp_path):
    write_avec(tmp_path)
    for name in ("dev_1", "test_1"):
        for path in (tmp_path / "ratings_individual").glob(f"*/{name}.csv"):
            path.unlink()
    tracks = {track.name: track for track in open_corpus(tmp_path)}
    assert tracks["train_1"].ratings is not None
    assert tracks["dev_1"].ratings is None


def test_a_gold_standard_is_computed_where_only_raters_are(tmp_path):
    with_gold = open_corpus(write_avec(tmp_path / "a"))
    without = open_corpus(write_avec(tmp_path / "b", gold=""))
    assert "the gold standard of devel is computed from the individual ratings" in without.notes
    for one, other in zip(with_gold, without, strict=True):
        assert np.corrcoef(one.gold[:, 0], other.gold[:, 0])[0, 1] > 0.95  # noise of the raters apart


# Missing and misplaced files.


def test_one_label_file_missing_is_told_by_its_path(tmp_path):
    write_avec(tmp_path)
    (tmp_path / "ratings_gold_standard" / "arousal" / "dev_1.arff").unlink()
    assert problems(tmp_path) == ("ratings_gold_standard/arousal/dev_1.arff is missing",)


@pytest.mark.parametrize("other", ["dev_1.xlsx", "dev_1.arff.txt", "dev_1.csv"])
def test_a_file_with_another_ending_in_place_of_the_one_that_is_missing_is_told(tmp_path, other):
    write_avec(tmp_path, raters="")
    path = tmp_path / "ratings_gold_standard" / "arousal" / "dev_1.arff"
    path.rename(path.with_name(other))
    told = (
        f"ratings_gold_standard/arousal/dev_1.arff is missing ({other} cannot be read: export or rename it)"
    )
    assert problems(tmp_path) == (told,)


def test_a_recording_of_another_kind_in_place_of_the_one_that_is_missing_is_told(tmp_path):
    write_avec(tmp_path)
    audio = tmp_path / "recordings_audio" / "train_1.wav"
    audio.rename(audio.with_suffix(".m4a"))
    assert problems(tmp_path) == (
        "recordings_audio/ has no recording for the labels of train_1 (train_1.m4a cannot be read: export or "
        "rename it)",
    )


def test_one_file_of_ratings_missing_is_told_by_its_path(tmp_path):
    write_public(tmp_path)
    (tmp_path / "RECOLA-Annotation" / "emotional_behaviour" / "valence" / "P19.csv").unlink()
    assert problems(tmp_path) == ("RECOLA-Annotation/emotional_behaviour/valence/P19.csv is missing",)


def test_a_recording_without_any_labels_is_told_once_for_each_dimension(tmp_path):
    write_consortium(tmp_path)
    write_audio(tmp_path / "Audio_recordings_WAV" / "P20.wav", SECONDS)
    assert problems(tmp_path) == tuple(
        f"Ratings_affective_behaviour_CCC_centred/{d}/P20.csv is missing" for d in ("arousal", "valence")
    )


def test_a_missing_recording_is_told(tmp_path):
    write_avec(tmp_path)
    (tmp_path / "recordings_audio" / "train_1.wav").unlink()
    assert problems(tmp_path) == ("recordings_audio/ has no recording for the labels of train_1",)


def test_a_missing_folder_is_told(tmp_path):
    write_avec(tmp_path, raters="")
    shutil.rmtree(tmp_path / "ratings_gold_standard" / "valence")
    first, *files = problems(tmp_path)
    assert first == "the folder ratings_gold_standard/valence/ is missing"
    assert len(files) == 3


def test_names_that_belong_to_no_recording_are_told(tmp_path):
    write_consortium(tmp_path)
    write_audio(tmp_path / "Audio_recordings_WAV" / "P99.wav", SECONDS)
    write_text(tmp_path / "Ratings_affective_behaviour_CCC_centred" / "arousal" / "notes.csv", "0,0\n")
    told = problems(tmp_path)
    assert len(told) == 2
    assert told[0].startswith(
        "Audio_recordings_WAV/P99.wav is misnamed: names must be P and the number of one"
    )
    assert "arousal/notes.csv is misnamed" in told[1]


@pytest.mark.parametrize("twin", ["train_1.flac", "train_1.WAV", "Train_1.wav", "train_01.wav"])
def test_a_recording_that_is_there_twice_is_told(tmp_path, twin):
    write_avec(tmp_path)
    shutil.copy(tmp_path / "recordings_audio" / "train_1.wav", tmp_path / "recordings_audio" / twin)
    (problem,) = problems(tmp_path)
    assert problem.startswith("recordings_audio/ holds one recording twice: ")
    assert twin in problem
    assert "train_1.wav" in problem


def test_labels_that_are_there_twice_are_told(tmp_path):
    write_avec(tmp_path)
    folder = tmp_path / "ratings_gold_standard" / "arousal"
    shutil.copy(folder / "dev_1.arff", folder / "devel_1.arff")
    assert problems(tmp_path) == (
        "ratings_gold_standard/arousal/ holds one recording twice: dev_1.arff and devel_1.arff",
    )


def test_two_folders_for_the_same_are_told(tmp_path):
    write_avec(tmp_path)
    write_avec(tmp_path, gold="labels/gs_1")
    assert problems(tmp_path) == ("ratings_gold_standard/ and labels/gs_1/ hold the same labels; keep one",)


def test_labels_put_into_another_recordings_file_are_told(tmp_path):
    write_avec(tmp_path)
    write_text(
        tmp_path / "ratings_gold_standard" / "valence" / "dev_1.arff", arff("train_1", "valence", SECONDS)
    )
    assert problems(tmp_path) == ("dev_1: its valence gold standard is of train_1, as its rows say",)


def test_an_unknown_layout_is_told_with_what_was_looked_for(tmp_path):
    (problem,) = problems(tmp_path)
    assert all(folder in problem for layout in LAYOUTS for folder in layout.folders)


def test_a_corpus_one_folder_deeper_is_pointed_at(tmp_path):
    write_avec(tmp_path / "RECOLA")
    (problem,) = problems(tmp_path)
    assert "(its folder RECOLA has one)" in problem


def test_two_layouts_in_one_folder_are_refused(tmp_path):
    write_avec(tmp_path)
    write_public(tmp_path)
    (problem,) = problems(tmp_path)
    assert problem.endswith("holds several layouts (AVEC, public RECOLA); keep one")


def test_empty_folders_are_refused(tmp_path):
    (tmp_path / "recordings_audio").mkdir()
    (problem,) = problems(tmp_path)
    assert problem.endswith("holds no recordings; names must be train_N, dev_N or test_N")


# Files whose content is wrong.


def test_audio_shorter_than_its_labels_is_told_with_both_lengths(tmp_path):
    write_avec(tmp_path)
    write_audio(tmp_path / "recordings_audio" / "dev_1.wav", SECONDS - 1)
    assert problems(tmp_path) == (
        "dev_1: the audio lasts 3.00 s, its labels 4.00 s: is the audio truncated?",
    )


def test_labels_shorter_than_the_audio_are_told_with_both_lengths(tmp_path):
    write_avec(tmp_path, raters="")
    for dimension in ("arousal", "valence"):
        path = tmp_path / "ratings_gold_standard" / dimension / "dev_1.arff"
        write_text(path, arff("dev_1", dimension, SECONDS - 1))
    assert problems(tmp_path) == (
        "dev_1: the audio lasts 4.00 s, its labels 3.00 s: are the labels truncated?",
    )


def test_label_files_of_different_lengths_are_told(tmp_path):
    write_avec(tmp_path)
    path = tmp_path / "ratings_individual" / "valence" / "dev_1.csv"
    write_text(path, ratings_csv("dev_1", "valence", SECONDS - 1))
    assert problems(tmp_path) == (
        "dev_1: its label files must have the same number of rows after t = 0, got gold of arousal 100, "
        "gold of valence 100, ratings of arousal 100, ratings of valence 75",
    )


def test_labels_that_end_within_a_frame_are_told(tmp_path):
    write_avec(tmp_path, raters="")
    for dimension in ("arousal", "valence"):
        path = tmp_path / "ratings_gold_standard" / dimension / "dev_1.arff"
        write_text(path, path.read_text().rsplit("\n", 2)[0])
    assert problems(tmp_path) == (
        "dev_1: its 99 labels after t = 0 do not fill whole frames of 5: are they truncated?",
    )


def test_raters_without_any_agreement_are_told(tmp_path):
    write_avec(tmp_path, gold="")
    rows = "".join(f"{step / 25:.2f};0;0.5\n" for step in range(101))
    write_text(tmp_path / "ratings_individual" / "arousal" / "dev_1.csv", "time;FM1;FM2\n" + rows)
    (problem,) = problems(tmp_path)
    assert problem.startswith(
        "dev_1: no gold standard of arousal can be computed: the raters' agreement must"
    )


def test_raters_who_contradict_each_other_are_noted(tmp_path):
    write_avec(tmp_path, gold="")
    rows = "".join(f"{step / 25:.2f};{step % 2};{1 - step % 2}\n" for step in range(101))
    write_text(tmp_path / "ratings_individual" / "arousal" / "dev_1.csv", "time;FM1;FM2\n" + rows)
    assert any(
        note.startswith("dev_1: the raters contradict each other") for note in open_corpus(tmp_path).notes
    )


def test_raters_who_never_moved_or_are_absent_are_noted(tmp_path):
    write_public(tmp_path)
    path = tmp_path / "RECOLA-Annotation" / "emotional_behaviour" / "arousal" / "P16.csv"
    rows = rated("P16", "arousal", SECONDS)
    rows[:, 1] = 0.1
    lines = "".join(f"{n / 25:.2f};{';'.join(f'{x:.2f}' for x in row[:5])}\n" for n, row in enumerate(rows))
    write_text(path, "time;FM1 ;FM2 ;FM3 ;FF1 ;FF2 \n" + lines)
    corpus = open_corpus(tmp_path)
    assert "P16 arousal: FM2 never moved" in corpus.notes
    assert "P16 arousal: no ratings of FF3" in corpus.notes
    assert set(corpus.tracks[0].ratings or ()) == set(RATERS) - {"FF3"}


def test_labels_beyond_what_a_network_can_say_are_noted(tmp_path):
    write_avec(tmp_path, ("train_1",), raters="")
    rows = "".join(f"train_1,{step / 25:.2f},{step / 50}\n" for step in range(101))
    write_text(tmp_path / "ratings_gold_standard" / "arousal" / "train_1.arff", ARFF + rows)
    assert any("exceeds [-1, 1]" in note for note in open_corpus(tmp_path).notes)


def test_all_problems_of_all_files_are_in_one_error(tmp_path):
    write_avec(tmp_path, ("train_1", "train_2", "train_3", "dev_1", "dev_2", "test_1"))
    audio, gold = tmp_path / "recordings_audio", tmp_path / "ratings_gold_standard"
    (audio / "trian_4.wav").write_bytes(b"\0")  # misnamed
    (audio / "train_1.wav").write_bytes(b"not a sound at all" * 9)  # text
    (audio / "train_2.wav").write_bytes((audio / "train_2.wav").read_bytes()[:5000])  # truncated
    (audio / "train_3.wav").write_bytes(b"")
    shutil.copy(audio / "dev_1.wav", audio / "dev_1.flac")  # duplicated
    (gold / "arousal" / "train_3.arff").unlink()  # missing
    (gold / "valence" / "train_1.arff").write_bytes(b"")  # empty
    text = arff("dev_2", "arousal", SECONDS).replace("dev_2,2,", "dev_2,2,nan")
    write_text(gold / "arousal" / "dev_2.arff", text)  # no number
    write_text(
        gold / "valence" / "dev_2.arff", arff("dev_2", "valence", SECONDS).replace("dev_2,2,", "dev_2,1.96,")
    )
    write_audio(audio / "test_1.wav", 1)  # shorter than its labels
    told = problems(tmp_path)
    for part in (
        "recordings_audio/trian_4.wav is misnamed",
        "recordings_audio/train_1.wav is not audio",
        "recordings_audio/train_2.wav is truncated",
        "holds one recording twice: dev_1.flac and dev_1.wav",
        "ratings_gold_standard/arousal/train_3.arff is missing",
        "recordings_audio/train_3.wav is empty",
        "ratings_gold_standard/valence/train_1.arff: it is empty",
        "ratings_gold_standard/arousal/dev_2.arff: line 60 is not",
        "ratings_gold_standard/valence/dev_2.arff: 1 time stamps are duplicated",
        "test_1: the audio lasts 1.00 s, its labels 4.00 s",
    ):
        assert sum(part in problem for problem in told) == 1, part
    assert len(told) == 10


def test_the_content_of_partitions_that_are_not_asked_for_is_not_read(tmp_path):
    write_avec(tmp_path)
    (tmp_path / "recordings_audio" / "train_1.wav").write_bytes(b"")
    assert [track.name for track in open_corpus(tmp_path, ("devel", "test"))] == ["dev_1", "test_1"]
    assert problems(tmp_path, "train") == ("recordings_audio/train_1.wav is empty (0 bytes)",)
