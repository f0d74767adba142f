"""README's section of results, and the claims as text."""

from dataclasses import replace

from dashboard.compute.findings import read_findings
from sercore.report.publish import publish
from sercore.report.readme import MARKS, claims_markdown, in_short, readme_section
from sercore.report.tables import claims_table, loss_table_of
from sercore.results import claims
from sercore.results.claims import BETTER, CLAIMS, UNDER, Claim, Statement
from sercore.results.examine import examine_claims
from sercore.results.outcome import PLANE, write_findings
from sercore.results.table import SCORES
from tests.report.made_about import ABOUT
from tests.results.made_rows import AS_IN_THE_PAPER, PAPER_AROUSAL, clean, plane


def test_the_answer_in_short_is_made_of_the_same_means(outcome):
    _, rows = loss_table_of(outcome.plane)
    line = next(row for row in rows if row[:2] == ["augmentation", "frames that arrive"])
    said = in_short(outcome.plane)
    assert f"(augmentation) has {line[2]} / {line[4]} under 50 % loss and {line[3]} / {line[5]} over" in said
    assert said in readme_section(outcome, "")
    without = outcome.plane[outcome.plane.setting != "augmentation"]
    assert in_short(without) == ""
    assert "In short" not in readme_section(replace(outcome, tables={PLANE: without}), "")


def test_the_section_names_the_corpus_and_cannot_be_taken_for_recolas(outcome):
    section = readme_section(outcome, "trained/results/")
    assert "synthetic speech; not comparable with RECOLA" in section
    assert "cannot be compared" in section
    assert (
        "All trainings took 1.5 hours one after another, all scores 0.5 hours (one <chip>, 2 cores)."
        in section
    )
    assert "(trained/results/figure_3.svg)" in section
    assert "(trained/results/claims.md)" in section
    missing = replace(ABOUT, missing=("mismatched-seed2", "matched_low_low-seed2"))
    text = claims_markdown(outcome.findings, missing)
    assert "2 of 4 trainings are done; not trained yet: matched_low_low." in text


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_every_claim_has_its_verdict_and_what_it_rests_on(outcome):
    text = claims_markdown(outcome.findings, ABOUT)
    _, rows = claims_table(outcome.findings)
    assert len(rows) == len(CLAIMS)
    assert [row[0] for row in rows if int(row[0]) <= 7] == list("1234567")  # the paper's, whatever is added
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
