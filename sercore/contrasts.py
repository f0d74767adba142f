"""Can predictions tell clips apart that people tell apart? AUC of high against low, joy against anger, ..."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sercore.gold_standard import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from sercore.clips import Clip

_UP = {"arousal": "high", "valence": "positive"}
_DOWN = {"arousal": "low", "valence": "negative"}


def auc(up: ArrayLike, down: ArrayLike) -> float:
    """Probability that a value of ``up`` exceeds one of ``down``, ties counting half (Mann-Whitney).

    Example:
        >>> auc([0.3, 0.9], [0.1, 0.3])
        0.875
    """
    difference = np.subtract.outer(np.asarray(up, dtype=np.float64), np.asarray(down, dtype=np.float64))
    return float((difference > 0).mean() + 0.5 * (difference == 0).mean())


def contrasts(clips: Sequence[Clip]) -> dict[str, tuple[str, NDArray[np.bool_], NDArray[np.bool_]]]:
    """The questions that these labels can answer: name -> (dimension, clips that are up, that are down)."""
    found = {}
    for dimension in DIMENSIONS:
        label = np.array([clip.labels.get(dimension) or "" for clip in clips])
        name = f"{dimension}: {_UP[dimension]} against {_DOWN[dimension]}"
        found[name] = (dimension, label == _UP[dimension], label == _DOWN[dimension])
    emotion = np.array([clip.labels.get("emotion") or "" for clip in clips])
    for other in ("anger", "sadness"):
        found[f"valence: happiness against {other}"] = ("valence", emotion == "happiness", emotion == other)
    return {name: c for name, c in found.items() if c[1].any() and c[2].any()}


def score_clips(
    clips: Sequence[Clip], means: NDArray[np.float64], *, resamples: int = 1000, seed: int = 0
) -> list[dict[str, float | str | int]]:
    """AUC of each contrast, pooled and within speaker, with 95 % bootstrap intervals over clips.

    Within speaker means: only pairs of clips of one speaker are compared, and all pairs count alike.

    Args:
        clips: the clips.
        means: mean prediction of each; clips where it is NaN are left out. Shape: (clips, 2).
        resamples: how often the clips are drawn again.
        seed: of the bootstrap.

    Returns:
        One row for each contrast and for pooled and within-speaker comparison; the latter only where a
        speaker has clips of both kinds.
    """
    heard: NDArray[np.bool_] = np.asarray(~np.isnan(means).any(axis=1))
    clips, means = [clip for clip, one in zip(clips, heard, strict=True) if one], means[heard]
    speakers = np.array([clip.speaker for clip in clips])
    rows: list[dict[str, float | str | int]] = []
    for name, (dimension, up, down) in contrasts(clips).items():
        value = means[:, DIMENSIONS.index(dimension)]
        for compared, groups in (("pooled", np.zeros(len(clips), dtype=int)), ("within speaker", speakers)):
            if not _is_possible(compared, up, down, groups):
                continue
            rng = np.random.default_rng(seed)
            score = _grouped_auc(value, up, down, groups)
            drawn = [
                _grouped_auc(value[pick], up[pick], down[pick], groups[pick])
                for pick in rng.integers(len(clips), size=(resamples, len(clips)))
            ]
            low, high = np.nanpercentile(drawn, [2.5, 97.5])
            rows.append(
                {
                    "contrast": name,
                    "compared": compared,
                    "auc": score,
                    "ci_low": float(low),
                    "ci_high": float(high),
                    "clips_up": int(up.sum()),
                    "clips_down": int(down.sum()),
                }
            )
    return rows


def moved(
    means: NDArray[np.float64], before: NDArray[np.float64], *, resamples: int = 1000, seed: int = 0
) -> list[dict[str, float | str]]:
    """How far a line moves the mean prediction of clips, in SDs of the predictions before it.

    Args:
        means: mean prediction of each clip through the line; NaN is left out. Shape: (clips, 2).
        before: the same without the line. Shape: (clips, 2).
        resamples: how often the clips are drawn again.
        seed: of the bootstrap.

    Returns:
        For each dimension the mean, and what it moved by with the 95 % bootstrap interval over clips.
    """
    heard = ~np.isnan(means + before).any(axis=1)
    means, before = means[heard], before[heard]
    drawn = np.random.default_rng(seed).integers(len(means), size=(resamples, len(means)))
    shift = (means - before) / before.std(axis=0)
    low, high = np.percentile(shift[drawn].mean(axis=1), [2.5, 97.5], axis=0)
    return [
        {
            "dimension": dimension,
            "mean": float(means[:, d].mean()),
            "moved_sd": float(shift[:, d].mean()),
            "ci_low": float(low[d]),
            "ci_high": float(high[d]),
        }
        for d, dimension in enumerate(DIMENSIONS)
    ]


def _is_possible(
    compared: str, up: NDArray[np.bool_], down: NDArray[np.bool_], groups: NDArray[np.generic]
) -> bool:
    """Whether any pair can be compared. Clips whose speaker is not known are nobody's."""
    if compared == "pooled":
        return True
    named = groups != ""
    return bool(len(np.intersect1d(groups[up & named], groups[down & named])))


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
