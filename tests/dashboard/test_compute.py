"""What is computed behind the pages: draws, predictions, planes, and who waits for them."""

import gc
import threading
import time
from dataclasses import replace
from queue import SimpleQueue

import audmetric
import numpy as np
import pytest
from hypothesis import given, settings, strategies

from dashboard.charts import comparisons
from dashboard.charts.palette import LIGHT
from dashboard.compute import clips, draws, excerpts, networks, plane, predictions, warm_up
from dashboard.compute.cache import Cache
from dashboard.compute.queue import Queue
from dashboard.widgets import controls
from sercore.channel.gilbert import Gilbert
from sercore.corpus.corpus import Track
from sercore.recogniser.registry import load_recogniser
from sercore.scoring.concordance import ccc_received
from tests.dashboard.opened import open_page, open_parts


def made_draws(n_draws: int = 20, n_frames: int = 50, seed: int = 0) -> draws.Draws:
    rng = np.random.default_rng(seed)
    received = rng.random((n_draws, n_frames)) < 0.8
    predicted = rng.normal(size=(n_draws, n_frames, 2)).astype(np.float32)
    predicted[~received] = np.nan
    return draws.Draws(rng.normal(size=(n_frames, 2)).astype(np.float32), received, predicted)


def test_the_ribbon_holds_nine_of_ten_draws_and_its_median_half():
    many = made_draws(n_draws=200)
    low, middle, high = many.ribbon
    known = ~np.isnan(many.predicted)
    inside = ((many.predicted >= low) & (many.predicted <= high))[known]
    assert inside.mean() == pytest.approx(0.9, abs=0.02)
    assert (many.predicted < middle)[known].mean() == pytest.approx(0.5, abs=0.02)


def test_a_frame_that_few_draws_predict_has_no_ribbon():
    many = made_draws()
    many.predicted[:, 7] = np.nan
    many.predicted[:3, 7] = 0.5
    assert np.isnan(many.ribbon[:, 7]).all()
    assert not np.isnan(many.ribbon[:, 8]).any()


def test_one_draw_has_no_ribbon_and_no_spread():
    one = made_draws(n_draws=1)
    dots = comparisons.score_dots({"mismatched": one.scores(None, "ccc")}, 0, "arousal", LIGHT)
    assert not any("draws" in trace.name for trace in dots.data)
    many = made_draws(n_draws=7).scores(None, "ccc")
    assert "7 draws" in {t.name for t in comparisons.score_dots({"matched": many}, 0, "a", LIGHT).data}
    assert one.ribbon is None
    assert one.scores(None, "ccc").spread == (None, None)


def test_scores_of_draws_are_those_of_audmetric():
    many, gold = made_draws(), made_draws(seed=1).clean
    scores = many.scores(gold, "ccc")
    each = [
        [
            audmetric.concordance_cc(gold[kept, d], p[kept, d])
            for p, kept in zip(many.predicted, many.received, strict=True)
        ]
        for d in (0, 1)
    ]
    for d in (0, 1):
        assert scores.after[d] == pytest.approx(each[d][0])
        assert scores.spread[d] == pytest.approx(np.percentile(each[d], [5, 50, 95]))
        assert scores.clean[d] == pytest.approx(audmetric.concordance_cc(gold[:, d], many.clean[:, d]))


def test_what_is_remembered_stays_within_its_bytes():
    kept = Cache(limit=100, size_of=len)
    for number in range(50):
        kept.put(number, bytes(30))
        kept.get(0)
    assert kept.size <= 100
    assert kept.get(0) is not None  # asked for all the time
    assert kept.get(5) is None
    kept.put("large", bytes(500))
    assert kept.size == 500
    assert len(kept.get("large")) == 500


def test_one_prediction_runs_at_a_time_and_the_others_hear_how_many_are_ahead():
    gate, inside, most = Queue(), [0], [0]
    told = [SimpleQueue() for _ in range(3)]

    def compute(on_wait):
        with gate.turn(on_wait):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.1)
            inside[0] -= 1

    threads = [threading.Thread(target=compute, args=[notices.put]) for notices in told]
    with gate.turn(print):
        for thread in threads:
            thread.start()
        ahead = [notices.get(timeout=60) for notices in told]  # all wait until all have heard
        assert gate.waiting == 4
    for thread in threads:
        thread.join()
    assert sorted(ahead) == [1, 2, 3]
    assert most == [1]
    assert gate.waiting == 0


def test_who_waits_is_told_how_many_are_ahead():
    gate, told = Queue(), SimpleQueue()

    def wait():
        with gate.turn(told.put):
            pass

    waiting = threading.Thread(target=wait)
    with gate.turn(told.put):
        waiting.start()
        assert told.get(timeout=60) == 1
    waiting.join()
    assert gate.waiting == 0


def test_a_failed_prediction_lets_the_next_one_in():
    gate = Queue()
    with pytest.raises(ValueError, match="broken"), gate.turn(print):
        raise ValueError("broken")
    with gate.turn(print):
        assert gate.waiting == 1


