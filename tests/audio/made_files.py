"""Sound files byte by byte, as the programs of this world leave them; none of the project's own code."""

import io
import struct

import numpy as np
import soundfile

RATE, SECONDS = 16_000, 2.0
SAMPLES = int(RATE * SECONDS)
ID3 = b"ID3\x04\x00\x00" + bytes([0, 0, 3, 0x74]) + bytes(3 * 128 + 0x74)  # an empty tag of 500 bytes
ID3V1 = b"TAG" + bytes(125)


def voice(seconds: float = SECONDS, hertz: float = 220.0) -> np.ndarray:
    """A made-up voice, 16-bit: a few harmonics under an envelope, and noise."""
    time = np.arange(round(seconds * RATE)) / RATE
    harmonics = sum(np.sin(2 * np.pi * hertz * k * time) / k for k in range(1, 6))
    noise = np.random.default_rng(0).normal(0, 0.01, len(time))
    return np.rint(6000 * (0.6 + 0.4 * np.sin(7 * time)) * (0.5 * harmonics + noise)).astype("<i2")


def encoded(
    container: str, subtype: str | None = None, samples: np.ndarray | None = None, **options
) -> bytes:
    file = io.BytesIO()
    given = voice() if samples is None else samples
    soundfile.write(file, given, RATE, format=container, subtype=subtype, **options)
    return file.getvalue()


def chunk(name: bytes, content: bytes, size: int | None = None, order: str = "<") -> bytes:
    declared = len(content) if size is None else size
    return name + struct.pack(order + "I", declared) + content + bytes(len(content) % 2)


def fmt(tag: int = 1, bits: int = 16, channels: int = 1, extra: bytes = b"", order: str = "<") -> bytes:
    block = channels * bits // 8
    return struct.pack(order + "HHIIHH", tag, channels, RATE, RATE * block, block, bits) + extra


def wav(
    *,
    samples: np.ndarray | None = None,
    data: int | None = None,
    riff: int | None = None,
    before: bytes = b"",
    after: bytes = b"",
) -> bytes:
    """A WAV file whose two sizes may say anything."""
    content = (voice() if samples is None else samples).tobytes()
    body = b"WAVE" + chunk(b"fmt ", fmt()) + before + chunk(b"data", content, data) + after
    return b"RIFF" + struct.pack("<I", len(body) if riff is None else riff) + body


def rf64(*, mark: bytes = b"RF64", data: int | None = None, riff: int | None = None) -> bytes:
    content = voice().tobytes()
    true = len(content)
    sizes = struct.pack("<QQQI", true + 72 if riff is None else riff, true if data is None else data, 0, 0)
    body = b"WAVE" + chunk(b"ds64", sizes) + chunk(b"fmt ", fmt()) + chunk(b"data", content, 0xFFFFFFFF)
    return mark + b"\xff\xff\xff\xff" + body


def wave64(*, data: int | None = None, riff: int | None = None) -> bytes:
    """Sony's Wave64: names are GUIDs, sizes count themselves and the name."""
    tail = bytes.fromhex("f3acd3118cd100c04f8edb8a")
    content = voice().tobytes()
    body = b"wave" + tail + b"fmt " + tail + struct.pack("<q", 40) + fmt()
    body += b"data" + tail + struct.pack("<q", len(content) + 24 if data is None else data) + content
    size = struct.pack("<q", len(body) + 24 if riff is None else riff)
    return b"riff" + bytes.fromhex("2e91cf11a5d628db04c10000") + size + body


def aiff(*, sound: int | None = None, frames: int = SAMPLES) -> bytes:
    content = bytes(8) + voice().astype(">i2").tobytes()
    rate = struct.pack(">HQ", 16_383 + 13, RATE << 50)  # 80-bit float
    common = chunk(b"COMM", struct.pack(">hIh", 1, frames, 16) + rate, order=">")
    body = b"AIFF" + common + chunk(b"SSND", content, sound, order=">")
    return b"FORM" + struct.pack(">I", len(body)) + body


def au(*, size: int | None = None) -> bytes:
    content = voice().astype(">i2").tobytes()
    declared = len(content) if size is None else size
    return b".snd" + struct.pack(">IIIIII", 28, declared, 3, RATE, 1, 0) + content


def caf(*, data: int | None = None) -> bytes:
    content = bytes(4) + voice().astype(">i2").tobytes()
    described = struct.pack(">d4sIIIII", RATE, b"lpcm", 0, 2, 1, 1, 16)
    size = len(content) if data is None else data
    return (
        b"caff\0\1\0\0" + b"desc" + struct.pack(">q", len(described)) + described
        + b"data" + struct.pack(">q", size) + content
    )  # fmt: skip


def flac(*, total: int | None = None, md5: bool = True) -> bytes:
    """FLAC whose STREAMINFO declares a total: its 36 bits end in byte 25, the MD5 of the sound follows."""
    content = bytearray(encoded("FLAC"))
    if total is not None:
        content[21:26] = ((content[21] & 0xF0) << 32 | total).to_bytes(5, "big")
    if not md5:
        content[26:42] = bytes(16)
    return bytes(content)


def ogg_pages(content: bytes) -> list[bytes]:
    pages, at = [], 0
    while at < len(content):
        lengths = content[at + 27 : at + 27 + content[at + 26]]
        ends = at + 27 + len(lengths) + sum(lengths)
        pages.append(content[at:ends])
        at = ends
    return pages


def ogg_page(page: bytes, *, flags: int | None = None, position: int | None = None) -> bytes:
    """The same page with other flags or another position, and its checksum mended (RFC 3533)."""
    new = bytearray(page)
    if flags is not None:
        new[5] = flags
    if position is not None:
        new[6:14] = struct.pack("<q", position)
    new[22:26] = bytes(4)
    crc = 0
    for byte in new:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x04C11DB7) & 0xFFFFFFFF if crc & 0x80000000 else crc << 1
    new[22:26] = struct.pack("<I", crc)
    return bytes(new)


def mp3_frames(content: bytes) -> list[bytes]:
    """The frames of MPEG-2 layer III at 16 kHz, mono: 72 * bit rate / 16,000 bytes each, and padding."""
    kilobits = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
    frames, at = [], content.index(b"\xff\xf3")
    while at + 4 <= len(content):
        length = 72_000 * kilobits[content[at + 2] >> 4] // RATE + (content[at + 2] >> 1 & 1)
        frames.append(content[at : at + length])
        at += length
    return frames


def mp3(samples: np.ndarray | None = None, **options) -> list[bytes]:
    """MP3 as frames; the first declares all of them, as LAME writes it."""
    return mp3_frames(encoded("MP3", "MPEG_LAYER_III", samples, **options))


def declaring(frame: bytes, *, frames: int | None = None, size: int | None = None) -> bytes:
    """A first frame that declares other numbers."""
    at = max(frame.find(b"Xing"), frame.find(b"Info"))
    assert frame[at + 7] & 3 == 3
    numbers = struct.unpack(">II", frame[at + 8 : at + 16])
    new = (numbers[0] if frames is None else frames, numbers[1] if size is None else size)
    return frame[: at + 8] + struct.pack(">II", *new) + frame[at + 16 :]
