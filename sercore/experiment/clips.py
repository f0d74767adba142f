"""Short labelled clips: what a recogniser says of them, whole or through a lossy channel."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sercore.channel.loss_model import LossModel
from sercore.corpus.clips import LabelledClip
from sercore.receiver import RECEIVERS, Receiver
from sercore.receiver.drop import Drop
from sercore.recogniser.recogniser import Recogniser
from sercore.training.segments import SEGMENT_SECONDS
from sercore.units import DIMENSIONS, SAMPLE_RATE, SAMPLES_PER_FRAME


def receive(
    clips: Sequence[LabelledClip],
    channel: LossModel,
    seed: int = 0,
    receiver: Receiver = RECEIVERS[Drop.NAME],
) -> list[LabelledClip]:
    """What a receiver makes of each clip: lost frames are cut out, as in the paper, or filled.

    An unfinished last frame is cut off.

    Each clip goes through the channel by itself, its chance drawn from the seed and its place in the list: a
    worse channel loses all that a better one lost (``LossModel.run``), and more.

    Returns:
        As many clips; of some nothing may be left.

    Example:
        >>> from sercore.channel import CLEAN
        >>> clip = LabelledClip("a.wav", np.ones(10_000, dtype=np.float32), "", {})
        >>> [len(arrived.audio) for arrived in receive([clip], CLEAN)]
        [9600]
    """
    arrived = []
    for number, clip in enumerate(clips):
        n_frames = len(clip.audio) // SAMPLES_PER_FRAME
        received = channel.run(np.random.default_rng([seed, number]).random(n_frames))
        audio = receiver(clip.audio[: n_frames * SAMPLES_PER_FRAME], received)
        arrived.append(replace(clip, audio=audio))
    return arrived


def mean_predictions(recogniser: Recogniser, clips: Sequence[LabelledClip]) -> NDArray[np.float64]:
    """Mean prediction over each clip, all clips played at one level and again and again for 20 s.

    The level is the one that the recogniser was made for (``Recogniser.level``), so that no clip is loud or
    soft. The length is that of a training segment: a network answers some seconds late, as the raters did
    whom it learned from, and two seconds are over before it has.

    Returns:
        NaN for a clip of which nothing, or only silence, arrived. Shape: (clips, 2).
    """
    means = []
    for clip in clips:
        rms = float(np.sqrt(np.mean(np.square(clip.audio, dtype=np.float64)))) if len(clip.audio) else 0.0
        if not rms:
            means.append(np.full(len(DIMENSIONS), np.nan))
            continue
        played = np.resize(clip.audio, max(len(clip.audio), round(SEGMENT_SECONDS * SAMPLE_RATE)))
        means.append(recogniser.predict((played * (recogniser.level / rms)).astype(np.float32)).mean(axis=0))
    return np.array(means, dtype=np.float64)
