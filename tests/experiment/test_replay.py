"""A scene's file is read whole or refused in one sentence."""

import json

import pytest

from sercore.channel.gilbert import Gilbert
from sercore.experiment.replay import Scene, SceneError, read_scene, scene_json

SCENE = Scene(Gilbert(0.9, 0.5), 3, "removed", "test_1", 10, 100, "0" * 64, {"mismatched": "1" * 64})
SCORES = [{"setting": "mismatched", "dimension": "arousal", "ccc_clean": 0.5, "ccc": None}]


def test_a_scene_comes_back_as_it_was_written(tmp_path):
    (tmp_path / "settings.json").write_text(scene_json(SCENE, SCORES))
    assert read_scene(tmp_path / "settings.json") == (SCENE, SCORES)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("p_n", 2.0, "p_n must lie in"),
        ("p_n", "high", "is not a scene"),
        ("seed", -1, "seed must be a whole number of at least 0, got -1"),
        ("n_frames", 2.5, "n_frames must be a whole number"),
        ("given", ["removed"], "the receiver must be one of drop, silence"),
        ("track", 5, "track must be text, got 5"),
        ("corpus", None, "corpus must be text, got None"),
        ("sha256", {}, "sha256 must be text"),
        ("networks", ["mismatched"], "networks must give the SHA-256"),
        ("networks", {"mismatched": 3}, "networks must give the SHA-256"),
        ("scores", {"arousal": 1}, "its scores are no list of rows"),
        ("scores", [1, 2], "its scores are no list of rows"),
        ("format", "sercore scene 0", "its format is not 'sercore scene 1'"),
        ("more", 1, "is not a scene"),
    ],
)
def test_what_is_no_scene_is_refused_in_one_sentence(name, value, sentence, tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(json.loads(scene_json(SCENE, SCORES)) | {name: value}))
    with pytest.raises(SceneError, match=r"settings\.json is not a scene that the dashboard") as caught:
        read_scene(path)
    assert sentence in str(caught.value)
