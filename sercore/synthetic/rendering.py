"""From a sentence and the emotion of the moment to speech: the cue table applied to WORLD's parameters."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.synthetic.cues import Cues, cues, speech_rate
from sercore.synthetic.latents import FRAME_RATE
from sercore.synthetic.speakers import Speaker
from sercore.synthetic.spectrum import EFFORT, FREQUENCIES, LAX, MELLOW, PRESSED, STOCK, TILT
from sercore.synthetic.voices import APERIODICITY_STEP, ENVELOPE_STEP, FFT_SIZE, Utterance, world
from sercore.units import SAMPLE_RATE

F0_RANGE = (62.0, 520.0)  # Hz, of an edited voice
STOCK_F0 = {"fr": 190.0, "it": 190.0, "de": 190.0, "es": 190.0}  # Hz
_NEPER_PER_DB = np.log(10.0) / 10.0  # of power
_BINS = np.arange(FFT_SIZE // 2 + 1)
_BETWEEN = np.stack(  # from each ``APERIODICITY_STEP``-th bin to all
    [np.interp(_BINS, _BINS[::APERIODICITY_STEP], one) for one in np.eye(len(_BINS[::APERIODICITY_STEP]))]
)


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


def _stretch(
    rows: NDArray[np.float64], step: int, factor: NDArray[np.float64], bend: float = 1.0
) -> NDArray[np.float64]:
    """Rows known at each ``step``-th bin, at every bin, the frequency axis scaled by ``factor`` per row.

    A ``bend`` over 1 scales more above 1 kHz and less below.
    """
    kilohertz = np.maximum(FREQUENCIES, 100.0) / 1000.0
    column = _BINS / (step * factor[:, None] * kilohertz ** (bend - 1.0))
    column = np.minimum(column, rows.shape[1] - 1.001)
    low = column.astype(int)
    share = column - low
    row = np.arange(len(rows))[:, None]
    return np.asarray(rows[row, low] * (1.0 - share) + rows[row, low + 1] * share)


def _loudness(envelope: NDArray[np.float64]) -> NDArray[np.float64]:
    """Level of each frame in dB below the loudest, at most 45 dB. Shape: (frames, bins) -> (frames,)."""
    level = np.log(np.exp(envelope).sum(axis=1)) / _NEPER_PER_DB
    return np.asarray(np.maximum(level - level.max(), -45.0))


def _smooth(values: NDArray[np.float64], frames: int) -> NDArray[np.float64]:
    """Mean over ``frames`` frames around each, an odd number; the ends are held."""
    held = np.pad(values, frames // 2, mode="edge")
    return np.convolve(held, np.full(frames, 1.0 / frames), mode="valid")


def _level(loudness: NDArray[np.float64], change: Cues, rng: np.random.Generator) -> NDArray[np.float64]:
    """What is added to the level in dB: shimmer, tremor, steadier or sharper flanks. Shape: (frames,)."""
    shimmer = rng.normal(0.0, 1.0, len(loudness)) * change.shimmer
    tremor = _smooth(rng.normal(0.0, 1.0, len(loudness)), 7) * np.sqrt(7.0) * change.tremor
    quick = np.clip(loudness - _smooth(loudness, 25), -15.0, 15.0)  # 25 frames of 5 ms: faster than 8 Hz
    held = np.pad(_smooth(loudness, 5), 5, mode="edge")
    flank = np.clip((held[10:] - held[:-10]) / 15.0, -1.0, 1.0)  # dB in 50 ms
    return np.asarray(shimmer + tremor - change.steadiness * quick + change.onset * flank)


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


def _devoiced(
    f0: NDArray[np.float64], loudness: NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """F0 with the softest share of the voiced frames left without voice. Shape: (frames,)."""
    voiced = np.sort(_smooth(loudness, 9)[f0 > 0])
    rank = np.searchsorted(voiced, _smooth(loudness, 9)) / max(len(voiced), 1)
    return np.where(rank < share, 0.0, f0)


def _coloured(change: Cues) -> NDArray[np.float64]:
    """All spectral changes together in dB. Shape: (frames, bins)."""
    amounts = np.stack((change.tilt, change.effort, change.pressed, change.mellow, change.lax), axis=1)
    return np.asarray(STOCK + amounts @ np.stack((TILT, EFFORT, PRESSED, MELLOW, LAX)))


def _envelope(
    stock: NDArray[np.float64], change: Cues, level: NDArray[np.float64], bend: float
) -> NDArray[np.float64]:
    """Power envelope of the edited voice: formants moved, tilted, then set to the level asked for."""
    log_power = _stretch(stock, ENVELOPE_STEP, change.formants, bend)
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
    *,
    fear: float = 0.0,
) -> NDArray[np.float64]:
    """Say a sentence as a speaker feels it.

    Args:
        utterance: WORLD's parameters of the sentence.
        speaker: who speaks.
        latents: arousal and valence at ``FRAME_RATE``, as this sentence shows them. Shape: (steps, 2).
        start: Step at which the sentence begins.
        rng: source of chance, for jitter, shimmer and tremor.
        fear: how much of aroused displeasure is fear, 0 to 1; the rest is anger.

    Returns:
        16 kHz audio. Shape: (samples,).

    Raises:
        MissingToolError: if pyworld is not installed.
    """
    position = warp_time(len(utterance.f0), latents, start, speaker)
    here = np.minimum(start + np.arange(len(position)), len(latents) - 1)
    change = cues(latents[here, 0], latents[here, 1], speaker, fear)
    envelope = _at(utterance.envelope, position)
    loudness = _loudness(envelope)
    f0 = _devoiced(_pitch(utterance, position, change, speaker, rng), loudness, change.devoiced)
    level = _level(loudness, change, rng)
    aperiodicity = _at(utterance.aperiodicity, position) @ _BETWEEN
    aperiodicity *= 10.0 ** (change.breath[:, None] / 20.0)
    audio: NDArray[np.float64] = world().synthesize(
        f0,
        np.ascontiguousarray(_envelope(envelope, change, level, speaker.bend)),
        np.ascontiguousarray(np.clip(aperiodicity, 1e-3, 1.0)),
        SAMPLE_RATE,
        1000.0 / FRAME_RATE,
    )
    return audio
