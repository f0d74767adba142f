"""scripts/replay.py, by itself and by the option of scripts/evaluate.py."""

import json

import pytest

from sercore.channel.gilbert import Gilbert
from sercore.corpus.corpus import open_corpus
from sercore.experiment.replay import Scene, audio_sha256, scene_json, score_scene
from sercore.network.weights import load_model
from sercore.recogniser.paper_network import PaperNetwork
from tests.scripts.in_process import run_script


@pytest.fixture
def settings(weights, tmp_path):
    """What the dashboard writes of 4 s of a shipped track."""
    model, track = load_model(weights), open_corpus("demo").tracks[0]
    audio, gold = track.audio[: 20 * 3200], track.gold[:20]
    networks = {"mismatched": model.card.sha256}
    scene = Scene(Gilbert(0.8, 0.5), 1, "removed", track.name, 0, 20, audio_sha256(audio), networks)
    rows = [{"setting": "mismatched", **row} for row in score_scene(PaperNetwork(model), scene, audio, gold)]
    path = tmp_path / "settings.json"
    path.write_text(scene_json(scene, rows))
    return path


@pytest.mark.parametrize("words", [["replay"], ["evaluate", "--from"]], ids=["itself", "evaluate"])
def test_what_was_shown_is_computed_again_and_a_difference_is_told(words, settings, weights):
    answer = run_script(*words, settings, "--models", weights)
    assert "equal to the scene's numbers" in answer.stdout
    content = json.loads(settings.read_text())
    content["scores"][0]["ccc_timeline"] = 0.9
    settings.write_text(json.dumps(content))
    answer = run_script(*words, settings, "--models", weights, expect=1)
    assert "mismatched ccc_timeline" in answer.stdout
    assert "instead of 0.9" in answer.stdout


def test_a_scene_of_no_network_is_not_equal_to_anything(settings, weights):
    content = json.loads(settings.read_text()) | {"networks": {}, "scores": []}
    settings.write_text(json.dumps(content))
    answer = run_script("replay", settings, "--models", weights, expect=2)
    assert "names no network, so there is nothing to compute again" in answer.stderr
