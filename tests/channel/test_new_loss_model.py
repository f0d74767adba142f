"""A loss model that is entered in the registry is evaluated, explained by --help and offered by the pages."""

import numpy as np
import pytest
import torch

from dashboard import player, state
from dashboard.compute import networks
from sercore.channel import LOSS_MODELS, channel_key
from sercore.channel.coupled import draw_received
from sercore.corpus.corpus import open_corpus
from sercore.experiment.cells import list_jobs, run_jobs
from sercore.experiment.replay import Scene, read_scene, scene_json
from sercore.network.card import Card
from sercore.network.model import EmotionModel
from sercore.recogniser.paper_network import PaperNetwork
from sercore.results.four_settings import weights_of
from sercore.results.table import read_results, results_table, write_results
from tests.channel.every_nth import EveryNth
from tests.dashboard.opened import open_page
from tests.scripts.in_process import run_script


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setitem(LOSS_MODELS, EveryNth.NAME, EveryNth)


def test_it_is_evaluated_and_what_is_finished_is_not_run_again(tiny_tree, tmp_path):
    torch.manual_seed(0)
    model = EmotionModel().eval()
    model.card = Card({"name": "mismatched"}, seed=0, sha256="w")
    network = PaperNetwork(model)
    corpus, channel = open_corpus(tiny_tree), EveryNth(5)
    asked = {"partitions": ["train"], "channels": [channel], "seeds": [0]}
    rows = [
        row for found in run_jobs(list_jobs([network], corpus, **asked), [network], corpus) for row in found
    ]
    for path in (tmp_path / "rows.parquet", tmp_path / "rows.csv"):
        write_results(path, results_table(rows))
        table = read_results(path)
        assert list(table["channel"]) == ["every_nth:nth=5.0"] * 2
        assert table[["p_n", "p_l"]].isna().all(axis=None)
        assert table["loss_rate"].to_numpy() == pytest.approx(0.2, abs=0.05)
        assert np.isfinite(table["ccc"]).all()
        assert not list_jobs([network], corpus, **asked, finished=table.to_dict("records"))
    assert weights_of("matched", channel) == "matched_high_low"  # p_n = 0.75, p_l = 0


def test_the_scripts_help_lists_it_with_its_parameters():
    for name in ("evaluate", "score_clips"):
        told = " ".join(run_script(name, "--help").stdout.split())
        assert "every_nth, nth in [2, 50]: Which packet is lost." in told


def test_pages_offer_it_with_its_sliders_and_keep_it_in_the_address(tmp_path, monkeypatch):
    monkeypatch.setattr(networks, "TRAINED", tmp_path)
    assert not {p.name for model in LOSS_MODELS.values() for p in model.PARAMETERS} & set(state.CHOICES)
    app = open_page("explore")
    assert not [slider for slider in app.slider if slider.key.startswith("p_")]  # the player has the paper's
    app.segmented_control(key="loss_model").set_value("every_nth").run()
    assert app.slider(key="nth").label == "Every n-th"
    app.slider(key="nth").set_value(7.0).run()
    assert not app.exception
    assert app.query_params["loss_model"] == "every_nth"
    assert app.query_params["nth"] == "7.0"
    assert "p_n" not in app.query_params
    again = open_page("explore", loss_model="every_nth", nth="9")
    assert again.slider(key="nth").value == 9
    assert "(Eq. 1)" not in "".join(each.value for each in again.caption)


def test_the_player_gets_the_losses_that_python_drew(tmp_path, monkeypatch):
    monkeypatch.setattr(networks, "TRAINED", tmp_path)
    sent = []
    monkeypatch.setattr(player, "_player", lambda **message: sent.append(message["data"]))
    app = open_page("explore", loss_model="every_nth", nth="4", seed="7")
    assert not app.exception
    assert app.slider(key="nth").value == 4
    received = np.frombuffer(player.base64.b64decode(sent[-1]["received"]), dtype=bool)
    assert np.array_equal(received, draw_received(EveryNth(4), 7, 100))
    assert {"channel", "chain", "presets"} <= set(sent[-1]["hidden"])
    assert (sent[-1]["p_n"], sent[-1]["p_l"]) == pytest.approx((2 / 3, 0.0))
    open_page("explore")
    assert sent[-1]["received"] == ""
    assert "chain" not in sent[-1]["hidden"]


def test_settings_of_it_are_written_and_read(tmp_path):
    scene = Scene(EveryNth(4), 3, "removed", "test_1", 0, 100, "0" * 64)
    (tmp_path / "settings.json").write_text(scene_json(scene, []))
    assert read_scene(tmp_path / "settings.json") == (scene, [])
    assert channel_key(scene.channel) == "every_nth:nth=4.0"
