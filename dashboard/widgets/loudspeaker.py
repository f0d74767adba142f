"""The machine's own loudspeaker, for a visitor who sits at that machine."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from dashboard.words import PROSE
from sercore.units import SAMPLE_RATE

SAY: Mapping[str, str] = PROSE["loudspeaker"]


def why_silent() -> str | None:
    """Why nothing can be played here, in one sentence; None where a loudspeaker was found."""
    try:
        import sounddevice  # noqa: PLC0415  (starts PortAudio, which a page that plays nothing does not need)
    except OSError:
        return SAY["no_portaudio"]
    except ImportError:
        return SAY["no_package"]
    try:
        sounddevice.check_output_settings(samplerate=SAMPLE_RATE, channels=1)
    except (sounddevice.PortAudioError, ValueError):
        return SAY["no_device"]
    return None


def play(audio: NDArray[np.float32]) -> str | None:
    """Start to play samples at 16 kHz, without waiting for the end; else the sentence that says why not."""
    import sounddevice  # noqa: PLC0415

    try:
        sounddevice.play(audio, SAMPLE_RATE)
    except (sounddevice.PortAudioError, ValueError) as error:
        return f"The loudspeaker refuses: {error}."
    return None
