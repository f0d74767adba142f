"""What results that tests make up say to the claims."""

import numpy as np
import pytest

from sercore.results.cell_table import sheet
from sercore.results.claims import (
    CLAIMS,
    FAILS,
    HOLDS,
    OPEN,
    UNTRAINED,
    verdict_of,
)
from sercore.results.examine import examine_claims
from sercore.results.four_settings import NINE
from sercore.results.severity import severity
from tests.results.made_rows import AS_IN_THE_PAPER, PAPER_AROUSAL, clean, plane


def verdicts(plane_table, clean_table, score="ccc"):
    findings = examine_claims(plane_table, clean_table, score)
    return {claim.number: verdict_of(claim, findings, score) for claim in CLAIMS if claim.number <= 7}


def test_results_like_the_papers_make_every_claim_hold():
    fallen = {name: 0.9 - 0.5 * severity(name) for name in NINE} | {"matched_low_high": 0.2}
    assert verdicts(plane(AS_IN_THE_PAPER), clean(fallen)) == dict.fromkeys(range(1, 8), HOLDS)
    assert set(verdicts(plane(AS_IN_THE_PAPER), clean(fallen), "ccc_timeline").values()) == {HOLDS}


def test_results_the_other_way_round_make_them_fail():
    upside_down = {
        "mismatched": (0.5, 0.8), "matched": (0.3, 0.3), "multi_condition": (0.7, 0.6),
        "augmentation": (0.8, 0.4),
    }  # fmt: skip
    risen = {name: 0.2 + 0.5 * severity(name) for name in NINE}
    found = verdicts(plane(upside_down), clean(risen))
    assert found == dict.fromkeys(range(1, 8), FAILS)


def test_what_is_not_trained_is_said_and_nothing_else():
    some = {name: AS_IN_THE_PAPER[name] for name in ("mismatched", "multi_condition")}
    findings = examine_claims(plane(some), clean({"mismatched": 0.8}), "ccc")
    by_claim = {claim.number: verdict_of(claim, findings) for claim in CLAIMS}
    assert set(by_claim.values()) == {UNTRAINED}
    known = [f for f in findings if f.verdict != UNTRAINED]
    assert {f.statement for f in known} == {
        "multi-condition is better than mismatched, all channels",
        "mismatched is better than multi-condition, under 50 % loss",
    }
    assert all(np.isnan(f.value) and f.to_json()["value"] is None for f in findings if f not in known)


def test_matched_in_some_channels_only_is_not_trained_yet():
    table = plane(AS_IN_THE_PAPER)
    part = table[(table.setting != "matched") | (table.p_n > 0.5)]
    findings = examine_claims(sheet(part.to_dict("records")), clean({"mismatched": 0.8}), "ccc")
    assert {f.verdict for f in findings if f.claim == 1} == {UNTRAINED}
    assert {f.verdict for f in findings if f.claim == 4} == {HOLDS}  # its channels are all there


def test_channels_that_leave_no_ccc_cannot_tell():
    table = plane(AS_IN_THE_PAPER)
    table.loc[table.expected_loss_rate > 0.5, "ccc"] = np.nan
    findings = examine_claims(table, clean({"mismatched": 0.8}), "ccc")
    over = [f for f in findings if f.statement.endswith("over 50 % loss")]
    assert {f.verdict for f in over} == {OPEN}
    assert all(f.to_json()["value"] is None and f.channels == 0 for f in over)


def test_a_seed_that_met_some_channels_only_is_no_witness():
    table = plane(AS_IN_THE_PAPER)
    part = table[(table.model_seed == 0) | (table.p_n != 0.9)]
    findings = examine_claims(sheet(part.to_dict("records")), clean(PAPER_AROUSAL), "ccc")
    under = [f for f in findings if f.statement.endswith("under 50 % loss")]
    over = [f for f in findings if f.statement.endswith("over 50 % loss")]
    assert {len(f.of_seeds) for f in under} == {1}
    assert {len(f.of_seeds) for f in over} == {3}


def test_values_are_plain_means_of_plain_differences():
    table = plane(AS_IN_THE_PAPER)
    findings = examine_claims(table, clean(PAPER_AROUSAL), "ccc")
    finding = next(f for f in findings if f.claim == 4 and f.dimension == "valence")
    rows = table[(table.dimension == "valence") & (table.expected_loss_rate < 0.5)]
    means = rows.groupby("setting").ccc.mean()
    assert finding.value == pytest.approx(means["matched"] - means["mismatched"])
    assert finding.channels == 2
    assert len(finding.of_seeds) == 3
    assert np.mean(finding.of_seeds) == pytest.approx(finding.value)
    assert finding.low <= finding.value <= finding.high
