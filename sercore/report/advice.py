"""What to do about the loss of a call, and four claims, as tables for people."""

from collections.abc import Sequence

import pandas as pd

from sercore.receiver.drop import Drop
from sercore.report.looks import title
from sercore.report.markdown import Table
from sercore.results.claims import Finding, verdict_of
from sercore.results.receiver_claims import RECEIVER_CLAIMS, SCORE
from sercore.results.table import at
from sercore.results.ways import receiver_in_words
from sercore.units import DIMENSIONS

HEADER = [
    "packets lost",
    "receiver",
    *(f"{dimension}: CCC, more than cutting out" for dimension in DIMENSIONS),
    "helps?",
    *(f"{dimension}: more than training with loss" for dimension in DIMENSIONS),
    "beats it?",
]


def advice_table(advice: pd.DataFrame) -> Table:
    """Table 4 as one line for each loss; what is said of both dimensions differs only where it must."""
    rows = []
    for rate, mine in advice.groupby("packet_loss_rate"):
        first, each = mine.iloc[0], [at(mine, dimension=dimension).iloc[0] for dimension in DIMENSIONS]
        scores = [", ".join([f"{row['ccc']:.2f}", *_more(row)]) for row in each]
        more = [_interval(row, "over_rival") for row in each]
        beats = f"{_both(mine, 'beats_training')} ({title(first['rival'])})"
        name = receiver_in_words(first["receiver"])
        rows.append([f"{rate:.0%}", name, *scores, _both(mine, "helps"), *more, beats])
    return HEADER, rows


def receiver_claims_table(findings: Sequence[Finding]) -> Table:
    """Each claim on receivers with its verdict."""
    rows = [
        [str(claim.number), claim.sentence, f"**{verdict_of(claim, findings, SCORE)}**"]
        for claim in RECEIVER_CLAIMS
    ]
    return ["", "claim", "on the whole timeline"], rows


def in_a_sentence(advice: pd.DataFrame) -> str:
    """The rows of one loss in a sentence; "" where there are none."""
    if not len(advice):
        return ""
    first = advice.iloc[0]
    calls = f"In calls that lose {first['packet_loss_rate']:.0%} of their packets,"
    best = f"the best receiver for a network trained on clean speech {_does(first['receiver'])}."
    gains = ", ".join(f"{row['dimension']} {more}" for _, row in advice.iterrows() for more in _more(row))
    helps = f" Better than cutting out: {_both(advice, 'helps')} ({gains})." if gains else ""
    return f"{calls} {best}{helps} Better than training with loss: {_both(advice, 'beats_training')}."


def _does(receiver: str) -> str:
    return "cuts out" if receiver == Drop.NAME else f"is {receiver_in_words(receiver)}"


def _more(row: pd.Series) -> list[str]:
    """How much more than with the receiver that cuts out; nothing where that is the one advised."""
    return [] if row["receiver"] == Drop.NAME else [_interval(row, "over_drop")]


def _interval(row: pd.Series, name: str) -> str:
    """A difference with its ends, none of them minus zero."""
    value, low, high = (f"{round(row[f'{name}{end}'], 2) + 0.0:+.2f}" for end in ("", "_low", "_high"))
    return f"{value} [{low}, {high}]"


def _both(rows: pd.DataFrame, name: str) -> str:
    """One answer, or one for each dimension where they differ.

    Example:
        >>> table = pd.DataFrame({"dimension": ["arousal", "valence"], "helps": ["yes", "no"]})
        >>> _both(table, "helps"), _both(table.assign(helps="yes"), "helps")
        ('arousal yes, valence no', 'yes')
    """
    answers = list(rows[name])
    if len(set(answers)) == 1:
        return str(answers[0])
    return ", ".join(f"{of} {answer}" for of, answer in zip(rows["dimension"], answers, strict=True))
