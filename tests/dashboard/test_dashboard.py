"""The dashboard without a browser: its pictures, its words, its pages and their empty and broken states."""

from __future__ import annotations

import builtins
import io
import json
import re
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from hypothesis import given, settings
from hypothesis import strategies as st_
from hypothesis.extra.numpy import arrays
from streamlit.testing.v1 import AppTest

from dashboard import player
from dashboard.charts import comparisons
from dashboard.charts import decimate as series
from dashboard.charts import traces as charts
from dashboard.charts.heatmaps import ccc_heatmap, difference_heatmap, loss_line, outlines
from dashboard.charts.palette import DARK, LIGHT
from dashboard.compute import clips, draws, export, findings, networks
from dashboard.compute import plane as your_plane
from dashboard.compute import predictions as inference
from dashboard.compute.cache import Cache
from dashboard.compute.queue import Queue
from dashboard.lesson import evidence
from dashboard.lesson import steps as lesson
from dashboard.widgets import chart, controls, loudspeaker
from dashboard.widgets import downloads as take_along
from dashboard.words import channels
from sercore.audio import wav_bytes
from sercore.channel.coupled import draw_received
from sercore.channel.gilbert import Gilbert
from sercore.corpus.corpus import Corpus, CorpusError, Track
from sercore.results.table import results_table, write_results

ROOT = Path(__file__).resolve().parents[2]

masks = arrays(bool, st_.integers(1, 300))


def points_of(figure) -> int:
    return sum(len(trace.x) for trace in figure.data if trace.x is not None)


# The pictures.


@settings(deadline=None)
@given(arrays(np.float32, st_.integers(1, 4_000), elements=st_.floats(-1, 1, width=32)), st_.integers(1, 50))
def test_an_envelope_hides_no_peak(audio, bins):
    seconds, low, high = series.envelope(audio, bins)
    assert len(seconds) == len(low) == len(high) <= bins
    assert low.min() == audio.min()
    assert high.max() == audio.max()


@settings(deadline=None)
@given(masks)
def test_lost_runs_tell_exactly_the_lost_frames(received):
    lost = np.zeros(len(received), dtype=bool)
    for start, length in zip(*series.lost_runs(received), strict=True):
        lost[round(start * 5) : round((start + length) * 5)] = True
    np.testing.assert_array_equal(lost, ~received)


def test_charts_of_five_minutes_stay_under_4000_points():
    rng = np.random.default_rng(0)
    received = np.arange(1_500) % 2 == 0  # as many bursts as there can be
    line = rng.normal(size=1_500).astype(np.float32)
    lines = dict.fromkeys(("gold standard", "clean", "after loss"), line)
    ribbon = np.sort(rng.normal(size=(3, 1_500)), axis=0).astype(np.float32)
    ribbon[:, ::7] = np.nan
    audio = rng.normal(size=4_800_000).astype(np.float32)
    assert points_of(charts.emotion(lines, received, LIGHT, "arousal", ribbon=ribbon)) < 4_000
    paths = {name: np.stack([line, line], axis=1) for name in lines}
    assert points_of(charts.path(paths, LIGHT)) < 4_000
    assert points_of(charts.waveform(audio, received, LIGHT)) < 4_000


def test_a_prediction_is_missing_where_frames_were_lost():
    received = np.array([True, False, False, True, True])
    after = np.where(received, np.float32(0.3), np.float32(np.nan))
    figure = charts.emotion({"after loss": after}, received, LIGHT, "valence")
    drawn = next(trace for trace in figure.data if trace.name == "after loss")
    np.testing.assert_array_equal(np.isnan(np.asarray(drawn.y, dtype=float)), ~received)
    assert drawn.connectgaps is False


def test_every_axis_says_what_it_shows():
    received = np.ones(50, dtype=bool)
    audio = np.zeros(160_000, dtype=np.float32)
    for figure in (charts.waveform(audio, received, DARK), charts.emotion({}, received, DARK, "arousal")):
        assert "(s)" in figure.layout.xaxis.title.text
        assert "−1 to 1" in figure.layout.yaxis.title.text


def test_a_cell_without_a_score_is_marked_and_has_no_number():
    grid = [(p_n, p_l) for p_n in (0.0, 0.5, 1.0) for p_l in (0.0, 0.5, 1.0)]
    rows = [
        {"p_n": n, "p_l": p, "ccc": np.nan if p == 1 else 0.4, "low": np.nan, "high": np.nan} for n, p in grid
    ]
    import pandas as pd

    figure = ccc_heatmap(pd.DataFrame(rows), Gilbert(0.5, 0.5), LIGHT, title="t", highest=0.8)
    undefined, scored = (trace for trace in figure.data if trace.type == "heatmap")
    top = np.asarray(scored.z, dtype=float)[-1]
    assert np.isnan(top).all()
    assert (np.asarray(undefined.z, dtype=float)[-1] == 1).all()
    crosses = next(trace for trace in figure.select_traces({"mode": "text"}))
    assert set(crosses.y) == {1.0}
    hover = next(trace.hovertext for trace in figure.select_traces({"hoverinfo": "text"}))
    assert sum("not defined" in text for text in hover) == 3


