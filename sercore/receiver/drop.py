"""The paper's receiver: lost frames leave the audio and the gold standard together (section 2.1)."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.receiver.receiver import Receiver
from sercore.receiver.samples import packets_of, states_of
from sercore.units import FRAME_MS, SAMPLES_PER_FRAME


class Drop(Receiver):
    """What arrives is joined, and time gets shorter.

    Example:
        >>> Drop()(np.arange(6_400, dtype=np.float32), [False, True]).shape
        (3200,)
    """

    NAME = "drop"
    TITLE = "Cut out"
    MEANING = "The paper's way: what arrives is joined, and the network says nothing of lost frames."
    KEEPS_LENGTH = False
    CAUSAL = True
    DELAY_MS = 0.0

    def __call__(
        self, audio: NDArray[np.float32], received: ArrayLike, *, packet_ms: float = FRAME_MS
    ) -> NDArray[np.float32]:
        """Shape: (packets * samples in a packet,) -> (received packets * samples in a packet,)."""
        packets, states = packets_of(audio, received, packet_ms)
        return packets[states].reshape(-1)


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
    states = states_of(received)
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
