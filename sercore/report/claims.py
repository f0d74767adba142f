"""The claims for people: what was claimed, what the results say, and what that rests on."""

import math
from collections.abc import Sequence

from sercore.report.markdown import SCORE_TITLES, Table, number
from sercore.report.templates import render
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
    values = "; ".join(
        f"{what}: {a:+.3f} arousal, {v:+.3f} valence" for what, (a, v) in paper_values().items()
    )
    mine = [(claim, [f for f in findings if f.claim == claim.number]) for claim in claims.CLAIMS]
    return render(
        "claims.md",
        about=about,
        verdicts=claims_table(findings),
        par=PAR,
        claims=[(claim, value_note(found), findings_table(found)) for claim, found in mine],
        papers_values=values,
    )


def value_note(findings: Sequence[Finding]) -> str:
    """What the values of one claim are, and over how many channels; "" where there are none."""
    statistics = "; ".join(dict.fromkeys(f.statistic for f in findings))
    channels = {f.channels for f in findings if f.verdict != UNTRAINED}
    number_of = f", over {'/'.join(map(str, sorted(channels)))} channels" if channels - {1} else ""
    return f"Value: {statistics}{number_of}." if statistics else ""