@settings(deadline=None)
@given(st_.floats(0.05, 0.95), st_.floats(0.0, 0.99))
def test_a_line_of_equal_loss_joins_channels_of_equal_loss(rate, p_n):
    p_l = float(loss_line(rate, np.array([p_n]))[0])
    if 0 <= p_l <= 1:
        assert Gilbert(p_n, p_l).loss_rate == pytest.approx(rate)


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_line_stands_out_from_the_page(palette):
    for name in ("sound", "lost", "gold", "clean", "received", "median", "ink"):
        lighter, darker = sorted((luminance(getattr(palette, name)), luminance(palette.paper)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 3, name  # WCAG 2.2, 1.4.11


# Channels and scores.


@pytest.mark.parametrize("preset", channels.PRESETS, ids=lambda preset: preset.name)
def test_a_preset_loses_what_it_says(preset):
    said = re.search(r"[Aa]bout (\d+) %", preset.meaning)
    if said:
        assert round(preset.channel.loss_rate * 100) == int(said[1])
    else:
        assert preset.name.lower() == preset.channel.environment


def test_a_draw_loses_what_equation_1_says():
    lost = 1 - np.mean([draw_received(Gilbert(0.9, 0.6), seed, 20_000).mean() for seed in range(5)])
    assert lost == pytest.approx(0.2, abs=0.01)


def test_moving_a_slider_changes_the_losses_gradually():
    before = draw_received(Gilbert(0.90, 0.60), 1, 1_500)
    after = draw_received(Gilbert(0.89, 0.60), 1, 1_500)
    assert 0 < (before != after).mean() < 0.05
    assert (before >= after).all()  # a worse channel only loses more


def test_a_longer_clip_begins_with_the_same_losses():
    channel = Gilbert(0.7, 0.6)
    np.testing.assert_array_equal(draw_received(channel, 7, 100), draw_received(channel, 7, 1_500)[:100])


CHOICE = {"p_n": 0.5, "p_l": 0.5, "seed": 1, "heard": "silence", "given": "removed"}
WRONG = (
    {"p_n": 2},
    {"p_n": "nan"},
    {"p_l": None},
    {"seed": -1},
    {"seed": float("inf")},
    {"heard": "<b>"},
    {"given": []},
)


@pytest.mark.parametrize("nonsense", [None, 3, "x", [], {}, {"p_n": 0.5}, *(CHOICE | bad for bad in WRONG)])
def test_nonsense_from_a_browser_is_ignored(nonsense):
    assert player.read_choice(nonsense) is None


# Many draws.


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
    import audmetric

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


# The queue.


def test_one_prediction_runs_at_a_time_and_the_others_hear_how_many_are_ahead():
    gate, inside, most, told = Queue(), [0], [0], []

    def compute():
        with gate.turn(told.append):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.1)
            inside[0] -= 1

    threads = [threading.Thread(target=compute) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    assert gate.waiting == 0


def test_who_waits_is_told_how_many_are_ahead():
    gate, told = Queue(), []
    with gate.turn(told.append):
        waiting = threading.Thread(target=lambda: gate.turn(told.append).__enter__())
        waiting.start()
        deadline = time.monotonic() + 5
        while not told and time.monotonic() < deadline:
            time.sleep(0.02)
        assert told == [1]
    waiting.join()


def test_a_failed_prediction_lets_the_next_one_in():
    gate = Queue()
    with pytest.raises(ValueError, match="broken"), gate.turn(print):
        raise ValueError("broken")
    with gate.turn(print):
        assert gate.waiting == 1


# The loudspeaker.


@pytest.mark.parametrize(
    ("url", "ip", "forwarded", "local"),
    [
        ("http://localhost:8501/predict", None, False, True),
        ("http://127.0.0.1:8501", None, False, True),
        ("http://localhost:8501", None, True, False),
        ("http://lab.example:8501", None, False, False),
        ("http://localhost:8501", "10.1.2.3", False, False),
        (None, None, False, False),
    ],
)
def test_the_loudspeaker_belongs_to_who_sits_at_the_machine(url, ip, forwarded, local):
    assert loudspeaker.is_local(url, ip, forwarded) is local


def test_without_portaudio_the_loudspeaker_says_so(monkeypatch):
    real_import = builtins.__import__

    def no_portaudio(name, *args, **kwargs):
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", no_portaudio)
    assert "PortAudio library is not installed" in loudspeaker.why_silent()


def test_without_a_device_the_loudspeaker_says_so(monkeypatch):
    class SilentMachine:
        class PortAudioError(Exception):
            pass

        @classmethod
        def check_output_settings(cls, **_):
            raise cls.PortAudioError("no default output device")

    monkeypatch.setitem(sys.modules, "sounddevice", SilentMachine)
    assert "no loudspeaker" in loudspeaker.why_silent()


# The pages, on a small corpus and untrained networks.


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    rng = np.random.default_rng(3)
    steps = np.arange(200)[:, None] / 5
    gold = 0.5 * np.sin(steps / np.array([4.0, 7.0])).astype(np.float32)
    audio = (0.1 * rng.normal(size=200 * 3_200)).astype(np.float32)
    tracks = [Track(f"test_{i}", audio, gold, f"speaker {i}", "French", "test") for i in (1, 2)]
    return Corpus("small", tuple(tracks))


@pytest.fixture
def trained(tmp_path, monkeypatch, corpus) -> Path:
    """An empty folder of weights and results; the pages look there."""
    monkeypatch.setattr(networks, "TRAINED", tmp_path)
    monkeypatch.setattr(controls, "open_corpus", lambda name: corpus)
    st.cache_resource.clear()
    yield tmp_path
    st.cache_resource.clear()


@pytest.fixture
def weights(trained) -> Path:
    import torch

    from sercore.network.card import Card
    from sercore.network.model import EmotionModel
    from sercore.network.weights import save_model

    torch.manual_seed(1)
    for name in ("mismatched", "matched_high_low", "matched_high_mid"):
        save_model(trained / f"{name}.safetensors", EmotionModel(), Card({"name": name}))
    return trained


@pytest.fixture
def results(trained) -> Path:
    same = {"n_frames": 100, "seed": 0, "partition": "test"}
    same |= {"corpus": "default", "corpus_sha256": "0", "weights_sha256": "0"}
    rows = [
        {
            **same,
            "setting": setting,
            "dimension": dimension,
            "p_n": p_n,
            "p_l": p_l,
            **dict.fromkeys(("loss_rate", "expected_loss_rate"), Gilbert(p_n, p_l).loss_rate),
            "ccc": np.nan if p_l == 1 else 0.5,
            "status": "not defined" if p_l == 1 else "defined",
        }
        for setting in ("mismatched", "augmentation")
        for dimension in ("arousal", "valence")
        for p_n in (0.0, 0.5, 1.0)
        for p_l in (0.0, 0.5, 1.0)
    ]
    write_results(trained / "results" / "small.parquet", results_table(rows))
    return trained


def show_page(app: AppTest, name: str) -> AppTest:
    return app.switch_page(f"app_pages/{name}.py").run()


def open_page(name: str, **address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=300)
    app.query_params.update(address)
    app.run()
    return show_page(app, name) if name != "hear" else app


def words_of(app: AppTest) -> str:
    elements = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.title]
    return "\n".join(element.value for element in elements)


PAGES = ["hear", "predict", "breaks", "plane", "lesson", "about"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_on_an_empty_repository(trained, name):
    app = open_page(name)
    assert len(app.title) == 1
    assert not app.exception
    assert not app.error


def test_without_weights_the_predict_page_says_what_is_missing(trained):
    app = open_page("predict")
    assert "No trained network" in app.info[0].value


def test_without_results_the_heatmap_page_says_so_and_shows_the_paper(trained):
    app = open_page("breaks")
    assert "No results" in app.info[0].value
    assert "RECOLA" in words_of(app)
    assert 0.789 in app.table[0].value["arousal CCC"].to_numpy()


def test_the_address_restores_what_was_chosen(trained):
    app = open_page("hear", p_n="0.75", p_l="0.2", seed="42", clip="test_2", start="15")
    assert app.session_state["p_n"] == 0.75
    assert app.session_state["p_l"] == 0.2
    assert app.session_state["seed"] == 42
    assert app.selectbox(key="clip").value == "test_2"
    assert app.slider(key="start").value == 15


@pytest.mark.parametrize("value", ["7", "-1", "nan", "inf", "", "<script>", "1e400"])
def test_a_bad_address_gives_the_defaults(trained, value):
    app = open_page("hear", p_n=value, seed=value + "x", clip=value, length=value, heard=value, start="99999")
    assert app.session_state["p_n"] == 0.9
    assert app.session_state["seed"] == 1
    assert not app.exception
    assert not app.error


def test_what_is_chosen_goes_into_the_address_and_to_the_other_page(trained):
    app = open_page("predict")
    app.slider(key="p_n").set_value(0.3).run()
    app.number_input(key="seed").set_value(5).run()
    assert app.query_params["p_n"] == "0.3"
    assert app.query_params["seed"] == "5"
    show_page(app, "hear")
    assert app.session_state["p_n"] == 0.3
    assert app.query_params["p_n"] == "0.3"


def test_a_preset_sets_both_sliders(trained):
    app = open_page("predict")
    app.button(key="preset Bursty Wi-Fi").click().run()
    assert (app.slider(key="p_n").value, app.slider(key="p_l").value) == (0.98, 0.75)
    assert "800 ms" in words_of(app)


def test_a_new_draw_is_another_seed(trained):
    app = open_page("predict")
    button = next(button for button in app.button if button.label == "New draw")
    button.click().run()
    assert app.number_input(key="seed").value != 1


def test_predictions_have_scores_clean_and_after_loss(weights):
    app = open_page("predict")
    assert [metric.label for metric in app.metric] == ["CCC, clean", "CCC, after loss"] * 2
    assert sum("20 draws" in caption.value for caption in app.caption) == 2
    assert "Matched: the network trained on high $p_N$, mid $p_L$" in words_of(app)
    assert not app.error


def test_all_networks_stand_side_by_side_on_the_same_losses(weights):
    app = open_page("predict", setting="all")
    headings = [heading.value for heading in app.subheader]
    assert headings[:3] == ["Mismatched", "Matched", "Augmentation"]
    assert len(app.get("plotly_chart")) == 1 + 3 * 2 + 2
    assert not app.error


def test_a_matched_network_that_is_not_trained_is_named(weights):
    app = open_page("predict", setting="matched", p_n="0.2", p_l="0.2")
    assert "low $p_N$, low $p_L$, which is not trained yet" in app.info[0].value
    assert not app.error


def test_silence_in_place_of_lost_frames_gives_another_prediction(weights):
    app = open_page("predict", p_n="0.5")
    cut_out = [metric.value for metric in app.metric]
    app = open_page("predict", p_n="0.5", given="silence")
    assert app.session_state["given"] == "silence"
    assert [metric.value for metric in app.metric][::2] == cut_out[::2]  # without loss there are no holes
    assert [metric.value for metric in app.metric] != cut_out


def test_a_score_over_the_whole_timeline_can_be_chosen(weights):
    app = open_page("predict", p_n="0.5", score="ccc_timeline")
    assert "whole timeline" in words_of(app)
    assert app.query_params["score"] == "ccc_timeline"


def test_settings_that_were_saved_give_the_same_numbers_again(weights, corpus, tmp_path, monkeypatch):
    from sercore.experiment.replay import differing, read_scene, scene_clip, score_scene
    from sercore.network.weights import load_model

    saved = {}
    monkeypatch.setattr(take_along, "_button", lambda label, content, *_: saved.update({label: content}))
    for how in ("removed", "silence"):
        open_page("predict", p_n="0.7", given=how, setting="matched", seed="9")
        (tmp_path / "settings.json").write_text(saved["Settings"])
        scene, shown = read_scene(tmp_path / "settings.json")
        model = load_model(weights / "matched_high_mid.safetensors")
        assert scene.networks == {"matched": model.card.sha256}
        audio, gold = scene_clip(scene, corpus, None)
        found = [{"setting": "matched", **row} for row in score_scene(model, scene, audio, gold)]
        assert differing(found, shown) == []
        assert all(np.isfinite(row["ccc"]) for row in shown)


# The whole plane for one clip.


def compute_plane(app: AppTest) -> AppTest:
    return app.button(key="plane_switch").click().run()


def test_the_plane_is_computed_on_demand_and_remembered(weights):
    app = open_page("plane")
    assert ["0 of 441 channels." in chart.proto.alt for chart in app.get("plotly_chart")] == [True, True]
    assert app.button(key="plane_switch").label == "Compute"
    compute_plane(app)
    assert not app.error
    assert len(app.get("plotly_chart")) == 2
    assert "plane_switch" not in [button.key for button in app.button]
    again = open_page("plane")  # another visitor
    assert len(again.get("plotly_chart")) == 2


def test_a_stopped_plane_goes_on_where_it_was(weights, monkeypatch):
    asked = []
    compute = inference.score_channels

    def breaks_off(clip, some, *rest):
        asked.extend(some)
        if len(asked) > 30:
            raise OSError("the disk is gone")
        return compute(clip, some, *rest)

    monkeypatch.setattr(inference, "score_channels", breaks_off)
    app = compute_plane(open_page("plane"))
    assert "the disk is gone" in app.error[0].value
    assert app.button(key="plane_switch").label == "Go on"
    assert "Hatched: **not computed yet**" in words_of(app)
    assert app.get("progress")[0].proto.text.endswith("of 441 channels.")
    app.run()
    assert "the disk is gone" in app.error[0].value  # until it is tried again
    monkeypatch.setattr(inference, "score_channels", compute)
    compute_plane(app)
    assert not app.error
    assert "not computed yet" not in words_of(app)
    assert "plane_switch" not in [button.key for button in app.button]


def test_who_waits_for_a_plane_computes_nothing_that_is_there_by_then(monkeypatch):
    channels, asked = your_plane.rounds()[0], []
    monkeypatch.setattr(inference, "score_channels", lambda clip, some, *_: asked.extend(some) or {})
    plane = dict.fromkeys(channels[:4], (0.5, 0.5, 0.5, 0.5))
    for wanted in (channels, channels[:4]):
        inference.fill_plane(plane, None, wanted, seed=1, weights="mismatched", on_wait=print)
        assert asked == channels[4:]


def test_a_plane_scores_what_the_predict_page_scores(weights, corpus):
    clip = clips.excerpt(corpus.tracks[0], 0, 20)
    channel = Gilbert(0.7, 0.4)
    shown = inference.draws_of(clip, channel, 5, weights="mismatched", given="removed", on_wait=print)
    (found,) = inference.score_channels(clip, [channel], 5, "mismatched").values()
    assert found[:2] == pytest.approx(shown.scores(clip.gold, "ccc").after, abs=1e-6)
    assert found[2:] == pytest.approx(shown.scores(clip.gold, "ccc_timeline").after, abs=1e-6)


def test_every_channel_of_the_plane_is_computed_once():
    found = [channel for row in your_plane.rounds() for channel in row]
    steps = [round(i / 20, 4) for i in range(21)]
    assert sorted((c.p_n, c.p_l) for c in found) == sorted((n, p) for n in steps for p in steps)


def test_an_unfinished_plane_shows_what_is_computed_and_hatches_the_rest():
    known = {c: (c.p_n, c.p_l, 0.0, 0.0) for row in your_plane.rounds()[:7] for c in row}
    known[Gilbert(0.0, 1.0)] = (np.nan,) * 4  # computed, but not defined
    table = your_plane.table(known, 0, "ccc")
    assert len(table) == 441
    assert int((~table["pending"]).sum()) == len(known)
    figure = ccc_heatmap(table, Gilbert(0.5, 0.5), LIGHT, title="t", highest=1.0)
    (hatched,) = [trace for trace in figure.data if trace.name == "not computed yet"]
    assert len(hatched.x) == 441 - len(known)
    (crosses,) = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "text"]
    assert [*zip(crosses.x, crosses.y, strict=True)] == [(0.0, 1.0)]
    *_, coloured = [trace for trace in figure.data if trace.type == "heatmap"]
    assert np.isfinite(np.array(coloured.z, dtype=float)).sum() == len(known) - 1
    said = next(t.hovertext for t in figure.data if t.type == "scatter" and t.hovertext is not None)
    assert sum("not computed yet" in words for words in said) == 441 - len(known)


def test_an_own_recording_is_compared_with_its_clean_prediction(weights):
    app = open_page("plane", clip="own")
    noise = 0.1 * np.random.default_rng(0).normal(size=16_000 * 6)
    app.file_uploader[0].set_value(("speech.wav", wav_bytes(noise), "audio/wav")).run()
    compute_plane(app)
    assert "prediction without loss" in words_of(app)
    assert len(app.get("plotly_chart")) == 2


# The lesson.


@pytest.mark.parametrize("number", range(1, 7))
def test_a_step_asks_first_and_tells_after_a_prediction(results, number):
    app = open_page("lesson", lesson=str(number))
    step = lesson.STEPS[number - 1]
    assert app.title[0].value == step.title
    assert step.reason not in words_of(app)
    assert app.button(key=f"reveal {number}").disabled
    app.radio[0].set_value(0).run()
    app.button(key=f"reveal {number}").click().run()
    assert not app.error
    assert step.reason in words_of(app)
    assert [*app.success, *app.info, *app.warning]


@pytest.mark.parametrize("number", range(2, 7))
def test_without_results_the_lesson_cannot_tell(trained, number):
    app = open_page("lesson", lesson=str(number))
    app.radio[0].set_value(0).run()
    app.button(key=f"reveal {number}").click().run()
    assert "cannot be told yet" in words_of(app)
    assert "cannot decide" in app.info[-1].value


def test_a_link_to_a_step_keeps_its_channel_even_where_it_is_the_usual_one(trained):
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
    app.query_params.update(lesson="3", p_n="0.9", p_l="0.8", score="ccc_timeline")
    app.run()
    chosen = [app.session_state[name] for name in ("p_n", "p_l", "score", "lesson")]
    assert chosen == [0.9, 0.8, "ccc_timeline", 3]
    (link,) = [code.value for code in app.code if "lesson=3" in code.value]
    assert {"p_n=0.9", "p_l=0.8", "score=ccc_timeline"} <= set(link.partition("?")[2].split("&"))


def test_the_address_of_a_step_names_even_the_usual_channel_and_opens_with_it(trained):
    app = open_page("lesson", lesson="3", p_n="0.9", p_l="0.5")
    assert [app.query_params[name] for name in ("p_n", "p_l", "score")] == ["0.9", "0.5", "ccc"]
    assert [app.session_state[name] for name in ("p_n", "p_l")] == [0.9, 0.5]
    show_page(app, "predict")
    assert "p_n" not in app.query_params


def test_a_channel_that_came_with_a_link_to_another_page_is_not_the_steps(trained):
    app = open_page("lesson", p_n="0.33", p_l="0.44")
    first = next(iter(lesson.STEPS[0].channels.values()))
    assert [app.session_state[name] for name in ("p_n", "p_l")] == [first.p_n, first.p_l]


def test_a_link_may_name_the_lesson_alone_and_hide_controls(trained):
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=300)
    app.query_params.update(lesson="3", hide="seed,clip,nonsense")
    app.run()
    assert app.title[0].value == lesson.STEPS[2].title
    assert app.session_state["hide"] == "clip,seed"
    assert "clip" not in [box.key for box in app.selectbox]
    show_page(app, "predict")
    assert not app.number_input
    assert "lesson" not in app.query_params  # a link from here leads here


