"""From a sentence to the parameters of a stock voice: SVOX Pico speaks, WORLD analyses.

Pico (Apache-2.0, through ``ttspico``) has one female voice per language. WORLD (Morise et al. 2016,
through ``pyworld``, MIT) splits its speech into pitch, spectral envelope and aperiodicity every 5 ms.
Both need a C compiler to install and are therefore the extra ``corpus``; they are loaded on first use.
"""

import contextlib
import importlib.machinery
import importlib.util
import zipfile
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.files import replacing, sha256_of
from sercore.reading import read_bytes
from sercore.synthetic.latents import FRAME_RATE
from sercore.units import SAMPLE_RATE

FFT_SIZE = 1024  # what WORLD takes at 16 kHz for voices down to 71 Hz
ENVELOPE_STEP = 4  # keep each 4th bin, 62.5 Hz: finer than the 2/3 F0 to which CheapTrick smooths
APERIODICITY_STEP = 16
F0_FLOOR, F0_CEILING = 90.0, 400.0  # the stock voices are women's
_HOP = 1000.0 / FRAME_RATE  # ms
_LOCALES = {"fr": "fr-FR", "it": "it-IT", "de": "de-DE", "es": "es-ES"}


class MissingToolError(ImportError):
    """A package of the extra ``corpus`` is not installed; the message says which and how to get it."""

    def __init__(self, package: str) -> None:
        super().__init__(f"{package} is missing, and making a corpus needs it: pip install -e '.[corpus]'")


@dataclass(frozen=True)
class Utterance:
    """WORLD's parameters of one sentence, one row per 5 ms.

    Attributes:
        f0: Hz, 0 where unvoiced. Shape: (frames,).
        envelope: natural log of the power envelope at each 4th bin. Shape: (frames, 129).
        aperiodicity: 0 to 1 at each 16th bin. Shape: (frames, 33).
    """

    f0: NDArray[np.float32]
    envelope: NDArray[np.float32]
    aperiodicity: NDArray[np.float32]


@cache
def world() -> ModuleType:
    """The compiled part of pyworld, past its ``__init__``, which imports what current setuptools lacks.

    Raises:
        MissingToolError: if pyworld is not installed.
    """
    package = importlib.util.find_spec("pyworld")
    where = package and package.submodule_search_locations
    spec = importlib.machinery.PathFinder.find_spec("pyworld.pyworld", where) if where else None
    if spec is None or spec.loader is None:
        raise MissingToolError("pyworld")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def speak(sentence: str, language: str) -> NDArray[np.float64]:
    """A sentence in the stock voice of a language: 16 kHz in [-1, 1], both ends trimmed. Shape: (samples,).

    A fresh engine for each sentence, because only then is Pico's output the same each time.

    Raises:
        MissingToolError: if ttspico is not installed.
    """
    try:
        from ttspico import TtsEngine  # noqa: PLC0415  an optional package, loaded on first use
    except ImportError as error:
        raise MissingToolError("ttspico") from error
    pcm = TtsEngine(_LOCALES[language]).speak(sentence)
    audio = np.frombuffer(pcm, dtype=np.int16) / 32768.0
    loud = np.flatnonzero(np.abs(audio) > 0.01)
    margin = SAMPLE_RATE // 50
    return audio[max(loud[0] - margin, 0) : loud[-1] + margin]


def analyse(audio: NDArray[np.float64]) -> Utterance:
    """Split speech into WORLD's parameters; DIO with StoneMask, for Harvest takes twenty times longer."""
    tool = world()
    f0, times = tool.dio(audio, SAMPLE_RATE, f0_floor=F0_FLOOR, f0_ceil=F0_CEILING, frame_period=_HOP)
    f0 = tool.stonemask(audio, f0, times, SAMPLE_RATE)
    envelope = tool.cheaptrick(audio, f0, times, SAMPLE_RATE, fft_size=FFT_SIZE)
    aperiodicity = tool.d4c(audio, f0, times, SAMPLE_RATE, fft_size=FFT_SIZE)
    return Utterance(
        f0.astype(np.float32),
        np.log(envelope[:, ::ENVELOPE_STEP]).astype(np.float32),
        aperiodicity[:, ::APERIODICITY_STEP].astype(np.float32),
    )


def utterance(sentence: str, language: str, cache_folder: Path) -> Utterance:
    """Speak and analyse a sentence, or take the result from the cache.

    Several processes may share the folder: a file appears whole or not at all.
    """
    key = sha256_of(f"{language} {sentence}".encode())[:24]
    path = cache_folder / f"{key}.npz"
    damage = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)
    with contextlib.suppress(*damage), np.load(BytesIO(read_bytes(path))) as kept:
        return _full(kept["f0"], kept["envelope"], kept["aperiodicity"])
    fresh = analyse(speak(sentence, language))
    envelope, aperiodicity = fresh.envelope.astype(np.float16), fresh.aperiodicity.astype(np.float16)
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, f0=fresh.f0, envelope=envelope, aperiodicity=aperiodicity)
    # What a later reader of the cache gets, so that a resumed corpus is bit-identical.
    return _full(fresh.f0, envelope, aperiodicity)


def _full(f0: NDArray[Any], envelope: NDArray[Any], aperiodicity: NDArray[Any]) -> Utterance:
    """An utterance from what the cache holds in half precision."""
    return Utterance(f0, envelope.astype(np.float32), aperiodicity.astype(np.float32))
