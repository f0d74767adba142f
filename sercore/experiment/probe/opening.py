"""A probe as a few words that travel to other machines, and what they open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from sercore.corpus.labelled import LabelledRecordings, open_labelled
from sercore.engines import Outcome
from sercore.experiment.probe.answers import Answers, OfRecogniser
from sercore.experiment.probe.conditions import Condition
from sercore.experiment.probe.questions import questions_of
from sercore.experiment.probe.run import Probe
from sercore.experiment.probe.scale import Scale, declared, label_scale, learned
from sercore.experiment.probe.tables import OfTable, open_corrupted
from sercore.network.device import choose_device
from sercore.recogniser.foreign import Foreign, ModelError
from sercore.recogniser.recogniser import Recogniser
from sercore.recogniser.registry import load_recogniser


@dataclass(frozen=True)
class Said:
    """What a command line says of a model that its file does not."""

    outputs: tuple[str, ...] = ()
    sample_rate: int | None = None
    longest: float | None = None
    shortest: float | None = None
    scale: tuple[float, float] | None = None

    def of(self, recogniser: Recogniser) -> Recogniser:
        """The recogniser with what is said of it.

        Raises:
            ModelError: if it is said of one that says all of itself, or cannot be.
        """
        given = {name: value for name, value in vars(self).items() if value not in (None, ())}
        if not given:
            return recogniser
        if not isinstance(recogniser, Foreign):
            raise ModelError(f"{recogniser.name} says of itself what it needs; leave out {', '.join(given)}")
        outputs = given.pop("outputs", recogniser.dimensions)
        if len(outputs) != len(recogniser.dimensions):
            there = ", ".join(recogniser.dimensions)
            raise ModelError(f"{recogniser.name} has the outputs {there}; {len(outputs)} names were given")
        if "sample_rate" in given and ":" in recogniser.name:
            raise ModelError(
                f"{recogniser.name} is told its rate: say it there, as its attribute sample_rate"
            )
        return replace(recogniser, dimensions=tuple(outputs), **given)


@dataclass(frozen=True)
class Wanted:
    """All that decides a probe, as values that travel by pickle.

    Attributes:
        model: a recogniser's file, folder or function; or a table of predictions, .csv.
        place: of the recordings; of a table, the folder that was corrupted for it.
        store: folder of what is finished.
        conditions: channels and receivers, beside those without loss.
        rungs: the ladder of the line, beside them.
        labels: a table of labels, if there is one.
        use_labels: whether labels are looked at.
        seconds: taken of each recording; None takes all.
        label_scale: the lowest and the highest label.
        said: of the model.
        device: "auto", "cpu" or "cuda".
        threads: of the processor; 0 leaves them as they are.
    """

    model: str
    place: str
    store: Path
    conditions: tuple[Condition, ...]
    rungs: tuple[Condition, ...] = ()
    labels: Path | None = None
    use_labels: bool = True
    seconds: float | None = None
    label_scale: tuple[float, float] | None = None
    said: Said = Said()
    device: str = "auto"
    threads: int = 0

    def with_said(self, **said: Any) -> "Wanted":
        """The same, with more said of the model."""
        return replace(self, said=replace(self.said, **said))


@lru_cache(maxsize=1)
def opened(wanted: Wanted) -> Probe:
    """The probe that is wanted.

    Raises:
        ValueError: if the model, the recordings or their labels cannot be used, or do not fit.
    """
    if wanted.threads:
        torch.set_num_threads(wanted.threads)
    answers, recordings = _who_and_what(wanted)
    if not wanted.use_labels:
        recordings = recordings.unlabelled()
    questions = questions_of(answers.outputs, recordings)
    low, high = label_scale(recordings, questions, wanted.label_scale, answers.scale)
    if (low, high) != (-1.0, 1.0):
        recordings = recordings.brought_from(low, high)
    return Probe(answers, recordings, questions, wanted.conditions, wanted.rungs, wanted.store)


def _who_and_what(wanted: Wanted) -> tuple[Answers, LabelledRecordings]:
    if wanted.model.endswith(".csv"):
        corrupted = open_corrupted(Path(wanted.place), wanted.labels)
        return OfTable(Path(wanted.model), corrupted, wanted.said.scale), corrupted.recordings
    recordings = open_labelled(wanted.place, wanted.labels, seconds=wanted.seconds)
    recogniser = load_recogniser(wanted.model, choose_device(wanted.device))
    return OfRecogniser(wanted.said.of(recogniser)), recordings


def scale_of(probe: Probe) -> Scale:
    """The scale that the answers declare, or that is learned from those without loss, which are stored."""
    answers, items = probe.answers, probe.recordings.items
    if answers.scale is not None:
        return declared(*answers.scale, len(answers.outputs))
    return learned(probe.questions, [probe.clean(each) for each in items], probe.recordings)


@dataclass(frozen=True)
class Job:
    """The work on one recording: without loss, or, where the scale is known, under all conditions."""

    wanted: Wanted
    number: int  # of the recording
    scale: Scale | None = None

    def steps(self) -> Iterator[int]:
        """Do it; yields how many conditions are done, after each."""
        probe = opened(self.wanted)
        recording = probe.recordings.items[self.number]
        if self.scale is None:
            probe.clean(recording)
            yield 1
        else:
            yield from probe.measure(recording, self.scale)


def run_job(job: Job) -> None:
    """Do one job, in whatever process."""
    for _ in job.steps():
        pass


def jobs_of(wanted: Wanted, scale: Scale | None = None) -> list[Job]:
    """One job for each recording."""
    return [Job(wanted, number, scale) for number in range(len(opened(wanted).recordings.items))]


def in_this_process(jobs: Sequence[Job]) -> Iterator[Outcome | int]:
    """Run jobs one after the other: how far the one in hand is, and its outcome. Errors are raised."""
    for job in jobs:
        yield from job.steps()
        yield Outcome(job)
