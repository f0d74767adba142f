"""Tracks and corpora as values, and corpora opened by name."""

import json
from pathlib import Path

import pytest

import sercore
from sercore.corpus import corpus as corpus_module
from sercore.corpus import folder
from sercore.corpus.corpus import Corpus, CorpusError, Track, open_corpus
from tests.corpus.made_tracks import track
from tests.corpus.recola_trees import write_avec


class Counted:
    """How often a function is called."""

    def __init__(self, function) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *args, **how):
        self.calls += 1
        return self.function(*args, **how)


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


def test_some_tracks_can_be_opened_alone(monkeypatch):
    whole = {track.name: track for track in open_corpus("demo")}
    monkeypatch.setattr(folder, "load_recording", counted := Counted(folder.load_recording))
    (alone,) = open_corpus("demo", names=["test_2"])
    assert alone.sha256 == whole["test_2"].sha256
    assert counted.calls == 1
    with pytest.raises(CorpusError, match=r"^the corpus demo: it holds no track test_99$"):
        open_corpus("demo", names=["test_2", "test_99"])


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


def write_manifest(root: Path, tracks: object) -> None:
    (root / "manifest.json").write_text(json.dumps({"tracks": tracks}))
