"""From the numbers of every recording to scores, intervals, and what to make of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sercore.channel import LossModel, channel_key
from sercore.corpus.labelled import GROUPS
from sercore.experiment.probe.conditions import (
    NOTHING,
    PLANE,
    RISING,
    RUNG_LOSS,
    RUNGS,
    Condition,
    NamedChannel,
)
from sercore.experiment.probe.questions import OWN
from sercore.experiment.probe.run import Probe
from sercore.experiment.probe.scale import Scale
from sercore.provenance import git_commit, versions
from sercore.results.need import SHARE_OF_CLEAN
from sercore.results.probed import (
    Asked,
    AtChannel,
    Interval,
    OfGroup,
    OfReceiver,
    OnLine,
    Probed,
    ProbedChannel,
)
from sercore.results.tolerance import bearable_loss
from sercore.scoring.fewest_frames import MIN_DRAWN_FOR_INTERVAL
from sercore.scoring.moments import interval, resamples
from sercore.units import LABEL_RATE

_MOST_GROUPS = 12  # of a column with more, none would say much
_FEWEST_IN_GROUP = 5  # recordings, of a group and of all others: fewer differ by who they are


@dataclass(frozen=True)
class _Scores:
    """A score of all recordings, and of each bootstrap resample. Shapes: (), (resamples,)."""

    value: float
    drawn: NDArray[np.float64]

    def __sub__(self, other: "_Scores") -> "_Scores":
        paired = len(self.drawn) == len(other.drawn)
        return _Scores(self.value - other.value, self.drawn - other.drawn if paired else np.empty(0))

    @property
    def interval(self) -> Interval:
        if np.isnan(self.value):
            return Interval()
        if not len(self.drawn):
            return Interval(self.value)
        low, high = (float(end[0]) for end in interval(self.drawn[None]))
        return Interval(self.value) if np.isnan(low) else Interval(self.value, low, high)


class _Numbers:
    """The numbers of all recordings by condition, and scores of any of them. Shape: (recordings, 8)."""

    def __init__(self, probe: Probe, scale: Scale) -> None:
        items = probe.recordings.items
        clean = [scale(probe.clean(each)) for each in items]
        self.frames = [len(course) for course in clean]
        own = [probe.numbers(course, course, each) for course, each in zip(clean, items, strict=True)]
        measured = [probe.measured(each, scale) for each in items]
        self._by_key = {each.key: np.stack([found[each.key] for found in measured]) for each in probe.every}
        self._by_key[NOTHING.key] = np.stack(own)
        self._questions = probe.questions

    def of(self, condition: Condition, question: int) -> NDArray[np.float64]:
        return self._by_key[condition.key][:, question]

    def scores(
        self, conditions: Sequence[Condition], question: int, among: NDArray[np.bool_] | None = None
    ) -> _Scores:
        """The mean score over some conditions, of all recordings or of some among them."""
        asked = self._questions[question]
        numbers = [self.of(each, question) for each in conditions]
        if among is not None:
            numbers = [np.where(among[:, None], each, 0.0) for each in numbers]
        value = float(np.mean([asked.answer(each) for each in numbers]))
        there = int((numbers[0][:, 0] > 0).sum())
        if there < MIN_DRAWN_FOR_INTERVAL:
            return _Scores(value, np.empty(0))
        times = resamples(len(numbers[0]))
        return _Scores(value, np.mean([asked.answer(each, times) for each in numbers], axis=0))


def summarised(probe: Probe, scale: Scale, channels: Sequence[NamedChannel]) -> Probed:
    """What a finished probe found. All of its conditions must be in its store."""
    numbers = _Numbers(probe, scale)
    lossy = [each for each in channels if each.channel.loss_rate > 0]
    receivers = list(dict.fromkeys(each.receiver for each in probe.conditions))
    asked, at_channels, of_receivers, groups, lines = [], [], [], [], []
    for at in range(len(probe.questions)):
        of = _OfQuestion(probe, numbers, at, lossy, receivers)
        asked.append(of.asked)
        at_channels += of.at_channels()
        of_receivers += of.of_receivers()
        groups += [each for column in GROUPS for each in of.groups(column, _words(probe, column))]
        lines += of.lines()
    return Probed(
        model=probe.answers.name,
        model_key=probe.answers.key,
        outputs=probe.answers.outputs,
        scale=scale.sentence,
        recordings=probe.recordings.name,
        count=len(probe.recordings.items),
        seconds=sum(numbers.frames) / LABEL_RATE,
        loss_seeds=1 + max((each.seed for each in probe.conditions), default=0),
        channels=tuple(map(_told, lossy)),
        questions=tuple(asked),
        at_channels=tuple(at_channels),
        receivers=tuple(of_receivers),
        groups=tuple(groups),
        lines=tuple(lines),
        notes=probe.recordings.notes,
        versions=versions(),
        git_commit=git_commit(),
    )


def _told(named: NamedChannel) -> ProbedChannel:
    channel = named.channel
    return ProbedChannel(
        named.series, named.title, channel_key(channel), channel.loss_rate, channel.packet_ms
    )


def _words(probe: Probe, column: str) -> NDArray[np.str_]:
    return np.array([each.said.words.get(column, "").lower() for each in probe.recordings.items])


class _OfQuestion:
    """Everything about one question."""

    def __init__(
        self,
        probe: Probe,
        numbers: _Numbers,
        at: int,
        channels: Sequence[NamedChannel],
        receivers: Sequence[str],
    ) -> None:
        self.at, self.question, self.numbers = at, probe.questions[at], numbers
        self.conditions, self.channels, self.receivers = probe.conditions, channels, receivers
        self.rungs, self.every = probe.rungs, probe.every
        self.clean = numbers.scores([NOTHING], at)
        self.means = {name: numbers.scores(found, at) for name in receivers if (found := self._lossy(name))}
        known = {name: mean.value for name, mean in self.means.items() if not np.isnan(mean.value)}
        self.best = max(known, key=known.__getitem__) if known else ""

    def _lossy(self, receiver: str, channel: LossModel | None = None) -> list[Condition]:
        mine = [each for each in self.conditions if each.receiver == receiver]
        return [each for each in mine if channel in (None, each.channel)]

    @property
    def needed(self) -> float | None:
        chance = self.question.chance
        above = self.clean.value - chance
        return chance + SHARE_OF_CLEAN * above if above > 0 else None

    @property
    def asked(self) -> Asked:
        there = int((self.numbers.of(NOTHING, self.at)[:, 0] > 0).sum())
        question = self.question
        said = (question.score, question.of, question.chance, there, self.clean.interval, self.needed)
        return Asked(*said, self.best)

    def at_channels(self) -> list[AtChannel]:
        found = []
        for number, channel in enumerate(self.channels):
            for receiver in self.receivers:
                conditions = self._lossy(receiver, channel.channel)
                score = self.numbers.scores(conditions, self.at)
                own = {}
                if self.question.score == OWN:
                    sums = np.mean(
                        [self.numbers.of(each, self.at).sum(axis=0) for each in conditions], axis=0
                    )
                    own = {"unchanged": float(sums[7] / sums[0]), "change": float(sums[6] / sums[0])}
                fall = (self.clean - score).interval
                found.append(AtChannel(self.at, number, receiver, score.interval, fall, **own))
        return found

    def of_receivers(self) -> list[OfReceiver]:
        return [
            OfReceiver(
                self.at, name, mean.interval, (self.means[self.best] - mean).interval, self._bears(name)
            )
            for name, mean in self.means.items()
            if self.best
        ]

    def _bears(self, receiver: str) -> float | None:
        """Over the rising loss, or else over the plane; the clean score is one of those that must do."""
        series = RISING if any(each.series == RISING for each in self.channels) else PLANE
        climbed = [each for each in self.channels if each.series == series]
        if self.needed is None or not climbed:
            return None
        scores = [self.numbers.scores(self._lossy(receiver, each.channel), self.at).value for each in climbed]
        rates = [each.channel.loss_rate for each in climbed]
        borne = bearable_loss([0.0, *rates], [self.clean.value, *scores], self.needed)
        return borne or None

    def groups(self, column: str, words: NDArray[np.str_]) -> list[OfGroup]:
        names = sorted({*words.tolist()} - {""})
        conditions = self._lossy(self.best)
        if not 2 <= len(names) <= _MOST_GROUPS or not conditions:
            return []
        found = []
        for name in names:
            clean, fall = self._fall(conditions, words == name)
            _, others = self._fall(conditions, (words != name) & (words != ""))
            harder, count = (fall - others).interval, int((words == name).sum())
            if min(count, int((words != "").sum()) - count) < _FEWEST_IN_GROUP:
                harder = Interval(harder.value)
            found.append(OfGroup(self.at, column, name, count, clean.interval, fall.interval, harder))
        return found

    def _fall(self, conditions: Sequence[Condition], among: NDArray[np.bool_]) -> tuple[_Scores, _Scores]:
        clean = self.numbers.scores([NOTHING], self.at, among)
        return clean, clean - self.numbers.scores(conditions, self.at, among)

    def lines(self) -> list[OnLine]:
        found = []
        for rung in RUNGS if self.rungs else ():
            mine = [each for each in self.every if each.receiver == rung]
            without = [each for each in mine if each.channel.loss_rate == 0]
            if lossy := [each for each in mine if each.channel == RUNG_LOSS]:
                score = self.numbers.scores(without or [NOTHING], self.at)
                later = self.numbers.scores(lossy, self.at)
                fall = (self.clean - score).interval if without else Interval(0.0)
                found.append(OnLine(self.at, rung, score.interval, fall, later.interval))
        return found
