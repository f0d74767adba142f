"""The work of a probe, recording by recording: what is done once is never done again.

Below the folder of a probe lie the course of each recording without loss, and the numbers of each recording
under each condition; files are named by all that decides their content.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sercore.corpus.labelled import LabelledRecording, LabelledRecordings
from sercore.experiment.probe.answers import Answers
from sercore.experiment.probe.conditions import Condition
from sercore.experiment.probe.questions import NUMBERS, Question
from sercore.experiment.probe.scale import Scale
from sercore.files import sha256_of, write_file
from sercore.reading import ReadingError, checked, read_json

VERSION = 1  # raised when what a probe computes changes
_SAVE_SECONDS = 20.0
_MOST_BYTES = 256_000_000
_ROWS = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, eq=False)
class Probe:
    """What is asked, of whom, on what, and where the answers are kept.

    Attributes:
        answers: who answers.
        recordings: on what, with their labels.
        questions: what is asked.
        conditions: channels and receivers, beside those without loss.
        rungs: the ladder of the line, beside them.
        store: the folder of what is finished.
    """

    answers: Answers
    recordings: LabelledRecordings
    questions: tuple[Question, ...]
    conditions: tuple[Condition, ...]
    rungs: tuple[Condition, ...]
    store: Path
    hashes: dict[str, str] = field(default_factory=dict)  # of recordings, each computed once

    @property
    def every(self) -> tuple[Condition, ...]:
        """All conditions, each once."""
        return tuple(dict.fromkeys((*self.conditions, *self.rungs)))

    def clean(self, recording: LabelledRecording) -> NDArray[np.floating]:
        """The course without loss on the recogniser's own scale, from the store or computed for it."""
        path = self._path(recording, "clean", ".npy", "")
        try:
            found = np.load(path, allow_pickle=False)
            if found.ndim == 2 and found.shape[1] == len(self.answers.outputs):
                return np.asarray(found)
        except (OSError, ValueError, EOFError):
            pass
        course = self.answers.clean(recording)
        content = BytesIO()
        np.save(content, course, allow_pickle=False)
        write_file(path, content.getvalue())
        return course

    def measured(self, recording: LabelledRecording, scale: Scale) -> dict[str, NDArray[np.float64]]:
        """What is in the store, by the condition's key. Shape of each: (questions, 8)."""
        try:
            found = read_json(self._lossy(recording, scale), _MOST_BYTES)
            table = {key: np.array(checked(_ROWS, rows, key)) for key, rows in found.items()}
        except (ReadingError, AttributeError, ValueError):
            return {}
        shape = (len(self.questions), NUMBERS)
        return {key: numbers for key, numbers in table.items() if numbers.shape == shape}

    def measure(self, recording: LabelledRecording, scale: Scale) -> Iterator[int]:
        """Measure what is missing of one recording, and save it now and then, at the end, and when stopped.

        Yields:
            How many conditions are done, after each.
        """
        done = self.measured(recording, scale)
        missing = [each for each in self.every if each.key not in done]
        yield len(self.every) - len(missing)
        if not missing:
            return
        clean, saved = scale(self.clean(recording)), time.monotonic()
        try:
            courses = self.answers.courses(recording, missing, scale)
            for number, (condition, course) in enumerate(zip(missing, courses, strict=True), 1):
                done[condition.key] = self.numbers(course, clean, recording)
                if time.monotonic() - saved > _SAVE_SECONDS:
                    self._save(recording, scale, done)
                    saved = time.monotonic()
                yield len(self.every) - len(missing) + number
        finally:
            self._save(recording, scale, done)

    def numbers(
        self, course: NDArray[np.floating], clean: NDArray[np.floating], recording: LabelledRecording
    ) -> NDArray[np.float64]:
        """What all questions make of one course. Shape: (questions, 8)."""
        return np.stack([question.measure(course, clean, recording.said) for question in self.questions])

    def _save(self, recording: LabelledRecording, scale: Scale, done: dict[str, NDArray[np.float64]]) -> None:
        content = {key: numbers.tolist() for key, numbers in (self.measured(recording, scale) | done).items()}
        write_file(self._lossy(recording, scale), json.dumps(content, allow_nan=False) + "\n")

    def _lossy(self, recording: LabelledRecording, scale: Scale) -> Path:
        said = recording.said
        labels = [{name: each.tolist() for name, each in said.numbers.items()}, dict(said.words)]
        times = None if said.times is None else said.times.tolist()
        asked = [[str(each) for each in self.questions], labels, times, scale.factor, scale.offset]
        return self._path(recording, "lossy", ".json", json.dumps(asked))

    def _path(self, recording: LabelledRecording, kind: str, suffix: str, more: str) -> Path:
        if recording.name not in self.hashes:
            self.hashes[recording.name] = recording.hashed()
        decides = [VERSION, self.answers.key, recording.name, self.hashes[recording.name], more]
        return self.store / kind / f"{sha256_of(json.dumps(decides).encode())[:20]}{suffix}"