def test_large_type_is_in_the_address(trained):
    app = open_page("lesson", present="1")
    assert state_of(app, "present")
    app.toggle(key="present").set_value(False).run()
    assert "present" not in app.query_params


def state_of(app: AppTest, name: str):
    return app.session_state[name]


def test_a_hall_gets_larger_type_and_the_same_data():
    received = np.ones(50, dtype=bool)
    small, large = (
        chart.for_hall(charts.emotion({}, received, LIGHT, "arousal"), scale) for scale in (1, 1.5)
    )
    assert large.layout.xaxis.tickfont.size > small.layout.xaxis.tickfont.size
    assert large.layout.height == pytest.approx(1.5 * small.layout.height)


def test_the_two_channels_of_step_2_lose_the_same_share():
    rates = [channel.loss_rate for channel in lesson.STEPS[1].channels.values()]
    assert rates == pytest.approx([0.5, 0.5])


def test_the_answer_of_step_1_is_the_mean_burst_of_many_draws():
    received = draw_received(lesson.BURSTS, 3, 200_000)
    _, lengths = series.lost_runs(received)
    told = lesson.STEPS[0].evidence(findings.Findings(findings.pd.DataFrame()), "test", "ccc")
    assert lesson.STEPS[0].options[told.answer] == "800 ms"
    assert lengths.mean() == pytest.approx(0.8, rel=0.02)


