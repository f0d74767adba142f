"""What the README says of the results."""

import pandas as pd

from sercore.report.claims import claims_table
from sercore.report.markdown import Marks, number
from sercore.report.tables import (
    BEARABLE,
    WITHOUT_LOSS,
    bearable_table_of,
    loss_table_of,
    means_of_halves,
    table_2_of,
)
from sercore.report.templates import render
from sercore.results.claims import OVER, UNDER
from sercore.results.outcome import Outcome
from sercore.results.summaries import whole_settings

MARKS = Marks("<!-- results: written by scripts/report.py from trained/ -->", "<!-- end of results -->")
_ANSWERING = {
    "mismatched": "a network that learned from clean speech has",
    "augmentation": "One that heard seldom and short bursts of loss in training (augmentation) has",
    "multi_condition": "One that heard every kind of loss (multi-condition) has",
}


def readme_section(outcome: Outcome, folder: str) -> str:
    """What stands between the two marks in the README.

    Args:
        outcome: the committed results.
        folder: address of the folder with the picture and claims.md, with a slash at its end.
    """
    return render(
        "readme.md",
        about=outcome.about,
        folder=folder,
        in_short=in_short(outcome.plane),
        without_loss=WITHOUT_LOSS,
        table_2=table_2_of(outcome.table_2),
        loss_table=loss_table_of(outcome.plane),
        bearable=BEARABLE,
        bearable_table=bearable_table_of(outcome.plane),
        claims=claims_table(outcome.findings),
    ).rstrip()


def in_short(plane: pd.DataFrame) -> str:
    """Arousal / valence of three settings in a sentence each; "" before all three are scored."""
    if not set(_ANSWERING) <= set(whole_settings(plane)):
        return ""
    said = []
    for setting, words in _ANSWERING.items():
        a_under, a_over, v_under, v_over = map(number, means_of_halves(plane, setting, "ccc"))
        said.append(f"{words} {a_under} / {v_under} {UNDER} and {a_over} / {v_over} {OVER}.")
    return " ".join(said)
