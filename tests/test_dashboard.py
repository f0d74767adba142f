"""The dashboard without a browser: its pictures, its words, its pages and their empty and broken states."""

from __future__ import annotations

import builtins
import io
import re
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st_
from hypothesis.extra.numpy import arrays

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the dashboard is run from the repository, not installed

import streamlit as st  # noqa: E402
from streamlit.testing.v1 import AppTest  # noqa: E402

from dashboard import (  # noqa: E402
    channels,
    charts,
    clips,
    controls,
    findings,
    inference,
    loudspeaker,
    player,
    scores,
    series,
)
from dashboard.heatmaps import ccc_heatmap, loss_line  # noqa: E402
from dashboard.palette import DARK, LIGHT  # noqa: E402
from sercore.audio import wav_bytes  # noqa: E402
from sercore.corpus import Corpus, CorpusError, Track  # noqa: E402
from sercore.loss_models import Gilbert  # noqa: E402
from sercore.results import results_table, write_results  # noqa: E402

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
    lines = dict.fromkeys(("gold standard", "predicted, clean", "predicted, after loss"), line)
    audio = rng.normal(size=4_800_000).astype(np.float32)
    assert points_of(charts.emotion(lines, received, LIGHT, "arousal")) < 4_000
    assert points_of(charts.waveform(audio, received, LIGHT)) < 4_000


def test_a_prediction_is_missing_where_frames_were_lost():
    received = np.array([True, False, False, True, True])
    after = np.where(received, np.float32(0.3), np.float32(np.nan))
    figure = charts.emotion({"predicted, after loss": after}, received, LIGHT, "valence")
    drawn = next(trace for trace in figure.data if trace.name == "predicted, after loss")
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
        {"p_n": n, "p_l": p, "ccc": np.nan if p == 1 else 0.4, "loss_rate": 0, "n_frames": 9} for n, p in grid
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
    for name in ("sound", "lost", "gold", "clean", "received", "ink"):
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
    lost = 1 - np.mean([channels.draw_received(Gilbert(0.9, 0.6), seed, 20_000).mean() for seed in range(5)])
    assert lost == pytest.approx(0.2, abs=0.01)


def test_moving_a_slider_changes_the_losses_gradually():
    before = channels.draw_received(Gilbert(0.90, 0.60), 1, 1_500)
    after = channels.draw_received(Gilbert(0.89, 0.60), 1, 1_500)
    assert 0 < (before != after).mean() < 0.05
    assert (before >= after).all()  # a worse channel only loses more


def test_a_longer_clip_begins_with_the_same_losses():
    np.testing.assert_array_equal(channels.uniform_bits(7, 100), channels.uniform_bits(7, 1_500)[:100])


def test_agreement_is_over_received_frames_only():
    gold = np.linspace(-1, 1, 60, dtype=np.float32).reshape(30, 2)
    predicted = gold.copy()
    predicted[::2] = np.nan
    assert scores.agreement(gold, predicted) == [1.0, 1.0]


CHOICE = {"p_n": 0.5, "p_l": 0.5, "seed": 1, "heard": "silence"}
WRONG = ({"p_n": 2}, {"p_n": "nan"}, {"p_l": None}, {"seed": -1}, {"seed": float("inf")}, {"heard": "<b>"})


@pytest.mark.parametrize("nonsense", [None, 3, "x", [], {}, {"p_n": 0.5}, *(CHOICE | bad for bad in WRONG)])
def test_nonsense_from_a_browser_is_ignored(nonsense):
    assert player.read_choice(nonsense) is None


# The queue.


def test_one_prediction_runs_at_a_time_and_the_others_hear_how_many_are_ahead():
    turnstile, inside, most, told = inference.Turnstile(), [0], [0], []

    def compute():
        with turnstile.turn(told.append):
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
    assert turnstile.waiting == 0


