"""What can be done about a loss, as a plan: receivers, behind lines, for every training (tables 1 and 2).

What a receiver makes of a track is computed once and read by all networks; what is scored is saved, and
never scored again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from sercore.channel import CLEAN, Gilbert, LossModel, plane
from sercore.channel.packets import CALL_MS
from sercore.channel.presets import PRESETS
from sercore.corpus import Corpus, Track
from sercore.experiment.cells import Job, Row, job_name, one_thread_each
from sercore.experiment.evaluate import Cell, evaluate_cell
from sercore.line import receiver_of
from sercore.receiver import RECEIVERS, Receiver
from sercore.receiver.drop import Drop
from sercore.recogniser.recogniser import Recogniser
from sercore.results.ways import CLEAN_NETWORK, LADDER, LEARNED, LONG, RATES, SHORT
from sercore.training.settings import AUGMENTATION, matched_for
from sercore.units import FRAME_MS

_Sent = tuple[int, bytes]  # the number of an array of sound, and which packets of it arrived
_LEARNED = tuple(f"{CLEAN_NETWORK}_{name}" for name in LEARNED)  # which fill what a receiver cuts out
POINTS = 5  # a side of the plane of frames
LADDER_RATES = (0.01, 0.05, 0.1, 0.2)
CODECS = (
    *("narrow+drop", "g711+drop", "g711-a+drop"),
    *("opus-8", "opus-16", "opus-16-fec", "opus-24", "opus-24-fec"),
)


def calls(rates: Sequence[float] = RATES) -> list[LossModel]:
    """Channels of packets of 20 ms, at short and at long bursts."""
    return [Gilbert.from_rates(rate, burst, CALL_MS) for rate, burst in product(rates, (SHORT, LONG))]


def frames() -> list[LossModel]:
    """Channels of frames of 200 ms: those with a name, and a coarse plane, each once and clean left out."""
    every = [*(preset.channel for preset in PRESETS), *plane(POINTS)]
    return [channel for channel in dict.fromkeys(every) if channel.loss_rate > 0]


@dataclass(frozen=True)
class Place:
    """One receiver, maybe behind a line, in one channel, on one partition, and the networks asked there."""

    partition: str
    receiver: str
    channel: LossModel
    settings: tuple[str, ...]

    def jobs(self, corpus: Corpus, by_setting: Mapping[str, Sequence[Recogniser]]) -> Iterator[Job]:
        """One for each network that is asked."""
        about = {"partition": self.partition, "corpus": corpus.name, "corpus_sha256": corpus.sha256}
        for setting in self.settings:
            for recogniser in by_setting.get(setting, ()):
                cell = Cell(setting, self.channel, 0, self.receiver)
                yield Job(cell, about | {"weights_sha256": recogniser.key})


def places(*, lines: bool = True) -> list[Place]:
    """All that tables 1, 2 and 4 need; without ``lines`` nothing that needs a codec."""
    lossy = ((channel, name) for channel in calls() + frames() for name in RECEIVERS)
    found = [Place("test", Drop.NAME, CLEAN, _asked(CLEAN, Drop.NAME))]
    found += [Place("test", name, channel, _asked(channel, name)) for channel, name in lossy]
    devel = ("multi_condition", AUGMENTATION.name, "loss_aware", *_LEARNED)
    for channel in calls():
        found += [Place("devel", name, channel, (CLEAN_NETWORK,)) for name in RECEIVERS if name != Drop.NAME]
        found.append(Place("devel", Drop.NAME, channel, (CLEAN_NETWORK, *devel)))
    if lines:
        one = (CLEAN_NETWORK, "multi_condition", AUGMENTATION.name)
        found += [Place("test", name, CLEAN, one) for name in CODECS]
        found += [Place("test", name, each, one) for each in calls(LADDER_RATES) for name in LADDER]
    return found


def _asked(channel: LossModel, receiver: str) -> tuple[str, ...]:
    """The networks that tell something of a channel: of the nine the one of its ninth, and augmentation."""
    networks = (CLEAN_NETWORK, "multi_condition", AUGMENTATION.name, matched_for(channel).name, "loss_aware")
    return tuple(dict.fromkeys((*networks, *(_LEARNED if receiver == Drop.NAME else ()))))


class Remembered(Receiver):
    """A receiver that remembers what it made of each array of sound, for the next network that reads it."""

    def __init__(self, receiver: Receiver) -> None:
        self.NAME, self.TITLE, self.MEANING = receiver.NAME, receiver.TITLE, receiver.MEANING
        self.KEEPS_LENGTH, self.CAUSAL, self.EXACT = receiver.KEEPS_LENGTH, receiver.CAUSAL, receiver.EXACT
        self.DELAY_MS, self.CROSSFADE_MS = receiver.DELAY_MS, receiver.CROSSFADE_MS
        self._receiver, self._made = receiver, dict[_Sent, tuple[NDArray[np.float32], NDArray[np.float32]]]()

    def __call__(
        self, audio: NDArray[np.float32], received: ArrayLike, *, packet_ms: float = FRAME_MS
    ) -> NDArray[np.float32]:
        """Shapes as of the receiver's own."""
        sent = id(audio), np.packbits(np.asarray(received, dtype=bool)).tobytes()
        if sent not in self._made:  # the sound is kept beside, or another array could be given its number
            self._made[sent] = audio, self._receiver(audio, received, packet_ms=packet_ms)
        return self._made[sent][1]


def missing(
    wanted: Sequence[Place], recognisers: Sequence[Recogniser], corpus: Corpus, finished: Sequence[Row]
) -> list[list[Job]]:
    """The jobs that are still to be done, those of one place together."""
    by_setting: dict[str, list[Recogniser]] = {}
    for recogniser in recognisers:
        by_setting.setdefault(recogniser.name, []).append(recogniser)
    done = {job_name(row) for row in finished}
    left = ([job for job in place.jobs(corpus, by_setting) if job.name not in done] for place in wanted)
    return [jobs for jobs in left if jobs]


def run_places(
    places_left: Sequence[list[Job]],
    recognisers: Sequence[Recogniser],
    corpus: Corpus,
    *,
    workers: int = 0,
) -> Iterator[list[Row]]:
    """Score what is missing, some places at a time, each on one thread. Yields the rows of each place."""
    by_key = {recogniser.key: recogniser for recogniser in recognisers}
    with one_thread_each(workers or torch.get_num_threads()) as pool:
        yield from pool.map(partial(_score, by_key, corpus, {}), places_left)


def _score(
    by_key: Mapping[str, Recogniser], corpus: Corpus, known: dict[tuple[str, str], Any], jobs: Sequence[Job]
) -> list[Row]:
    """The rows of a place; ``known`` has what networks heard of tracks in other places."""
    tracks = corpus.partition(jobs[0].about["partition"])
    sounds = [track.audio for track in tracks]
    receiver = Remembered(receiver_of(jobs[0].cell.receiver))
    rows: list[Row] = []
    for job in jobs:
        recogniser = by_key[job.about["weights_sha256"]]
        heard = [_heard(recogniser, *each, known) for each in zip(tracks, sounds, strict=True)]
        rows += evaluate_cell(recogniser, job.cell, tracks, heard, job.about, receiver=receiver)
    return rows


def _heard(
    recogniser: Recogniser, track: Track, audio: NDArray[np.float32], known: dict[tuple[str, str], Any]
) -> Any:
    """What a network keeps of a track, once for all places; of sound on disk, once for each."""
    heard = recogniser.hear(audio)
    return heard if track.is_stored else known.setdefault((recogniser.key, track.name), heard)
