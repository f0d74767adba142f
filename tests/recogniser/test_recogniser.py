"""What every recogniser keeps to: the paper's network, finished in each way, and one that a test adds."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from dashboard.compute import networks, predictions
from dashboard.compute.clips import clip_of
from sercore.channel.gilbert import Gilbert
from sercore.corpus.clips import LabelledClip
from sercore.corpus.corpus import open_corpus
from sercore.experiment.cells import list_jobs, run_jobs
from sercore.experiment.clips import mean_predictions, receive
from sercore.experiment.evaluate import draw_losses
from sercore.experiment.replay import Scene, score_scene
from sercore.network.card import Card
from sercore.network.inference import raw_prediction
from sercore.network.model import EmotionModel
from sercore.receiver import RECEIVERS
from sercore.recogniser.annotation_delay import delayed
from sercore.recogniser.paper_network import PaperNetwork, predict
from sercore.recogniser.post_processing import Chain, describe
from sercore.recogniser.recogniser import Recogniser, predict_after
from sercore.recogniser.registry import RECOGNISERS, load_recogniser
from sercore.results.table import read_results, results_table, write_results
from sercore.scoring.concordance import ccc_received
from tests.receiver.test_receiver import Backwards

N_FRAMES = 60
CHAINS = describe((Chain(median_frames=5, bias=0.3), Chain(scale=3.0)))
PLAIN = Card({"name": "mismatched"}, sha256="plain")
FINISHED = replace(PLAIN, annotation_delay_seconds=0.6, post_processing=CHAINS, sha256="finished")


class Loudness(Recogniser):
    """Arousal is the level of each frame: a recogniser that needs nothing but this class."""

    name, key, seed = "loudness", "loudness-1", None

    def predict(self, audio):
        frames = audio[: len(audio) // 3200 * 3200].reshape(-1, 3200)
        return np.stack([frames.std(axis=1), frames.mean(axis=1)], axis=1)


def network(card):
    torch.manual_seed(0)
    model = EmotionModel().eval()
    model.card = card
    return PaperNetwork(model)


EVERY = {"plain": network(PLAIN), "finished": network(FINISHED), "loudness": Loudness()}


@pytest.fixture(params=EVERY)
def recogniser(request):
    return EVERY[request.param]


@pytest.fixture(params=[*RECEIVERS, "backwards"])
def receiver(request, monkeypatch):
    monkeypatch.setitem(RECEIVERS, "backwards", Backwards())
    return RECEIVERS[request.param]


@pytest.fixture(scope="module")
def audio():
    rng = np.random.default_rng(1)
    return (rng.normal(0, 0.1, (N_FRAMES, 3200)) * rng.uniform(0.2, 2, (N_FRAMES, 1))).astype("f4").ravel()


def draws():
    rng = np.random.default_rng(2)
    return [rng.random(N_FRAMES) < share for share in (0.9, 0.5, 0.1)] + [np.zeros(N_FRAMES, dtype=bool)]


def test_it_predicts_a_finite_course_with_its_dimensions(recogniser, audio):
    course = recogniser.predict(audio[:-1])
    assert isinstance(recogniser, Recogniser)
    assert course.shape == (N_FRAMES - 1, len(recogniser.dimensions))
    assert np.isfinite(course).all()


def test_the_fast_lane_gives_what_the_receiver_and_the_recogniser_give(recogniser, receiver, audio):
    heard = recogniser.hear(audio, many=True)
    assert heard.nbytes > 0
    early, delay = recogniser.predict, 0
    if recogniser is EVERY["finished"]:  # the delay is undone last, in the recording's own time
        early = network(replace(FINISHED, annotation_delay_seconds=None)).predict
        delay = 3
    found = recogniser.predict_heard([(heard, received) for received in draws()], receiver)
    for course, received in zip(found, draws(), strict=True):
        expected = delayed(predict_after(early, audio, received, receiver), delay)
        assert course.shape == (N_FRAMES, 2)
        assert np.abs(course - expected).max() < 1e-5


def finish_by_hand(raw):
    padded = np.pad(raw[:, 0].astype(float), 2, mode="edge")
    arousal = np.array([np.median(padded[i : i + 5]) for i in range(len(raw))]) + 0.3
    course = np.stack([arousal, 3 * raw[:, 1]], axis=1)
    return course[np.maximum(np.arange(len(raw)) - 3, 0)]


def test_delay_and_post_processing_act_everywhere(audio, monkeypatch, tiny_tree):
    finished = EVERY["finished"]
    everything = np.ones(N_FRAMES, dtype=bool)
    expected = finish_by_hand(raw_prediction(finished.network, audio))
    gold = np.random.default_rng(3).normal(size=(N_FRAMES, 2)).astype("f4")

    assert np.abs(predict(finished.network, audio) - expected).max() < 1e-5

    scene = Scene(Gilbert(1.0, 0.0), 1, "drop", None, 0, N_FRAMES, "0")
    replayed = [row["ccc"] for row in score_scene(finished, scene, audio, gold)]
    assert replayed == pytest.approx(ccc_received(gold, expected, everything), abs=1e-5)

    loud = np.resize(audio, 320_000)
    clip = LabelledClip("a.wav", loud, "", {})
    level = finished.level / np.sqrt(np.mean(np.square(loud, dtype=np.float64)))
    by_hand = finish_by_hand(raw_prediction(finished.network, (loud * level).astype("f4")))
    assert mean_predictions(finished, [clip])[0] == pytest.approx(by_hand.mean(axis=0), abs=1e-5)

    monkeypatch.setattr(networks, "load", lambda _: finished)
    monkeypatch.setattr(networks, "when_changed", lambda _: 0.0)
    channel = Gilbert(1.0, 0.0)
    shown = predictions.draws_of(
        clip_of("a", audio, gold), channel, 1, weights="x", given="drop", on_wait=print
    )
    assert np.abs(shown.shown - expected).max() < 1e-5

    corpus = open_corpus(tiny_tree)
    (track,) = corpus.partition("test")
    jobs = list_jobs([finished], corpus, partitions=["test"], channels=[channel], seeds=[0])
    (rows,) = run_jobs(jobs, [finished], corpus, workers=1)
    by_hand = finish_by_hand(raw_prediction(finished.network, track.audio))
    whole = ccc_received(track.gold, by_hand, np.ones(len(by_hand), dtype=bool))
    assert [row["ccc"] for row in rows] == pytest.approx(whole, abs=1e-5)


def test_one_that_is_added_is_evaluated_behind_any_receiver_and_resumed(tiny_tree, receiver, tmp_path):
    corpus, loudness = open_corpus(tiny_tree), Loudness()
    channel = Gilbert(0.7, 0.5)
    asked = {"partitions": ["train"], "channels": [channel], "seeds": [0], "receiver": receiver.NAME}
    jobs = list_jobs([loudness], corpus, **asked)
    rows = [row for found in run_jobs(jobs, [loudness], corpus, workers=1) for row in found]
    tracks = corpus.partition("train")
    said = [
        predict_after(loudness.predict, track.audio, received, receiver)[received]
        for track, received in zip(tracks, draw_losses(tracks, channel, 0), strict=True)
    ]
    gold = [
        track.gold[received] for track, received in zip(tracks, draw_losses(tracks, channel, 0), strict=True)
    ]
    everything = np.ones(sum(map(len, said)), dtype=bool)
    whole = ccc_received(np.concatenate(gold), np.concatenate(said), everything)
    assert [row["ccc"] for row in rows] == pytest.approx(whole, abs=1e-6)
    write_results(tmp_path / "rows.parquet", results_table(rows))
    table = read_results(tmp_path / "rows.parquet")
    assert ("receiver" in table) == (receiver.NAME != "drop")
    finished = table.to_dict("records")
    assert not list_jobs([loudness], corpus, **asked, finished=finished)
    other = "silence" if receiver.NAME == "drop" else "drop"
    assert list_jobs([loudness], corpus, **{**asked, "receiver": other}, finished=finished)


def test_one_that_is_added_hears_clips_and_draws_in_the_dashboard(receiver, audio, monkeypatch):
    clip = LabelledClip("a.wav", audio, "", {})
    arrived = receive([clip], Gilbert(0.5, 0.5), 1, receiver)
    assert np.isfinite(mean_predictions(Loudness(), arrived)).all()
    monkeypatch.setattr(networks, "load", lambda _: Loudness())
    monkeypatch.setattr(networks, "when_changed", lambda _: 1.0)
    own = clip_of("own", audio, None)
    shown = predictions.draws_of(own, Gilbert(0.5, 0.5), 1, weights="x", given=receiver.NAME, on_wait=print)
    assert np.isnan(shown.shown).any() == (not receiver.KEEPS_LENGTH)


def test_a_file_is_read_by_the_kind_of_its_name(monkeypatch, tmp_path):
    monkeypatch.setitem(RECOGNISERS, ".loudness", lambda _path, _device: Loudness())
    assert load_recogniser(tmp_path / "any.loudness").name == "loudness"
    with pytest.raises(ValueError, match=r"any\.wav holds no recogniser: .*\.loudness files, "):
        load_recogniser(tmp_path / "any.wav")
