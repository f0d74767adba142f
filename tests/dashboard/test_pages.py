"""The pages without a browser, their empty and their broken states."""

import base64
import json
import re
import subprocess
import sys
import threading

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.compute import predictions, warm_up
from dashboard.player import curves
from dashboard.widgets import controls
from sercore.channel import Gilbert
from sercore.channel.coupled import draw_received
from sercore.corpus.corpus import CorpusError
from sercore.network.card import Card
from sercore.network.feature_concealer import FeatureConcealer
from sercore.network.weights import read_card, save_model
from sercore.recogniser.concealed import FOLDER
from tests.dashboard.opened import ROOT, compute_plane, open_page, open_parts, show_page, words_of

PAGES = ["helps", "explore", "breaks", "plane", "live", "lesson", "about"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_on_an_empty_repository(trained, name):
    app = open_page(name)
    assert len(app.title) == 1
    assert not app.exception
    assert not app.error


def test_without_weights_the_page_says_what_is_missing(trained):
    app = open_page("explore")
    assert "No trained network" in app.info[0].value


def test_without_results_the_heatmap_page_says_so_and_shows_the_paper(trained):
    app = open_page("breaks")
    assert "No results" in app.info[0].value
    assert "RECOLA" in words_of(app)
    assert 0.789 in app.table[0].value["arousal CCC"].to_numpy()


def test_the_address_restores_what_was_chosen(trained):
    app = open_page("explore", p_n="0.75", p_l="0.2", seed="42", clip="test_2", start="15")
    assert app.session_state["p_n"] == 0.75
    assert app.session_state["p_l"] == 0.2
    assert app.session_state["seed"] == 42
    assert app.selectbox(key="clip").value == "test_2"
    assert app.slider(key="start").value == 15


@pytest.mark.parametrize("value", ["7", "-1", "nan", "inf", "", "<script>", "1e400"])
def test_a_bad_address_gives_the_defaults(trained, value):
    app = open_page(
        "explore", p_n=value, seed=value + "x", clip=value, length=value, heard=value, start="99999"
    )
    assert app.session_state["p_n"] == 0.9
    assert app.session_state["seed"] == 1
    assert not app.exception
    assert not app.error


def test_what_is_chosen_goes_into_the_address_and_to_the_other_page(trained):
    app = open_page("explore", loss_model="bernoulli")
    app.slider(key="loss").set_value(0.3).run()
    assert app.query_params["loss"] == "0.3"
    show_page(app, "plane")
    app.number_input(key="seed").set_value(5).run()
    assert app.session_state["loss"] == 0.3
    assert app.query_params["loss"] == "0.3"
    assert app.query_params["seed"] == "5"


def test_a_new_draw_is_another_seed(weights):
    app = open_page("plane")
    button = next(button for button in app.button if button.label == "New draw")
    button.click().run()
    assert app.number_input(key="seed").value != 1


def test_predictions_have_scores_clean_and_after_loss(weights):
    app = open_parts(open_page("explore"), "luck", "trainings")
    assert [metric.label for metric in app.metric] == ["CCC, clean", "CCC, after loss"] * 2
    assert sum("20 draws" in caption.value for caption in app.caption) == 2
    assert "Matched: the network trained on high $p_N$, mid $p_L$" in words_of(app)
    assert not app.error


def curves_that_are_sent(monkeypatch) -> list[dict]:
    """The messages to the player about what the network makes of it."""
    sent = []
    monkeypatch.setattr(curves, "_message", lambda **message: sent.append(message["data"]))
    return sent


def test_the_player_gets_the_curves_that_the_network_predicts(weights, monkeypatch):
    sent = curves_that_are_sent(monkeypatch)
    app = open_page("explore", p_n="0.6", seed="4", setting="mismatched")
    clip = controls.usual_clip()
    channel = Gilbert(0.6, 0.5)
    draws = predictions.draws_of(clip, channel, 4, weights="mismatched", given="drop", on_wait=print)
    assert sent[-1]["clip"] == clip.sha256
    for index, each in enumerate(sent[-1]["dimensions"]):
        for name, course in (("gold", clip.gold), ("clean", draws.clean), ("after", draws.shown)):
            found = np.frombuffer(base64.b64decode(each[name]), dtype="<f4")
            np.testing.assert_allclose(found, course[:, index], atol=1e-6)
    lost = ~draw_received(channel, 4, 100)
    assert np.isnan(draws.shown[lost]).all()  # which the browser draws as gaps
    before = sent[-1]["of"]
    app.session_state["seed"] = 5
    app.run()
    assert sent[-1]["of"] != before  # until these come, the old ones are greyed


def test_the_corpus_stands_beside_the_score_of_a_clip(weights, results, monkeypatch):
    sent = curves_that_are_sent(monkeypatch)
    app = open_page("explore", p_n="0.75", p_l="0.25", setting="mismatched")
    assert all(each["said"].endswith("whole corpus 0.50 → 0.50") for each in sent[-1]["dimensions"])
    assert "A score of 20 s is mostly luck" in words_of(app)
    app.session_state["length"] = "whole"
    app.run()
    assert "mostly luck" not in words_of(app)
    app.session_state["given"] = "silence"  # of which the results say nothing
    app.run()
    assert "whole corpus" not in sent[-1]["told"]


def test_as_a_server_starts_the_curves_come_before_the_results_are_read(weights, results, monkeypatch):
    sent = curves_that_are_sent(monkeypatch)
    may_be_read = threading.Event()
    monkeypatch.setattr(may_be_read, "wait", may_be_read.set)
    monkeypatch.setattr(warm_up, "RESULTS", may_be_read)
    app = open_page("explore", p_n="0.75", p_l="0.25", setting="mismatched")
    assert not app.exception
    first, last = sent[0], sent[-1]
    assert first["dimensions"][0]["after"]
    assert "whole corpus" not in first["told"]
    assert all(each["said"].endswith("whole corpus 0.50 → 0.50") for each in last["dimensions"])


def test_all_networks_stand_side_by_side_on_the_same_losses(weights):
    app = open_page("explore", setting="all")
    headings = [heading.value for heading in app.subheader]
    assert headings[:3] == ["Mismatched", "Matched", "Augmentation"]
    assert len(app.get("plotly_chart")) == 3 * 2
    assert len(open_parts(app, "trainings", "luck", "way").get("plotly_chart")) == 3 * 2 + 2 + 2 + 1
    assert not app.error


def test_a_network_that_conceals_can_be_followed_and_goes_on_during_a_loss(weights, corpus):
    about = {"setting": "mismatched", "sha256": read_card(weights / "mismatched.safetensors").sha256}
    name = "mismatched_learned"
    save_model(weights / FOLDER / f"{name}.safetensors", FeatureConcealer(), Card(conceals=about))
    app = open_page("explore", setting=name, p_n="0.5", p_l="0.5")
    assert not app.exception
    assert app.session_state["setting"] == name
    assert "Mismatched that conceals" in [
        option for each in app.get("button_group") for option in each.options
    ]
    clip, how = controls.usual_clip(), {"given": "drop", "on_wait": print, "n_draws": 1}
    ours, cut_out = (
        predictions.draws_of(clip, Gilbert(0.5, 0.5), 1, weights=each, **how) for each in (name, "mismatched")
    )
    assert np.isnan(cut_out.shown).any()
    assert not np.isnan(ours.shown).any()
    assert np.array_equal(ours.clean, cut_out.clean)
    assert show_page(app, "plane").session_state["setting"] == "mismatched"  # where none can be chosen


def test_a_matched_network_that_is_not_trained_is_named(weights):
    app = open_page("explore", setting="matched", p_n="0.2", p_l="0.2")
    assert "low $p_N$, low $p_L$, which is not trained yet" in app.info[0].value
    assert not app.error


def test_silence_in_place_of_lost_frames_gives_another_prediction(weights):
    app = open_parts(open_page("explore", p_n="0.5"), "luck")
    cut_out = [metric.value for metric in app.metric]
    courses = [chart.proto.spec for chart in app.get("plotly_chart")]
    app = open_parts(open_page("explore", p_n="0.5", given="silence"), "luck")
    assert app.session_state["given"] == "silence"
    assert [metric.value for metric in app.metric][::2] == cut_out[::2]  # without loss there are no holes
    assert [chart.proto.spec for chart in app.get("plotly_chart")] != courses


def test_a_score_over_the_whole_timeline_can_be_chosen(weights):
    app = open_parts(open_page("explore", p_n="0.5", score="ccc_timeline"), "trainings")
    assert "whole timeline" in words_of(app)
    assert app.query_params["score"] == "ccc_timeline"


def test_a_channel_that_loses_everything_has_no_score(weights):
    app = open_parts(open_page("explore", p_n="0", p_l="1"), "luck")
    assert [metric.value for metric in app.metric][1::2] == ["not defined"] * 2
    assert "Nothing arrives" in app.warning[0].value


def test_damaged_weights_give_one_sentence(weights):
    path = weights / "mismatched.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    app = open_page("explore")
    assert "SHA-256" in app.error[0].value
    assert not app.exception


def test_without_its_recordings_the_page_asks_for_the_visitors(trained, monkeypatch):
    def missing(name, names):
        raise CorpusError(name, ["test_1.ogg is missing"])

    monkeypatch.setattr(controls, "open_corpus", missing)
    app = open_page("explore")
    assert "test_1.ogg is missing" in app.warning[0].value
    assert len(app.file_uploader) == 1


def test_a_failing_page_shows_a_sentence_and_no_traceback(trained, monkeypatch):
    def broken():
        raise RuntimeError("secret path /home/somebody")

    monkeypatch.setattr(controls, "clip_in_hand", broken)
    app = open_page("explore")
    assert "Something went wrong" in app.error[0].value
    assert "secret" not in words_of(app)
    assert not app.exception


def test_the_player_is_there_before_torch_and_pandas_which_take_seconds():
    code = (
        "import sys; sys.argv = ['x']; from streamlit.testing.v1 import AppTest; "
        "from dashboard import player; "
        "sent, show = [], player.show_player; "
        "slow = {'torch', 'pandas'}; "
        "player.show_player = lambda *a, **k: (sent.append(slow & {*sys.modules}), show(*a, **k)); "
        f"app = AppTest.from_file({str(ROOT / 'dashboard' / 'visit.py')!r}, default_timeout=300).run(); "
        "assert not app.exception; print(sent)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert answer.stdout.strip() == "[set()]"


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
    compute = predictions.score_channels

    def breaks_off(clip, some, *rest):
        asked.extend(some)
        if len(asked) > 30:
            raise OSError("the disk is gone")
        return compute(clip, some, *rest)

    monkeypatch.setattr(predictions, "score_channels", breaks_off)
    app = compute_plane(open_page("plane"))
    assert "the disk is gone" in app.error[0].value
    assert app.button(key="plane_switch").label == "Go on"
    assert "Hatched: **not computed yet**" in words_of(app)
    assert app.get("progress")[0].proto.text.endswith("of 441 channels.")
    app.run()
    assert "the disk is gone" in app.error[0].value  # until it is tried again
    monkeypatch.setattr(predictions, "score_channels", compute)
    compute_plane(app)
    assert not app.error
    assert "not computed yet" not in words_of(app)
    assert "plane_switch" not in [button.key for button in app.button]


def test_the_servers_own_file_shows_the_pages_when_it_is_run_as_a_script():
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=300).run()
    assert [title.value for title in app.title] == ["What packet loss does to emotion recognition"]
    assert not app.exception


@pytest.mark.parametrize("name", PAGES)
def test_every_page_explains_its_words(trained, name):
    app = open_page(name)
    (words,) = [each for each in app.expander if each.label == "What the words mean"]
    told = words.markdown[0].value
    for word in (
        "CCC",
        "frame",
        "packet",
        "$p_N$",
        "Seed",
        "gold standard",
        "Multi-condition",
        "RECOLA",
        "bootstrap",
    ):
        assert word.lower() in told.lower(), word


def test_a_slider_shows_the_number_that_is_computed(trained):
    app = open_page("explore", loss_model="gilbert_elliott", p="0.0155", r="0.3")
    shown = {name: app.slider(key=name).proto.format % app.slider(key=name).value for name in ("p", "r")}
    assert shown == {"p": "0.0155", "r": "0.30"}


def test_about_names_authors_the_paper_and_every_network_in_one_table():
    app = open_page("about")
    said = words_of(app)
    assert "by the sercore authors" in said
    assert "https://arxiv.org/abs/2005.07757" in said
    (table,) = (each.value for each in app.table)
    assert len(table) == 13
    row = table.set_index("network").loc["Mismatched"]
    card = json.loads((ROOT / "trained" / "mismatched.json").read_text(encoding="utf-8"))
    assert (row["epochs"], row["seed"]) == (str(card["epochs"]), str(card["seed"]))
    assert row["arousal"] == f"{card['scores']['devel_clean']['arousal']:.2f}"
    assert card["sha256"].startswith(row["SHA-256"])
    assert len(app.json) == 1
    app.selectbox(key="about_card").set_value("Multi-condition").run()
    assert json.loads(app.json[0].value)["setting"]["name"] == "multi_condition"


def test_recordings_are_called_synthetic_and_their_words_need_not_be_understood(trained):
    choice = open_page("explore").selectbox(key="clip")
    assert all("synthetic" in title for title in choice.options[:-1])
    assert "words do not follow the mood" in choice.help
    card = (ROOT / "sercore" / "synthetic" / "CARD.md").read_text(encoding="utf-8")
    assert "Sentences do not follow the mood" in card


def test_letters_of_the_channel_are_set_as_in_the_paper(trained):
    app = open_page("lesson", lesson="2")
    said = [button.help for button in app.button if button.help and "p_" in button.help]
    assert len(said) == 2
    assert all(re.fullmatch(r"\$p_N\$ = [\d.]+, \$p_L\$ = [\d.]+", words) for words in said)