def test_who_waits_is_told_how_many_are_ahead():
    turnstile, told = inference.Turnstile(), []
    with turnstile.turn(told.append):
        waiting = threading.Thread(target=lambda: turnstile.turn(told.append).__enter__())
        waiting.start()
        deadline = time.monotonic() + 5
        while not told and time.monotonic() < deadline:
            time.sleep(0.02)
        assert told == [1]
    waiting.join()


def test_a_failed_prediction_lets_the_next_one_in():
    turnstile = inference.Turnstile()
    with pytest.raises(ValueError, match="broken"), turnstile.turn(print):
        raise ValueError("broken")
    with turnstile.turn(print):
        assert turnstile.waiting == 1


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
    monkeypatch.setattr(inference, "TRAINED", tmp_path)
    monkeypatch.setattr(inference.trained_settings, "__defaults__", (tmp_path,))
    monkeypatch.setattr(findings.read_findings, "__defaults__", (tmp_path / "results",))
    monkeypatch.setattr(controls, "open_corpus", lambda name: corpus)
    st.cache_resource.clear()
    yield tmp_path
    st.cache_resource.clear()


@pytest.fixture
def weights(trained) -> Path:
    import torch

    from sercore.checkpoints import save_model
    from sercore.model import EmotionModel

    torch.manual_seed(1)
    save_model(trained / "mismatched.safetensors", EmotionModel(), {"setting": "mismatched"})
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


def show(app: AppTest, name: str) -> AppTest:
    return app.switch_page(f"app_pages/{name}.py").run()


def open_page(name: str, **address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)
    app.query_params.update(address)
    app.run()
    return show(app, name) if name != "hear" else app


def words_of(app: AppTest) -> str:
    elements = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.title]
    return "\n".join(element.value for element in elements)


@pytest.mark.parametrize("name", ["hear", "predict", "breaks", "about"])
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
    show(app, "hear")
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
    assert not app.error


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
    compute = inference._compute
    monkeypatch.setattr(inference, "_compute", lambda *args: asked.append(args[1:3]) or compute(*args))
    app = open_page("predict")
    app.run()
    assert len(asked) == 2  # clean, and after loss
    app.number_input(key="seed").set_value(2).run()
    assert len(asked) == 3


def test_heatmaps_show_what_is_there_and_name_what_is_missing(results):
    app = open_page("breaks")
    assert len(app.get("plotly_chart")) == 4
    assert "No results yet for: Multi-condition, Matched" in words_of(app)
    assert not app.info


def test_of_several_networks_of_a_setting_the_shipped_one_counts(results):
    path = results / "results" / "small.parquet"
    table = findings.read_findings(path.parent).rows
    other = table.assign(ccc=-1.0, weights_sha256="another epoch")
    write_results(path.parent / "other.parquet", results_table(other.to_dict("records")))
    (results / "mismatched.json").write_text('{"sha256": "0", "dimensions": {}}')
    found = findings.read_findings(path.parent)
    assert found.cells("test", "mismatched", "arousal")["ccc"].dropna().unique() == [0.5]


def test_the_matched_network_of_light_loss_is_called_augmentation(results):
    path = results / "results" / "small.parquet"
    table = findings.read_findings(path.parent).rows
    renamed = table.assign(setting=table["setting"].replace({"augmentation": "matched_high_low"}))
    write_results(path, results_table(renamed.to_dict("records")))
    assert findings.read_findings(path.parent).settings("test") == ["mismatched", "augmentation"]


def test_a_damaged_results_file_is_named_and_the_others_are_shown(results):
    (results / "results" / "broken.parquet").write_bytes(b"PAR1 and nothing else")
    app = open_page("breaks")
    assert "broken.parquet" in app.warning[0].value
    assert len(app.get("plotly_chart")) == 4


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
        f"app = AppTest.from_file({str(ROOT / 'dashboard' / 'app.py')!r}, default_timeout=60).run(); "
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
