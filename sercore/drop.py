"""Lost frames leave the audio and the gold standard together (paper section 2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sercore.audio import SAMPLES_PER_FRAME

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def sample_mask(received: ArrayLike, samples_per_frame: int = SAMPLES_PER_FRAME) -> NDArray[np.bool_]:
    """Repeat the state of each frame for each of its samples (the paper's M_X from M_Y).

    Shape: (frames,) -> (frames * samples_per_frame,).

    Example:
        >>> "".join(str(int(bit)) for bit in sample_mask([True, False, True, True], samples_per_frame=3))
        '111000111111'
    """
    return np.repeat(_states(received), samples_per_frame)


def drop_lost(
    audio: Any, gold: Any, received: ArrayLike, *, samples_per_frame: int = SAMPLES_PER_FRAME
) -> tuple[Any, Any]:
    """Remove the lost frames from audio and gold standard alike; both get shorter.

    Works on NumPy arrays and on torch tensors, on one track or on a batch that shares one channel.

    Args:
        audio: samples at 16 kHz. Shape: (..., frames * samples_per_frame).
        gold: labels at 5 Hz. Shape: (..., frames, dimensions), or (frames,).
        received: True = received. Shape: (frames,).
        samples_per_frame: the paper's r.

    Returns:
        The audio (..., kept * samples_per_frame) and the gold standard (..., kept, dimensions).

    Raises:
        ValueError: if the three lengths do not fit together, or ``received`` is not Boolean.

    Example:
        >>> audio, gold = drop_lost(np.arange(15), np.arange(1, 6), [0, 1, 1, 0, 1], samples_per_frame=3)
        >>> gold
        array([2, 3, 5])
        >>> audio
        array([ 3,  4,  5,  6,  7,  8, 12, 13, 14])
    """
    states = _states(received)
    if not hasattr(audio, "reshape"):
        audio = np.asarray(audio)
    if not hasattr(gold, "reshape"):
        gold = np.asarray(gold)
    n_frames = len(states)
    gold_frames = gold.shape[-1] if gold.ndim == 1 else gold.shape[-2]
    if gold_frames != n_frames or audio.shape[-1] != n_frames * samples_per_frame:
        raise ValueError(
            f"audio, gold and received must cover the same frames: {n_frames} frames ask for "
            f"{n_frames * samples_per_frame} samples ({samples_per_frame} per frame), got "
            f"{audio.shape[-1]} samples and {gold_frames} gold frames"
        )
    kept = np.flatnonzero(states)
    frames = audio.reshape(*audio.shape[:-1], n_frames, samples_per_frame)
    shortened = frames[..., kept, :].reshape(*audio.shape[:-1], len(kept) * samples_per_frame)
    return shortened, gold[kept] if gold.ndim == 1 else gold[..., kept, :]


def _states(received: ArrayLike) -> NDArray[np.bool_]:
    states = np.asarray(received)
    if states.ndim != 1:
        raise ValueError(f"received must have the shape (frames,), got {states.shape}")
    if states.dtype != bool:
        if states.dtype.kind not in "iuf" or not np.isin(states, (0, 1)).all():
            raise ValueError(f"received must hold True and False, got {states.dtype} values")
        states = states.astype(bool)
    return states
