"""Sound on disk in place of memory: recordings decoded once to 16 kHz, read from there in pieces.

What a recording sounds like stays the same to the bit: samples that 16 bits hold exactly, as those of 16-bit
files at 16 kHz are, are stored so, and all others as the float32 that they are.
"""

import os
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.audio import read_audio
from sercore.audio.wav import FULL_SCALE, to_integers
from sercore.files import replacing

_VERSION = 1  # of what is stored: raised when recordings are decoded otherwise
_ENDS = 65_536  # bytes at both ends of a recording by which a change is told, beside its size and time
_KINDS = {".i2": "<i2", ".f4": "<f4"}


@dataclass(frozen=True)
class StoredSound:
    """A piece of a stored recording, float32 when it is asked for; beyond the recording's end is silence.

    ``numpy.asarray`` reads it, and so does whatever takes arrays; a slice reads nothing yet.

    Args:
        path: of the samples.
        start: its first sample.
        end: the sample after its last.
        again: after so many samples the recording begins anew; 0 for never.
    """

    path: Path
    start: int
    end: int
    again: int = 0

    def __len__(self) -> int:
        return self.end - self.start

    def __getitem__(self, part: slice) -> "StoredSound":
        first, last, _ = slice(part.start, part.stop).indices(len(self))
        return replace(self, start=self.start + first, end=self.start + max(first, last))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Shape: (samples,). The pages that are read leave memory with the map."""
        del copy  # it is always one
        if self.again:
            once = np.asarray(replace(self, start=0, end=self.again, again=0))
            played = once[np.arange(self.start, self.end) % self.again]
            return played if dtype is None else played.astype(dtype, copy=False)
        kind = np.dtype(_KINDS[self.path.suffix])
        there = self.path.stat().st_size // kind.itemsize
        found = np.zeros(len(self), dtype=np.float32)
        if (n := min(self.end, there) - self.start) > 0:
            mapped = np.memmap(self.path, kind, "r", self.start * kind.itemsize, (n,))
            np.multiply(mapped, 1 / FULL_SCALE if kind.kind == "i" else 1, out=found[:n], dtype=np.float32)
        return found if dtype is None else found.astype(dtype, copy=False)


@dataclass(frozen=True)
class Store:
    """A folder of decoded recordings. One that was changed is decoded again, and what was stored of it goes.

    A recording is known by its path, its size, when it was changed, and by the bytes at its ends.
    """

    folder: Path

    def read(self, source: Path, max_seconds: float | None = None) -> NDArray[np.float32]:
        """The whole recording at 16 kHz, decoded and stored if it was not. Shape: (samples,).

        Raises:
            AudioError: as ``read_audio``.
            OSError: if it cannot be stored.
        """
        if (stored := self._find(source)) is not None:
            return np.asarray(stored)
        audio = read_audio(source, max_seconds=max_seconds)
        self._keep(source, audio)
        return audio

    def sound(self, source: Path, n_samples: int) -> StoredSound:
        """So many samples of a recording that ``read`` has stored.

        Raises:
            FileNotFoundError: if it was changed or removed since.
        """
        if (stored := self._find(source)) is None:
            raise FileNotFoundError(f"{source} was changed while it was read")
        return replace(stored, end=n_samples)

    def _find(self, source: Path) -> StoredSound | None:
        path, state = _name_of(source)
        for suffix, kind in _KINDS.items():
            if (file := self.folder / f"{path}-{state}{suffix}").is_file():
                return StoredSound(file, 0, file.stat().st_size // np.dtype(kind).itemsize)
        return None

    def _keep(self, source: Path, audio: NDArray[np.float32]) -> None:
        integers = to_integers(audio)
        exact = bool((integers / np.float32(FULL_SCALE) == audio).all())
        path, state = _name_of(source)
        with replacing(self.folder / f"{path}-{state}{'.i2' if exact else '.f4'}") as temporary:
            (integers if exact else audio.astype("<f4", copy=False)).tofile(temporary)
        for old in self.folder.glob(f"{path}-*"):
            if f"-{state}" not in old.name:
                old.unlink(missing_ok=True)


def usual_store() -> Store:
    """In the user's folder of caches; ``SERCORE_CACHE`` names another, on a disk with more room."""
    usual = partial(os.path.join, os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "sercore")
    return Store(Path(os.environ.get("SERCORE_CACHE") or usual()) / "sound")


def _name_of(source: Path) -> tuple[str, str]:
    """What names a stored recording: its path, and the state that it is in."""
    about = source.stat()
    with source.open("rb") as file:
        ends = file.read(_ENDS)
        file.seek(max(0, about.st_size - _ENDS))
        ends += file.read(_ENDS)
    state = f"{_VERSION} {about.st_size} {about.st_mtime_ns} ".encode() + ends
    where = os.fsencode(source.resolve())
    return sha256(where).hexdigest()[:24], sha256(state).hexdigest()[:24]
