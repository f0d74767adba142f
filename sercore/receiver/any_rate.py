"""A receiver for sound of any rate and length: receivers themselves know 16 kHz and whole packets."""

import math
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from sercore.receiver.receiver import Receiver
from sercore.units import SAMPLE_RATE


def packet_bounds(n_samples: int, sample_rate: float, packet_ms: float) -> NDArray[np.intp]:
    """Where each packet begins, and the end; the last one may be shorter. Shape: (packets + 1,).

    Raises:
        ValueError: if a packet holds less than one sample.

    Example:
        >>> packet_bounds(1_000, 22_050, packet_ms=20)
        array([   0,  441,  882, 1000])
    """
    length = packet_ms * sample_rate / 1000
    if not 1 <= length < math.inf:
        raise ValueError(f"a packet must hold samples, got {packet_ms} ms at {sample_rate} Hz")
    starts = np.rint(np.arange(math.ceil(n_samples / length) + 1) * length).astype(np.intp)
    return np.append(starts[starts < n_samples], n_samples)


def receive(
    samples: NDArray[Any],
    sample_rate: float,
    received: NDArray[np.bool_],
    packet_ms: float,
    receiver: Receiver,
) -> NDArray[Any]:
    """What a receiver makes of one channel of sound.

    What fills a hole is computed at 16 kHz; at another rate it is resampled, and what arrives is not touched.

    Args:
        samples: shape (samples,).
        sample_rate: in Hz.
        received: True = received, one for each packet of ``packet_bounds``.
        packet_ms: what is lost at a time.
        receiver: what is done about it.

    Returns:
        Shape: (samples,), or fewer where the receiver cuts out.
    """
    bounds = packet_bounds(len(samples), sample_rate, packet_ms)
    arrives = np.repeat(received, np.diff(bounds))
    if receiver.EXACT and not receiver.KEEPS_LENGTH:
        return samples[arrives]
    if receiver.EXACT and arrives.all():
        return samples.copy()
    at_16_khz = samples if sample_rate == SAMPLE_RATE else soxr.resample(samples, sample_rate, SAMPLE_RATE)
    whole = _in_packets(at_16_khz, len(received), packet_ms)
    filled = receiver(whole, received, packet_ms=packet_ms)
    if not receiver.EXACT:
        n_samples = len(samples) if receiver.KEEPS_LENGTH else int(arrives.sum())
        return _at_rate(filled, sample_rate, n_samples).astype(samples.dtype)
    if sample_rate == SAMPLE_RATE and samples.dtype == filled.dtype:
        return filled[: len(samples)]
    if not filled.reshape(len(received), -1)[~received].any():  # resampled, silence would ring
        return np.where(arrives, samples, samples.dtype.type(0))
    return np.where(arrives, samples, _at_rate(filled, sample_rate, len(samples)).astype(samples.dtype))


def _in_packets(samples: NDArray[Any], n_packets: int, packet_ms: float) -> NDArray[np.float32]:
    """As many samples as whole packets hold, the last filled up; those that are there already, uncopied."""
    n_samples = n_packets * round(packet_ms * SAMPLE_RATE / 1000)
    if len(samples) == n_samples and samples.dtype == np.float32:
        return samples
    whole = np.zeros(n_samples, dtype=np.float32)
    whole[: len(samples)] = samples[:n_samples]
    return whole


def _at_rate(at_16_khz: NDArray[np.float32], sample_rate: float, n_samples: int) -> NDArray[np.float32]:
    """The same sound at another rate, as many samples of it. Shape: (samples,) -> (n_samples,)."""
    back = at_16_khz if sample_rate == SAMPLE_RATE else soxr.resample(at_16_khz, SAMPLE_RATE, sample_rate)
    padded: NDArray[np.float32] = np.pad(back[:n_samples], (0, max(0, n_samples - len(back))))
    return padded
