"""Who answers: a recogniser that runs here, or a table of what one said elsewhere."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sercore.corpus.labelled import LabelledRecording
from sercore.experiment.probe.conditions import Condition, packets_arrived
from sercore.experiment.probe.scale import Scale
from sercore.line import receiver_of
from sercore.recogniser.foreign import Foreign, ModelError
from sercore.recogniser.recogniser import Recogniser
from sercore.units import SAMPLES_PER_FRAME


class Answers(Protocol):
    """What was made of recordings under conditions.

    Attributes:
        name: of the recogniser.
        key: identifies it and its files.
        outputs: what its columns are called.
        scale: the lowest and the highest of its outputs; None if it does not say.
    """

    name: str
    key: str
    outputs: tuple[str, ...]
    scale: tuple[float, float] | None

    def clean(self, recording: LabelledRecording) -> NDArray[np.floating]:
        """The course without loss, on the recogniser's own scale. Shape: (frames, outputs)."""

    def courses(
        self, recording: LabelledRecording, conditions: Sequence[Condition], scale: Scale
    ) -> Iterator[NDArray[np.floating]]:
        """The course at every moment under each condition, on the common scale. Shape: (frames, outputs)."""


class OfRecogniser(Answers):
    """A recogniser that runs here."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self.name, self.key, self.outputs = recogniser.name, recogniser.key, recogniser.dimensions
        self.scale = recogniser.scale if isinstance(recogniser, Foreign) else (-1.0, 1.0)
        if isinstance(recogniser, Foreign):
            limits = (recogniser.sample_rate, recogniser.longest, recogniser.shortest)
            self.key = " ".join(map(str, [self.key, *self.outputs, *limits]))

    def clean(self, recording: LabelledRecording) -> NDArray[np.floating]:
        """Shape: (frames, outputs). Raises ModelError as the recogniser does, with the recording's name."""
        try:
            return self._recogniser.predict(recording.read())
        except ModelError as error:
            raise ModelError(f"{error}, in {recording.name}") from None

    def courses(
        self, recording: LabelledRecording, conditions: Sequence[Condition], scale: Scale
    ) -> Iterator[NDArray[np.floating]]:
        """Shape of each: (frames, outputs). Raises ModelError, with the recording's name."""
        audio = recording.read()
        n_frames = len(audio) // SAMPLES_PER_FRAME
        recogniser = self._recogniser
        if isinstance(recogniser, Foreign):
            recogniser = recogniser.brought_to(scale.factor, scale.offset)
        heard = recogniser.hear(audio)
        for each in conditions:
            sent = [(heard, packets_arrived(each, recording.name, n_frames))]
            receiver, packet_ms = receiver_of(each.receiver), each.channel.packet_ms
            try:
                (course,) = recogniser.predict_heard(sent, receiver, packet_ms=packet_ms)
            except ModelError as error:
                raise ModelError(f"{error}, in {recording.name} after {each.key}") from None
            yield course
