"""Packets that are no frames, and other loss models."""

import base64

import numpy as np
import pytest

from dashboard import player
from dashboard.compute import export, networks, predictions
from dashboard.compute.clips import clip_of
from dashboard.explore import keep
from dashboard.widgets import downloads
from dashboard.words.channels import summary
from sercore.channel import Gilbert, Netem
from sercore.channel.coupled import draw_received, uniform_bits
from sercore.channel.presets import CALLS_OF_PACKETS
from sercore.experiment.replay import Scene, score_scene
from sercore.receiver import RECEIVERS
from sercore.receiver.any_rate import receive
from sercore.trace import read_trace
from tests.dashboard.opened import open_page, show_page, words_of
from tests.recogniser.test_recogniser import Loudness


@pytest.fixture(autouse=True)
def _no_networks(tmp_path, monkeypatch):
    monkeypatch.setattr(networks, "TRAINED", tmp_path)


def test_the_page_says_what_is_lost_of_packets_and_of_frames():
    app = open_page("explore", packet_ms="20", p_n="0.9", p_l="0.8", seed="4")
    assert not app.exception
    received = draw_received(Gilbert(0.9, 0.8, packet_ms=20), 4, 100)
    assert len(received) == 1_000
    frames = received.reshape(100, 10).mean(axis=1) >= 0.5
    said = words_of(app)
    assert f"{(~received).sum()} of 1,000 packets" in said
    assert "5.0 packets, 100 ms" in said
    assert f"frames of 200 ms: {(~frames).sum()} of 100 lack more than half" in said
    assert "Table 1" not in summary(Gilbert(0.9, 0.8, packet_ms=20), received)


def test_a_call_by_its_name_sets_model_numbers_and_packet():
    app = open_page("explore")
    for call in CALLS_OF_PACKETS:
        app.button(key=f"call {call.name}").click().run()
        assert not app.exception
        assert app.session_state["loss_model"] == call.channel.NAME
        assert app.session_state["packet_ms"] == 20
        for parameter in call.channel.PARAMETERS:
            assert app.session_state[parameter.name] == getattr(call.channel, parameter.name)


def test_numbers_that_make_no_channel_are_told_and_the_usual_one_shown():
    app = open_page("explore", loss_model="netem", p31="0.9", p32="0.8")
    assert not app.exception
    assert "p31 + p32 must be at most 1, got 0.9 + 0.8" in words_of(app)
    show_page(app, "lesson")
    assert not app.exception


def test_the_player_gets_a_number_for_each_packet(monkeypatch):
    sent = []
    monkeypatch.setattr(player, "_player", lambda **message: sent.append(message["data"]))
    app = open_page("explore", packet_ms="60", p_n="0.95", p_l="0.5", seed="7")
    assert not app.exception
    bits = np.frombuffer(base64.b64decode(sent[-1]["bits"]), dtype="<u4")
    assert np.array_equal(bits, uniform_bits(7, 334))  # 20 s of 60 ms packets, the last of which sticks out
    assert (sent[-1]["packet_ms"], sent[-1]["seconds"]) == (60, 20)
    assert (sent[-1]["p_n"], sent[-1]["p_l"]) == (0.95, 0.5)
    assert {"presets", "corner"} <= set(sent[-1]["hidden"])  # which are of frames
    assert "chain" not in sent[-1]["hidden"]
    show_page(app, "lesson")  # which is about the paper's frames
    assert not app.exception
    open_page("explore", loss_model="netem", packet_ms="20")
    received = np.frombuffer(base64.b64decode(sent[-1]["received"]), dtype=bool)
    assert np.array_equal(received, draw_received(Netem(0.01, 0.2, 0.3, 0.3, 0.01, packet_ms=20), 1, 100))


@pytest.mark.parametrize("given", ["drop", "silence"])
def test_pages_and_replay_give_the_same_scores(given, monkeypatch):
    monkeypatch.setattr(networks, "load", lambda _: Loudness())
    monkeypatch.setattr(networks, "when_changed", lambda _: 2.0)
    rng = np.random.default_rng(2)
    audio = (rng.normal(0, 0.1, (100, 3_200)) * rng.random((100, 1))).reshape(-1).astype(np.float32)
    gold = rng.normal(size=(100, 2)).astype(np.float32)
    clip, channel = clip_of("a", audio, gold), Gilbert(0.95, 0.9, packet_ms=20)
    draws = predictions.draws_of(clip, channel, 5, weights=given, given=given, on_wait=print)
    scene = Scene(channel, 5, given, None, 0, 100, "0" * 64)
    rows = list(score_scene(Loudness(), scene, audio, gold))
    for kind in ("ccc", "ccc_timeline"):
        assert draws.scores(gold, kind).after == pytest.approx([row[kind] for row in rows], abs=1e-6)
    assert np.isnan(draws.shown).any() == (given == "drop")


@pytest.mark.parametrize("packet_ms", [10, 20, 40, 60, 200])
def test_a_trace_that_is_taken_along_is_read_again(packet_ms, tmp_path):
    received = draw_received(Gilbert(0.9, 0.7, packet_ms=packet_ms), 3, 60)
    trace = read_trace(export.trace_text(received, packet_ms).encode())
    samples = np.repeat(trace.received, int(trace.packet_ms * 16))
    assert np.array_equal(samples, np.repeat(received, packet_ms * 16))
    rows = export.received_csv(received, 5.0, packet_ms).splitlines()[1:]
    assert [row.split(",")[2] == "1" for row in rows] == received.tolist()
    assert float(rows[1].split(",")[1]) == pytest.approx(5 + packet_ms / 1000)


def test_plain_players_and_files_are_of_the_same_packets(monkeypatch):
    heard = {}
    monkeypatch.setattr(keep, "_version", lambda title, audio, clip, *, loud: heard.update({title: audio}))
    got = {}
    monkeypatch.setattr(
        downloads, "download", lambda _label, content, name, *_more: got.update({name: content})
    )
    monkeypatch.setattr(downloads, "one_of", lambda *_: None)
    clip = clip_of("a", np.random.default_rng(0).normal(0, 0.1, 3_200 * 31).astype(np.float32), None)
    channel = Gilbert(0.9, 0.7, packet_ms=60)
    for name, value in (("channel", channel), ("seed", 2), ("given", "repeat")):
        monkeypatch.setattr(keep.state, name, lambda value=value: value)
    keep.keep(clip, {})
    received = draw_received(channel, 2, 31)
    there = np.repeat(received, 960)[: len(clip.audio)]  # the last packet sticks out
    original, silent, cut, repeated = heard.values()
    assert np.array_equal(original, clip.audio)
    assert np.array_equal(silent, np.where(there, clip.audio, 0))
    assert np.array_equal(cut, clip.audio[there])
    assert np.array_equal(repeated, receive(clip.audio, 16_000, received, 60, RECEIVERS["repeat"]))
    assert len(got["received-own-0s-p_n0.9-p_l0.7-packet60-seed2.csv"].splitlines()) == 1 + len(received)