# What the results say.


def made_findings(
    score_of, *, settings_=("mismatched", "matched"), trainings=3, intervals=None
) -> findings.Findings:
    """Results in which ``score_of(setting, training, p_n, p_l)`` is the CCC of each channel."""
    import pandas as pd

    steps = [round(i / 10, 1) for i in range(11)]
    rows = [
        {
            "setting": setting, "model_seed": training, "p_n": n, "p_l": p, "dimension": dimension,
            "expected_loss_rate": Gilbert(n, p).loss_rate, "loss_rate": Gilbert(n, p).loss_rate,
            "ccc": score_of(setting, training, n, p), "n_frames": 100, "seed": 0, "partition": "test",
            "corpus": "default",
        }
        for setting in settings_ for training in range(trainings) for dimension in ("arousal", "valence")
        for n in steps for p in steps
    ]  # fmt: skip
    table = results_table(rows)
    differences = pd.DataFrame(intervals or [], columns=list(findings.DIFFERENCE_COLUMNS))
    return findings.Findings(table, differences)


def intervals_of(low: float, high: float, better="matched", than="mismatched") -> list[dict]:
    steps = [round(i / 10, 1) for i in range(11)]
    return [
        {
            "setting": better, "other": than, "p_n": n, "p_l": p, "dimension": "arousal", "score": "ccc",
            "difference": (low + high) / 2, "low": low, "high": high,
        }
        for n in steps for p in steps
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("intervals", "answer"),
    [
        (intervals_of(0.1, 0.2), 0),
        (intervals_of(-0.2, -0.1), 1),
        (intervals_of(-0.1, 0.1), None),
        (intervals_of(-0.2, -0.1, "mismatched", "matched"), 0),  # the pair in the other order
        (intervals_of(0.1, 0.2)[:60] + intervals_of(-0.2, -0.1)[60:], 2),
        (None, None),
    ],
)
def test_two_trainings_are_compared_by_their_intervals(intervals, answer):
    found = made_findings(lambda *_: 0.5, intervals=intervals)
    told = evidence.against(found, "matched", "mismatched", "test", "ccc")
    assert told.answer == answer
    assert (evidence.CANNOT_TELL in told.words) == (answer is None)


