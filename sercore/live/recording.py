"""A recording that is heard as if somebody spoke it now, and recordings of what is heard now."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile
from numpy.typing import NDArray

from sercore.audio.wav import to_integers
from sercore.files import replacing
from sercore.units import SAMPLE_RATE

LATE = 0.5  # seconds behind the clock that count as an overrun


class Played:
    """A recording at the speed at which it was spoken.

    ``overruns`` counts how often it was fetched so late that a microphone would have lost sound.

    Args:
        audio: at 16 kHz. Shape: (samples,).
        block: samples at a time.
        fast: as fast as it is fetched.
    """

    def __init__(self, audio: NDArray[np.float32], block: int, *, fast: bool = False) -> None:
        self.overruns, self._audio, self._block, self._fast = 0, audio, block, fast

    def listen(self) -> Iterator[NDArray[np.float32]]:
        """Until it ends. Shape of each: (samples,)."""
        due = time.monotonic()
        for start in range(0, len(self._audio), self._block):
            block = self._audio[start : start + self._block]
            due += len(block) / SAMPLE_RATE
            late = time.monotonic() - due
            if not self._fast and late < 0:
                time.sleep(-late)
            elif not self._fast and late > LATE:
                self.overruns += 1
                due = time.monotonic()
            yield block

    def close(self) -> None:
        """Nothing is held."""


class Takes:
    """Two 16-bit WAV files that grow while somebody speaks, and are there, whole, at the end.

    Args:
        path: of what the receiver heard; what was said lies beside it, in NAME.clean.wav.

    Raises:
        OSError: if nothing can be written there.
    """

    def __init__(self, path: Path) -> None:
        self.paths = path, path.with_suffix(f".clean{path.suffix}")
        self._files = ExitStack()
        self._heard, self._sent = (self._begun(each) for each in self.paths)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._files.__exit__(kind, error, trace)

    def write(self, sent: NDArray[np.float32], heard: NDArray[np.float32]) -> None:
        """What was said, and what was heard. Shapes: (samples,), and another number of samples."""
        self._sent.write(to_integers(sent))
        self._heard.write(to_integers(heard))

    def _begun(self, path: Path) -> soundfile.SoundFile:
        temporary = self._files.enter_context(replacing(path))
        how = {"samplerate": SAMPLE_RATE, "channels": 1, "subtype": "PCM_16", "format": "WAV"}
        return self._files.enter_context(soundfile.SoundFile(temporary, "w", **how))
