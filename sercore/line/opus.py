"""Opus (RFC 6716), for real: libopus encodes, and its decoder conceals what does not arrive."""

import hashlib
import importlib
from collections import OrderedDict
from functools import cache
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.line.line import Line
from sercore.receiver.samples import packets_of
from sercore.units import FRAME_MS, SAMPLE_RATE

OPUS_MS = 20  # of sound in a packet, as in nearly all calls
SLOWEST, FASTEST = 6, 128  # kbit/s that libopus takes for speech at 16 kHz in packets of 20 ms
EXPECTED_LOSS = 20  # per cent that an encoder with FEC is told to expect: it then spends bits on copies
_SAMPLES = SAMPLE_RATE * OPUS_MS // 1000
_BEST, _PLAIN = 10, 0  # a decoder's complexity: from 5 on it conceals by a network, if it has one


class Opus(Line):
    """Opus at 16 kHz, in packets of 20 ms, at a mean rate of so many kbit/s.

    A loss is concealed by the decoder; with ``fec`` the packet after it holds a coarse copy, which is used
    where that one arrives, for 20 ms more of delay. ``deep`` conceals by the network of libopus 1.5.

    What is lost of the sound begins 6.5 ms before the packet does, for that is how far the encoder looks
    ahead.

    Raises:
        ValueError: if the rate lies outside of 6 to 128 kbit/s.
    """

    CONCEALS = True

    def __init__(self, kbit: int, *, fec: bool = False, deep: bool = False) -> None:
        if not SLOWEST <= kbit <= FASTEST:
            raise ValueError(f"Opus is sent at {SLOWEST} to {FASTEST} kbit/s, got {kbit}")
        self.kbit, self.fec, self.deep = kbit, fec, deep
        self.NAME = f"opus-{kbit}{'-fec' if fec else ''}{'-deep' if deep else ''}"
        self.TITLE = f"Opus, {kbit} kbit/s{', FEC' if fec else ''}{', deep' if deep else ''}"
        copies = " Each packet holds a coarse copy of the one before (FEC)." if fec else ""
        network = "a network in its" if deep else "its"
        self.MEANING = (
            f"The codec of internet calls at {kbit} kbit/s; {network} decoder conceals losses.{copies}"
        )
        self.DELAY_MS = 6.5 + (OPUS_MS if fec else 0)

    def __call__(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """Shape: (samples,) -> the same. Raises as ``opus_library``."""
        packets, ahead = _encoded(np.ascontiguousarray(audio, np.float32).tobytes(), self.kbit, self.fec)
        return self._decoded(packets, np.ones(len(packets), dtype=bool))[ahead : ahead + len(audio)]

    def lossy(
        self, audio: NDArray[np.float32], received: ArrayLike, *, packet_ms: float = FRAME_MS
    ) -> NDArray[np.float32]:
        """Shapes: (packets * samples in a packet,), (packets,) -> (packets * samples in a packet,).

        Raises:
            ValueError: if a packet of the channel is no whole number of Opus's, or the lengths do not fit.
            OSError: as ``opus_library``.
        """
        if packet_ms % OPUS_MS:
            raise ValueError(
                f"Opus is sent in packets of {OPUS_MS} ms: those of a channel must be a multiple, "
                f"got {packet_ms:g} ms"
            )
        _, states = packets_of(audio, received, packet_ms)
        packets, ahead = _encoded(np.ascontiguousarray(audio, np.float32).tobytes(), self.kbit, self.fec)
        arrives = np.repeat(states, int(packet_ms) // OPUS_MS)
        last = arrives[-1:].all()  # the one that brings what is still in the encoder
        arrives = np.append(arrives, np.full(len(packets) - len(arrives), last))
        return self._decoded(packets, arrives)[ahead : ahead + len(audio)]

    def _decoded(self, packets: tuple[bytes, ...], arrives: NDArray[np.bool_]) -> NDArray[np.float32]:
        if self.deep and not has_deep_concealment():
            raise OSError(
                f"{opus_version()} on this machine conceals without a network (1.5 and later have one, if "
                f"they were built with it): leave out -deep"
            )
        return _decode(packets, arrives, fec=self.fec, complexity=_BEST if self.deep else _PLAIN)


def opus_library() -> Any:
    """The package ``opuslib_next``, which calls the system's libopus.

    Raises:
        OSError: if the package or the library is missing; one sentence says what to install.
    """
    try:
        return importlib.import_module("opuslib_next")
    except ImportError:
        missing, install = "the package opuslib-next", 'pip install -e ".[opus]"'
    except Exception:  # what it raises where it does not find the library
        missing, install = "the library libopus", "apt install libopus0, on macOS brew install opus"
    raise OSError(f"Opus needs {missing}, which is not on this machine: {install}")


def opus_version() -> str:
    """The library's name and version. Raises as ``opus_library``.

    Example:
        >>> opus_version()  # doctest: +SKIP
        'libopus 1.3.1'
    """
    opus_library()
    info = importlib.import_module("opuslib_next.api.info")
    return str(info.get_version_string().decode())


@cache
def has_deep_concealment() -> bool:
    """Whether this machine's libopus can conceal by a network: found out by decoding the same loss both ways.

    Asking would not tell: a library without it accepts the wish as well. Raises as ``opus_library``.
    """
    hum = 0.1 * np.sin(np.arange(SAMPLE_RATE) * (2 * np.pi * 200 / SAMPLE_RATE), dtype=np.float32)
    packets, _ = _encoded(hum.tobytes(), 24, fec=False)
    arrives = np.arange(len(packets)) % 10 < 7
    plain, best = (_decode(packets, arrives, fec=False, complexity=each) for each in (_PLAIN, _BEST))
    return not np.array_equal(plain, best)


_KEPT: OrderedDict[tuple[bytes, int, bool], tuple[tuple[bytes, ...], int]] = OrderedDict()
_MOST_KEPT = 128  # tracks, at 1 MB each: they are heard again and again, behind many channels
_ONE_AT_A_TIME = Lock()


def _encoded(samples: bytes, kbit: int, fec: bool) -> tuple[tuple[bytes, ...], int]:
    """The packets of some sound, and how many samples the encoder looked ahead."""
    name = (hashlib.sha256(samples).digest(), kbit, fec)
    with _ONE_AT_A_TIME:
        known = _KEPT.get(name)
    if known is None:
        known = _encode(samples, kbit, fec)
    with _ONE_AT_A_TIME:
        _KEPT[name] = known
        while len(_KEPT) > _MOST_KEPT:
            _KEPT.popitem(last=False)
    return known


def _encode(samples: bytes, kbit: int, fec: bool) -> tuple[tuple[bytes, ...], int]:
    encoder = opus_library().Encoder(SAMPLE_RATE, 1, "voip")
    encoder.bitrate = kbit * 1000
    encoder.inband_fec, encoder.packet_loss_perc = int(fec), EXPECTED_LOSS if fec else 0
    ahead = int(encoder.lookahead)
    size = 4 * _SAMPLES
    filled = samples + bytes(4 * ahead)
    filled += bytes(-len(filled) % size)
    packets = (encoder.encode_float(filled[at : at + size], _SAMPLES) for at in range(0, len(filled), size))
    return tuple(packets), ahead


def _decode(
    packets: tuple[bytes, ...], arrives: NDArray[np.bool_], *, fec: bool, complexity: int
) -> NDArray[np.float32]:
    """What a decoder makes of the packets that arrive. Shape: (packets,) -> (packets * 320,)."""
    library = opus_library()
    decoder = library.Decoder(SAMPLE_RATE, 1)
    _set_complexity(library, decoder, complexity)
    heard = []
    following = np.append(arrives[1:], False)
    for number, packet in enumerate(packets):
        if arrives[number]:
            heard.append(decoder.decode_float(packet, _SAMPLES))
        elif fec and following[number]:
            heard.append(decoder.decode_float(packets[number + 1], _SAMPLES, decode_fec=True))
        else:
            heard.append(decoder.decode_float(b"", _SAMPLES))
    return np.frombuffer(b"".join(heard), dtype=np.float32)


def _set_complexity(library: Any, decoder: Any, complexity: int) -> None:
    control = importlib.import_module("opuslib_next.api.ctl")
    calls = importlib.import_module("opuslib_next.api.decoder")
    try:
        calls.decoder_ctl(decoder.decoder_state, control.set_complexity, complexity)
    except library.exceptions.OpusError:
        return  # before 1.5 a decoder has no such setting, and no network either
