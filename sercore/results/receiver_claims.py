"""Claims on what can be done about a loss, as sentences that results can contradict; not the paper's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sercore.channel import channel_of
from sercore.receiver.drop import Drop
from sercore.results.claims import AT_LEAST, BETTER, ON_A_PAR, Claim, Finding, judge
from sercore.results.differences import paired
from sercore.results.means import MeanScores, average, mean_scores
from sercore.results.ways import CLEAN_NETWORK, in_words, is_call, way
from sercore.scoring.moments import interval
from sercore.units import DIMENSIONS

SCORE = "ccc_timeline"  # the only fair one: some receivers shorten time
CHOSEN = "the receiver chosen on devel"
CALLS, FRAMES, EVERYWHERE = (
    "calls that lose under 20 %",
    "frames of which under 20 % are lost",
    "all channels that lose something",
)
SOUNDS_BEST = "sounds best"
OF_VOICES = 11  # the claim that rests on real voices
_UNDER = 0.2
_STATISTIC = "mean difference in CCC on the whole timeline"
CHANGES = "share of predictions unchanged, what sounds best minus the best of the others"


@dataclass(frozen=True)
class Comparison:
    """One way, a relation, another way, over some channels; ``CHOSEN`` stands for a receiver."""

    one: tuple[str, str]  # setting and receiver
    relation: str
    other: tuple[str, str]
    channels: str

    @property
    def sentence(self) -> str:
        """The comparison in words."""
        one, other = (in_words(way(*each)) for each in (self.one, self.other))
        return f"{one} is {self.relation} {other}, {self.channels}"


@dataclass(frozen=True)
class ReceiverClaim(Claim):
    """A claim: it holds where all its comparisons do, in both dimensions."""

    comparisons: tuple[Comparison, ...] = ()


_CLEAN = (CLEAN_NETWORK, CHOSEN)
RECEIVER_CLAIMS = (
    ReceiverClaim(
        8,
        "Under 20 % loss, concealment with the network trained on clean speech is at least on a par with "
        "multi-condition training.",
        comparisons=tuple(
            Comparison(_CLEAN, AT_LEAST, ("multi_condition", Drop.NAME), w) for w in (CALLS, FRAMES)
        ),
    ),
    ReceiverClaim(
        9,
        "Concealment that was learned is better than the best of the others.",
        comparisons=(Comparison((CLEAN_NETWORK, "learned"), BETTER, _CLEAN, EVERYWHERE),),
    ),
    ReceiverClaim(
        10,
        "One network that is told what is lost is on a par with nine matched ones, everywhere.",
        comparisons=(Comparison(("loss_aware", Drop.NAME), ON_A_PAR, ("matched", Drop.NAME), EVERYWHERE),),
    ),
    ReceiverClaim(OF_VOICES, "The receiver that sounds best is the one that reads best."),
)


def chosen_receiver(devel: pd.DataFrame, among: Sequence[str]) -> str | None:
    """The receiver with the highest mean CCC behind the clean network, over all calls of a sheet of ways.

    None where none of them was scored.
    """
    ways = {way(CLEAN_NETWORK, receiver): receiver for receiver in among}
    rows = devel[devel["setting"].isin(list(ways))]
    means = rows.groupby("setting")[SCORE].mean().dropna()
    return ways[str(means.idxmax())] if len(means) else None


def examine_receiver_claims(ways: pd.DataFrame, chosen: str | None) -> list[Finding]:
    """Every comparison of every claim, in both dimensions.

    Args:
        ways: a sheet of one partition, from ``as_ways``.
        chosen: what ``CHOSEN`` stands for; None if that is not known.
    """
    scores = mean_scores(ways, SCORE)
    return [
        _compared(claim, comparison, scores.at(dimension=dimension), dimension, chosen)
        for claim in RECEIVER_CLAIMS
        for comparison in claim.comparisons
        for dimension in DIMENSIONS
    ]


def _compared(
    claim: ReceiverClaim, comparison: Comparison, scores: MeanScores, dimension: str, chosen: str | None
) -> Finding:
    found = Finding(claim.number, comparison.sentence, dimension, SCORE, _STATISTIC)
    names = [
        way(setting, str(chosen) if receiver == CHOSEN else receiver)
        for setting, receiver in (comparison.one, comparison.other)
    ]
    here = scores.where(among(scores, comparison.channels))
    if not set(names) <= set(here.cells["setting"]):
        return found
    difference = paired(here, *names)
    value, resampled = average(difference)
    low, high = (float(end) for end in interval(resampled))
    verdict = judge(comparison.relation, low, high, [value])
    channels, of_seeds = len(difference.cells), (value,)
    return replace(
        found, value=value, low=low, high=high, of_seeds=of_seeds, channels=channels, verdict=verdict
    )


def among(scores: MeanScores, channels: str) -> NDArray[np.bool_]:
    """Which cells a comparison is about. Shape: (cells,)."""
    every = [channel_of(key) for key in scores.cells["channel"]]
    under = np.array([0 < round(each.loss_rate, 6) < _UNDER for each in every], dtype=bool)
    calls = np.array([is_call(each) for each in every], dtype=bool)
    loses = np.array([each.loss_rate > 0 for each in every], dtype=bool)
    chosen: NDArray[np.bool_] = {CALLS: under & calls, FRAMES: under & ~calls, EVERYWHERE: loses}[channels]
    return chosen
