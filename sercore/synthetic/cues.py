"""How emotion changes a voice: one table, read by the renderer.

Signs and sizes follow what is measured within speakers in acted speech (Banse and Scherer 1996; Juslin
and Laukka 2003; Goudbeek and Scherer 2010).  Arousal raises the pitch and, as vocal effort, what lies above
1 kHz.  Pleasure widens the melody, steadies the voice and mellows it: strong around the first formant,
weak where a voice hisses.  That balance tells joy from anger and from sadness at once, whatever the arousal.
Displeasure is moreover pressed and sharp when aroused, lax and breathy when not.

Level is no cue: many lines level it, and the network must not live on it.
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
        pitch: semitones added to F0.
        excursion: factor of the excursions of F0 around the speaker's mean.
        tilt: dB per octave above 250 Hz.
        effort: dB by which the harmonics above the first are raised (``spectrum.EFFORT``).
        pressed: dB of a pressed voice's sharpness (``spectrum.PRESSED``).
        mellow: dB by which the first formant's region gains on what hisses (``spectrum.MELLOW``).
        lax: dB of a lax voice's dullness (``spectrum.LAX``).
        formants: factor of the formant frequencies.
        breath: dB added to the aperiodicity.
        jitter: SD of the frame-to-frame noise of F0 in semitones.
        shimmer: SD of the frame-to-frame noise of the level in dB.
    """

    pitch: Curve
    excursion: Curve
    tilt: Curve
    effort: Curve
    pressed: Curve
    mellow: Curve
    lax: Curve
    formants: Curve
    breath: Curve
    jitter: Curve
    shimmer: Curve


def sadness(a: Curve, v: Curve) -> Curve:
    """How far in the sad corner of the plane, 0 to 1."""
    return np.maximum(np.minimum(-a, -v), 0.0)


def anger(a: Curve, v: Curve) -> Curve:
    """How far in the angry corner of the plane, 0 to 1."""
    return np.maximum(np.minimum(a, -v), 0.0)


def speech_rate(a: Curve, v: Curve, speaker: Speaker) -> Curve:
    """Factor of the speech rate, the speaker's own included. Shape: (frames,)."""
    sad = sadness(a, v)
    return speaker.rate * np.exp(speaker.strength("rate") * (0.20 * a + 0.05 * v - 0.15 * sad))


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
    sad, angry = sadness(a, v), anger(a, v)
    displeased = np.maximum(-v, 0.0)
    k = speaker.strength
    return Cues(
        pitch=k("pitch") * (11.0 * a + 0.5 * v),
        excursion=speaker.liveliness * np.exp(k("excursion") * (0.25 * a + 0.70 * v)),
        tilt=np.full_like(a, speaker.tilt),
        effort=speaker.effort + k("effort") * 8.0 * a,
        pressed=k("quality") * 14.0 * angry,
        mellow=k("mellow") * 7.0 * v,
        lax=k("quality") * 4.0 * sad,
        formants=speaker.formants * (1.0 + k("formants") * (0.03 * a + 0.03 * v)),
        breath=speaker.breath + k("breath") * (-2.0 * a - 1.5 * v + 3.0 * sad),
        jitter=0.05 + k("jitter") * (0.25 * displeased + 0.30 * sad),
        shimmer=0.2 + k("jitter") * (1.2 * displeased + 0.5 * sad),
    )