def test_predictions_are_computed_once(weights, monkeypatch):
    asked = []
    compute = predictions._draw

    def count(*args, weights, receiver):
        asked.append((*args[1:], weights))
        return compute(*args, weights=weights, receiver=receiver)

    monkeypatch.setattr(predictions, "_draw", count)
    app = open_page("explore")
    app.run()
    assert len(asked) == 1  # of one network, the draw that is shown
    open_parts(app, "luck", "trainings")
    assert len(asked) == len(set(asked)) == 4  # many draws for mismatched, matched and augmentation
    app.session_state["seed"] = 2
    app.run()
    assert len(asked) == len(set(asked)) == 8


def test_who_waits_for_a_plane_computes_nothing_that_is_there_by_then(monkeypatch):
    channels, asked = plane.rounds()[0], []
    monkeypatch.setattr(predictions, "score_channels", lambda clip, some, *_: asked.extend(some) or {})
    known = dict.fromkeys(channels[:4], (0.5, 0.5, 0.5, 0.5))
    for wanted in (channels, channels[:4]):
        predictions.fill_plane(known, None, wanted, seed=1, weights="mismatched", on_wait=print)
        assert asked == channels[4:]


def test_a_plane_scores_what_the_predict_page_scores(weights, corpus):
    clip = clips.excerpt(corpus.tracks[0], 0, 20)
    channel = Gilbert(0.7, 0.4)
    shown = predictions.draws_of(clip, channel, 5, weights="mismatched", given="removed", on_wait=print)
    (found,) = predictions.score_channels(clip, [channel], 5, "mismatched").values()
    assert found[:2] == pytest.approx(shown.scores(clip.gold, "ccc").after, abs=1e-6)
    assert found[2:] == pytest.approx(shown.scores(clip.gold, "ccc_timeline").after, abs=1e-6)


def test_every_channel_of_the_plane_is_computed_once():
    found = [channel for row in plane.rounds() for channel in row]
    steps = [round(i / 20, 4) for i in range(21)]
    assert sorted((c.p_n, c.p_l) for c in found) == sorted((n, p) for n in steps for p in steps)


@settings(max_examples=25)
@given(strategies.integers(0, 400), strategies.sampled_from([20, 300]))
def test_an_excerpt_lies_inside_its_track(start, seconds):
    track = Track("a", np.arange(200 * 3_200) / 1e6, np.zeros((200, 2)), "a", "French", "test")
    clip = clips.excerpt(track, start, seconds)
    assert clip.n_frames == min(seconds * 5, 200)
    first = round(clip.start * 5)
    np.testing.assert_array_equal(clip.audio, track.audio[first * 3_200 : (first + clip.n_frames) * 3_200])


def test_after_the_warm_up_the_first_visitor_waits_for_no_network(weights, monkeypatch):
    warm_up.begin(controls.usual_clip).join(timeout=120)
    assert gc.isenabled()
    gc.unfreeze()
    asked = []
    monkeypatch.setattr(predictions, "_draw", lambda *args, **how: asked.append(how))
    app = open_parts(open_page("explore"), "luck", "trainings")
    assert app.metric
    assert not app.error
    assert asked == []


def test_a_warm_up_that_fails_leaves_a_line_in_the_log(trained, caplog):
    def no_clip():
        raise OSError("no recordings")

    warm_up.begin(no_clip).join(timeout=60)
    gc.unfreeze()
    assert gc.isenabled()
    assert "the warm-up stopped" in caplog.text


def test_the_usual_excerpt_is_predicted_as_within_its_whole_track():
    clip = controls.usual_clip()
    track = controls.shipped_track(clip.track)
    network = load_recogniser(networks.TRAINED / "mismatched.safetensors")
    part = slice(clip.first_frame, clip.first_frame + clip.n_frames)
    expected = network.predict(track.audio)[part]
    whole, alone = Gilbert(1.0, 0.0), replace(clip, run_in=clip.run_in[:0])
    found, before = (
        predictions.draws_of(each, whole, 1, weights="mismatched", given="drop", on_wait=print).clean
        for each in (clip, alone)
    )
    assert np.abs(found - expected)[:5].mean() < 0.02
    assert np.abs(before - expected)[:5].mean() > 0.1  # else there were no need
    scores = [ccc_received(clip.gold, each, np.ones(100, dtype=bool)) for each in (expected, found, before)]
    np.testing.assert_allclose(scores[0], scores[1], atol=0.02)
    assert min(np.subtract(scores[1], scores[2])) > 0.05


def test_excerpts_are_scored_as_parts_of_their_whole_recording(weights, corpus):
    track = corpus.tracks[0]
    found = excerpts.scores_of_excerpts(track, 100, "mismatched", print)
    predicted = networks.load("mismatched").predict(track.audio)
    assert found.shape == (5, 2)  # of 40 s, one every 5 s
    for place, part in enumerate(slice(first, first + 100) for first in range(0, 101, 25)):
        for d in (0, 1):
            witness = audmetric.concordance_cc(track.gold[part, d], predicted[part, d])
            assert found[place, d] == pytest.approx(witness, abs=1e-5)
