"""Sound on disk in place of memory: the same to the bit, decoded once, told when a recording was changed."""

import os
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from sercore.audio import read_audio, write_wav
from sercore.channel import CLEAN, Gilbert
from sercore.corpus import Corpus, CorpusError, folder, open_corpus
from sercore.corpus.stored import Store, StoredSound
from sercore.experiment import cells
from sercore.experiment.cells import blocks_of, list_jobs, run_jobs
from sercore.experiment.plan import with_delay
from sercore.receiver.drop import Drop
from sercore.recogniser.recogniser import Recogniser
from sercore.training.segments import batches, cut_segments


class Loudness(Recogniser):
    name, key, seed = "loudness", "loudness-1", None

    def predict(self, audio):
        level = audio[: len(audio) // 3_200 * 3_200].reshape(-1, 3_200).std(axis=1)
        return np.stack([10 * level - 1, 0.5 - level], axis=1).astype(np.float32)


@pytest.fixture
def corpora(tiny_tree, tmp_path) -> tuple[Corpus, Corpus]:
    return open_corpus(tiny_tree), open_corpus(tiny_tree, stored_in=tmp_path / "store")


def test_a_corpus_on_disk_is_the_one_in_memory(corpora):
    memory, disk = corpora
    assert disk.sha256 == memory.sha256
    assert all(track.is_stored for track in disk)
    assert disk.notes == memory.notes
    for one, other in zip(memory, disk, strict=True):
        assert other.audio.dtype == np.float32
        assert (one.audio == other.audio).all()
    advanced = with_delay(disk, 1.0)
    assert all(track.is_stored for track in advanced)
    assert advanced.sha256 == with_delay(memory, 1.0).sha256


@pytest.mark.parametrize(("rate", "subtype", "suffix"), [(16_000, "PCM_16", "i2"), (44_100, "PCM_24", "f4")])
def test_a_recording_is_kept_to_the_bit_whatever_it_is(tmp_path, rate, subtype, suffix):
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, 2 * rate)
    soundfile.write(tmp_path / "a.wav", noise, rate, subtype)
    store = Store(tmp_path / "store")
    expected = read_audio(tmp_path / "a.wav")
    assert (store.read(tmp_path / "a.wav") == expected).all()
    assert (store.read(tmp_path / "a.wav") == expected).all()  # from disk now
    (file,) = (tmp_path / "store").iterdir()
    assert file.suffix == f".{suffix}"
    sound = store.sound(tmp_path / "a.wav", len(expected) + 50)
    assert (np.asarray(sound[1_000:2_000][10:20]) == expected[1_010:1_020]).all()
    assert (np.asarray(sound)[len(expected) :] == np.zeros(50)).all()  # filled up, as short audio is
    assert np.asarray(sound[-30:]).tolist() == [0.0] * 30


def test_a_recording_is_decoded_once_and_again_when_it_was_changed(tmp_path, monkeypatch):
    decoded = []
    monkeypatch.setattr("sercore.corpus.stored.read_audio", lambda p, **k: decoded.append(p) or read_audio(p))
    store, path = Store(tmp_path / "store"), tmp_path / "a.wav"
    tone = 0.3 * np.sin(np.arange(16_000))
    write_wav(path, tone)
    before = path.stat()
    assert [len(store.read(path)) for _ in range(3)] == [16_000] * 3
    assert len(decoded) == 1
    write_wav(path, -tone)  # as large, and stamped as old: its ends tell
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert store.read(path)[5] == pytest.approx(-tone[5], abs=1e-4)
    os.utime(path, ns=(1, 1))
    store.read(path)
    assert len(decoded) == 3
    assert len(list((tmp_path / "store").iterdir())) == 1  # what was stored of it before is gone
    path.unlink()
    write_wav(path, tone)
    with pytest.raises(FileNotFoundError, match="was changed while it was read"):
        store.sound(path, 5)


def test_a_store_that_cannot_be_written_is_a_sentence(tiny_tree, tmp_path):
    (tmp_path / "store").write_text("a file")
    with pytest.raises(CorpusError, match=r"train_1\.wav cannot be kept in .*store"):
        open_corpus(tiny_tree, stored_in=tmp_path / "store")


def test_long_corpora_lie_on_disk_of_themselves(tiny_tree, tmp_path, monkeypatch):
    monkeypatch.setenv("SERCORE_CACHE", str(tmp_path / "cache"))
    assert folder.hours_of([*tiny_tree.rglob("*.wav"), tmp_path]) == pytest.approx(4 * 20 / 3600)
    assert not any(track.is_stored for track in open_corpus(tiny_tree))
    monkeypatch.setattr(folder, "MOST_HOURS", 0.01)
    assert all(track.is_stored for track in open_corpus(tiny_tree))
    assert len(list((tmp_path / "cache" / "sound").glob("*.i2"))) == 4


def test_segments_are_read_when_their_turn_comes(corpora):
    memory, disk = corpora
    lazy = cut_segments(disk.partition("train"), 4)
    assert all(isinstance(audio, StoredSound) for audio, _ in lazy)
    whole = cut_segments(memory.partition("train"), 4)
    pairs = (batches(each, np.random.default_rng(0), 3) for each in (whole, lazy))
    for one, other in zip(*pairs, strict=True):
        assert all((a == b).all() for a, b in zip(one, other, strict=True))


def test_tracks_on_disk_are_heard_a_few_at_a_time_and_scored_as_all_at_once(corpora, monkeypatch):
    memory, disk = (
        replace(each, tracks=[replace(t, audio=t.sound, partition="test") for t in each]) for each in corpora
    )
    monkeypatch.setattr(cells, "_SECONDS_HEARD", 45.0)
    monkeypatch.setattr(cells, "_CELLS_AT_A_TIME", 2)
    assert [len(block) for block in blocks_of(disk.tracks)] == [2, 2]
    assert [len(block) for block in blocks_of(memory.tracks)] == [4]
    channels = [CLEAN, Gilbert(0.9, 0.5), Gilbert(0.8, 0.5, packet_ms=20)]
    asked = {"partitions": ["test"], "channels": channels, "seeds": [0], "receiver": Drop.NAME}
    one, other = (
        list(run_jobs(list_jobs([Loudness()], each, **asked), [Loudness()], each)) for each in (memory, disk)
    )
    for rows, same in zip(one, other, strict=True):
        for row, twin in zip(rows, same, strict=True):
            assert (row["moments"] == twin["moments"]).all()
            assert {**row, "moments": 0} == {**twin, "moments": 0}
