"""MP3: how many frames there are, beside how many its first frame declares.

An MP3 file need not say how long it is, and libsndfile then estimates it from the first frame, which is wrong
wherever the bit rate changes, and reads no further. Where an encoder left a first frame that declares frames
and bytes (Xing's, or LAME's "Info"), a file that lacks some is truncated; without one nobody can tell.
Counting needs no decoding: each frame says where the next begins.
"""

import struct
from dataclasses import dataclass
from functools import lru_cache

from sercore.audio.containers.part import Part
from sercore.audio.containers.window import Window

MOST_JUNK = 65_536  # bytes between two frames, and before the first
MANY = 5  # frames in a row are no accident
MOST_FRAMES = 500_000  # of 26 ms, those of 3.6 hours
# kbit/s by the index in a header, for MPEG-1 layers I, II, III and MPEG-2 layers I, and II or III.
BIT_RATES = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}  # by version


@dataclass(frozen=True)
class _Header:
    """What the four bytes before each frame say."""

    kind: tuple[int, int, int]  # version, layer and rate in Hz: the same in all frames of a stream
    bit_rate: int  # bits per second
    length: int  # bytes of the frame
    samples: int
    side: int  # bytes of side information, behind which a first frame declares

    @property
    def rate(self) -> int:
        """Samples per second."""
        return self.kind[2]


@dataclass(frozen=True)
class _Stream:
    first: int  # where the first frame begins
    header: _Header  # of the first frame
    frames: int  # whole ones
    ends: int  # where the last whole one ends
    partial: bool  # whether one more begins there that is not whole
    lost: bool  # whether something that is no frame follows, so that more may come after it


def parts_of(window: Window) -> list[Part]:
    """The one stream of an MP3 file, behind a first frame that declares all frames that are there."""
    stream = _counted(window)
    if stream is None:
        return [Part(window)]  # libsndfile says what is wrong
    at = stream.first + 4 + stream.header.side
    name, flags = window.bytes_at(at, 4), int.from_bytes(window.bytes_at(at + 4, 4), "big")
    if name not in (b"Xing", b"Info") or not flags & 1:
        estimated = (window.size - stream.first) * 8 * stream.header.rate  # as libsndfile does
        estimated //= stream.header.samples * stream.header.bit_rate
        before = _declaring(window, stream) if estimated < stream.frames else b""
        return [Part(window.part(stream.first, before=before))]
    declared, size = window.numbers_at(at + 8, ">II")
    held, bytes_held = stream.frames - 1, stream.ends - stream.first  # the frame that declares is silent
    if stream.lost or -1 <= declared - held <= 0 or (declared == held + 1 and not stream.partial):
        return [Part(window.part(stream.first))]  # some encoders count the first one, some do not
    if held < declared and not (flags & 2 and bytes_held >= size):
        seconds = stream.header.samples / stream.header.rate
        lengths = f"it declares {declared * seconds:,.1f} s and holds {held * seconds:,.1f} s"
        return [Part(window.part(stream.first), f"is truncated: {lengths}")]
    numbers = struct.pack(">II", held, bytes_held)[: 8 if flags & 2 else 4]
    before = window.bytes_at(stream.first, at + 8 - stream.first) + numbers
    return [Part(window.part(stream.first + len(before), before=before))]


def begins_late(window: Window) -> bool:
    """Whether frames follow each other in a file that begins within one, as a piece of a broadcast does."""
    first = _next_frame(window, 0, None)
    if first is None:
        return False
    at, kinds = first[0], set()
    for _ in range(MANY):
        header = _header(window.bytes_at(at, 4))
        if header is None:
            return False
        at += header.length
        kinds.add(header.kind)
    return len(kinds) == 1


def _counted(window: Window) -> _Stream | None:
    """All frames, one after the other; None where there are not two."""
    first = _next_frame(window, 0, None)
    if first is None:
        return None
    (begins, header), frames, junk, partial = first, 0, 0, False
    at = begins
    while at + 4 <= window.size and frames < MOST_FRAMES:
        found = _header(window.bytes_at(at, 4))
        if found is None or found.kind != header.kind:
            resumed = _next_frame(window, at, header.kind) if junk < MOST_JUNK else None
            if resumed is None:
                break
            junk += MOST_JUNK // 16
            at, found = resumed
        if at + found.length > window.size:
            partial = True
            break
        frames, at = frames + 1, at + found.length
    lost = frames == MOST_FRAMES or window.size - at > MOST_JUNK or junk >= MOST_JUNK
    return _Stream(begins, header, frames, at, partial, lost)


def _next_frame(window: Window, at: int, kind: tuple[int, int, int] | None) -> tuple[int, _Header] | None:
    """Where the next frame begins that another one follows, within ``MOST_JUNK`` bytes."""
    junk = window.bytes_at(at, MOST_JUNK)
    place = junk.find(b"\xff")
    while 0 <= place <= len(junk) - 4:
        header = _header(junk[place : place + 4])
        if header is not None and kind in (None, header.kind):
            following = _header(window.bytes_at(at + place + header.length, 4))
            if following is not None and following.kind == header.kind:
                return at + place, header
        place = junk.find(b"\xff", place + 1)
    return None


@lru_cache(1024)
def _header(content: bytes) -> _Header | None:
    """What a frame's first four bytes say; None if they begin no frame, or one of free bit rate."""
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE0 != 0xE0:
        return None
    version, layer = content[1] >> 3 & 3, 4 - (content[1] >> 1 & 3)  # 3 is MPEG-1, 2 MPEG-2, 0 MPEG-2.5
    bit_rate, rate, padding = content[2] >> 4, content[2] >> 2 & 3, content[2] >> 1 & 1
    if version == 1 or layer == 4 or bit_rate in (0, 15) or rate == 3:
        return None
    original, mono = version == 3, content[3] >> 6 == 3
    bits_per_second = 1000 * BIT_RATES[1 if original else 2, layer][bit_rate - 1]
    samples = 384 if layer == 1 else 1152 if layer == 2 or original else 576
    slot = 4 if layer == 1 else 1
    length = (samples // 8 // slot * bits_per_second // RATES[version][rate] + padding) * slot
    side = (17 if mono else 32) if original else (9 if mono else 17)
    return _Header((version, layer, RATES[version][rate]), bits_per_second, length, samples, side)


def _declaring(window: Window, stream: _Stream) -> bytes:
    """A silent first frame, as Xing's encoder wrote it, that declares the frames that follow."""
    head = bytearray(window.bytes_at(stream.first, 4))
    head[1] |= 1  # no checksum
    for index in range(1, 15):
        head[2] = index << 4 | head[2] & 0x0C
        header = _header(bytes(head))
        if header is not None and header.length >= 4 + header.side + 12:
            content = bytes(head) + bytes(header.side) + b"Xing" + struct.pack(">II", 1, stream.frames)
            return content.ljust(header.length, b"\0")
    return b""
