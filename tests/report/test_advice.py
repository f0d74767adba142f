"""Advice reaches README and the verdict on a call from the one file that holds it."""

import shutil

import pytest

from sercore.channel import CLEAN, Bernoulli, Gilbert
from sercore.experiment.receivers import calls
from sercore.report.advice import HEADER, advice_table, in_a_sentence, receiver_claims_table
from sercore.report.publish import publish
from sercore.report.readme import MARKS
from sercore.report.verdict import RESULTS, verdict_on
from sercore.results.advice import RATES_OF_ADVICE, advice_for, advise
from sercore.results.outcome import ADVICE, PLANE, RECEIVER_FINDINGS, write_json
from sercore.results.receiver_claims import RECEIVER_CLAIMS, examine_receiver_claims
from sercore.results.table import write_results
from tests.results.made_ways import made_ways

SKILLS = {
    ("mismatched", "drop"): 0.5,
    ("mismatched", "pitch"): lambda channel: 0.7 if channel.loss_rate < 0.15 else 0.5,
    ("multi_condition", "drop"): 0.9,
}


@pytest.fixture(scope="module")
def ways():
    return made_ways(SKILLS, calls(RATES_OF_ADVICE))


@pytest.fixture(scope="module")
def advice(ways):
    return advise(ways, ways, ["drop", "pitch"])


def test_the_table_has_a_line_for_each_loss(advice):
    header, rows = advice_table(advice)
    assert header == HEADER
    assert [row[0] for row in rows] == ["1%", "3%", "5%", "10%", "20%"]
    assert [row[1] for row in rows[:4]] == ["pitch period (causal)"] * 4
    assert [row[4] for row in rows[:4]] == ["yes"] * 4
    assert {row[-1] for row in rows} == {"no (multi-condition)"}
    one = advice.iloc[0]
    assert rows[0][2] == (
        f"{one.ccc:.2f}, {one.over_drop:+.2f} [{one.over_drop_low:+.2f}, {one.over_drop_high:+.2f}]"
    )
    assert rows[4][1:3] == ["cut out (causal)", f"{advice.iloc[8].ccc:.2f}"]  # not more than itself


def test_a_sentence_says_the_same_of_one_loss(advice):
    said = in_a_sentence(advice_for(advice, 0.048))
    assert said.startswith(
        "In calls that lose 5% of their packets, the best receiver for a network trained on clean"
    )
    assert "is pitch period (causal). Better than cutting out: yes (arousal +" in said
    assert said.endswith("Better than training with loss: no.")
    cut = in_a_sentence(advice_for(advice, 0.2))
    assert "on clean speech cuts out. Better than training" in cut
    assert "Better than cutting out" not in cut
    assert in_a_sentence(advice[:0]) == ""


def test_a_verdict_on_a_call_takes_it_and_one_on_frames_does_not(advice, tmp_path):
    shutil.copy(RESULTS / PLANE, tmp_path)
    call = Gilbert.from_rates(0.05, 4, 20)
    before = verdict_on(call, tmp_path)
    write_results(tmp_path / ADVICE, advice)
    after = verdict_on(call, tmp_path)
    assert before.advice == ""
    assert after.advice == after.to_json()["advice"] == in_a_sentence(advice_for(advice, 0.05))
    assert (after.sentence, after.expected) == (before.sentence, before.expected)
    assert before.limits != after.limits
    assert "the nearest that were measured" in after.limits
    for other in (CLEAN, Gilbert(0.9, 0.5), Bernoulli(0.0, packet_ms=20)):
        assert verdict_on(other, tmp_path).advice == ""


def test_readme_has_the_table_once_it_was_made_and_nothing_before(results, ways, advice, tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text(f"{MARKS.begin}\n{MARKS.end}\n")
    publish(results, results.parent, readme=readme, html=None)
    before = readme.read_text()
    write_results(results / ADVICE, advice)
    findings = examine_receiver_claims(ways, "pitch")
    write_json(results / RECEIVER_FINDINGS, [each.to_json() for each in findings])
    publish(results, results.parent, readme=readme, html=None)
    after = readme.read_text()
    assert "What to do about a call" not in before
    lines = after.splitlines()
    start = lines.index("| " + " | ".join(HEADER) + " |")
    assert [line.split(" | ")[0] for line in lines[start + 2 : start + 7]] == [
        f"| {share}" for share in ("1%", "3%", "5%", "10%", "20%")
    ]
    for claim in RECEIVER_CLAIMS:
        assert claim.sentence in after
    cut = after[after.index("**What to do about a call?**") : after.index("**The paper's claims**")]
    assert after.replace(cut, "") == before


def test_the_claims_are_numbered_on_from_the_papers():
    _, rows = receiver_claims_table([])
    assert [row[0] for row in rows] == ["8", "9", "10", "11"]
    assert {row[2] for row in rows} == {"**not trained yet**"}
