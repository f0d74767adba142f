"""What people read, against the tables it is made from."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dashboard.compute.findings import read_findings
from sercore.network.card import Card
from sercore.report.claims import claims_markdown, claims_table
from sercore.report.figure_3 import figure_3_svg
from sercore.report.markdown import replace_section
from sercore.report.model_card import with_plane
from sercore.report.page import html_page
from sercore.report.publish import publish
from sercore.report.readme import MARKS, in_short, readme_section
from sercore.report.tables import bearable_table_of, loss_table_of, pairs_table, table_2_of
from sercore.report.templates import TEMPLATES
from sercore.results import claims
from sercore.results.about import About
from sercore.results.claims import BETTER, CLAIMS, UNDER, Claim, Statement
from sercore.results.differences import differences
from sercore.results.examine import examine_claims
from sercore.results.four_settings import FOUR_SETTINGS
from sercore.results.means import mean_scores
from sercore.results.outcome import PLANE, Outcome, whole_outcome, write_about, write_findings
from sercore.results.paper import PAPER_TABLE_2
from sercore.results.summaries import figure_3, table_2
from sercore.results.table import COLUMNS, SCORES, ResultsError, results_table, write_results
from tests.results.made_rows import AS_IN_THE_PAPER, PAPER_AROUSAL, clean, plane

pytestmark = pytest.mark.xdist_group("report")  # one set of results serves all of them

ABOUT = About.from_json({
    "corpus": {
        "name": "default", "sha256": "0123456789abcdef", "synthetic": True,
        "partition": ["The partition: 16, 15, 15."], "notes": [], "speakers": 46,
        "languages": {"French": 33, "Italian": 8}, "tracks": {"train": 16, "devel": 15, "test": 15},
    },
    "partition": "test", "grid": 2, "loss_seeds": 1, "epochs": 200, "annotation_delay_seconds": 0,
    "post_processing": False, "missing": [], "shipped_seed": {"mismatched": 1}, "training_hours": 1.5,
    "evaluation_hours": 0.5,
    "networks": [
        {"setting": "mismatched", "seed": seed, "devel_score": 0.4 + seed / 10, "chosen": "averaged",
         "training_hours": 0.5, "machine": {"processor": "another chip"}}
        for seed in (1, 0)
    ],
    "machine": {"processor": "one <chip>", "cores": 2}, "git_commit": "abc", "versions": {"torch": "2"},
})  # fmt: skip


@pytest.fixture(scope="module")
def outcome():
    rows, without_loss = plane(AS_IN_THE_PAPER), clean(PAPER_AROUSAL)
    findings = [f for score in SCORES for f in examine_claims(rows, without_loss, score)]
    lines = pd.concat([figure_3(mean_scores(rows, score)) for score in SCORES])
    table = results_table(rows[list(COLUMNS)].to_dict("records"))
    pairs = pd.concat([differences(mean_scores(rows, score), FOUR_SETTINGS) for score in SCORES])
    return Outcome(ABOUT, tuple(findings), table_2(without_loss), lines, {PLANE: table}, pairs)


@pytest.fixture
def results(outcome, tmp_path):
    folder = tmp_path / "trained" / "results"
    folder.mkdir(parents=True)
    write_about(folder, outcome.about)
    write_findings(folder, outcome.findings)
    for name in ("table_2", "figure_3"):
        getattr(outcome, name).to_csv(folder / f"{name}.csv", index=False)
    write_results(folder / "plane.parquet", outcome.plane)
    write_results(folder / "differences.parquet", outcome.differences)
    return folder


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_table_2_stands_beside_the_papers_and_says_whose_that_is(outcome):
    header, rows = table_2_of(outcome.table_2)
    assert header[-1] == "*the paper, on RECOLA*"
    assert len(rows) == len(PAPER_TABLE_2)
    mine = outcome.table_2[
        (outcome.table_2.setting == "mismatched") & (outcome.table_2.dimension == "arousal")
    ]
    ccc, low, high = (mine[name].iloc[0] for name in ("ccc", "low", "high"))
    lowest, highest = (mine[name].iloc[0] for name in ("lowest_seed", "highest_seed"))
    assert rows[0][2] == f"{ccc:.3f} [{low:.2f}, {high:.2f}], {lowest:.2f} to {highest:.2f}"
    once = outcome.table_2.assign(model_seeds=1)
    assert table_2_of(once)[1][0][2] == f"{ccc:.3f} [{low:.2f}, {high:.2f}]"
    assert rows[0][-1] == "*0.789 / 0.529*"


def test_scores_without_an_interval_or_a_partition_say_so(outcome):
    table = outcome.table_2.assign(low=np.nan, high=np.nan)
    assert "[" not in table_2_of(table)[1][0][2]
    table = pd.concat([table, table.iloc[:1].assign(partition="devel")])
    assert table_2_of(table)[1][1][2] == "not scored"


def test_means_over_channels_are_by_the_half_that_they_lose(outcome):
    header, rows = loss_table_of(outcome.plane)
    assert header[2:4] == ["arousal, under 50 % loss", "arousal, over 50 % loss"]
    wanted = outcome.plane[(outcome.plane.setting == "matched") & (outcome.plane.dimension == "arousal")]
    under = wanted[wanted.expected_loss_rate < 0.5].ccc.mean()
    line = next(row for row in rows if row[0] == "matched")
    assert line[2] == f"{under:.3f}"
    assert [row[1] for row in rows[:2]] == ["frames that arrive", "whole timeline"]
    assert len(rows) == 2 * len(FOUR_SETTINGS)


def test_the_answer_in_short_is_made_of_the_same_means(outcome):
    _, rows = loss_table_of(outcome.plane)
    line = next(row for row in rows if row[:2] == ["augmentation", "frames that arrive"])
    said = in_short(outcome.plane)
    assert f"(augmentation) has {line[2]} / {line[4]} under 50 % loss and {line[3]} / {line[5]} over" in said
    assert said in readme_section(outcome, "")
    without = outcome.plane[outcome.plane.setting != "augmentation"]
    assert in_short(without) == ""
    assert "In short" not in readme_section(replace(outcome, tables={PLANE: without}), "")


def test_both_scores_are_means_over_the_same_channels(outcome):
    plane = outcome.plane.copy()
    plane.loc[plane.p_n == 0.1, "ccc"] = np.nan  # too little arrives to score, but the timeline has a score
    _, rows = loss_table_of(plane)
    wanted = plane[(plane.setting == "matched") & (plane.dimension == "arousal") & (plane.p_n == 0.2)]
    lines = [row for row in rows if row[0] == "matched"]
    assert [line[3] for line in lines] == [f"{wanted[score].mean():.3f}" for score in SCORES]


def test_what_is_borne_is_told_beside_the_score_that_is_needed(outcome):
    header, rows = bearable_table_of(outcome.plane)
    assert rows == []  # nothing was scored without loss, so nothing says what is needed
    assert "borne" not in readme_section(outcome, "")
    clean = outcome.plane[outcome.plane.p_n == 0.9].assign(p_n=1.0, p_l=0.0)
    header, rows = bearable_table_of(pd.concat([outcome.plane, clean], ignore_index=True))
    assert header[2] == "arousal bears a loss of"
    line = next(row for row in rows if row[:2] == ["mismatched", "frames that arrive"])
    assert line[2].startswith("20% (CCC 0.7")  # 0.79 at 10 and 20 % loss, 0.3 at 80 %
    line = next(row for row in rows if row[:2] == ["multi-condition", "frames that arrive"])
    assert line[2].startswith("none (CCC 0.7")  # 0.6 everywhere


def test_the_section_names_the_corpus_and_cannot_be_taken_for_recolas(outcome):
    section = readme_section(outcome, "trained/results/")
    assert "synthetic speech; not comparable with RECOLA" in section
    assert "cannot be compared" in section
    assert "(trained/results/figure_3.svg)" in section
    assert "(trained/results/claims.md)" in section
    missing = replace(ABOUT, missing=("mismatched-seed2", "matched_low_low-seed2"))
    text = claims_markdown(outcome.findings, missing)
    assert "2 of 4 trainings are done; not trained yet: matched_low_low." in text


def test_a_channel_counts_where_its_interval_excludes_0(outcome):
    _, rows = pairs_table(outcome.differences)
    line = next(r for r in rows if r[:2] == ["mismatched against matched", "frames that arrive"])
    assert line[2] == "0, 2, of 4"  # over 50 % loss matched is better, under it they are equal
    assert len(rows) == 6 * 2


def test_every_claim_has_its_verdict_and_what_it_rests_on(outcome):
    text = claims_markdown(outcome.findings, ABOUT)
    _, rows = claims_table(outcome.findings)
    assert len(rows) == len(CLAIMS) >= 7
    for claim in CLAIMS:
        assert f"## {claim.number}. {claim.sentence}" in text
    finding = next(f for f in outcome.findings if f.claim == 3 and f.score == "ccc")
    line = next(line for line in text.splitlines() if finding.statement in line)
    assert cells(line)[3] == f"{finding.value:+.3f}"
    assert cells(line)[4] == f"[{finding.low:+.3f}, {finding.high:+.3f}]"
    assert "Claim 7 on its Table 2" in text
    assert "+0.220 arousal, +0.229 valence" in text  # .650 - .430 and .405 - .176


def test_a_claim_that_is_added_is_examined_and_told_without_another_edit(results, tmp_path, monkeypatch):
    eighth = Claim(
        8,
        "Under 50 % loss augmentation is better than multi-condition training.",
        (Statement("augmentation", BETTER, "multi_condition", UNDER),),
    )
    monkeypatch.setattr(claims, "CLAIMS", (*CLAIMS, eighth))
    rows, without_loss = plane(AS_IN_THE_PAPER), clean(PAPER_AROUSAL)
    write_findings(results, [f for score in SCORES for f in examine_claims(rows, without_loss, score)])
    readme, page = tmp_path / "README.md", tmp_path / "report.html"
    readme.write_text(f"{MARKS.begin}\n{MARKS.end}\n")
    publish(results, results.parent, readme=readme, html=page)
    text = (results / "claims.md").read_text()
    assert f"## 8. {eighth.sentence}\n\nValue: mean difference in CCC, over 2 channels." in text
    assert "| augmentation is better than multi-condition, under 50 % loss | arousal |" in text
    assert f"| 8 | {eighth.sentence} | **holds** | **holds** |" in readme.read_text()
    assert eighth.sentence in page.read_text()
    assert read_findings(results).problems == ()  # the dashboard reads the same folder


def test_the_picture_is_svg_that_names_its_corpus_and_its_lines(outcome):
    root = ET.fromstring(figure_3_svg(outcome.figure_3, "default <corpus>"))  # noqa: S314  (our own)
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "arousal, default <corpus>" in texts
    assert {"mismatched", "multi-condition", "augmentation", "matched"} <= set(texts)
    strokes = [p for p in root.iter("{http://www.w3.org/2000/svg}path") if p.get("stroke-width")]
    assert len(strokes) == 4 * 2 + 4  # lines in both panels, and the legend


def test_a_point_of_the_picture_lies_where_its_axes_say(outcome):
    root = ET.fromstring(figure_3_svg(outcome.figure_3, "default"))  # noqa: S314
    path = "{http://www.w3.org/2000/svg}path"
    grid = [p.get("d") for p in root.iter(path) if p.get("stroke") == "#ddd"]
    heights = sorted({float(d.split("H")[0].split()[-1]) for d in grid}, reverse=True)
    steps = np.diff(heights)
    assert np.allclose(steps, steps[0], atol=0.15)  # equal steps of 0.2 CCC, from 0 upwards
    line = next(p for p in root.iter(path) if p.get("stroke") == "#0072B2" and "L" in p.get("d"))
    _, y = line.get("d")[1:].split("L")[0].split()
    mine = outcome.figure_3.query("score == 'ccc' and setting == 'mismatched' and dimension == 'arousal'")
    assert float(y) == pytest.approx(heights[0] + steps[0] * mine.ccc.iloc[0] / 0.2, abs=0.5)


def test_publishing_writes_all_from_results_alone(results, tmp_path):
    readme, page = tmp_path / "README.md", tmp_path / "report.html"
    readme.write_text(f"before\n{MARKS.begin}\nold\n{MARKS.end}\nafter\n")
    card = results.parent / "README.md"
    card.write_text(f"# Card\n{MARKS.begin}\n{MARKS.end}\n## Limits\n")
    shown = publish(results, results.parent, readme=readme, html=page)
    assert "46 synthetic speakers (33 French, 8 Italian), 46 tracks" in card.read_text()
    assert "| `mismatched` | 0 |  | 0.400 |" in card.read_text()
    assert "| `mismatched` | 1 | ships | 0.500 |" in card.read_text()
    assert card.read_text().endswith("## Limits\n")
    assert shown in readme.read_text()
    assert "(trained/results/claims.md)" in readme.read_text()
    assert readme.read_text().startswith("before\n")
    assert "(claims.md)" in (results / "tables.md").read_text()
    html = page.read_text()
    assert "one &lt;chip&gt;" in html
    assert 'src="http' not in html
    assert sum(path.stat().st_size for path in results.iterdir()) < 500_000


def test_missing_or_damaged_results_are_named(results):
    (results / "claims.json").write_text("{")
    with pytest.raises(ResultsError, match="cannot be read"):
        whole_outcome(results)
    (results / "claims.json").unlink()
    with pytest.raises(ResultsError, match=r"lack claims\.json: run python scripts/reproduce\.py"):
        whole_outcome(results)


def test_without_networks_the_page_says_what_is_missing():
    nothing = results_table([])
    lines = figure_3(mean_scores(plane(AS_IN_THE_PAPER).iloc[:0], "ccc"))
    about = replace(ABOUT, networks=(), missing=("mismatched-seed0",))
    pairs = differences(mean_scores(plane(AS_IN_THE_PAPER).iloc[:0], "ccc"), FOUR_SETTINGS)
    empty = Outcome(about, (), table_2(clean({})), lines, {PLANE: nothing}, pairs)
    assert "mismatched-seed0" in html_page(empty)
    assert "not trained yet" in readme_section(empty, "")


def test_tables_hide_no_markup():
    table = TEMPLATES.get_template("table.html").module.table
    assert table(["*x*"], [["<script>"]]) == (
        "<table><tr><th><em>x</em></th></tr><tr><td>&lt;script&gt;</td></tr></table>"
    )


def test_a_section_is_replaced_between_its_marks_and_nothing_else():
    text = f"before\n{MARKS.begin}\nold\n{MARKS.end}\nafter\n"
    assert replace_section(text, "new", MARKS) == f"before\n{MARKS.begin}\nnew\n{MARKS.end}\nafter\n"
    with pytest.raises(ValueError, match="needs the marks"):
        replace_section("no marks", "new", MARKS)


def test_a_card_takes_the_cells_of_its_own_weights():
    base = plane({"mismatched": (0.8, 0.3)}, seeds=(0,))
    table = results_table(base[list(COLUMNS)].to_dict("records"))
    table.loc[(table.p_n == 0.9) & (table.dimension == "valence"), "ccc"] = np.nan
    other = table.assign(weights_sha256="other", ccc=0.99)
    card = with_plane(Card(sha256="mismatched"), pd.concat([table, other]), "test")
    assert card.plane["columns"] == ["p_n", "p_l", "arousal", "valence"]
    by_channel = {tuple(cell[:2]): cell[2:] for cell in card.plane["cells"]}
    assert by_channel[0.9, 0.1][1] is None
    wanted = table[(table.p_n == 0.1) & (table.dimension == "arousal")].ccc.iloc[0]
    assert by_channel[0.1, 0.9][0] == pytest.approx(wanted, abs=1e-4)
    assert with_plane(replace(card, sha256="unknown"), table, "test").plane is None
