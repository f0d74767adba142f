"""What the results say, read from a folder, and the page that shows it."""

import json

import pandas as pd
import pytest

from dashboard.compute import findings
from dashboard.lesson import evidence
from sercore.channel.gilbert import Gilbert
from sercore.results import outcome
from sercore.results.table import results_table, write_results
from tests.dashboard.made_findings import intervals_of, made_findings
from tests.dashboard.opened import open_page, strips_of, words_of


def test_a_training_with_half_its_results_is_not_judged(trained):
    whole = made_findings(lambda *_: 0.5, intervals=intervals_of(0.1, 0.2))
    rows = whole.rows[(whole.rows["setting"] != "matched") | (whole.rows["p_n"] > 0.5)]
    found = findings.Findings(rows, whole.differences)
    assert found.coverage("test", "matched") == pytest.approx(5 / 11)
    told = evidence.against("matched", "mismatched", found, "test", "ccc")
    assert told.answer is None
    assert "45" in told.words
    (trained / "results").mkdir()
    write_results(trained / "results" / "plane.parquet", rows)
    assert "Matched has results for 45" in words_of(open_page("breaks"))


def test_matched_takes_from_each_network_its_own_ninth(trained):
    from sercore.training.settings import MATCHED, matched_for

    names = [cell.name for cell in MATCHED.values()]
    made = made_findings(lambda s, t, n, p: names.index(s) / 10, settings_=names, trainings=1)
    write_results(trained / "results" / "plane.parquet", made.rows)
    found = findings.read_findings()
    assert found.settings("test") == ["matched", "augmentation"]
    for row in found.cells("test", "matched", "arousal").itertuples():
        assert names[round(10 * row.ccc)] == matched_for(Gilbert(row.p_n, row.p_l)).name


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
    pd.DataFrame(rows).to_parquet(results / "results" / outcome.DIFFERENCES)
    app = open_page("breaks")
    assert "bootstrap over speakers" in words_of(app)
    assert "No scores over the whole timeline" not in words_of(app)
    app = open_page("breaks", score="ccc_timeline")
    assert "CCC over: whole timeline" in words_of(app)
    assert not app.error


def test_heatmaps_show_what_is_there_and_name_what_is_missing(results):
    app = open_page("breaks")
    against_loss = [json.loads(each.proto.spec)["layout"] for each in app.get("plotly_chart")]
    assert [layout["yaxis"]["range"] for layout in against_loss] == [[0.0, 1.0]] * 2
    assert [len(row["pictures"]) for row in rows_of(app)] == [2, 2, 2]  # two trainings; their difference
    assert "No results yet for: Multi-condition, Matched" in words_of(app)
    assert "No scores over the whole timeline yet" in words_of(app)
    assert "No intervals yet" in words_of(app)
    assert not app.info


def test_a_line_against_loss_is_that_of_its_partition(results):
    row = {"score": "ccc", "setting": "mismatched", "dimension": "arousal", "loss_rate": 0.2}
    rows = [row | {"partition": name, "ccc": ccc} for name, ccc in (("devel", 0.2), ("test", 0.7))]
    table = pd.DataFrame(rows).assign(low=0.1, high=0.9)
    path = results / "results" / outcome.FIGURE_3
    table.to_csv(path, index=False)
    of_test = findings.read_findings().by_loss("test", "mismatched", "arousal", "ccc")
    assert of_test["mean"].tolist() == [0.7]
    table[:1].drop(columns="partition").to_csv(path, index=False)  # about.json says which it is of
    (results / "results" / outcome.ABOUT).write_text('{"partition": "devel"}')
    of_test = findings.read_findings().by_loss("test", "mismatched", "arousal", "ccc")
    assert 0.2 not in of_test["mean"].tolist()
    of_devel = findings.read_findings().by_loss("devel", "mismatched", "arousal", "ccc")
    assert of_devel["mean"].tolist() == [0.2]


def rows_of(app) -> list[dict]:
    """What the pictures of planes are sent."""
    sent = [each.proto for each in app.get("bidi_component") if each.proto.component_name == "sercore_planes"]
    return [row for each in sent for row in json.loads(each.json)["rows"]]