def test_a_channel_counts_only_where_no_training_contradicts():
    agree = made_findings(lambda s, t, n, p: 0.5 + 0.1 * (s == "matched"), intervals=intervals_of(0.1, 0.2))
    assert evidence.against(agree, "matched", "mismatched", "test", "ccc").answer == 0
    mixed = made_findings(
        lambda s, t, n, p: 0.5 + (0.3 if t else -0.1) * (s == "matched"), intervals=intervals_of(0.1, 0.2)
    )
    told = evidence.against(mixed, "matched", "mismatched", "test", "ccc")
    assert told.answer is None
    assert "all 3 trainings" in told.words


@pytest.mark.parametrize("trainings", [1, 2, 3])
def test_what_few_trainings_say_comes_with_its_caveat(trainings):
    found = made_findings(
        lambda s, t, n, p: 0.5 - 0.2 * p + 0.1 * (s == "matched"),
        settings_=("mismatched", "matched", "augmentation"),
        intervals=intervals_of(0.1, 0.2) + intervals_of(0.1, 0.2, "augmentation"),
        trainings=trainings,
    )
    caveat = {1: evidence.ONE_TRAINING, 2: evidence.TWO_TRAININGS, 3: ""}[trainings]
    for step in lesson.STEPS[1:]:
        told = step.evidence(found, "test", "ccc")
        assert told.answer is not None
        assert told.caveat == caveat


