"""The page on what helps: empty, whole, and its tables as they are read."""

import pandas as pd
import pytest

from dashboard.charts.helps import steps_in_order
from dashboard.compute.remedies import ROUTES, read_remedies
from sercore.channel import CLEAN
from sercore.experiment.receivers import calls, frames
from sercore.receiver import RECEIVERS
from sercore.results.advice import advise
from sercore.results.outcome import ADVICE, RECEIVER_FINDINGS, RECEIVERS_TABLE, write_json
from sercore.results.receiver_claims import examine_receiver_claims
from sercore.results.table import results_table, write_results
from sercore.results.ways import as_ways, receiver_in_words
from tests.dashboard.opened import open_page, words_of
from tests.results.made_ways import made

CALLS = calls((0.05, 0.2))
LINES = {"narrow+drop": 0.65, "g711+drop": 0.6, "g711+silence": 0.4, "g711+pitch": 0.5, "opus-24": 0.55}
SKILLS = {
    **{("mismatched", name): 0.5 + 0.02 * place for place, name in enumerate(RECEIVERS)},
    ("multi_condition", "drop"): 0.45,
    ("matched_high_low", "drop"): 0.4,
}


@pytest.fixture
def receivers(trained):
    """Made-up results of receivers, in the folder where the pages look."""
    folder = trained / "results"
    folder.mkdir(exist_ok=True)
    channels = [CLEAN, *CALLS, *frames()[:8]]
    lines = made({("mismatched", name): skill for name, skill in LINES.items()}, [CLEAN, *CALLS])
    test = pd.concat([made(SKILLS, channels), lines], ignore_index=True)
    write_results(folder / RECEIVERS_TABLE, results_table(test))
    ways = as_ways(test)
    write_results(folder / ADVICE, advise(ways, ways, list(RECEIVERS)))
    findings = examine_receiver_claims(ways, "pitch")
    write_json(folder / RECEIVER_FINDINGS, [each.to_json() for each in findings])
    return folder


def test_without_results_it_says_what_command_makes_them(trained):
    app = open_page("helps")
    assert "No results of receivers yet" in app.info[0].value
    assert "python scripts/receivers.py" in app.code[0].value
    assert not app.exception


def test_it_shows_advice_pictures_and_verdicts(receivers):
    app = open_page("helps")
    assert not app.exception
    assert not app.error
    assert [each.value for each in app.subheader] == [
        "What to do about a call",
        "Which receiver, in a call?",
        "And where whole frames of 200 ms are lost?",
        "What does each step of the line cost?",
        "Better sound, better emotion?",
        "Four claims, tested",
    ]
    advice, claims = (table.value for table in app.table)
    best = receiver_in_words(list(RECEIVERS)[-1])
    assert list(advice["packets lost"]) == ["5%", "20%"]
    assert set(advice["receiver"]) == {best}
    assert list(claims[claims.columns[0]]) == ["8", "9", "10", "11"]
    assert "No scores of real voices yet" in words_of(app)


def test_what_is_chosen_is_in_its_address_and_in_no_other(receivers):
    app = open_page("helps", helps_training="augmentation", helps_burst="long")
    assert app.session_state["helps_training"] == "augmentation"
    assert dict(app.query_params)["helps_burst"] in ("long", ["long"])
    app.switch_page("app_pages/about.py").run()
    assert "helps_burst" not in app.query_params


@pytest.mark.parametrize("training", ["nobody", "loss_aware", "<script>"])
def test_a_training_that_was_not_scored_becomes_one_that_was(receivers, training):
    app = open_page("helps", helps_training=training)
    assert not app.exception
    assert app.session_state["helps_training"] == "mismatched"


def test_a_damaged_table_becomes_a_sentence(receivers):
    (receivers / ADVICE).write_text("nonsense\n1\n")
    app = open_page("helps")
    assert not app.exception
    assert any("advice.csv" in each.value for each in app.warning)


def test_tables_hold_what_was_scored(receivers):
    found = read_remedies(receivers)
    assert found.trainings == ["mismatched", "multi_condition", "augmentation", "matched"]
    table = found.against_loss("mismatched", "short", "arousal")
    assert list(table) == list(RECEIVERS)
    assert table["pitch"]["loss"].tolist() == [0.05, 0.2]
    assert table["pitch"]["ccc"].to_numpy() == pytest.approx(0.62, abs=0.03)
    assert not found.against_loss("multi_condition", "short", "arousal").keys() - {"drop"}
    assert found.named("mismatched", "valence").columns[0] == "Stable"
    ladder = found.ladder("mismatched", "long", "arousal")
    assert set(ladder) == {"G.711, silence", "G.711, pitch", "Opus, 24 kbit/s"} <= set(ROUTES)
    steps = ["full band", "narrow band", "codec", "5% lost", "20% lost"]
    assert list(ladder["G.711, silence"]["step"]) == steps_in_order(ladder.values()) == steps


def test_where_it_breaks_takes_the_same_advice(results, receivers):
    app = open_page("breaks")
    assert not app.exception
    assert "What can be done about it?" in [each.value for each in app.subheader]
    assert words_of(app).count("In calls that lose") == 2
    (receivers / ADVICE).unlink()
    assert "In calls that lose" not in words_of(open_page("breaks"))
