"""What to do about the loss of a call, and four claims, as tables for people."""

from collections.abc import Sequence

import pandas as pd

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
        scores = [f"{row['ccc']:.2f}, {_interval(row, 'over_drop')}" for row in each]
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
    receiver, rate = receiver_in_words(first["receiver"]), f"{first['packet_loss_rate']:.0%}"
    gains = _gains(advice, "over_drop")
    return (
        f"In calls that lose {rate} of their packets, the receiver for a network trained on clean speech is "
        f"{receiver}. Better than cutting out: {_both(advice, 'helps')} ({gains}). Better than training with "
        f"loss: {_both(advice, 'beats_training')}."
    )


def _gains(rows: pd.DataFrame, name: str) -> str:
    return ", ".join(f"{row['dimension']} {_interval(row, name)}" for _, row in rows.iterrows())


def _interval(row: pd.Series, name: str) -> str:
    return f"{row[name]:+.3f} [{row[f'{name}_low']:+.2f}, {row[f'{name}_high']:+.2f}]"


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
