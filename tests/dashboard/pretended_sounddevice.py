"""Stands in for ``sounddevice`` where no sound card is: one microphone that hears a shipped recording.

``FOLDER``, in the environment, is where it leaves a file "opened" once it was opened, and looks for a file
"unplugged".
"""

import os
import time
from pathlib import Path

import numpy as np

from sercore.corpus.corpus import open_corpus

FOLDER = "PRETENDED_SOUND_CARD"


class PortAudioError(Exception):
    """As the real one."""


def query_devices(device=None, kind=None):
    return {"default_samplerate": 48_000.0}


def check_input_settings(**_):
    """Takes any."""


def check_output_settings(**_):
    raise PortAudioError("it has no loudspeaker")


class InputStream:
    """As fast as somebody speaks."""

    def __init__(self, **_) -> None:
        self._folder = Path(os.environ[FOLDER])
        (self._folder / "opened").touch()
        self._voice = next(iter(open_corpus("demo"))).audio[: 10 * 16_000]
        self._heard = 0

    def start(self) -> None:
        self._begun = time.monotonic()

    @property
    def read_available(self) -> int:
        return int((time.monotonic() - self._begun) * 16_000) - self._heard

    def read(self, n: int):
        if (self._folder / "unplugged").exists():
            raise PortAudioError("Unanticipated host error")
        self._heard += n
        return np.take(self._voice, np.arange(self._heard - n, self._heard), mode="wrap")[:, None], False

    def close(self) -> None:
        """There is nothing to let go of."""


OutputStream = InputStream  # which nobody opens
