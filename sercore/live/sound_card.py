"""A microphone and a loudspeaker of this machine, through PortAudio: mono, at 16 kHz, in blocks."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from sercore.units import SAMPLE_RATE

BLOCK = SAMPLE_RATE // 25  # 40 ms
PATIENCE = 2.0  # seconds without sound, after which a microphone counts as unplugged
Device = int | str | None  # number or name, as PortAudio knows it; None: the usual one
_HUSHED = threading.RLock()  # the terminal is one for all threads


class SoundError(OSError):
    """There is no sound to be had here; one sentence says why."""


def portaudio() -> Any:
    """The package ``sounddevice``, which starts PortAudio.

    Raises:
        SoundError: if there is no PortAudio.
    """
    try:
        with _no_chatter():
            import sounddevice  # noqa: PLC0415
    except (OSError, ImportError):
        get = "apt install libportaudio2, on macOS brew install portaudio"
        raise SoundError(f"sound needs the library PortAudio, which is not on this machine: {get}") from None
    return sounddevice


def devices() -> str:
    """All devices, one a line, as PortAudio lists them. Raises as ``portaudio``."""
    return str(portaudio().query_devices()) or "PortAudio finds no device on this machine"


def has_microphone() -> bool:
    """Whether PortAudio is here, and knows a device that records."""
    try:
        sd = portaudio()
        with _no_chatter():
            sd.query_devices(kind="input")
    except SoundError:
        return False
    except (sd.PortAudioError, ValueError):
        return False
    return True


class Microphone:
    """Blocks of sound as they are recorded.

    A device that does not know 16 kHz is resampled. ``overruns`` counts how often sound was lost because it
    was not fetched in time.

    Args:
        device: what records.

    Raises:
        SoundError: if it cannot be opened.
    """

    def __init__(self, device: Device = None) -> None:
        self.overruns = 0
        self._sd = portaudio()
        self._stream, rate = _opened(self._sd, "input", device)
        self._block = round(BLOCK * rate / SAMPLE_RATE)
        self._resampled = None if rate == SAMPLE_RATE else soxr.ResampleStream(rate, SAMPLE_RATE, 1)

    def listen(self) -> Iterator[NDArray[np.float32]]:
        """Without an end. Shape of each: (samples,).

        Raises:
            SoundError: if it is unplugged, or gives no sound for two seconds.
        """
        with self._told():
            self._stream.start()
        while True:
            with self._told():
                self._wait()
                block, overrun = self._stream.read(self._block)
            self.overruns += bool(overrun)
            sound = block[:, 0]
            yield sound.copy() if self._resampled is None else self._resampled.resample_chunk(sound)

    def close(self) -> None:
        """Let go of the device."""
        _close(self._stream, self._sd)

    def _wait(self) -> None:
        """Until there is a block; reading would wait for ever for a device that is gone."""
        begun = time.monotonic()
        while self._stream.read_available < self._block:
            if time.monotonic() - begun > PATIENCE:
                raise SoundError(f"the microphone gave no sound for {PATIENCE:g} s: was it unplugged?")
            time.sleep(0.005)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong in PortAudio, in a sentence."""
        try:
            yield
        except self._sd.PortAudioError as error:
            raise SoundError(f"the microphone stopped: {_reason(error)}") from None


class Loudspeaker:
    """Plays what it is given, and never waits: what the device has no room for yet is played later.

    ``underruns`` counts how often it had nothing to play, ``skipped`` how often it fell a second behind and
    left that out.

    Args:
        device: what plays.

    Raises:
        SoundError: if it cannot be opened.
    """

    def __init__(self, device: Device = None) -> None:
        self.underruns = self.skipped = 0
        self._sd = portaudio()
        self._stream, rate = _opened(self._sd, "output", device)
        self._resampled = None if rate == SAMPLE_RATE else soxr.ResampleStream(SAMPLE_RATE, rate, 1)
        self._second, self._coming = int(rate), np.empty(0, dtype=np.float32)
        try:
            self._stream.start()
        except self._sd.PortAudioError as error:
            raise SoundError(f"the loudspeaker does not start: {_reason(error)}") from None

    def play(self, sound: NDArray[np.float32]) -> None:
        """Shape: (samples,), or none: ask often. A loudspeaker that fails stays silent."""
        if self._resampled is not None and len(sound):
            sound = self._resampled.resample_chunk(sound)
        self._coming = np.concatenate([self._coming, sound])
        if len(self._coming) > self._second:
            self.skipped, self._coming = self.skipped + 1, sound[-self._second :]
        try:
            now, self._coming = np.split(self._coming, [self._stream.write_available])
            if len(now):
                self.underruns += bool(self._stream.write(now[:, None]))
        except self._sd.PortAudioError:
            self.underruns += 1

    def close(self) -> None:
        """Let go of the device."""
        _close(self._stream, self._sd)


def _opened(sd: Any, kind: str, device: Device) -> tuple[Any, float]:
    """A stream that does not run yet, and its rate: 16 kHz, or the device's own."""
    what = {"input": "microphone", "output": "loudspeaker"}[kind]
    stream = {"input": sd.InputStream, "output": sd.OutputStream}[kind]
    try:
        with _no_chatter():
            rate = SAMPLE_RATE
            own = sd.query_devices(device, kind)["default_samplerate"]
            check = {"input": sd.check_input_settings, "output": sd.check_output_settings}[kind]
            try:
                check(device=device, channels=1, samplerate=rate)
            except sd.PortAudioError:
                rate = own
            opened = stream(samplerate=rate, channels=1, dtype="float32", device=device, latency="high")
    except (sd.PortAudioError, ValueError) as error:
        named = "no" if device is None else f"the device {device} is no"
        shown = "scripts/live.py --list-devices shows what there is"
        raise SoundError(f"{named} {what} that can be used ({_reason(error)}): {shown}") from None
    return opened, rate


def _close(stream: Any, sd: Any) -> None:
    try:
        with _no_chatter():
            stream.close()
    except sd.PortAudioError:
        return  # it is gone already


def _reason(error: Exception) -> str:
    return " ".join(str(error.args[0] if error.args else error).split())


@contextmanager
def _no_chatter() -> Iterator[None]:
    """Keep what ALSA tells the terminal of every device that it does not find out of it."""
    with _HUSHED:
        sys.stderr.flush()
        kept = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(nowhere)
