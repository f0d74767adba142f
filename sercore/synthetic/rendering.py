"""From a sentence and the emotion of the moment to speech: the cue table applied to WORLD's parameters."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.synthetic.cues import Cues, cues, speech_rate
from sercore.synthetic.latents import FRAME_RATE
from sercore.synthetic.speakers import Speaker
from sercore.synthetic.spectrum import EFFORT, LAX, MELLOW, PRESSED, STOCK, TILT
from sercore.synthetic.voices import APERIODICITY_STEP, ENVELOPE_STEP, FFT_SIZE, Utterance, world
from sercore.units import SAMPLE_RATE

F0_RANGE = (62.0, 520.0)  # Hz, of an edited voice
STOCK_F0 = {"fr": 190.0, "it": 190.0, "de": 190.0, "es": 190.0}  # Hz
_NEPER_PER_DB = np.log(10.0) / 10.0  # of power


def warp_time(
    n_frames: int, latents: NDArray[np.float64], start: int, speaker: Speaker
) -> NDArray[np.float64]:
    """Where in the sentence each output frame looks: the speech rate follows the emotion of that moment.

    Args:
        n_frames: frames of the sentence.
        latents: arousal and valence of the track at ``FRAME_RATE``. Shape: (steps, 2).
        start: step at which the sentence begins.
        speaker: who speaks.

    Returns:
        Fractional frame numbers in [0, n_frames - 1]. Shape: (output frames,).
    """
    here = np.minimum(start + np.arange(3 * n_frames), len(latents) - 1)
    rate = speech_rate(latents[here, 0], latents[here, 1], speaker)
    position = np.concatenate(([0.0], np.cumsum(rate)))
    return position[: max(int(np.searchsorted(position, n_frames - 1, side="right")), 1)]


def _at(rows: NDArray[Any], position: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows at fractional positions, linearly interpolated."""
    low = np.minimum(position.astype(int), max(len(rows) - 2, 0))
    share = (position - low)[:, None]
    high = np.minimum(low + 1, len(rows) - 1)
    return np.asarray(rows[low] * (1.0 - share) + rows[high] * share)


def _stretch(rows: NDArray[np.float64], step: int, factor: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows known at each ``step``-th bin, at every bin, the frequency axis scaled by ``factor`` per row."""
    column = np.arange(FFT_SIZE // 2 + 1)[None, :] / (step * factor[:, None])
    column = np.minimum(column, rows.shape[1] - 1.001)
    low = column.astype(int)
    share = column - low
    row = np.arange(len(rows))[:, None]
    return np.asarray(rows[row, low] * (1.0 - share) + rows[row, low + 1] * share)


def _pitch(
    utterance: Utterance,
    position: NDArray[np.float64],
    change: Cues,
    speaker: Speaker,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """F0 of the edited voice in Hz, 0 where unvoiced. Shape: (frames,)."""
    nearest = np.minimum(np.rint(position).astype(int), len(utterance.f0) - 1)
    stock = utterance.f0[nearest].astype(np.float64)
    octaves = np.log2(np.where(stock > 0, stock, STOCK_F0[speaker.language]) / STOCK_F0[speaker.language])
    jitter = rng.normal(0.0, 1.0, len(position)) * change.jitter
    edited = speaker.f0 * 2.0 ** (octaves * change.excursion + (change.pitch + jitter) / 12.0)
    return np.where(stock > 0, np.clip(edited, *F0_RANGE), 0.0)


def _coloured(change: Cues) -> NDArray[np.float64]:
    """All spectral changes together in dB. Shape: (frames, bins)."""
    amounts = np.stack((change.tilt, change.effort, change.pressed, change.mellow, change.lax), axis=1)
    return np.asarray(STOCK + amounts @ np.stack((TILT, EFFORT, PRESSED, MELLOW, LAX)))


def _envelope(
    utterance: Utterance, position: NDArray[np.float64], change: Cues, level: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Power envelope of the edited voice: formants moved, tilted, then set to the level asked for."""
    stock = _at(utterance.envelope, position)
    log_power = _stretch(stock, ENVELOPE_STEP, change.formants)
    log_power += _coloured(change) * _NEPER_PER_DB
    # A tilt must not be a gain in disguise: frame by frame, the power is what it was.
    before = np.log(np.exp(stock).sum(axis=1) * ENVELOPE_STEP)
    gain = before - np.log(np.exp(log_power).sum(axis=1)) + level * _NEPER_PER_DB
    return np.asarray(np.exp(log_power + gain[:, None]))


def render(
    utterance: Utterance,
    speaker: Speaker,
    latents: NDArray[np.float64],
    start: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Say a sentence as a speaker feels it.

    Args:
        utterance: WORLD's parameters of the sentence.
        speaker: who speaks.
        latents: arousal and valence at ``FRAME_RATE``, as this sentence shows them. Shape: (steps, 2).
        start: Step at which the sentence begins.
        rng: Source of chance, for the jitter.

    Returns:
        16 kHz audio. Shape: (samples,).

    Raises:
        MissingToolError: if pyworld is not installed.
    """
    position = warp_time(len(utterance.f0), latents, start, speaker)
    here = np.minimum(start + np.arange(len(position)), len(latents) - 1)
    change = cues(latents[here, 0], latents[here, 1], speaker)
    f0 = _pitch(utterance, position, change, speaker, rng)
    level = change.shimmer * rng.normal(0.0, 1.0, len(position))
    stock = _at(utterance.aperiodicity, position)
    aperiodicity = _stretch(stock, APERIODICITY_STEP, np.ones(len(position)))
    aperiodicity *= 10.0 ** (change.breath[:, None] / 20.0)
    audio: NDArray[np.float64] = world().synthesize(
        f0,
        np.ascontiguousarray(_envelope(utterance, position, change, level)),
        np.ascontiguousarray(np.clip(aperiodicity, 1e-3, 1.0)),
        SAMPLE_RATE,
        1000.0 / FRAME_RATE,
    )
    return audio
