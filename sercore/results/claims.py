"""The paper's claims as sentences that results can contradict, each with a statistic and an interval."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.reading import Count, OneOf, checked, made
from sercore.reading.schema import InOneLine
from sercore.results.columns import SCORES
from sercore.results.paper import HALF
from sercore.results.severity import FALL, GAP
from sercore.units import DIMENSIONS

HOLDS, FAILS, OPEN, UNTRAINED = "holds", "does not hold", "cannot tell", "not trained yet"
PAR = 0.05  # "on a par" is our reading: less than this CCC apart; the paper gives no number
ALL, UNDER, OVER = "all channels", "under 50 % loss", "over 50 % loss"
_Sentence = Annotated[str, InOneLine(300)]
BETTER, ON_A_PAR, AT_LEAST = "better than", "on a par with", "at least on a par with"


@dataclass(frozen=True)
class Statement:
    """One comparison that a claim asks for: setting, relation, other, over some channels."""

    setting: str
    relation: str
    other: str
    channels: str

    @property
    def sentence(self) -> str:
        """The comparison in words."""
        setting, other = self.setting.replace("_", "-"), self.other.replace("_", "-")
        return f"{setting} is {self.relation} {other}, {self.channels}"


def in_band(loss_rates: ArrayLike, channels: str) -> NDArray[np.bool_]:
    """Which channels a statement is about, by loss rate (Eq. 1); exactly half is neither under nor over."""
    rates = np.asarray(loss_rates, dtype=np.float64).round(9)
    return {ALL: np.full(rates.shape, True), UNDER: rates < HALF, OVER: rates > HALF}[channels]


@dataclass(frozen=True)
class Trend:
    """What a claim says of the nine matched networks without loss: a statistic above 0."""

    sentence: str
    statistic: str


@dataclass(frozen=True)
class Claim:
    """A claim of the paper: it holds where all its statements and trends do, in both dimensions."""

    number: int
    sentence: str
    statements: tuple[Statement, ...] = ()
    trends: tuple[Trend, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What the results say to one statement, in one dimension and one score."""

    claim: Count  # its number
    statement: _Sentence  # what is claimed
    dimension: Annotated[str, OneOf(DIMENSIONS)]
    score: Annotated[str, OneOf(SCORES)]
    statistic: _Sentence  # what the value is
    value: float = math.nan  # where it cannot be computed, and so are the ends
    low: float = math.nan  # of the 95 % bootstrap interval over tracks
    high: float = math.nan
    of_seeds: tuple[float, ...] = ()  # the same value for each training seed alone
    channels: Count = 1  # how many
    verdict: Annotated[str, OneOf((HOLDS, FAILS, OPEN, UNTRAINED))] = UNTRAINED

    def to_json(self) -> dict[str, Any]:
        """The same for JSON; what cannot be computed is null."""
        numbers = {"value": self.value, "low": self.low, "high": self.high}
        known = {name: None if math.isnan(value) else round(value, 4) for name, value in numbers.items()}
        return asdict(self) | known | {"of_seeds": [round(value, 4) for value in self.of_seeds]}

    @classmethod
    def from_json(cls, found: Any) -> "Finding":
        """What ``to_json`` gave.

        Raises:
            ReadingError: if a field is missing or of another kind; one sentence says which.
        """
        table = checked(Mapping[str, Any], found, "a finding")
        return made(cls, {name: value for name, value in table.items() if value is not None}, "a finding")


CLAIMS = (
    Claim(
        1,
        "Matched training is the best of matched, mismatched and multi-condition, over all channels.",
        tuple(Statement("matched", BETTER, other, ALL) for other in ("mismatched", "multi_condition")),
    ),
    Claim(
        2,
        "Mismatched training is the worst of the three, over all channels.",
        tuple(Statement(setting, BETTER, "mismatched", ALL) for setting in ("multi_condition", "matched")),
    ),
    Claim(
        3,
        "Under 50 % loss multi-condition training is the worst of the three.",
        tuple(Statement(setting, BETTER, "multi_condition", UNDER) for setting in ("matched", "mismatched")),
    ),
    Claim(
        4,
        "Under 50 % loss matched and mismatched training are on a par.",
        (Statement("matched", ON_A_PAR, "mismatched", UNDER),),
    ),
    Claim(
        5,
        "Over 50 % loss multi-condition training is on a par with matched training.",
        (Statement("multi_condition", ON_A_PAR, "matched", OVER),),
    ),
    Claim(
        6,
        "Augmentation is on a par with matched training under 50 % loss, and better than mismatched over it.",
        (
            Statement("augmentation", ON_A_PAR, "matched", UNDER),
            Statement("augmentation", BETTER, "mismatched", OVER),
        ),
    ),
    Claim(
        7,
        "Without loss at test, matched networks do worse the more their training channel loses, and "
        "low p_N / high p_L does worst.",
        trends=(
            Trend("clean CCC falls with the loss of the training channel", FALL),
            Trend("low p_N / high p_L is worst", GAP),
        ),
    ),
)


def verdict_of(claim: Claim, findings: Iterable[Finding], score: str = "ccc") -> str:
    """What one score says to a claim."""
    return overall({f.verdict for f in findings if f.claim == claim.number and f.score == score})


def overall(verdicts: Collection[str]) -> str:
    """A claim fails if one of its statements does, and holds only if all do.

    Example:
        >>> overall({HOLDS}), overall({HOLDS, OPEN}), overall({HOLDS, OPEN, FAILS})
        ('holds', 'cannot tell', 'does not hold')
    """
    return next((v for v in (UNTRAINED, FAILS, OPEN) if v in verdicts), HOLDS if verdicts else UNTRAINED)


def judge(relation: str, low: float, high: float, of_seeds: Sequence[float]) -> str:
    """What an interval, and the training seeds one by one, say to a statement.

    "Better" holds where the whole interval lies above 0, and fails where it lies below. "On a par" holds
    where it lies within ``PAR`` of 0, and fails where it lies beyond; "at least on a par" minds the lower end
    alone. Either way each seed alone must say
    the same: tracks do not tell what another training would give. Without a seed nothing can be told.

    Example:
        >>> judge(BETTER, 0.1, 0.2, [0.1, 0.2]), judge(BETTER, 0.1, 0.2, [-0.1, 0.4])
        ('holds', 'cannot tell')
        >>> judge(ON_A_PAR, -0.01, 0.04, [0.02]), judge(ON_A_PAR, 0.02, 0.08, [0.05])
        ('holds', 'cannot tell')
    """
    if not len(of_seeds):
        return OPEN
    values = np.array([low, high, *of_seeds])
    if relation == BETTER:
        holds, fails = (values > 0).all(), (values < 0).all()
    elif relation == AT_LEAST:
        holds, fails = (values > -PAR).all(), (values < -PAR).all()
    else:
        holds, fails = (abs(values) < PAR).all(), (values > PAR).all() or (values < -PAR).all()
    return HOLDS if holds else FAILS if fails else OPEN
