"""What the README says of the results."""

from __future__ import annotations

import pandas as pd

from sercore.report.claims import claims_table
from sercore.report.markdown import Marks, markdown_table, number
from sercore.report.sentences import hours_sentence, luck_sentence, provenance_sentence, trainings_sentence
from sercore.report.tables import (
    BEARABLE,
    WITHOUT_LOSS,
    bearable_table_of,
    loss_table_of,
    means_of_halves,
    table_2_of,
)
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
    corpus = outcome.about.corpus
    beside = (
        "The last column is another corpus, and cannot be compared."
        if corpus.synthetic
        else f"The last column is the paper's. {' '.join(corpus.partition)}"
    )
    parts = [
        " ".join(tell(outcome.about) for tell in (provenance_sentence, trainings_sentence, hours_sentence)),
        in_short(outcome.plane),
        f"**Without loss** (the paper's Table 2): {WITHOUT_LOSS} Devel also chose which weights of a "
        f"training count, so its scores are a little optimistic; test chose nothing. {beside}",
        markdown_table(*table_2_of(outcome.table_2)),
        "**With loss** (the paper's Figure 3), scored on the frames that arrive as in the paper; below it "
        "the mean over the channels that lose less and more than half (and leave 10 s of speech to score), "
        "also on the whole timeline, where each lost frame holds the last prediction.",
        f"![CCC against loss rate, for four ways to train]({folder}figure_3.svg)",
        markdown_table(*loss_table_of(outcome.plane)),
        *_bearable(outcome.plane),
        f"**The paper's claims**, tested here ([what each verdict rests on]({folder}claims.md)). "
        f"{luck_sentence(outcome.about)}".rstrip(),
        markdown_table(*claims_table(outcome.findings)),
    ]
    return "\n\n".join(filter(None, parts))


def in_short(plane: pd.DataFrame) -> str:
    """What loss does, and what is won by training with loss; "" before the three settings are scored."""
    if not set(_ANSWERING) <= set(whole_settings(plane)):
        return ""
    said = []
    for setting, words in _ANSWERING.items():
        arousal_under, arousal_over, valence_under, valence_over = map(
            number, means_of_halves(plane, setting, "ccc")
        )
        said.append(
            f"{words} {arousal_under} / {valence_under} {UNDER} and {arousal_over} / {valence_over} {OVER}."
        )
    return f"**In short** (mean CCC of arousal / valence on the frames that arrive): {' '.join(said)}"


def _bearable(plane: pd.DataFrame) -> list[str]:
    table = bearable_table_of(plane)
    return [f"**Which loss can be borne?** {BEARABLE}", markdown_table(*table)] if table[1] else []
