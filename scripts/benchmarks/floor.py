"""The least that the same work can take: its products, at the speed of this machine's own matrix product.

Of a prediction all products are counted, of the convolutions and of the BiLSTM. Of a training step all of the
forward step, as if nothing were dropped; backward, in the convolutions, those of the maxima that the pool and
dropout leave (each window's one position, for the weights and for the input but the audio), and twice the
forward products of the BiLSTM.
"""

from collections.abc import Callable

import torch

from sercore.network.model import ModelDimensions
from sercore.units import SAMPLES_PER_FRAME

SIDE = 1536  # of the square matrices: larger ones are no faster


def matrix_product(device: str) -> Callable[[], None]:
    """One product of two square matrices of float32, on all threads."""
    a, b = (torch.randn(SIDE, SIDE, device=device) for _ in range(2))

    def multiply() -> None:
        a @ b
        if a.is_cuda:
            torch.cuda.synchronize()

    return multiply


def floor_seconds(flops: float, product_seconds: float) -> float:
    """How long so many operations take at the speed of :func:`matrix_product`."""
    return flops * product_seconds / (2 * SIDE**3)


def prediction_flops(samples: int, sizes: ModelDimensions | None = None) -> float:
    """Additions and multiplications of a prediction.

    Example:
        >>> round(prediction_flops(300 * 16_000) / 1e9, 1)
        45.0
    """
    sizes = sizes or ModelDimensions()
    return sum(forward for forward, _ in _of_blocks(samples, sizes)) + _of_lstm(samples, sizes)


def step_flops(samples: int, sizes: ModelDimensions | None = None) -> float:
    """Additions and multiplications of a training step, of the batch as one.

    Example:
        >>> round(step_flops(16 * 20 * 16_000) / 1e9, 1)
        50.5
    """
    sizes = sizes or ModelDimensions()
    of_blocks = sum(forward + backward for forward, backward in _of_blocks(samples, sizes))
    return of_blocks + 3 * _of_lstm(samples, sizes)


def _of_blocks(samples: int, sizes: ModelDimensions) -> list[tuple[float, float]]:
    """Forward and backward operations of each convolution."""
    found, inputs = [], 1
    for kernel, outputs, pool in zip(sizes.kernel_sizes, sizes.channels, sizes.pool_sizes, strict=True):
        forward = 2.0 * samples * kernel * inputs * outputs
        ways = 1 if inputs == 1 else 2  # nobody asks for the gradient of the audio
        found.append((forward, ways * forward / pool * (1 - sizes.dropout)))
        samples, inputs = samples // pool, outputs
    return found


def _of_lstm(samples: int, sizes: ModelDimensions) -> float:
    frames, gates = samples // SAMPLES_PER_FRAME, 4 * sizes.lstm_units
    return 2.0 * frames * 2 * gates * (sizes.channels[-1] + sizes.lstm_units)
