"""WAV, RF64, BW64 and Wave64: where the samples lie, and what their sizes are worth.

The size of the samples is one of three things. It is *declared* where it fits the file, and where it is
larger the file is truncated. It is *unknown* where it is a placeholder that was never filled in: a recorder
that crashed leaves 0, one that writes into a pipe the largest number. The samples then go on to the end.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sercore.audio.containers import mpeg
from sercore.audio.containers.part import Part, is_placeholder, missing_bytes
from sercore.audio.containers.window import Window
from sercore.units import LABEL_RATE

MOST_CHUNKS = 10_000  # a hostile file is one chunk after the other
MP3, EXTENSIBLE = 0x55, 0xFFFE  # format tags
W64_TAIL = bytes.fromhex("f3acd3118cd100c04f8edb8a")  # of the GUIDs of Wave64's chunks
NO_SIZE = 0xFFFFFFFF  # RF64: the true size is in the chunk ds64
STREAMED_SIZES = {0xFFFFFFFF, 0x7FFFF000}  # ffmpeg's and sox's: believed of the shortest file too


@dataclass(frozen=True)
class _Chunk:
    name: bytes
    declared: int  # bytes of its content
    begins: int  # of its content
    padded: bool = True  # False where the byte is missing that makes its length even


def parts_of(window: Window) -> list[Part]:
    """The one stream of such a file; behind a mended header where libsndfile would be misled."""
    head = window.bytes_at(0, 12)
    wave64 = head[:4] == b"riff"
    order = ">" if head[:4] == b"RIFX" else "<"
    chunks: dict[bytes, _Chunk] = {}
    for chunk in _wave64_chunks(window) if wave64 else _riff_chunks(window, order):
        chunks.setdefault(chunk.name, chunk)
        if chunk.name == b"data":
            break
    if not {b"fmt ", b"data"} <= chunks.keys():
        return [Part(window)]  # libsndfile says what is wrong
    data = chunks[b"data"]
    held = window.size - data.begins
    declared = _declared(window, chunks, head, order)
    length = held if declared is None else min(declared, held)
    problem = missing_bytes(length if declared is None else declared, held)
    content = window.bytes_at(chunks[b"fmt "].begins, min(chunks[b"fmt "].declared, 1024))
    tag = content[24:26] if content[:2] == struct.pack(order + "H", EXTENSIBLE) else content[:2]
    if tag == struct.pack(order + "H", MP3):
        (part,) = mpeg.parts_of(window.part(data.begins, data.begins + length))
        return [replace(part, problem=problem or part.problem)]
    known = declared == data.declared or (declared is not None and b"ds64" in chunks)
    if known and head[:4] != b"BW64" and all(chunk.padded for chunk in chunks.values()):
        return [Part(window, problem)]
    before = _header(b"RIFX" if order == ">" else b"RIFF", order, content, length)
    return [Part(window.part(data.begins, data.begins + length, before), problem)]


def _declared(window: Window, chunks: dict[bytes, _Chunk], head: bytes, order: str) -> int | None:
    """How many bytes of samples the header declares; None where it does not know."""
    data, bits = chunks[b"data"], 64 if head[:4] == b"riff" else 32
    declared, held = data.declared, window.size - data.begins
    if head[:4] in (b"RF64", b"BW64") and declared == NO_SIZE and b"ds64" in chunks:
        (declared,), bits = window.numbers_at(chunks[b"ds64"].begins + 8, "<Q"), 64
    if declared <= 0:
        return None if held and not _is_chunk(window, data.begins, order) else 0
    frame = window.numbers_at(chunks[b"fmt "].begins + 8, order + "I")[0] // LABEL_RATE  # bytes of 200 ms
    if declared > held:
        streamed = declared in STREAMED_SIZES or (held >= frame and is_placeholder(declared, bits))
        return None if streamed else declared
    # A size that was written while the recording went on: the file's own goes further, and no chunk follows.
    after, form_ends = data.begins + declared + declared % 2, 8 + struct.unpack(order + "I", head[4:8])[0]
    goes_on = bits == 32 and after + frame < form_ends <= window.size
    return None if goes_on and not _is_chunk(window, after, order) else declared


def _riff_chunks(window: Window, order: str) -> Iterator[_Chunk]:
    at = 12
    for _ in range(MOST_CHUNKS):
        if at + 8 > window.size:
            return
        name, size = window.bytes_at(at, 4), window.numbers_at(at + 4, order + "I")[0]
        ends = at + 8 + size
        padded = not size % 2 or not _is_chunk(window, ends, order) or _is_chunk(window, ends + 1, order)
        yield _Chunk(name, size, at + 8, padded)
        at = ends + size % 2 * padded


def _wave64_chunks(window: Window) -> Iterator[_Chunk]:
    at = 40  # behind two GUIDs of 16 bytes and the size of the file
    for _ in range(MOST_CHUNKS):
        if at + 24 > window.size:
            return
        name, size = window.bytes_at(at, 16), window.numbers_at(at + 16, "<q")[0]
        yield _Chunk(name[:4] if name[4:] == W64_TAIL else name, size - 24, at + 24)
        if size < 24:
            return
        at += size + -size % 8


def _is_chunk(window: Window, at: int, order: str) -> bool:
    """Whether a chunk begins there: a name of letters, and a size that fits into the file."""
    if at + 8 > window.size:
        return False
    name, size = window.bytes_at(at, 4), window.numbers_at(at + 4, order + "I")[0]
    return all(0x20 <= letter < 0x7F for letter in name) and at + 8 + size <= window.size


def _header(identifier: bytes, order: str, content: bytes, length: int) -> bytes:
    """All that stands before the samples of a plain WAV file."""
    fmt = b"fmt " + struct.pack(order + "I", len(content)) + content + bytes(len(content) % 2)
    sizes = (min(size, NO_SIZE) for size in (4 + len(fmt) + 8 + length, length))
    riff, data = (struct.pack(order + "I", size) for size in sizes)
    return identifier + riff + b"WAVE" + fmt + b"data" + data
