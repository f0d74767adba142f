"""How long the tables of receivers will take: a short excerpt is put through what is left."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from sercore.channel.coupled import independent_draw
from sercore.corpus import Corpus
from sercore.experiment.cells import Job
from sercore.line import receiver_of
from sercore.recogniser.recogniser import Recogniser
from sercore.units import SAMPLE_RATE, SAMPLES_PER_FRAME

_EXCERPT_FRAMES = 50  # 10 s


def estimate(left: Sequence[Sequence[Job]], recognisers: Sequence[Recogniser], corpus: Corpus) -> str:
    """A sentence: cells, and minutes on one core, by what 10 s of the corpus take."""
    cells = sum(len(jobs) for jobs in left)
    if not cells:
        return "nothing is left to score"
    seconds = {name: corpus_seconds(corpus, name) for name in {jobs[0].about["partition"] for jobs in left}}
    track = corpus.partition(left[0][0].about["partition"])[0]
    audio = track.audio[: _EXCERPT_FRAMES * SAMPLES_PER_FRAME]
    heard = len(audio) / SAMPLE_RATE
    reading = _took(lambda: recognisers[0].predict(audio)) / heard
    networks = sum(len(jobs) * reading * seconds[jobs[0].about["partition"]] for jobs in left)
    filling = 0.0
    for jobs in left:
        channel, receiver = jobs[0].cell.channel, receiver_of(jobs[0].cell.receiver)
        received = independent_draw(channel, 0, _EXCERPT_FRAMES, track.name)
        whole = np.zeros(round(len(received) * channel.packet_ms * SAMPLE_RATE / 1000), dtype=np.float32)
        whole[: len(audio)] = audio[: len(whole)]
        took = _took(lambda: receiver(whole, received, packet_ms=channel.packet_ms))  # noqa: B023
        filling += took / heard * seconds[jobs[0].about["partition"]]
    minutes, of_networks, of_receivers = (each / 60 for each in (networks + filling, networks, filling))
    return (
        f"{cells} cells in {len(left)} places are left: about {minutes:.0f} minutes of one core "
        f"({of_networks:.0f} of networks, {of_receivers:.0f} of receivers)"
    )


def corpus_seconds(corpus: Corpus, partition: str) -> float:
    """How much is to be heard."""
    return sum(len(track.audio) for track in corpus.partition(partition)) / SAMPLE_RATE


def _took(work: Callable[[], object]) -> float:
    """Seconds of a processor, the second time: at first something is compiled, or kept."""
    work()
    start = time.process_time()
    work()
    return time.process_time() - start