def test_a_verdict_from_one_training_says_that_it_may_be_luck(results):
    app = open_page("lesson", lesson="6")
    app.radio[0].set_value(0).run()
    app.button(key="reveal 6").click().run()
    (verdict,) = [*app.success, *app.warning]
    assert evidence.ONE_TRAINING in verdict.value


def test_a_training_with_half_its_results_is_not_judged(trained):
    whole = made_findings(lambda *_: 0.5, intervals=intervals_of(0.1, 0.2))
    rows = whole.rows[(whole.rows["setting"] != "matched") | (whole.rows["p_n"] > 0.5)]
    found = findings.Findings(rows, whole.differences)
    assert found.coverage("test", "matched") == pytest.approx(5 / 11)
    told = evidence.against(found, "matched", "mismatched", "test", "ccc")
    assert told.answer is None
    assert "45" in told.words
    (trained / "results").mkdir()
    write_results(trained / "results" / "plane.parquet", rows)
    assert "Matched has results for 45" in words_of(open_page("breaks"))


def test_a_knob_matters_more_only_if_all_trainings_say_so():
    for sign, answer in ((1, 0), (-1, 1)):
        found = made_findings(
            lambda s, t, n, p, sign=sign: (
                0.3 + (0.3 if sign > 0 else 0.1) * n - (0.1 if sign > 0 else 0.3) * p
            )
        )
        assert evidence.channel_parameters(found, "test", "ccc").answer == answer
    mixed = made_findings(lambda s, t, n, p: 0.3 + (0.3 if t else 0.1) * n - (0.1 if t else 0.3) * p)
    assert evidence.channel_parameters(mixed, "test", "ccc").answer is None
    single = made_findings(lambda s, t, n, p: 0.3 * n, trainings=1)
    assert evidence.channel_parameters(single, "test", "ccc").answer is None


@pytest.mark.parametrize(("others", "answer"), [(0.3, 0), (-0.3, None)])
def test_one_training_of_each_setting_will_do_if_all_of_them_agree(others, answer):
    names = ("mismatched", "multi_condition", "augmentation")
    found = made_findings(
        lambda s, t, n, p: 0.3 + (0.3 if s == "mismatched" else others) * n - 0.1 * p,
        settings_=names,
        trainings=1,
    )
    if answer is None:  # in the others p_L matters more
        found.rows.loc[found.rows["setting"] != "mismatched", "ccc"] = 0.5 - 0.3 * found.rows["p_l"]
    told = evidence.channel_parameters(found, "test", "ccc")
    assert told.answer == answer
    assert ("all 3 settings say the same" in told.words) == (answer == 0)
    assert (evidence.CANNOT_TELL in told.words) == (answer is None)


def test_long_bursts_hurt_more_where_the_score_falls_along_the_line():
    falling = made_findings(lambda s, t, n, p: 0.5 - 0.2 * p)
    assert evidence.burst_length(falling, "test", "ccc").answer == 0
    rising = made_findings(lambda s, t, n, p: 0.5 + 0.2 * p)
    assert evidence.burst_length(rising, "test", "ccc").answer == 1
    level = made_findings(lambda s, t, n, p: 0.5 + 0.01 * p)
    told = evidence.burst_length(level, "test", "ccc")
    assert lesson.STEPS[1].options[told.answer] == "Hardly any difference"
    half = findings.Findings(level.rows[(level.rows["setting"] != "matched") | (level.rows["p_l"] > 0.5)])
    assert "nan" not in evidence.burst_length(half, "test", "ccc").words


@pytest.mark.parametrize(("fall", "answer"), [(0.01, 0), (0.1, 1), (0.3, 2)])
def test_a_call_is_compared_with_no_loss(fall, answer):
    found = made_findings(lambda s, t, n, p: 0.5 if n == 1 else 0.5 - fall)
    assert evidence.real_call(found, lesson.CALL, "test", "ccc").answer == answer
    mixed = made_findings(lambda s, t, n, p: 0.5 if n == 1 else 0.5 - (fall if t else 0.05))
    told = evidence.real_call(mixed, lesson.CALL, "test", "ccc")
    assert told.answer == (1 if answer == 1 else None)  # else the trainings disagree


def test_matched_takes_from_each_network_its_own_ninth(trained):
    from sercore.training.settings import MATCHED, matched_for

    names = [cell.name for cell in MATCHED.values()]
    made = made_findings(lambda s, t, n, p: float(names.index(s)), settings_=names, trainings=1)
    write_results(trained / "results" / "plane.parquet", made.rows)
    found = findings.read_findings()
    assert found.settings("test") == ["matched", "augmentation"]
    for row in found.cells("test", "matched", "arousal").itertuples():
        assert names[int(row.ccc)] == matched_for(Gilbert(row.p_n, row.p_l)).name


def test_a_difference_is_outlined_where_its_interval_excludes_zero():
    import pandas as pd

    cells = pd.DataFrame(intervals_of(-0.1, 0.1)[:1] + intervals_of(0.1, 0.2)[1:])
    x, _ = outlines(cells)
    figure = difference_heatmap(cells, Gilbert(0.5, 0.5), LIGHT, title="t", largest=0.2)
    drawn = next(trace for trace in figure.data if trace.name == "interval excludes 0")
    assert len(drawn.x) == len(x) > 0
    assert {-0.05, 0.05, 1.05} <= {round(value, 3) for value in x}  # the border goes around the unsure corner
    assert outlines(pd.DataFrame(intervals_of(-0.1, 0.1))) == ([], [])


