"""FLAC: how many samples there are, by its last frame, beside how many its header declares.

The header's total may be 0, "unknown" (RFC 9639), as every encoder leaves it that writes into a pipe, and it
may be less than there is. Each frame says where it belongs: the last one tells the true total, and nothing
needs to be decoded for it.
"""

from sercore.audio.containers.part import Part
from sercore.audio.containers.window import Window

FARTHEST = 1 << 18  # bytes from the end within which the last frame begins
RATES = (0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000)
DEPTHS = (0, 8, 12, None, 16, 20, 24, 32)  # bits by their code; 0 means "as in the header"


def parts_of(window: Window) -> list[Part]:
    """The one stream of a FLAC file, behind a header that declares all that is there."""
    head = bytearray(window.bytes_at(0, 42))  # the mark, and the first block: STREAMINFO
    if len(head) < 42 or head[4] & 0x7F:
        return [Part(window)]  # libsndfile says what is wrong
    declared = int.from_bytes(head[21:26], "big") & 0xFFFFFFFFF
    held = _samples_by_last_frame(window, bytes(head))
    if held is None or held <= declared:
        return [Part(window)]
    head[21:26] = ((head[21] & 0xF0) << 32 | held).to_bytes(5, "big")
    return [Part(window.part(42, before=bytes(head)), estimated=True)]


def _samples_by_last_frame(window: Window, head: bytes) -> int | None:
    tail = window.bytes_at(max(42, window.size - FARTHEST), FARTHEST)
    place = tail.rfind(b"\xff", 0, len(tail) - 6)
    while place >= 0:
        ends = _frame_ends(tail[place : place + 16], head)
        if ends is not None:
            return ends
        place = tail.rfind(b"\xff", 0, place)
    return None


def _frame_ends(content: bytes, head: bytes) -> int | None:
    """The number of the sample after the frame that begins with these bytes; None if none does."""
    rate = int.from_bytes(head[18:21], "big") >> 4
    channels, depth = (head[20] >> 1 & 7) + 1, ((head[20] & 1) << 4 | head[21] >> 4) + 1
    if content[1] not in (0xF8, 0xF9) or content[3] & 1:
        return None
    code, rate_code, placed = content[2] >> 4, content[2] & 15, content[3] >> 4
    coded = _coded_number(content[4:11])
    if not code or rate_code == 15 or placed > 10 or coded is None:
        return None
    said = DEPTHS[content[3] >> 1 & 7], RATES[rate_code] if rate_code < 12 else 0
    if said[0] not in (0, depth) or said[1] not in (0, rate) or channels != (placed + 1 if placed < 8 else 2):
        return None
    number, at = coded[0], 4 + coded[1]
    extra = {6: 1, 7: 2}.get(code, 0)
    size = int.from_bytes(content[at : at + extra], "big") + 1 if extra else _block_size(code)
    at += extra + {12: 1, 13: 2, 14: 2}.get(rate_code, 0)
    if len(content) <= at or content[at] != _crc_8(content[:at]):
        return None
    largest = int.from_bytes(head[10:12], "big")
    return size + (number if content[1] & 1 else number * largest)


def _block_size(code: int) -> int:
    return 192 if code == 1 else 576 << (code - 2) if code < 6 else 256 << (code - 8)


def _coded_number(content: bytes) -> tuple[int, int] | None:
    """A number coded as UTF-8 codes letters, up to 36 bits, and how many bytes it takes."""
    if not content or content[0] in (0x80, 0xFF) or content[0] & 0xC0 == 0x80:
        return None
    length = 8 - (~content[0] & 0xFF).bit_length()  # leading ones
    number = content[0] & (0x7F >> length)
    for byte in content[1:length]:
        if byte & 0xC0 != 0x80:
            return None
        number = number << 6 | byte & 0x3F
    return number, max(1, length)


def _crc_8(content: bytes) -> int:
    crc = 0
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc
