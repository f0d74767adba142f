"""Packets that are no frames, through receiver, recogniser, timeline and scores: against loops."""

import numpy as np
import pytest

from sercore.channel import Gilbert, channel_key
from sercore.channel.coupled import draw_received
from sercore.corpus.clips import LabelledClip
from sercore.corpus.corpus import open_corpus
from sercore.experiment.cells import list_jobs, run_jobs
from sercore.experiment.clips import receive
from sercore.experiment.evaluate import draw_losses
from sercore.experiment.replay import Scene, read_scene, scene_json, score_scene
from sercore.receiver import RECEIVERS
from sercore.results.table import read_results, results_table, write_results
from sercore.scoring.concordance import ccc, ccc_received
from tests.recogniser.test_recogniser import Loudness

CHANNELS = [Gilbert(0.97, 0.9, packet_ms=20), Gilbert(0.9, 0.7, packet_ms=60)]
both_ways = pytest.mark.parametrize("receiver", ["drop", "silence"])
every_length = pytest.mark.parametrize("channel", CHANNELS, ids=channel_key)


def arrives(received, channel, n_samples):
    """For each sample, whether its packet arrived."""
    return np.repeat(received, channel.packet_ms * 16)[:n_samples]


def by_hand(audio, received, channel, receiver):
    """The course of ``Loudness`` at each frame of 200 ms, as the words of ``timeline.hold`` say it."""
    there = arrives(received, channel, len(audio))
    if receiver == "silence":
        return Loudness().predict(np.where(there, audio, 0).astype(np.float32))
    predicted = Loudness().predict(audio[there])
    course, last = [], np.zeros(2, dtype=np.float32)
    for frame in range(len(audio) // 3_200):
        mine = np.flatnonzero(there[: (frame + 1) * 3_200])
        if len(mine) and mine[-1] >= frame * 3_200:  # something of this frame arrived
            place = (len(mine) - 1) // 3_200  # in the shortened call
            last = predicted[min(place, len(predicted) - 1)] if len(predicted) else last
        course.append(last)
    return np.array(course)


def counts(received, channel, n_samples):
    """Which frames are at least half there."""
    return arrives(received, channel, n_samples).reshape(-1, 3_200).mean(axis=1) >= 0.5


@every_length
@both_ways
def test_a_channel_of_packets_is_scored_on_frames_of_which_half_arrived(
    tiny_tree, channel, receiver, tmp_path
):
    corpus, loudness = open_corpus(tiny_tree), Loudness()
    asked = {"partitions": ["train"], "channels": [channel], "seeds": [2], "receiver": receiver}
    rows = [
        row for rows in run_jobs(list_jobs([loudness], corpus, **asked), [loudness], corpus) for row in rows
    ]
    tracks = corpus.partition("train")
    gold, said, frames, packets = [], [], [], []
    for track, received in zip(tracks, draw_losses(tracks, channel, 2), strict=True):
        gold.append(track.gold)
        said.append(by_hand(track.audio, received, channel, receiver))
        frames.append(counts(received, channel, len(track.audio)))
        packets.append(received)
    gold, said, frames, packets = (np.concatenate(each) for each in (gold, said, frames, packets))
    assert 0.1 < (~frames).mean() < 0.9
    for d, row in enumerate(rows):
        assert row["ccc"] == pytest.approx(ccc(gold[frames, d], said[frames, d]), abs=1e-6)
        assert row["ccc_timeline"] == pytest.approx(ccc(gold[:, d], said[:, d]), abs=1e-6)
        assert row["n_frames"] == frames.sum()
        assert row["loss_rate"] == pytest.approx(1 - frames.mean())
        assert row["packet_loss_rate"] == pytest.approx(1 - packets.mean())
        assert row["p_n"] is row["p_l"] is None  # it has no place in the plane of frames
    for path in (tmp_path / "rows.parquet", tmp_path / "rows.csv"):
        write_results(path, results_table(rows))
        table = read_results(path)
        assert (table["packet_ms"] == channel.packet_ms).all()
        assert not list_jobs([loudness], corpus, **asked, finished=table.to_dict("records"))


def test_the_columns_of_packets_are_there_only_where_packets_are_no_frames(tiny_tree):
    corpus, loudness = open_corpus(tiny_tree), Loudness()
    frames, packets = Gilbert(0.9, 0.5), Gilbert(0.9, 0.5, packet_ms=20)

    def columns(*channels):
        jobs = list_jobs([loudness], corpus, partitions=["test"], channels=channels, seeds=[0])
        return results_table([row for rows in run_jobs(jobs, [loudness], corpus) for row in rows])

    assert not {"packet_ms", "packet_loss_rate"} & {*columns(frames)}
    mixed = columns(frames, packets)
    of_frames = mixed[mixed["packet_ms"] == 200]
    assert len(of_frames) == 2
    assert (of_frames["packet_loss_rate"] == of_frames["loss_rate"]).all()


@every_length
@both_ways
def test_clips_lose_packets(channel, receiver):
    audio = np.random.default_rng(0).normal(0, 0.1, 3_200 * 31 + 500).astype(np.float32)
    (arrived,) = receive([LabelledClip("a.wav", audio, "", {})], channel, 4, RECEIVERS[receiver])
    whole = audio[: 3_200 * 31]
    numbers = np.random.default_rng([4, 0]).random(-(-len(whole) // (channel.packet_ms * 16)))
    there = arrives(channel.run(numbers), channel, len(whole))
    expected = whole[there] if receiver == "drop" else np.where(there, whole, 0)
    assert np.array_equal(arrived.audio, expected)


@every_length
@both_ways
def test_a_scene_of_packets_is_written_read_and_scored(channel, receiver, tmp_path):
    rng = np.random.default_rng(1)
    audio = rng.normal(0, 0.1, (100, 3_200)) * rng.random((100, 1))
    audio, gold = audio.reshape(-1).astype(np.float32), rng.normal(size=(100, 2)).astype(np.float32)
    scene = Scene(channel, 3, receiver, None, 0, 100, "0" * 64)
    (tmp_path / "settings.json").write_text(scene_json(scene, []))
    assert read_scene(tmp_path / "settings.json") == (scene, [])
    received = draw_received(channel, 3, 100)
    said, frames = by_hand(audio, received, channel, receiver), counts(received, channel, len(audio))
    rows = list(score_scene(Loudness(), scene, audio, gold))
    assert [row["ccc"] for row in rows] == pytest.approx(ccc_received(gold, said, frames), abs=1e-6)


@both_ways
def test_a_call_of_which_almost_nothing_arrives_has_a_neutral_course(receiver):
    audio = np.ones(3_200 * 20, dtype=np.float32)
    received = np.arange(200) == 7  # 20 ms of 4 s
    (course,) = Loudness().predict_heard([(audio, received)], RECEIVERS[receiver], packet_ms=20)
    assert course.shape == (20, 2)
    assert (course == by_hand(audio, received, Gilbert(0.5, 0.5, packet_ms=20), receiver)).all()
