"""All outputs on one scale, -1 to 1 as the paper's: declared, or learned from what is said without loss."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sercore.corpus.labelled import LabelledRecordings
from sercore.experiment.probe.questions import CCC, UAR, Question

_LEAST, _MOST = 1.0, 99.0  # percentiles of the clean answers that become -1 and 1


@dataclass(frozen=True)
class Scale:
    """Each output times its factor, plus its offset; and how they were found, in a sentence."""

    factor: tuple[float, ...]
    offset: tuple[float, ...]
    sentence: str

    def __call__(self, course: NDArray[np.floating]) -> NDArray[np.float64]:
        """Shape: (frames, outputs) -> the same."""
        return np.asarray(course, dtype=np.float64) * self.factor + self.offset


def declared(low: float, high: float, n_outputs: int) -> Scale:
    """The scale of outputs that run from ``low`` to ``high``.

    Example:
        >>> declared(0, 1, 1)(np.array([[0.25]])).tolist()
        [[-0.5]]
    """
    words = f"The outputs run from {low:g} to {high:g}, as is declared; here that is -1 to 1."
    return Scale((2 / (high - low),) * n_outputs, (-(high + low) / (high - low),) * n_outputs, words)


def learned(
    questions: Sequence[Question], clean: Sequence[NDArray[np.floating]], recordings: LabelledRecordings
) -> Scale:
    """The scale on which clean answers have the labels' mean and spread, or else fill -1 to 1.

    Args:
        questions: what is asked; classes, which are compared with each other, get one scale for all.
        clean: the course of each recording without loss. Shape of each: (frames, outputs).
        recordings: in the same order, with their labels.
    """
    every = np.concatenate(clean).astype(np.float64)
    if any(question.score == UAR for question in questions):
        every = np.repeat(every.reshape(-1, 1), every.shape[1], axis=1)
    low, high = np.percentile(every, [_LEAST, _MOST], axis=0)
    width = np.where(high > low, high - low, 2.0)
    factor, offset = 2 / width, -(high + low) / width
    sentence = "The outputs declare no scale: 98 % of what the model says without loss fill -1 to 1."
    for question in questions:
        if question.score == CCC:
            (at,) = question.outputs
            factor[at], offset[at] = _as_labels(question, at, clean, recordings)
            sentence = (
                "The outputs declare no scale: what the model says without loss was given the mean and the "
                "spread of the labels, so its clean CCC knows no bias."
            )
    return Scale(tuple(map(float, factor)), tuple(map(float, offset)), sentence)


def _as_labels(
    question: Question, at: int, clean: Sequence[NDArray[np.floating]], recordings: LabelledRecordings
) -> tuple[float, float]:
    gold, said = [], []
    for course, each in zip(clean, recordings.items, strict=True):
        labels, answers = each.said.over(question.column, len(course)), course[:, at]
        if each.said.times is None:
            labels, answers = labels[:1], answers.mean(keepdims=True)
        known = ~np.isnan(labels)
        gold.append(labels[known])
        said.append(answers[known])
    wanted, found = np.concatenate(gold), np.concatenate(said).astype(np.float64)
    factor = float(wanted.std() / found.std()) if len(found) and found.std() > 0 else 1.0
    return factor, float(wanted.mean() - factor * found.mean()) if len(found) else 0.0


def label_scale(
    recordings: LabelledRecordings,
    questions: Sequence[Question],
    said: tuple[float, float] | None,
    of_model: tuple[float, float] | None,
) -> tuple[float, float]:
    """From where to where the labels run: as was said, or the model's scale if they fit it, or -1 to 1.

    Raises:
        ValueError: if they leave the scale that was said, or -1 to 1; one sentence with the value.
    """
    columns = [question.column for question in questions if question.score == CCC]
    values = [each.said.numbers[column] for each in recordings.items for column in columns]
    known = np.concatenate([np.zeros(0), *values])
    known = known[~np.isnan(known)]
    if not len(known):
        return -1.0, 1.0
    low, high = float(known.min()), float(known.max())
    for scale in [said] if said else filter(None, [of_model, (-1.0, 1.0)]):
        if scale[0] <= low and high <= scale[1]:
            return scale
    rule = f"{said[0]:g} to {said[1]:g}" if said else "-1 to 1 where nothing is said (--label-scale LOW HIGH)"
    raise ValueError(f"the labels run from {low:g} to {high:g}; they must lie in {rule}")
