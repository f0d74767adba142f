"""What the README says of the results, and claims.md that it points to."""

from collections.abc import Sequence

import pandas as pd

from sercore.report.markdown import Marks, number
from sercore.report.tables import means_of_halves
from sercore.report.templates import render
from sercore.results import claims
from sercore.results.about import About
from sercore.results.claims import OVER, PAR, UNDER, Finding
from sercore.results.outcome import Outcome
from sercore.results.severity import paper_values
from sercore.results.summaries import whole_settings

MARKS = Marks("<!-- results: written by scripts/report.py from trained/ -->", "<!-- end of results -->")
_ANSWERING = {
    "mismatched": "a network that learned from clean speech has",
    "augmentation": "One that heard seldom and short bursts of loss in training (augmentation) has",
    "multi_condition": "One that heard every kind of loss (multi-condition) has",
}


def readme_section(outcome: Outcome, folder: str) -> str:
    """What stands between the two marks in the README.

    The picture and claims.md lie in ``folder``, an address with a slash at its end.
    """
    said = in_short(outcome.plane)
    return render("readme.md", outcome=outcome, about=outcome.about, folder=folder, in_short=said).rstrip()


def claims_markdown(findings: Sequence[Finding], about: About) -> str:
    """``claims.md``: the verdicts, what they mean, and what each rests on."""
    given = {"claims": claims.CLAIMS, "par": PAR, "values": paper_values()}
    return render("claims.md", about=about, findings=findings, **given)


def in_short(plane: pd.DataFrame) -> str:
    """Arousal / valence of three settings in a sentence each; "" before all three are scored."""
    if not set(_ANSWERING) <= set(whole_settings(plane)):
        return ""
    said = []
    for setting, words in _ANSWERING.items():
        a_under, a_over, v_under, v_over = map(number, means_of_halves(plane, setting, "ccc"))
        said.append(f"{words} {a_under} / {v_under} {UNDER} and {a_over} / {v_over} {OVER}.")
    return " ".join(said)
