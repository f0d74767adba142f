"""How emotion changes a voice: one table, read by the renderer.

Signs and sizes follow what is measured within speakers in acted speech (Banse and Scherer 1996; Juslin
and Laukka 2003): arousal raises and tilts, valence widens the melody and clears the voice; sadness is
irregular and dull, anger pressed and sharp.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .speakers import Speaker

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Cues:
    """Changes to a voice, one value per acoustic frame. Every field has shape (frames,).

    Attributes:
        pitch: Semitones added to F0.
        excursion: Factor of the excursions of F0 around the speaker's mean.
        level: dB added.
        tilt: dB per octave above 250 Hz.
        formants: Factor of the formant frequencies.
        breath: dB added to the aperiodicity.
        jitter: SD of the frame-to-frame noise of F0 in semitones.
    """

    pitch: Curve
    excursion: Curve
    level: Curve
    tilt: Curve
    formants: Curve
    breath: Curve
    jitter: Curve


def sad_and_angry(a: Curve, v: Curve) -> tuple[Curve, Curve]:
    """How far in the sad corner (both low) and in the angry one (high arousal, low valence), each 0 to 1."""
    unpleased = np.maximum(-v, 0.0)
    return unpleased * np.maximum(-a, 0.0), unpleased * np.maximum(a, 0.0)


def speech_rate(a: Curve, v: Curve, speaker: Speaker) -> Curve:
    """Factor of the speech rate, the speaker's own included. Shape: (frames,)."""
    sad, _ = sad_and_angry(a, v)
    return speaker.rate * np.exp(speaker.strength("rate") * (0.15 * a + 0.03 * v - 0.12 * sad))


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
    sad, angry = sad_and_angry(a, v)
    k = speaker.strength
    return Cues(
        pitch=k("pitch") * (4.0 * a + 0.8 * v - 1.0 * sad),
        excursion=speaker.liveliness * np.exp(k("excursion") * (0.18 * a + 0.40 * v - 0.10 * sad)),
        level=k("level") * 2.0 * a,
        # Pleasure draws the spectrum to the middle: anger is brighter than joy, sadness duller than calm.
        tilt=speaker.tilt + k("tilt") * (3.0 * a - 0.3 * v - 2.0 * a * v),
        formants=speaker.formants
        * (1.0 + k("formants") * (0.04 * a + 0.035 * v + 0.02 * angry - 0.02 * sad)),
        breath=speaker.breath + k("breath") * (-0.4 * a - 1.2 * v + 1.0 * sad),
        jitter=0.05 + k("jitter") * (0.10 * np.maximum(-a, 0.0) + 0.45 * sad + 0.15 * angry),
    )
