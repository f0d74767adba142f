"""How emotion changes a voice: one table, read by the renderer.

Signs and sizes follow what is measured within speakers in acted speech (Banse and Scherer 1996; Juslin
and Laukka 2003).  Arousal raises the pitch and, as vocal effort, everything above the first harmonic.
Pleasure widens the melody, steadies the voice and mellows the spectrum.  Displeasure is pressed and sharp
when aroused, lax, breathy and irregular when not: anger is brighter than joy, and sadness has less than calm
around the first formant.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sercore.synthetic.speakers import Speaker

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Cues:
    """Changes to a voice, one value per acoustic frame. Every field has shape (frames,).

    Attributes:
        pitch: Semitones added to F0.
        excursion: Factor of the excursions of F0 around the speaker's mean.
        level: dB added.
        tilt: dB per octave above 250 Hz.
        effort: dB by which the harmonics above the first are raised (``spectrum.EFFORT``).
        pressed: dB of a pressed voice's sharpness (``spectrum.PRESSED``).
        lax: dB of a lax voice's dullness (``spectrum.LAX``).
        formants: Factor of the formant frequencies.
        breath: dB added to the aperiodicity.
        jitter: SD of the frame-to-frame noise of F0 in semitones.
        shimmer: SD of the frame-to-frame noise of the level in dB.
    """

    pitch: Curve
    excursion: Curve
    level: Curve
    tilt: Curve
    effort: Curve
    pressed: Curve
    lax: Curve
    formants: Curve
    breath: Curve
    jitter: Curve
    shimmer: Curve


def corners(a: Curve, v: Curve) -> tuple[Curve, Curve, Curve]:
    """How far in the sad, the angry and the happy corner of the plane, each 0 to 1."""
    low, high = np.maximum(-a, 0.0), np.maximum(a, 0.0)
    displeased, pleased = np.maximum(-v, 0.0), np.maximum(v, 0.0)
    return displeased * low, displeased * high, pleased * high


def speech_rate(a: Curve, v: Curve, speaker: Speaker) -> Curve:
    """Factor of the speech rate, the speaker's own included. Shape: (frames,)."""
    sad, _, _ = corners(a, v)
    return speaker.rate * np.exp(speaker.strength("rate") * (0.12 * a + 0.05 * v - 0.15 * sad))


def cues(a: Curve, v: Curve, speaker: Speaker) -> Cues:
    """Read the table for arousal ``a`` and valence ``v``.

    Shape: a and v (frames,).

    Example:
        >>> from sercore.synthetic.speakers import draw_speaker
        >>> speaker = draw_speaker("S01", "fr", "female", np.random.default_rng(0))
        >>> changed = cues(np.array([-1.0, 1.0]), np.zeros(2), speaker)
        >>> bool(changed.pitch[1] > changed.pitch[0])
        True
    """
    sad, angry, happy = corners(a, v)
    displeased = np.maximum(-v, 0.0)
    k = speaker.strength
    return Cues(
        pitch=k("pitch") * (5.5 * a + 1.0 * v - 0.5 * sad),
        excursion=speaker.liveliness * np.exp(k("excursion") * (0.30 * a + 0.45 * v)),
        level=k("level") * 2.0 * a,
        tilt=speaker.tilt + k("tilt") * (0.6 * a - 1.0 * v),
        effort=speaker.effort + k("effort") * 5.0 * a,
        pressed=k("quality") * (7.0 * angry - 3.0 * happy),
        lax=k("quality") * 12.0 * sad,
        formants=speaker.formants * (1.0 + k("formants") * (0.03 * a + 0.04 * v)),
        breath=speaker.breath + k("breath") * (-2.0 * a - 1.5 * v + 3.0 * sad - 3.0 * angry),
        jitter=0.05 + k("jitter") * (0.25 * displeased + 0.30 * sad),
        shimmer=0.2 + k("jitter") * (1.2 * displeased + 0.5 * sad),
    )
