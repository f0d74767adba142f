"""What can be asked of a recogniser, by what its outputs and the labels have in common.

A question is answered by eight numbers a recording, from which every score and its bootstrap follow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sercore.corpus.label_causes import few
from sercore.corpus.labelled import GROUPS, SPEAKER, LabelledRecordings
from sercore.corpus.table_of_files import Said
from sercore.experiment.clips import CONTRASTS
from sercore.scoring.moments import ccc_of_tracks, gold_moves, track_moments
from sercore.scoring.ranks import auc_of, uar_of

CCC, AUC, UAR, OWN = "CCC", "AUC", "UAR", "agreement"
NUMBERS = 8  # of a recording
UNCHANGED = 0.05  # of a scale from -1 to 1: nobody sees less in a course


@dataclass(frozen=True)
class Question:
    """One score.

    Attributes:
        score: CCC against numbers, AUC of two kinds, UAR of classes, or OWN: the CCC with what the model
            says without loss.
        of: what is scored, for people.
        outputs: of the recogniser that answer it; of a UAR all.
        column: of the labels; "" for OWN.
        kinds: of an AUC what is up and what is down, of a UAR the classes in the order of the outputs.
    """

    score: str
    of: str
    outputs: tuple[int, ...]
    column: str = ""
    kinds: tuple[str, ...] = ()

    @property
    def chance(self) -> float:
        """What a model scores that hears nothing."""
        return {AUC: 0.5, UAR: 1 / max(len(self.kinds), 1)}.get(self.score, 0.0)

    def measure(
        self, course: NDArray[np.floating], clean: NDArray[np.floating], said: Said
    ) -> NDArray[np.float64]:
        """The numbers of one recording; the first is 0 where its labels do not say. Shape: (8,).

        Of a CCC and OWN, the six moments and, of OWN, the sum of changes and how many frames changed by no
        more than ``UNCHANGED``. Of an AUC 1, the mean answer, whether it is up. Of a UAR 1, the class that
        is true and the one that was said, -1 if none was. Shapes: (frames, outputs) twice.
        """
        found = np.zeros(NUMBERS)
        course, clean = (
            np.asarray(each, dtype=np.float64)[:, list(self.outputs)] for each in (course, clean)
        )
        if self.score == OWN:
            change = np.abs(course - clean)[:, 0]
            found[:6] = track_moments(clean, course)[0]
            found[6:] = change.sum(), (change <= UNCHANGED).sum()
        elif self.score == CCC:
            found[:6] = _against_numbers(course, said, self.column)
        elif self.score == AUC and (word := _word(said, self.column)) in self.kinds:
            found[:3] = 1, course.mean(), word == self.kinds[0]
        elif self.score == UAR and (word := _word(said, self.column)) in self.kinds:
            mean = course.mean(axis=0)
            best = int(mean.argmax())
            found[:3] = 1, self.kinds.index(word), best if (mean < mean[best]).any() else -1
        return found

    def answer(
        self, numbers: NDArray[np.float64], times: NDArray[np.int64] | None = None
    ) -> NDArray[np.float64]:
        """The score, or that of each choice of recordings. NaN where it is not defined.

        Shape: (recordings, 8), (choices, recordings) -> (choices,), or () without ``times``.
        """
        asked = numbers[:, 0] > 0
        mine, chosen = numbers[asked], None if times is None else times[:, asked]
        if not len(mine) or (self.score in (CCC, OWN) and not gold_moves(mine[:, :6])):
            return np.full(() if times is None else len(times), np.nan)
        if self.score == AUC:
            return auc_of(mine[:, 1], mine[:, 2], chosen)
        if self.score == UAR:
            return uar_of(mine[:, 1], mine[:, 2], chosen)
        return ccc_of_tracks(mine[:, :6], chosen)


def _against_numbers(course: NDArray[np.float64], said: Said, column: str) -> NDArray[np.float64]:
    """The six moments; of a label of the whole recording, its mean answer is one point."""
    gold = said.over(column, len(course))[:, None]
    known = ~np.isnan(gold[:, 0])
    if said.times is None:
        course, gold, known = course.mean(axis=0, keepdims=True), gold[:1], known[:1]
    moments: NDArray[np.float64] = track_moments(gold[known], course[known])[0]
    return moments


def _word(said: Said, column: str) -> str:
    return said.words.get(column, "").lower()


def questions_of(outputs: Sequence[str], recordings: LabelledRecordings) -> tuple[Question, ...]:
    """Everything that outputs of these names can be asked on these recordings.

    Raises:
        ValueError: if there are labels, and none fits an output; one sentence names both.
    """
    names = [name.lower() for name in outputs]
    labels = [name for name in recordings.words if name not in (SPEAKER, *GROUPS)]
    kinds = {name: _kinds(recordings, name) for name in labels}
    found = [Question(CCC, name, (names.index(name),), name) for name in recordings.numbers if name in names]
    for dimension, column, up, down in CONTRASTS:
        if dimension in names and {up, down} <= kinds.get(column, {}).keys():
            of = f"{dimension}: {up} against {down}"
            found.append(Question(AUC, of, (names.index(dimension),), column, (up, down)))
    for column, there in kinds.items():
        if len(there.keys() & set(names)) > 1:
            found.append(Question(UAR, column, tuple(range(len(names))), column, tuple(names)))
    if found:
        return tuple(found)
    if recordings.numbers or any(kinds.values()):
        given = few([*recordings.numbers, *(f"{name} ({few(each, 4)})" for name, each in kinds.items())])
        raise ValueError(
            f"no label fits an output: the model has {few(outputs)}, the labels are {given}; "
            "name the outputs alike (--outputs), or leave the labels out (--no-labels)"
        )
    return tuple(Question(OWN, name, (at,)) for at, name in enumerate(outputs))


def _kinds(recordings: LabelledRecordings, column: str) -> Mapping[str, int]:
    """Which words a column holds, and how often."""
    counts: dict[str, int] = {}
    for each in recordings.items:
        if word := _word(each.said, column):
            counts[word] = counts.get(word, 0) + 1
    return counts
