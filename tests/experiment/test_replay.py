"""A scene's file is read whole or refused in one sentence."""

import json
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from sercore.audio import AudioError
from sercore.channel.gilbert import Gilbert
from sercore.experiment.replay import Scene, SceneError, read_scene, scene_clip, scene_json

SCENE = Scene(Gilbert(0.9, 0.5), 3, "removed", "test_1", 10, 100, "0" * 64, {"mismatched": "1" * 64})
SCORES = [{"setting": "mismatched", "dimension": "arousal", "ccc_clean": 0.5, "ccc": None}]


def test_a_scene_comes_back_as_it_was_written(tmp_path):
    (tmp_path / "settings.json").write_text(scene_json(SCENE, SCORES))
    assert read_scene(tmp_path / "settings.json") == (SCENE, SCORES)


def test_a_run_in_is_whole_packets_of_a_track():
    calls = replace(SCENE, channel=Gilbert(0.9, 0.5, packet_ms=60))
    assert replace(calls, run_in=9).run_in == 9
    with pytest.raises(ValueError, match="run_in must be whole packets, got 10 frames"):
        replace(calls, run_in=10)
    with pytest.raises(ValueError, match="run_in must lie within the track"):
        replace(SCENE, track=None, run_in=3)


def test_a_scene_of_before_has_no_run_in(tmp_path):
    content = json.loads(scene_json(SCENE, SCORES))
    del content["run_in"]
    (tmp_path / "settings.json").write_text(json.dumps(content))
    assert read_scene(tmp_path / "settings.json")[0].run_in == 0


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("p_n", 2.0, "p_n must lie in"),
        ("p_n", "high", "p_n must be a number, got 'high'"),
        ("seed", -1, "seed must lie in [0, 2.15e+09], got -1"),
        ("n_frames", 2.5, "n_frames must be a whole number"),
        ("given", ["removed"], "given must be text, got ['removed']"),
        ("track", 5, "track must be text, got 5"),
        ("corpus", None, "corpus must be text, got None"),
        ("sha256", {}, "sha256 must be text"),
        ("networks", ["mismatched"], "networks must be a table of names and values"),
        ("networks", {"mismatched": 3}, "networks.mismatched must be text, got 3"),
        ("scores", {"arousal": 1}, "scores must be a list"),
        ("scores", [1, 2], "scores[0] must be a table"),
        ("format", "sercore scene 0", "its format is not 'sercore scene 1'"),
        ("more", 1, "it has no place for 'more'"),
        ("channel", {}, "it has no place for 'channel'"),
        ("given", "magic", "the receiver must be one of drop, silence"),
        ("loss_model", "moon", "loss_model must be one of gilbert"),
        ("n_frames", 10**12, "n_frames must lie in [1, 1.8e+05]"),
        ("n_frames", 0, "n_frames must lie in"),
        ("run_in", 11, "run_in must lie within the track, got 11 frames before the clip"),
    ],
)
def test_what_is_no_scene_is_refused_in_one_sentence(name, value, sentence, tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(json.loads(scene_json(SCENE, SCORES)) | {name: value}))
    with pytest.raises(SceneError, match=r"settings\.json is not a scene that the dashboard") as caught:
        read_scene(path)
    assert sentence in str(caught.value)


def test_a_visitors_own_audio_is_no_longer_than_the_dashboard_takes(tmp_path):
    path = tmp_path / "hour.flac"
    soundfile.write(path, np.zeros(3_600 * 16_000, np.int16), 16_000)
    assert path.stat().st_size < 500_000
    own = replace(SCENE, track=None)
    with pytest.raises(
        AudioError, match=r"hour\.flac says that it lasts 3,600\.0 s; at most 300\.0 s are allo"
    ):
        scene_clip(own, None, path)
    soundfile.write(path, np.zeros(300 * 16_000, np.int16), 16_000)
    with pytest.raises(SceneError, match="the audio is another"):
        scene_clip(own, None, path)
