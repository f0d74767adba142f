"""How concealed speech sounds: PLCMOS (no reference) and STOI (against what was said)."""

import importlib
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

_RATE = 16_000  # Hz, that PLCMOS takes
_LEAST_SECONDS = 0.4  # for STOI, which needs 30 frames of speech


def plcmos_of(audio: NDArray[np.float32], sample_rate: int) -> float:
    """PLCMOS v2 (Diener et al. 2022): 1 to 5, what listeners would say of the concealment.

    It draws lots; here the sound itself seeds them, so that the same sound has the same score. NaN for
    silence. Shape: (samples,).

    Raises:
        ValueError: if the sound is not at 16 kHz.
        OSError: if the package is missing.
    """
    if sample_rate != _RATE:
        raise ValueError(f"PLCMOS takes sound at {_RATE} Hz, got {sample_rate}")
    if not audio.any():
        return float("nan")
    before = np.random.get_state()  # noqa: NPY002  (the package draws from the global generator)
    np.random.seed(zlib.crc32(audio.tobytes()))  # noqa: NPY002
    try:
        return float(_package("speechmos.plcmos").run(np.clip(audio, -1, 1), sr=sample_rate)["plcmos"])
    finally:
        np.random.set_state(before)  # noqa: NPY002


def stoi_of(clean: NDArray[np.float32], heard: NDArray[np.float32], sample_rate: int) -> float:
    """Short-time objective intelligibility (Taal et al. 2011), 0 to 1; NaN where too little is said.

    Shapes: (samples,) twice, the same, aligned.

    Raises:
        ValueError: if they differ in length.
        OSError: if the package is missing.
    """
    if len(clean) != len(heard):
        raise ValueError(f"STOI compares sounds of one length, got {len(clean)} and {len(heard)} samples")
    if len(clean) < _LEAST_SECONDS * sample_rate or not heard.any():
        return float("nan")
    return float(_package("pystoi").stoi(clean, heard, sample_rate, extended=False))


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise OSError(f'how speech sounds is told by {error.name}: pip install -e ".[quality]"') from None
