"""What the committed advice says to the lesson's last question: conceal, or train?"""

import pandas as pd

from dashboard.lesson.evidence import (
    CANNOT_TELL,
    CLEAR_SHARE,
    HARDLY,
    NO_RESULTS,
    ONE_TRAINING,
    Evidence,
)
from dashboard.lesson.trainings import DIMENSION
from dashboard.words.channels import percent
from sercore.receiver.drop import Drop
from sercore.results.claims import HOLDS, ON_A_PAR, judge
from sercore.results.table import at

SOURCE = (
    "Computed from the advice in this repository: calls of 20 ms packets, test partition, CCC over the whole "
    "timeline."
)


def conceal_or_train(advice: pd.DataFrame) -> Evidence:
    """Which keeps more, concealment (0) or training with loss (1); does it depend (2), or hardly differ (3)?

    ``advice`` is that of ``sercore.results.advice``, of which each loss counts as much.
    """
    rows = at(advice, dimension=DIMENSION) if len(advice) else advice
    if not len(rows):
        return Evidence(NO_RESULTS)
    rows = rows.sort_values("packet_loss_rate")
    values = list(rows["over_rival"])
    ends = list(zip(rows["over_rival_low"], rows["over_rival_high"], strict=True))
    more, less = sum(low > 0 for low, _ in ends), sum(high < 0 for _, high in ends)
    each = ", ".join(map(_at, rows["packet_loss_rate"], values))
    words = (
        f"CCC of {DIMENSION}, concealment minus training with loss: {each}. The 95 % interval over speakers "
        f"says better at {more} of these {len(rows)} losses, worse at {less}."
    )
    if cut := sum(rows["receiver"] == Drop.NAME):
        words += f" At {cut} of them, the receiver that was best on devel conceals nothing: it cuts out."
    answer = _answer(values, ends, more / len(rows), less / len(rows))
    return Evidence(words if answer is not None else f"{words} {CANNOT_TELL}", answer, ONE_TRAINING, SOURCE)


def _at(loss_rate: float, difference: float) -> str:
    """One difference in words.

    Example:
        >>> _at(0.05, -0.001).split()
        ['+0.00', 'at', '5', '%']
    """
    return f"{round(difference, 2) + 0.0:+.2f} at {percent(loss_rate)}".replace("-", "−")


def _answer(values: list[float], ends: list[tuple[float, float]], more: float, less: float) -> int | None:
    alike = [judge(ON_A_PAR, *each, [value]) == HOLDS for value, each in zip(values, ends, strict=True)]
    if all(alike) and all(abs(value) < HARDLY for value in values):
        return 3
    if more and less:
        return 2
    return next((number for number, share in enumerate((more, less)) if share >= CLEAR_SHARE), None)
