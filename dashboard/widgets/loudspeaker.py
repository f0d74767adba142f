"""The machine's own loudspeaker, for a visitor who sits at that machine."""

from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from sercore.units import SAMPLE_RATE

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


def is_local(url: str | None, ip_address: str | None, forwarded: bool = False) -> bool:
    """True if the visitor sits at the machine that runs the dashboard.

    Args:
        url: address of the page in the visitor's browser.
        ip_address: of the visitor; Streamlit gives None for the machine itself.
        forwarded: a proxy stands between, so that the address says nothing.

    Example:
        >>> is_local("http://localhost:8501/", None), is_local("http://lab:8501/", "10.0.0.7")
        (True, False)
    """
    return ip_address is None and not forwarded and url is not None and urlsplit(url).hostname in LOCAL_HOSTS


def why_silent() -> str | None:
    """Why nothing can be played here, in one sentence; None where a loudspeaker was found."""
    try:
        import sounddevice  # noqa: PLC0415  (starts PortAudio, which a page that plays nothing does not need)
    except OSError:
        return "The PortAudio library is not installed on this machine (on Debian or Ubuntu: libportaudio2)."
    except ImportError:
        return "The Python package sounddevice is not installed."
    try:
        sounddevice.check_output_settings(samplerate=SAMPLE_RATE, channels=1)
    except (sounddevice.PortAudioError, ValueError):
        return "PortAudio finds no loudspeaker that plays 16 kHz on this machine."
    return None


def play(audio: NDArray[np.float32]) -> str | None:
    """Start to play, without waiting for the end; what is playing already stops.

    Args:
        audio: samples at 16 kHz in [-1, 1]. Shape: (samples,).

    Returns:
        None, or one sentence that says why nothing is heard.
    """
    import sounddevice  # noqa: PLC0415

    try:
        sounddevice.play(audio, SAMPLE_RATE)
    except (sounddevice.PortAudioError, ValueError) as error:
        return f"The loudspeaker refuses: {error}."
    return None
