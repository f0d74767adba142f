"""The claims for people: what was claimed, what the results say, and what that rests on."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sercore.report.markdown import SCORE_TITLES, Table, markdown_table, number
from sercore.report.sentences import provenance_sentence, trainings_sentence
from sercore.results import claims
from sercore.results.about import About
from sercore.results.claims import PAR, UNTRAINED, Finding, verdict_of
from sercore.results.severity import paper_values


def claims_table(findings: Sequence[Finding]) -> Table:
    """Each claim with its verdict in both scores."""
    rows = [
        [
            str(claim.number),
            claim.sentence,
            *(f"**{verdict_of(claim, findings, score)}**" for score in SCORE_TITLES),
        ]
        for claim in claims.CLAIMS
    ]
    return ["", "claim", *(f"on the {words}" for words in SCORE_TITLES.values())], rows


def findings_table(findings: Sequence[Finding]) -> Table:
    """What one claim rests on: each statement, dimension and score with its value and interval."""
    header = ["statement", "dimension", "CCC on the", "value", "95 % interval", "seeds one by one", "verdict"]
    rows = [
        [
            f.statement,
            f.dimension,
            SCORE_TITLES[f.score],
            number(f.value, signed=True),
            "" if math.isnan(f.low) else f"[{f.low:+.3f}, {f.high:+.3f}]",
            ", ".join(f"{value:+.3f}" for value in f.of_seeds),
            f.verdict,
        ]
        for f in findings
    ]
    return header, rows


def claims_markdown(findings: Sequence[Finding], about: About) -> str:
    """``claims.md``: the verdicts, what they mean, and what each rests on."""
    parts = [
        "# The paper's claims, tested",
        f"{provenance_sentence(about)} {trainings_sentence(about)} Written by `scripts/reproduce.py`.",
        markdown_table(*claims_table(findings)),
        "The paper scores the frames that arrive. The whole timeline is what a user of a live system sees: "
        "lost frames hold the last prediction. A claim holds if all its statements do, in both dimensions. "
        "*Better than*: the 95 % interval of the mean difference lies above 0. *On a par*: it lies within "
        f"±{PAR} CCC, our reading, for the paper gives no number. Either way each training seed alone must "
        "say the same. Intervals come from a bootstrap over tracks (the same resamples on both sides); they "
        "say what other speakers might give, not what other trainings would. A mean over all channels is one "
        "over the plane's points, as in the paper: those with p_N = 1, which lose nothing whatever p_L is, "
        "are a whole side of it. Claim 7 is our reading of Table 2. A claim that fails is a finding about "
        "this corpus and these trainings, not about the paper's.",
    ]
    for claim in claims.CLAIMS:
        mine = [f for f in findings if f.claim == claim.number]
        parts += [
            f"## {claim.number}. {claim.sentence}",
            *_statistic_note(mine),
            markdown_table(*findings_table(mine)),
        ]
    parts += ["## The paper's own numbers (RECOLA)", _paper_sentence()]
    return "\n\n".join(parts) + "\n"


def _statistic_note(findings: Sequence[Finding]) -> list[str]:
    statistics = dict.fromkeys(f.statistic for f in findings)
    channels = {f.channels for f in findings if f.verdict != UNTRAINED}
    number_of = f", over {'/'.join(map(str, sorted(channels)))} channels" if channels - {1} else ""
    return [f"Value: {'; '.join(statistics)}{number_of}."] if statistics else []


def _paper_sentence() -> str:
    values = "; ".join(
        f"{what}: {a:+.3f} arousal, {v:+.3f} valence" for what, (a, v) in paper_values().items()
    )
    return (
        "The paper gives Figures 3 and 4 as pictures without numbers, so claims 1 to 6 have none of its own "
        f"to stand beside. Claim 7 on its Table 2: {values}."
    )
