"""Short labelled clips, whole or through a lossy channel: does a recogniser tell apart what people do?

Answered by the AUC of high against low arousal, of joy against anger, ...
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.arrays import unmasked
from sercore.audio.silence import silent_frames
from sercore.channel import LossModel
from sercore.channel.packets import packets_in
from sercore.corpus.clips import LabelledClip
from sercore.line import Line
from sercore.reading.names import composed
from sercore.receiver import RECEIVERS, Receiver, any_rate
from sercore.receiver.drop import Drop
from sercore.recogniser.recogniser import Recogniser
from sercore.scoring.fewest_frames import MIN_DRAWN_FOR_INTERVAL
from sercore.training.segments import SEGMENT_SECONDS
from sercore.units import DIMENSIONS, SAMPLE_RATE, SAMPLES_PER_FRAME

CONTRASTS = (  # dimension, kind of label, up, down
    ("arousal", "arousal", "high", "low"),
    ("valence", "valence", "positive", "negative"),
    ("valence", "emotion", "happiness", "anger"),
    ("valence", "emotion", "happiness", "sadness"),
)


def receive(
    clips: Sequence[LabelledClip],
    channel: LossModel,
    seed: int = 0,
    receiver: Receiver = RECEIVERS[Drop.NAME],
) -> list[LabelledClip]:
    """What a receiver makes of each clip: lost packets are cut out, as in the paper, or filled.

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
        n_packets = packets_in(n_frames, channel.packet_ms)
        received = channel.run(np.random.default_rng([seed, number]).random(n_packets))
        whole = clip.audio[: n_frames * SAMPLES_PER_FRAME]
        audio = any_rate.receive(whole, SAMPLE_RATE, received, channel.packet_ms, receiver)
        arrived.append(replace(clip, audio=audio))
    return arrived


def sent_through(clips: Sequence[LabelledClip], line: Line) -> list[LabelledClip]:
    """What a line makes of each clip."""
    return [replace(clip, audio=line(clip.audio)) for clip in clips]


def moved(means: NDArray[np.float64], before: NDArray[np.float64]) -> dict[str, float | None]:
    """By how many of their standard deviations the mean predictions of clips move together, by dimension.

    Shape of both: (clips, 2); clips of which one is NaN are left out. None where all that is left are alike.

    Example:
        >>> moved(np.array([[0.2, 0.0], [0.4, 0.0]]), np.array([[0.1, -0.1], [0.3, 0.1]]))
        {'arousal': 1.0, 'valence': 0.0}
    """
    both = ~np.isnan(means + before).any(axis=1)
    pairs = zip(DIMENSIONS, means[both].T, before[both].T, strict=True)
    return {
        name: round(float((after - first).mean() / first.std()), 3) if len(set(first)) > 1 else None
        for name, after, first in pairs
    }


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
        if silent_frames(clip.audio).all():  # brought to any level, it would be noise
            means.append(np.full(len(DIMENSIONS), np.nan))
            continue
        rms = float(np.sqrt(np.mean(np.square(clip.audio, dtype=np.float64))))
        played = np.resize(clip.audio, max(len(clip.audio), round(SEGMENT_SECONDS * SAMPLE_RATE)))
        means.append(recogniser.predict((played * (recogniser.level / rms)).astype(np.float32)).mean(axis=0))
    return np.array(means, dtype=np.float64)


def auc(up: ArrayLike, down: ArrayLike) -> float:
    """Probability that a value of ``up`` exceeds one of ``down``, ties counting half (Mann-Whitney).

    As with the CCC: NaN in, NaN out.

    Raises:
        ValueError: if there is none of one kind, or a value is masked.

    Example:
        >>> auc([0.3, 0.9], [0.1, 0.3])
        0.875
    """
    up, down = unmasked(up, "up"), unmasked(down, "down")
    if not up.size or not down.size:
        raise ValueError(f"an AUC needs a value of each kind, got {up.size} up and {down.size} down")
    difference = np.subtract.outer(up, down)
    if np.isnan(difference).any():
        return float("nan")
    return float((difference > 0).mean() + 0.5 * (difference == 0).mean())


def contrasts(clips: Sequence[LabelledClip]) -> dict[str, tuple[str, NDArray[np.bool_], NDArray[np.bool_]]]:
    """The questions that these labels can answer: name -> (dimension, clips that are up, that are down)."""
    found = {}
    for dimension, kind, up, down in CONTRASTS:
        label = np.array([(clip.labels.get(kind) or "").strip().lower() for clip in clips])
        if (label == up).any() and (label == down).any():
            found[f"{dimension}: {up} against {down}"] = (dimension, label == up, label == down)
    return found


def score_clips(
    clips: Sequence[LabelledClip], means: NDArray[np.float64], *, resamples: int = 1000
) -> list[dict[str, Any]]:
    """AUC of each contrast, pooled and within speaker, with 95 % bootstrap intervals over clips.

    There is no interval, and its ends are None, where chance has too little to choose from: where there are
    fewer than ``MIN_DRAWN_FOR_INTERVAL`` clips of a kind, or all resamples give one value. Within speaker
    means: only pairs of clips of one speaker are compared, and all pairs count alike. Clips whose mean
    prediction is NaN are left out. Shape of ``means``: (clips, 2).

    Returns:
        One row for each contrast and for pooled and within-speaker comparison; the latter only where a
        speaker has clips of both kinds.
    """
    heard: NDArray[np.bool_] = np.asarray(~np.isnan(means).any(axis=1))
    clips, means = [clip for clip, one in zip(clips, heard, strict=True) if one], means[heard]
    speakers = np.array([composed(clip.speaker) for clip in clips])
    rows = []
    for name, (dimension, up, down) in contrasts(clips).items():
        value = means[:, DIMENSIONS.index(dimension)]
        for compared, groups in (("pooled", np.zeros(len(clips), dtype=int)), ("within speaker", speakers)):
            if not set(groups[up]) & set(groups[down]) - {""}:  # clips of unknown speakers are nobody's
                continue
            grouped = (value, up, down, groups)
            low, high = _interval(*grouped, resamples)
            row: dict[str, Any] = {"contrast": name, "compared": compared, "auc": _grouped_auc(*grouped)}
            row |= {"ci_low": low, "ci_high": high}
            rows.append(row | {"clips_up": int(up.sum()), "clips_down": int(down.sum())})
    return rows


def _interval(
    value: NDArray[np.float64],
    up: NDArray[np.bool_],
    down: NDArray[np.bool_],
    groups: NDArray[np.generic],
    resamples: int,
) -> tuple[float, float] | tuple[None, None]:
    """The 95 % percentile interval over clips, if there is one."""
    picks = np.random.default_rng(0).integers(len(value), size=(resamples, len(value)))
    drawn = [_grouped_auc(*(each[pick] for each in (value, up, down, groups))) for pick in picks]
    known = [score for score in drawn if not math.isnan(score)]
    few = min(up.sum(), down.sum()) < MIN_DRAWN_FOR_INTERVAL or len(known) < len(drawn) / 2
    if few or len(set(known)) < 2:
        return None, None
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def _grouped_auc(
    value: NDArray[np.float64], up: NDArray[np.bool_], down: NDArray[np.bool_], groups: NDArray[np.generic]
) -> float:
    won = pairs = 0.0
    for group in np.unique(groups):
        inside = groups == group
        n = float((inside & up).sum() * (inside & down).sum())
        if n:
            won += n * auc(value[inside & up], value[inside & down])
            pairs += n
    return won / pairs if pairs else float("nan")
