"""Predictions for the pages: one at a time, with a visible queue; nothing is computed twice."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.channels import draw_received
from dashboard.findings import TRAINED
from sercore.loss_models import Gilbert

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from dashboard.clips import Clip
    from sercore.model import EmotionModel

ORDER = ("mismatched", "multi_condition", "matched_high_low")
CLEAN = Gilbert(1.0, 0.0)
REMEMBERED = 1_000  # predictions of at most 12 kB each


class Turnstile:
    """Lets one computation through at a time and tells the others how many are before them.

    Twelve networks at once on two cores make everybody wait; one after the other does not.

    Example:
        >>> turnstile = Turnstile()
        >>> with turnstile.turn(on_wait=print):
        ...     turnstile.waiting
        1
    """

    def __init__(self) -> None:
        self._one = threading.Semaphore(1)
        self._count = threading.Lock()
        self.waiting = 0

    @contextmanager
    def turn(self, on_wait: Callable[[int], None]) -> Iterator[None]:
        """Wait for a turn; ``on_wait`` is told how many are ahead, at once and then once a second."""
        with self._count:
            ahead, self.waiting = self.waiting, self.waiting + 1
        try:
            while not self._one.acquire(timeout=1.0 if ahead else 0.05):
                on_wait(max(1, min(ahead, self.waiting - 1)))
            try:
                yield
            finally:
                self._one.release()
        finally:
            with self._count:
                self.waiting -= 1


def trained_settings(folder: Path = TRAINED) -> list[str]:
    """Settings whose weights are present, the paper's order first.

    Args:
        folder: holds NAME.safetensors with NAME.json beside it.
    """
    present = {path.stem for path in folder.glob("*.safetensors")}
    return [name for name in ORDER if name in present] + sorted(present - set(ORDER))


@st.cache_resource(show_spinner=False)
def _turnstile() -> Turnstile:
    return Turnstile()


@st.cache_resource(show_spinner=False, max_entries=12)
def _model(name: str, changed: float) -> EmotionModel:  # noqa: ARG001  (a retrained file is another entry)
    from sercore.checkpoints import load_model  # noqa: PLC0415  (torch costs seconds: only once it is needed)

    return load_model(TRAINED / f"{name}.safetensors")


@st.cache_resource(show_spinner=False)
def _memory() -> OrderedDict[tuple[object, ...], NDArray[np.float32]]:
    """Predictions by what they depend on; Streamlit's own cache hashes large arrays by a sample of values."""
    return OrderedDict()


def predicted(
    clip: Clip, channel: Gilbert, seed: int, setting: str, on_wait: Callable[[int], None]
) -> NDArray[np.float32]:
    """Prediction of one model on what arrives of a clip, NaN where frames were lost.

    Args:
        clip: what is sent.
        channel: what it is sent through; ``CLEAN`` loses nothing.
        seed: of the loss.
        setting: name of the weights.
        on_wait: is told how many are ahead in the queue.

    Returns:
        Shape: (frames, 2).

    Raises:
        sercore.checkpoints.WeightsError: if the weights cannot be trusted; one sentence says why.
    """
    if channel.p_n == 1:
        channel, seed = CLEAN, 0  # every seed gives the same: one entry
    changed = (TRAINED / f"{setting}.safetensors").stat().st_mtime
    key = (clip.sha256, channel.p_n, channel.p_l, seed, setting, changed)
    memory = _memory()
    if key not in memory:
        with _turnstile().turn(on_wait):
            if key not in memory:  # whoever was ahead may have asked for the same
                memory[key] = _compute(clip, channel, seed, _model(setting, changed))
                while len(memory) > REMEMBERED:
                    memory.popitem(last=False)
    return memory[key]


def _compute(clip: Clip, channel: Gilbert, seed: int, model: EmotionModel) -> NDArray[np.float32]:
    from sercore.prediction import predict_received  # noqa: PLC0415  (torch, see _model)

    return predict_received(model, clip.audio, draw_received(channel, seed, clip.n_frames))
