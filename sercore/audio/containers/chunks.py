"""AIFF, AU, CAF and SPHERE: what the size of their samples is worth, in the three states of ``riff``."""

import math
import re
import struct

from sercore.audio.containers.part import Part, is_placeholder, missing_bytes
from sercore.audio.containers.window import Window

MOST_CHUNKS = 10_000
SPHERE_SIZES = ("sample_count", "sample_n_bytes", "channel_count")


def aiff(window: Window) -> list[Part]:
    """The one stream of an AIFF or AIFF-C file."""
    at = 12
    for _ in range(MOST_CHUNKS):
        if at + 8 > window.size:
            break
        (size,) = window.numbers_at(at + 4, ">I")
        if window.bytes_at(at, 4) == b"SSND":
            return [_mended(window, at + 4, ">I", size, at + 8)]
        at += 8 + size + size % 2
    return [Part(window)]


def au(window: Window) -> list[Part]:
    """The one stream of an AU file; its format has a number for "unknown", 0xFFFFFFFF."""
    order = ">" if window.bytes_at(0, 4) == b".snd" else "<"
    begins, size = window.numbers_at(4, order + "II")
    return [_mended(window, 8, order + "I", size, begins)]


def caf(window: Window) -> list[Part]:
    """The one stream of a CAF file; its format has a number for "unknown", -1."""
    at = 8
    for _ in range(MOST_CHUNKS):
        if at + 12 > window.size:
            break
        (size,) = window.numbers_at(at + 4, ">q")
        if window.bytes_at(at, 4) == b"data":
            return [_mended(window, at + 4, ">q", size, at + 12)]
        if size < 0:
            break
        at += 12 + size
    return [Part(window)]


def sphere(window: Window) -> list[Part]:
    """The one stream of a file in NIST's format, of TIMIT and others, whose header is text.

    libsndfile reads to the end, whatever is declared; the count here says whether that is too early.
    """
    text = window.bytes_at(0, 1_024).decode("latin-1")
    begins = re.match(r"NIST_1A\n *(\d{1,6})\n", text)
    found = [re.search(rf"\n{name} -i (\d{{1,12}})", text) for name in SPHERE_SIZES]
    numbers = [int(each[1]) for each in (begins, *found) if each]
    if len(numbers) < 1 + len(SPHERE_SIZES):
        return [Part(window)]
    return [Part(window, missing_bytes(math.prod(numbers[1:]), window.size - numbers[0]))]


def _mended(window: Window, at: int, form: str, declared: int, begins: int) -> Part:
    """The stream whose size is at a position, in a form; one that is not known becomes what is held.

    A size of 0 before samples is one that was never filled in. AIFF and CAF count a few bytes before the
    samples too: those alone are as good as nothing.
    """
    held, counted_too = window.size - begins, {">I": 8, ">q": 4}.get(form, 0) * (at != 8)
    width = struct.calcsize(form)
    unknown = declared <= counted_too < held or (declared > held and is_placeholder(declared, 8 * width))
    if not unknown and declared <= held:
        return Part(window)
    largest = 2 ** (8 * width - (form == ">q")) - 1
    before = window.bytes_at(0, at) + struct.pack(form, min(held, largest))
    return Part(window.part(at + width, before=before), "" if unknown else missing_bytes(declared, held))
