"""Walk a chain, one uniform number a packet: in Python where the way is short, compiled where it is long."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LONG = 4_096  # packets, from which on it is worth loading the compiler


def outcomes(transitions: NDArray[np.float64], arrives: NDArray[np.float64]) -> NDArray[np.float64]:
    """What may happen in each state, as cumulative probabilities: first all that receive, then all that lose.

    Each goes to one state. So a packet is received where its number lies under the probability to receive
    one.

    Shapes: (states, states), (states,) -> (states, 2 * states).
    """
    each = np.concatenate([transitions * arrives, transitions * (1 - arrives)], axis=1)
    upto = np.cumsum(each, axis=1)
    last = each.shape[1] - 1 - np.argmax(each[:, ::-1] > 0, axis=1)
    upto[np.arange(each.shape[1]) >= last[:, None]] = 1  # a sum that rounding left below 1 leads nowhere
    return upto


def walk(
    uniforms: NDArray[np.float64], upto: NDArray[np.float64], state: int, received: NDArray[np.bool_]
) -> int:
    """Move once for each number, and write whether a packet arrives; gives the last state.

    Shapes: (packets,), (states, 2 * states), and (packets,), which is written.
    """
    long = len(uniforms) >= _LONG
    return int((_compiled() if long else _walk)(uniforms, upto, state, received))


def _walk(uniforms: Any, upto: Any, state: Any, received: Any) -> Any:
    states = upto.shape[0]
    for packet in range(len(uniforms)):
        outcome = 0
        while uniforms[packet] >= upto[state, outcome]:
            outcome += 1
        received[packet] = outcome < states
        state = outcome if outcome < states else outcome - states
    return state


@cache
def _compiled() -> Callable[..., Any]:
    from numba import njit  # noqa: PLC0415  (seconds, that a short walk need not wait)

    compiled: Callable[..., Any]
    try:
        compiled = njit(nogil=True, cache=True)(_walk)
    except RuntimeError:  # there is no folder to keep it in
        compiled = njit(nogil=True)(_walk)
    return compiled
