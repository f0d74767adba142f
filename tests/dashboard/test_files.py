"""What visitors keep: losses, predictions, settings."""

import numpy as np
import pytest

from dashboard.compute import clips, export
from dashboard.widgets import downloads
from sercore.channel.coupled import draw_received
from sercore.channel.gilbert import Gilbert
from tests.dashboard.opened import open_page, open_parts


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


def test_settings_that_were_saved_give_the_same_numbers_again(weights, corpus, tmp_path, monkeypatch):
    from sercore.experiment.replay import differing, read_scene, scene_clip, score_scene
    from sercore.recogniser.registry import load_recogniser

    saved = {}
    monkeypatch.setattr(downloads, "download", lambda label, content, *_: saved.update({label: content}))
    for how in ("removed", "silence"):
        open_parts(open_page("explore", p_n="0.7", given=how, setting="matched", seed="9"), "keep")
        (tmp_path / "settings.json").write_text(saved["Settings"])
        scene, shown = read_scene(tmp_path / "settings.json")
        network = load_recogniser(weights / "matched_high_mid.safetensors")
        assert scene.networks == {"matched": network.key}
        audio, gold = scene_clip(scene, corpus, None)
        found = [{"setting": "matched", **row} for row in score_scene(network, scene, audio, gold)]
        assert differing(found, shown) == []
        assert all(np.isfinite(row["ccc"]) for row in shown)


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
def test_a_git_lfs_pointer_in_place_of_a_network_is_called_one(weights, suffix):
    for path in weights.glob(f"*{suffix}"):
        path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n")
    app = open_page("explore")
    assert not app.exception
    assert any("it is a git-lfs pointer" in error.value for error in app.error)


def test_two_downloads_do_not_overwrite_each_other(weights, monkeypatch):
    names = []
    monkeypatch.setattr(downloads, "download", lambda label, content, name, *_: names.append(name))
    for address in (
        {},
        {"seed": "2"},
        {"p_n": "0.8"},
        {"clip": "test_2"},
        {"start": "5"},
        {"packet_ms": "20"},
    ):
        open_parts(open_page("explore", setting="mismatched", **address), "keep")
    assert len(names) == len(set(names)) == 6 * 4
    assert names[0] == "predictions-test_1-20s-p_n0.9-p_l0.5-seed1.csv"