def test_results_with_intervals_and_both_scores_are_shown(results):
    table = findings.read_findings().rows
    table = table.assign(ccc_timeline=0.3, ccc_low=0.4, ccc_high=0.6)
    write_results(results / "results" / "small.parquet", results_table(table.to_dict("records")))
    rows = [
        row | {"p_n": n, "p_l": p}
        for row in intervals_of(0.1, 0.2, "augmentation", "mismatched")[:1]
        for n in (0.0, 0.5, 1.0)
        for p in (0.0, 0.5, 1.0)
    ]
    findings.pd.DataFrame(rows).to_parquet(results / "results" / findings.DIFFERENCES)
    app = open_page("breaks")
    assert "bootstrap over speakers" in words_of(app)
    assert "No scores over the whole timeline" not in words_of(app)
    app = open_page("breaks", score="ccc_timeline")
    assert "CCC over: whole timeline" in words_of(app)
    assert not app.error


# Files.


def test_a_mask_and_a_trace_say_the_same():
    received = draw_received(Gilbert(0.6, 0.6), 2, 60)
    lines = export.received_csv(received, 5.0).splitlines()[1:]
    assert [line.rsplit(",", 1)[1] == "1" for line in lines] == received.tolist()
    assert lines[1].split(",")[1] == "5.2"
    trace = np.array(export.trace_text(received).split(), dtype=int)
    np.testing.assert_array_equal(trace.reshape(60, 10), np.repeat(~received[:, None], 10, axis=1))


def test_a_prediction_that_is_missing_is_an_empty_cell():
    clip = clips.clip_of("hum", np.zeros(16_000, dtype=np.float32), np.full((5, 2), 0.25, dtype=np.float32))
    received = np.array([True, False, True, True, True])
    predicted = np.where(received[:, None], np.float32(0.5), np.float32(np.nan)).repeat(2, axis=1)
    lines = export.predictions_csv(clip, received, {"mismatched": predicted}).splitlines()
    assert lines[0] == "seconds,received,gold_arousal,gold_valence,mismatched_arousal,mismatched_valence"
    assert lines[1] == "0,1,0.25,0.25,0.5,0.5"
    assert lines[2] == "0.2,0,0.25,0.25,,"


def test_a_channel_that_loses_everything_has_no_score(weights):
    app = open_page("predict", p_n="0", p_l="1")
    assert [metric.value for metric in app.metric][1::2] == ["not defined"] * 2
    assert "Nothing arrives" in app.warning[0].value


def test_damaged_weights_give_one_sentence(weights):
    path = weights / "mismatched.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    app = open_page("predict")
    assert "SHA-256" in app.error[0].value
    assert not app.exception


def test_predictions_are_computed_once(weights, monkeypatch):
    asked = []
    compute = inference._draw
    monkeypatch.setattr(inference, "_draw", lambda *args: asked.append(args[1:4]) or compute(*args))
    app = open_page("predict")
    app.run()
    assert len(asked) == len(set(asked)) == 3  # mismatched, matched and augmentation
    app.number_input(key="seed").set_value(2).run()
    assert len(asked) == 6


def test_heatmaps_show_what_is_there_and_name_what_is_missing(results):
    app = open_page("breaks")
    assert len(app.get("plotly_chart")) == 4 + 2 + 2 + 2  # planes, differences, loss rate, what is borne
    assert "No results yet for: Multi-condition, Matched" in words_of(app)
    assert "No scores over the whole timeline yet" in words_of(app)
    assert "No intervals yet" in words_of(app)
    assert not app.info


def test_a_line_against_loss_is_that_of_its_partition(results):
    row = {"score": "ccc", "setting": "mismatched", "dimension": "arousal", "loss_rate": 0.2}
    rows = [row | {"partition": name, "ccc": ccc} for name, ccc in (("devel", 0.2), ("test", 0.7))]
    table = findings.pd.DataFrame(rows).assign(low=0.1, high=0.9)
    path = results / "results" / findings.FIGURE_3
    table.to_csv(path, index=False)
    of_test = findings.read_findings().by_loss("test", "mismatched", "arousal", "ccc")
    assert of_test["mean"].tolist() == [0.7]
    table[:1].drop(columns="partition").to_csv(path, index=False)  # about.json says which it is of
    (results / "results" / findings.ABOUT).write_text('{"partition": "devel"}')
    of_test = findings.read_findings().by_loss("test", "mismatched", "arousal", "ccc")
    assert 0.2 not in of_test["mean"].tolist()
    of_devel = findings.read_findings().by_loss("devel", "mismatched", "arousal", "ccc")
    assert of_devel["mean"].tolist() == [0.2]


def test_what_can_be_borne_follows_the_score_that_is_needed(trained):
    made = made_findings(
        lambda s, t, n, p: (0.8 if s == "mismatched" else 0.6) - 0.5 * Gilbert(n, p).loss_rate, trainings=1
    )
    (trained / "results").mkdir()
    write_results(trained / "results" / "plane.parquet", made.rows)
    app = open_page("breaks")
    assert app.slider(key="need_arousal").value == 0.72  # nine tenths of 0.8
    said = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert any("arousal of 0.72: Mismatched up to 1" in words for words in said)
    assert any("Matched not even without loss" in words for words in said)
    app.slider(key="need_arousal").set_value(0.54).run()
    said = [chart.proto.alt for chart in app.get("plotly_chart")]
    (words,) = [words for words in said if "arousal of 0.54" in words]
    assert "Mismatched up to 5" in words  # half
    assert "Matched up to 1" in words  # a tenth
    assert app.query_params["need_arousal"] == "0.54"


def test_results_of_one_matched_network_alone_are_no_trouble(trained):
    made = made_findings(lambda *_: 0.5, settings_=("matched_low_low",), trainings=1)
    (trained / "results").mkdir()
    write_results(trained / "results" / "plane.parquet", made.rows)
    app = open_page("breaks")
    assert not app.error
    assert not app.exception


def test_the_results_say_which_corpus_they_are_of(results):
    about = results / "results" / findings.ABOUT
    corpus = findings.read_findings().corpus
    for name, said in ((corpus, True), ("another", False)):
        about.write_text(json.dumps({"corpus": {"name": name, "partition": ["The voices are synthetic."]}}))
        assert ("The voices are synthetic." in words_of(open_page("breaks"))) == said
    about.write_text("{")
    assert findings.read_findings().origin == ""


