"""Corpora of utterances: one label each, played until a segment is full, scored by their means."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from sercore import open_corpus
from sercore.audio import read_audio, write_wav
from sercore.channel import CLEAN, Gilbert
from sercore.corpus import CorpusError
from sercore.corpus.check import check_corpus
from sercore.experiment.cells import list_jobs, run_jobs
from sercore.experiment.evaluate import draw_losses
from sercore.recogniser.recogniser import Recogniser
from sercore.scoring.concordance import ccc
from sercore.training.loop import train
from sercore.training.objective import one_minus_ccc_of_utterances
from sercore.training.plan import TrainingPlan

N = 12


class Loudness(Recogniser):
    name, key, seed = "loudness", "loudness-1", None

    def predict(self, audio):
        level = audio[: len(audio) // 3_200 * 3_200].reshape(-1, 3_200).std(axis=1)
        return np.stack([4 * level - 1, 0.5 - level], axis=1).astype(np.float32)


@pytest.fixture
def folder(tmp_path):
    """Utterances of 1 to 3 s, one of 25 s; the louder the more aroused."""
    rng, lines = np.random.default_rng(5), ["file,split,speaker,arousal,valence"]
    (tmp_path / "wav").mkdir()
    for n in range(3 * N):
        level, seconds = rng.uniform(0.02, 0.3), 25.3 if n == 2 * N else rng.uniform(1, 3)
        write_wav(tmp_path / "wav" / f"{n}.wav", level * rng.uniform(-1, 1, int(seconds * 16_000)))
        where = ("train", "dev", "test")[n // N]
        lines.append(f"wav/{n}.wav,{where},s{n % 4}{where},{4 * level - 0.6:.3f},{rng.uniform(-1, 1):.3f}")
    (tmp_path / "labels.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_a_table_of_utterances_is_a_corpus(folder):
    corpus = open_corpus(folder)
    assert [len(corpus.partition(name)) for name in ("train", "devel", "test")] == [N] * 3
    for track in corpus:
        once = read_audio(folder / track.name)
        once = once[: track.utterance * 3_200]
        assert len(once) // 3_200 == track.utterance
        assert track.seconds >= 20
        assert (track.audio == np.resize(once, len(track.audio))).all()
        assert (track.gold == track.gold[0]).all()
    stored = open_corpus(folder, stored_in=folder / "store")
    assert stored.sha256 == corpus.sha256
    assert all(track.is_stored for track in stored)
    check = check_corpus(folder)
    assert (check.layout, check.speakers, check.problems) == ("utterances", 12, ())
    assert open_corpus(folder, "devel").partition("train") == ()


def test_scores_are_of_means_over_utterances_as_those_of_clips_are(folder):
    """Each clip loses by itself, and what is left of it is played again and again: mean against label."""
    corpus, loudness, channels = open_corpus(folder, "test"), Loudness(), [CLEAN, Gilbert(0.7, 0.5)]
    asked = {"partitions": ["test"], "channels": channels, "seeds": [3]}
    found = list(run_jobs(list_jobs([loudness], corpus, **asked), [loudness], corpus))
    for channel, rows in zip(channels, found, strict=True):
        labels, means = [], []
        for track, received in zip(corpus, draw_losses(corpus.tracks, channel, 3), strict=True):
            n = track.utterance
            assert (received == np.resize(received[:n], track.n_frames)).all()
            kept = read_audio(folder / track.name)[: n * 3_200].reshape(n, 3_200)[received[:n]]
            if len(kept):
                level = np.resize(kept.std(axis=1), received.sum())
                means.append([(4 * level - 1).mean(), (0.5 - level).mean()])
            labels += [track.gold[0]] if len(kept) else []
        for d, row in enumerate(rows):
            assert row["ccc"] == pytest.approx(ccc(np.array(labels)[:, d], np.array(means)[:, d]), abs=1e-5)


def test_the_objective_is_one_minus_the_ccc_over_the_batch():
    gold, predicted = torch.rand(6, 1, 2).expand(6, 9, 2), torch.rand(6, 9, 2)
    expected = [1 - ccc(gold[:, 0, d].numpy(), predicted[..., d].mean(dim=1).numpy()) for d in (0, 1)]
    assert one_minus_ccc_of_utterances(gold, predicted).item() == pytest.approx(np.mean(expected), abs=1e-5)


def test_a_network_learns_from_utterances(folder):
    corpus = open_corpus(folder)
    few = replace(corpus, tracks=[*corpus.partition("train")[:3], *corpus.partition("devel")[:2]])
    state = train(few, TrainingPlan(epochs=1, batch_size=3))
    (row,) = state.history
    assert 0 < row["objective"] < 2
    assert -1 <= row["devel_arousal"] <= 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("train,s0", "training,s0"), "partition of wav/0.wav must be one of train, devel, test, dev"),
        (("wav/0.wav", "wav/none.wav"), "wav/none.wav of labels.csv is not there"),
        (("valence", "mood"), "needs one valence from -1 to 1, got nan"),
        (("wav/1.wav", "wav/0.wav"), "are both of"),
    ],
)
def test_a_table_that_cannot_be_used_is_a_sentence(folder, change, said):
    table = folder / "labels.csv"
    table.write_text(table.read_text().replace(*change, 1))
    with pytest.raises(CorpusError, match=said):
        open_corpus(folder)


def test_packets_that_do_not_divide_a_frame_are_refused(folder):
    with pytest.raises(ValueError, match="packets that divide 200 ms, got 60 ms"):
        draw_losses(open_corpus(folder, "test").tracks, Gilbert(0.9, 0.5, packet_ms=60), 0)
