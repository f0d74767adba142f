"""How emotion changes a voice: one table, read by the renderer.

Signs and sizes follow what is measured within speakers in acted speech (Banse and Scherer 1996; Juslin
and Laukka 2003; Goudbeek and Scherer 2010), and nearly all of it lies between 300 and 3,400 Hz, for that is
what a telephone leaves.  Arousal raises pitch, widens the melody, quickens speech, steadies the level and,
as vocal effort, raises what lies about 1.5 kHz.  Pleasure widens the melody further, sets in sooner,
steadies the voice and, where aroused, mellows it.  Displeasure that is aroused has two faces: anger is
pressed, loud to its end and sharp between 1 and 2 kHz; fear is high, monotonous, breathy and unsteady.
Displeasure that is not aroused is low, flat, breathy, broken and dull.

Level is no cue: many lines level it, and the network must not live on it.  Nor is any cue enough: each is all
but absent in some speakers (``speakers.ABSENT``).
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
        tremor: SD of the level's noise between 8 and 30 Hz in dB.
        steadiness: share of the level's own changes above 8 Hz that is taken away.
        onset: dB by which rising flanks of the level are raised, and falling ones lowered.
        devoiced: share of voiced speech, the softest, that loses its voice.
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
    tremor: Curve
    steadiness: Curve
    onset: Curve
    devoiced: Curve


def sadness(a: Curve, v: Curve) -> Curve:
    """How far in the sad corner of the plane, 0 to 1."""
    return np.maximum(np.minimum(-a, -v), 0.0)


def anger(a: Curve, v: Curve) -> Curve:
    """How far in the corner of the plane that anger and fear share, 0 to 1."""
    return np.maximum(np.minimum(a, -v), 0.0)


def speech_rate(a: Curve, v: Curve, speaker: Speaker) -> Curve:
    """Factor of the speech rate, the speaker's own included. Shape: (frames,)."""
    sad = sadness(a, v)
    return speaker.rate * np.exp(speaker.strength("rate") * (0.18 * a + 0.06 * v - 0.15 * sad))


def cues(a: Curve, v: Curve, speaker: Speaker, fear: float = 0.0) -> Cues:
    """Read the table for arousal ``a`` and valence ``v``.

    Args:
        a: shape: (frames,).
        v: shape: (frames,).
        speaker: who speaks.
        fear: how much of aroused displeasure is fear, 0 to 1; the rest is anger.

    Example:
        >>> from sercore.synthetic.speakers import draw_speaker
        >>> speaker = draw_speaker("S01", "fr", "female", np.random.default_rng(0))
        >>> changed = cues(np.array([-1.0, 1.0]), np.zeros(2), speaker)
        >>> bool(changed.pitch[1] > changed.pitch[0])
        True
    """
    sad, angry = sadness(a, v), anger(a, v)
    afraid, angry = fear * angry, (1.0 - fear) * angry
    displeased, aroused = np.maximum(-v, 0.0), np.maximum(a, 0.0)
    k = speaker.strength
    return Cues(
        pitch=k("pitch") * (11.0 * a + 0.5 * v + 2.5 * afraid - 1.5 * sad),
        excursion=speaker.liveliness * np.exp(k("excursion") * (0.45 * a + 0.60 * v - 0.35 * afraid)),
        tilt=np.full_like(a, speaker.tilt),
        effort=speaker.effort + k("effort") * 6.5 * (a - afraid),
        pressed=k("quality") * (10.0 * angry - 4.0 * afraid),
        mellow=k("mellow") * 5.0 * v * np.clip(0.5 + a, 0.0, 1.0),
        lax=k("quality") * 8.0 * sad,
        formants=speaker.formants * (1.0 + k("formants") * (0.03 * a + 0.03 * v)),
        breath=speaker.breath + k("breath") * (0.5 * a - 4.0 * v + 5.0 * sad + 4.0 * afraid),
        jitter=0.05 + k("jitter") * (0.20 * displeased + 0.25 * sad + 0.15 * afraid),
        shimmer=0.2 + k("jitter") * (0.8 * displeased + 0.5 * sad),
        tremor=0.3 + k("tremor") * (4.0 * sad + 3.0 * afraid),
        steadiness=k("tremor") * (0.45 * aroused + 0.25 * angry - 0.50 * sad - 0.60 * afraid),
        onset=k("onset") * (3.5 * v * (1.0 + aroused) - 2.0 * angry),
        devoiced=k("devoicing") * (0.50 * sad + 0.10 * np.maximum(-a, 0.0)),
    )