def test_of_several_networks_of_a_setting_the_shipped_one_counts(results):
    path = results / "results" / "small.parquet"
    table = findings.read_findings().rows
    other = table.assign(ccc=-1.0, weights_sha256="another epoch")
    write_results(path.parent / "other.parquet", results_table(other.to_dict("records")))
    (results / "mismatched.json").write_text('{"sha256": "0", "dimensions": {}}')
    found = findings.read_findings()
    assert found.cells("test", "mismatched", "arousal")["ccc"].dropna().unique() == [0.5]


def test_the_matched_network_of_light_loss_is_called_augmentation(results):
    path = results / "results" / "small.parquet"
    table = findings.read_findings().rows
    renamed = table.assign(setting=table["setting"].replace({"augmentation": "matched_high_low"}))
    write_results(path, results_table(renamed.to_dict("records")))
    assert findings.read_findings().settings("test") == ["mismatched", "augmentation"]


def test_a_damaged_results_file_is_named_and_the_others_are_shown(results):
    (results / "results" / "broken.parquet").write_bytes(b"PAR1 and nothing else")
    app = open_page("breaks")
    assert "broken.parquet" in app.warning[0].value
    assert len(app.get("plotly_chart")) == 10


def test_without_its_recordings_the_page_asks_for_the_visitors(trained, monkeypatch):
    def missing(name):
        raise CorpusError(name, ["test_1.ogg is missing"])

    monkeypatch.setattr(controls, "open_corpus", missing)
    app = open_page("hear")
    assert "test_1.ogg is missing" in app.warning[0].value
    assert len(app.file_uploader) == 1


BAD_FILES = {
    "text called wav": (b"this is not sound at all", "not audio"),
    "nothing": (b"", "not audio"),
    "too short": (wav_bytes(np.zeros(1_600)), "at least 1 s"),
    "too long": (wav_bytes(np.zeros(16_000 * 301)), "at most 300"),
    "half a file": (wav_bytes(np.zeros(32_000))[:20_000], "truncated"),
}


@pytest.mark.parametrize(("content", "reason"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_upload_gives_one_sentence(trained, content, reason):
    app = open_page("hear", clip="own")
    app.file_uploader[0].set_value(("speech.wav", content, "audio/wav")).run()
    assert reason in app.error[0].value
    assert "\n" not in app.error[0].value
    assert not app.exception


def test_the_sound_that_came_last_counts(weights):
    app = open_page("predict", clip="own")
    noise = 0.1 * np.random.default_rng(0).normal(size=16_000 * 6)
    app.file_uploader[0].set_value(("a.wav", wav_bytes(noise), "audio/wav")).run()
    first = app.session_state["own_clip"].sha256
    app.file_uploader[0].set_value(("b.wav", b"no sound", "audio/wav")).run()
    assert "not audio" in app.error[0].value
    app.run()
    assert "not audio" in app.error[0].value  # it stays until something else comes
    app.file_uploader[0].set_value(("c.wav", wav_bytes(noise[16_000:]), "audio/wav")).run()
    assert not app.error
    assert app.session_state["own_clip"].sha256 != first


def test_audio_that_is_removed_is_forgotten_with_all_that_was_computed_of_it(weights):
    app = open_page("predict", clip="own")
    noise = 0.1 * np.random.default_rng(0).normal(size=16_000 * 6)
    app.file_uploader[0].set_value(("speech.wav", wav_bytes(noise), "audio/wav")).run()
    assert app.get("plotly_chart")
    assert all(kept.size for kept in (inference._predictions(), inference._features()))
    show_page(app, "plane")  # the page changes, the audio stays
    forget = next(button for button in app.button if button.label == "Forget my audio")
    forget.click().run()
    assert "own_clip" not in app.session_state
    assert not any(kept.size for kept in (inference._predictions(), inference._features()))
    assert "Choose a file or speak" in words_of(app)


def test_an_upload_is_predicted_and_compared_with_its_clean_prediction(weights):
    app = open_page("predict", clip="own")
    noise = 0.1 * np.random.default_rng(0).normal(size=16_000 * 6)
    app.file_uploader[0].set_value(("speech.wav", wav_bytes(noise), "audio/wav")).run()
    assert [metric.label for metric in app.metric] == ["Agreement of after loss with clean (CCC)"] * 2
    assert not app.error


def test_a_failing_page_shows_a_sentence_and_no_traceback(trained, monkeypatch):
    def broken():
        raise RuntimeError("secret path /home/somebody")

    monkeypatch.setattr(controls, "clip_in_hand", broken)
    app = open_page("hear")
    assert "Something went wrong" in app.error[0].value
    assert "secret" not in words_of(app)
    assert not app.exception


def test_the_first_page_needs_no_torch():
    import subprocess

    code = (
        "import sys; sys.argv = ['x']; from streamlit.testing.v1 import AppTest; "
        f"app = AppTest.from_file({str(ROOT / 'dashboard' / 'app.py')!r}, default_timeout=300).run(); "
        "assert not app.exception; print('torch' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert answer.stdout.strip() == "False"


# Clips.


@settings(max_examples=25, deadline=None)
@given(st_.integers(0, 400), st_.sampled_from([20, 300]))
def test_an_excerpt_lies_inside_its_track(start, seconds):
    track = Track("a", np.arange(200 * 3_200) / 1e6, np.zeros((200, 2)), "a", "French", "test")
    clip = clips.excerpt(track, start, seconds)
    assert clip.n_frames == min(seconds * 5, 200)
    first = round(clip.start * 5)
    np.testing.assert_array_equal(clip.audio, track.audio[first * 3_200 : (first + clip.n_frames) * 3_200])


def test_an_own_clip_is_cut_to_whole_frames():
    clip = clips.own_clip("mine", io.BytesIO(wav_bytes(np.zeros(20_000))))
    assert (clip.n_frames, len(clip.audio)) == (6, 19_200)
