"""A track from its seed: latents, turns, speech, recording, ratings."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sercore.corpus.gold_standard import rater_weights
from sercore.synthetic.latents import FRAME_RATE, draw_latents
from sercore.synthetic.microphones import draw_microphone
from sercore.synthetic.ratings import ratings
from sercore.synthetic.recording import record
from sercore.synthetic.rendering import render
from sercore.synthetic.sentences import sentences
from sercore.synthetic.speakers import Speaker
from sercore.synthetic.voices import utterance
from sercore.units import SAMPLE_RATE

DEVIATION = 0.15  # SD, of what one sentence shows beside what is felt: no sentence gives the label away
AGREEMENT = 0.5  # least sum of the raters' weights: each is a mean CCC with the others
FEARS = 0.3  # share of the sentences whose aroused displeasure is fear, not anger
PAUSES = -0.4  # of the logarithm of a pause, per arousal
LEVEL_DEVIATION = 2.0  # dB SD, between sentences: the head turns


@dataclass(frozen=True)
class Plan:
    """All that determines a track.

    Attributes:
        name: ``train_1``, ``dev_1``, ``test_1`` and so on.
        partition: ``train``, ``devel`` or ``test``.
        speaker: who speaks.
        seconds: length.
        seed: what its generator is made of.
    """

    name: str
    partition: str
    speaker: Speaker
    seconds: float
    seed: tuple[int, ...]


@dataclass(frozen=True)
class Rendered:
    """A finished track.

    Attributes:
        audio: 16 kHz. Shape: (samples,).
        latents: what the speaker felt, 200 Hz. Shape: (steps, 2).
        ratings: what the raters drew, 25 Hz. Shape: (raters, rows, 2).
    """

    audio: NDArray[np.float32]
    latents: NDArray[np.float64]
    ratings: NDArray[np.float64]


def _order(pool: tuple[str, ...], rng: np.random.Generator) -> list[str]:
    """The pool shuffled, several times over: enough for any track."""
    return [pool[i] for _ in range(50) for i in rng.permutation(len(pool))]


def _speech(
    plan: Plan, latents: NDArray[np.float64], cache: Path, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Turns of one to four sentences, with the pauses in which the other side speaks. Shape: (samples,)."""
    n_samples = round(plan.seconds * SAMPLE_RATE)
    speech = np.zeros(n_samples)
    order = _order(sentences(plan.speaker.language, plan.partition), rng)
    time, left = rng.uniform(0.2, 1.5), int(rng.integers(1, 5))
    for sentence in order:
        shown = np.clip(latents + rng.normal(0.0, DEVIATION, 2), -1.0, 1.0)
        start = round(time * FRAME_RATE)
        stock = utterance(sentence, plan.speaker.language, cache)
        audio = render(stock, plan.speaker, shown, start, rng, fear=float(rng.random() < FEARS))
        audio = audio * 10.0 ** (rng.normal(0.0, LEVEL_DEVIATION) / 20.0)
        first = start * SAMPLE_RATE // FRAME_RATE
        speech[first : first + len(audio)] += audio[: max(n_samples - first, 0)]
        left -= 1
        pause = rng.uniform(0.15, 0.6) if left else rng.uniform(0.8, 2.5)
        time += len(audio) / SAMPLE_RATE + pause * np.exp(PAUSES * shown[start, 0])
        left = left or int(rng.integers(1, 5))
        if time >= plan.seconds - 0.5:
            break
    return speech


def agreeing_ratings(latents: NDArray[np.float64], seed: tuple[int, ...]) -> NDArray[np.float64]:
    """Ratings that have a gold standard. Shape: (steps, 2) -> (raters, rows, 2).

    In a track of seconds, raters may contradict each other so much that none is defined; others are drawn
    then. In five minutes, the first ones have always agreed.
    """
    attempts: tuple[tuple[int, ...], ...] = ((), *((attempt,) for attempt in range(1, 100)))
    for attempt in attempts:
        traces = ratings(latents, np.random.default_rng((*seed, 3, *attempt)))
        if all(rater_weights(traces[:, :, d]).sum() > AGREEMENT for d in range(traces.shape[2])):
            break
    return traces


def make_track(plan: Plan, cache: Path) -> Rendered:
    """Make a track; the same plan gives the same samples.

    Args:
        plan: what to make.
        cache: folder for the analysed sentences.

    Raises:
        MissingToolError: if ttspico or pyworld is not installed.
    """
    # One generator an idea, so that a change of one leaves the others' draws alone.
    moods, talk, place = (np.random.default_rng((*plan.seed, part)) for part in range(3))
    latents = draw_latents(plan.seconds, moods)
    speech = _speech(plan, latents, cache, talk)
    audio = record(speech, draw_microphone(place), place)
    return Rendered(audio, latents, agreeing_ratings(latents, plan.seed))
