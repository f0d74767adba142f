"""One door for recordings of calls: the kind is found by content, never by a file's name."""

from pathlib import Path
from typing import BinaryIO

from sercore.reading import read_bytes, told_as
from sercore.reading.mistaken import mistaken_for
from sercore.trace.capture import MAGICS, list_streams, read_capture
from sercore.trace.text import read_text
from sercore.trace.trace import Statistics, Trace, TraceError
from sercore.trace.webrtc import read_webrtc

MOST_BYTES = 256 * 1024**2
MOST_TEXT_BYTES = 32 * 1024**2


def read_trace(
    source: str | Path | bytes | BinaryIO,
    *,
    stream: str | None = None,
    packet_ms: float | None = None,
    name: str | None = None,
) -> Trace | Statistics:
    r"""What a recording of a call says of its losses, packet by packet if it can.

    Read are captures of RTP or RTCP (pcap, pcapng), getStats of WebRTC and dumps of chrome://webrtc-internals
    (JSON), traces of one value a line (1 = lost), and CSV with sequence numbers and times.

    Args:
        source: a path, or the content as bytes or as a binary file open for reading.
        stream: which of several streams, by its number in the list or by its SSRC; None takes the longest.
        packet_ms: sound in each packet, for text that does not say it.
        name: of the source in messages; a path has its own.

    Raises:
        TraceError: one sentence with the file, the place in it and the rule: absent, empty, of more than
            256 MB (text: 32 MB), packed, of no known kind, damaged, or not what was asked for.

    Example:
        >>> read_trace(b"0\n1\n1\n0\n").burst_lengths.tolist()
        [2]
    """
    content, name = content_of(source, name)
    if content[:4] in MAGICS:
        return read_capture(content, name, stream)
    text = _decoded(content, name)
    if text.lstrip()[:1] in ("{", "["):
        return read_webrtc(text, name, stream)
    return read_text(text, name, packet_ms)


def streams_of(source: str | Path | bytes | BinaryIO, name: str | None = None) -> list[str]:
    """The streams of a capture, a line each in the order of their numbers; none for other recordings.

    Raises:
        TraceError: as ``read_trace`` does.
    """
    content, name = content_of(source, name)
    found = list_streams(content, name) if content[:4] in MAGICS else []
    return [stream.title for stream in found]


def content_of(source: str | Path | bytes | BinaryIO, name: str | None = None) -> tuple[bytes, str]:
    """The bytes of a recording, and its name for messages.

    Raises:
        TraceError: if it is absent, no ordinary file, empty, too large, or packed.
    """
    if isinstance(source, str | Path):
        name = name or Path(source).name or str(source)
        with told_as(TraceError, f"{name} is no recording of a call"):
            content = read_bytes(Path(source), MOST_BYTES)
    else:
        name = name or Path(str(getattr(source, "name", "the call"))).name
        content = source if isinstance(source, bytes) else source.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise TraceError(f"{name} is no recording of a call: it has more than {MOST_BYTES:,} bytes")
    if not content:
        raise TraceError(f"{name} is empty (0 bytes)")
    if what := mistaken_for(content):
        raise TraceError(f"{name} is no recording of a call: {what}")
    return content, name


def _decoded(content: bytes, name: str) -> str:
    if len(content) > MOST_TEXT_BYTES:
        raise TraceError(f"{name} has {len(content):,} bytes; text may have {MOST_TEXT_BYTES:,}")
    utf_16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")  # what PowerShell writes
    try:
        text = content.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        kinds = "pcap, pcapng, JSON and text"
        raise TraceError(
            f"{name} is no recording of a call: byte {error.start} is no text; {kinds} can be read"
        ) from None
    if "\0" in text:
        raise TraceError(f"{name} holds binary data of no known kind at character {text.index(chr(0))}")
    return text