def test_what_can_be_borne_follows_the_score_that_is_needed(trained):
    made = made_findings(
        lambda s, t, n, p: (0.8 if s == "mismatched" else 0.6) - 0.5 * Gilbert(n, p).loss_rate, trainings=1
    )
    (trained / "results").mkdir()
    write_results(trained / "results" / "plane.parquet", made.rows)
    app = open_page("breaks")
    assert app.slider(key="need").value == 90
    assert "Arousal: a CCC of 0.72 of 0.80" in strips_of(app)
    assert "Mismatched: 100 100 0 0" in strips_of(app)  # no channel here loses between 15 and 16 %
    assert "Matched: 0 0 0" in strips_of(app)
    app.slider(key="need").set_value(70).run()
    assert "Arousal: a CCC of 0.56 of 0.80" in strips_of(app)
    assert app.query_params["need"] == "70"
    assert open_page("breaks", need_arousal="0.56").slider(key="need").value == 70  # a link of before


def test_results_of_one_matched_network_alone_are_no_trouble(trained):
    made = made_findings(lambda *_: 0.5, settings_=("matched_low_low",), trainings=1)
    (trained / "results").mkdir()
    write_results(trained / "results" / "plane.parquet", made.rows)
    app = open_page("breaks")
    assert not app.error
    assert not app.exception


def test_the_results_say_which_corpus_they_are_of(results):
    about = results / "results" / outcome.ABOUT
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
    assert len(rows_of(app)) == 3


@pytest.mark.parametrize("page", ["breaks", "lesson", "explore", "about"])
def test_scores_that_are_not_defined_are_shown_as_none(results, page):
    table = findings.read_findings().rows
    table.loc[table["dimension"] == "valence", ["ccc", "ccc_timeline"]] = float("nan")
    write_results(results / "results" / "small.parquet", table)
    for dimension in ("arousal", "valence"):
        app = open_page(page, dimension=dimension)
        assert not [*app.exception, *app.error]
        assert "nan" not in words_of(app).lower().split()
        alts = [chart.proto.alt for chart in app.get("plotly_chart")]
        alts += [picture["alt"] for row in rows_of(app) for picture in row["pictures"]]
        assert not [alt for alt in alts if "nan" in alt]
        assert page != "breaks" or [alt for alt in alts if alt.endswith(("not defined.", "not defined"))]


@pytest.mark.parametrize("page", ["breaks", "lesson", "explore", "about"])
@pytest.mark.parametrize("name", ["small.parquet", "figure_3.csv", "table_2.csv", "differences.parquet"])
def test_a_table_without_rows_is_a_page_without_results(results, page, name):
    from sercore.results.differences import DIFFERENCES
    from sercore.results.summaries import FIGURE_3, TABLE_2
    from sercore.results.table import COLUMNS

    kinds = {"plane.parquet": COLUMNS, "figure_3.csv": FIGURE_3, "table_2.csv": TABLE_2}
    empty = pd.DataFrame(columns=list(kinds.get(name, DIFFERENCES)))
    write_results(results / "results" / name, empty)
    app = open_page(page)
    assert not app.exception


def test_the_page_says_which_files_hold_what_cannot_be_and_shows_the_others(results):
    folder = results / "results"
    (folder / outcome.FIGURE_3).write_text(
        "score,setting,dimension,loss_rate,ccc,low,high\nccc,mismatched,arousal,0.1,1e308,0,1\n"
    )
    pd.DataFrame({"setting": [5], "difference": ["high"]}).to_parquet(folder / outcome.DIFFERENCES)
    pd.DataFrame({"p_n": [pd.Timestamp(2026, 1, 1)]}).to_parquet(folder / "dates.parquet")
    (folder / outcome.ABOUT).write_text('{"corpus": ' * 100_000)
    app = open_page("breaks")
    said = " ".join(warning.value for warning in app.warning)
    for name in (outcome.FIGURE_3, outcome.DIFFERENCES, "dates.parquet", outcome.ABOUT):
        assert name in said
    assert len(app.warning) == 4
    assert len(rows_of(app)) == 3
    assert not app.error
    assert not app.exception
