"""The streams of sound in a file of any kind, found by its first bytes; a tag in front is left out."""

import struct
from collections.abc import Callable
from contextlib import suppress

from sercore.audio.containers import chunks, flac, mpeg, ogg, riff
from sercore.audio.containers.part import Part
from sercore.audio.containers.window import Window

BY_MARK: dict[bytes, Callable[[Window], list[Part]]] = {
    **dict.fromkeys((b"RIFF", b"RIFX", b"RF64", b"BW64", b"riff"), riff.parts_of),
    b"FORM": chunks.aiff,
    **dict.fromkeys((b".snd", b"dns."), chunks.au),
    b"caff": chunks.caf,
    b"NIST": chunks.sphere,
    b"fLaC": flac.parts_of,
    b"OggS": ogg.parts_of,
}
MOST_TAGS = 16


def parts_of(window: Window) -> list[Part]:
    """The streams in a file, one or more; how long each is says libsndfile, once its header is mended."""
    sound = _without_tags(window)
    mark = sound.bytes_at(0, 4)
    found = BY_MARK.get(mark)
    if found is None and (mark[:1] == b"\xff" or sound is not window):
        found = mpeg.parts_of
    if found is None and mark and mpeg.begins_late(sound):
        found = mpeg.parts_of
    with suppress(struct.error):  # it ends within its header: libsndfile says what is wrong
        return found(sound) if found else [Part(window)]
    return [Part(window)]


def _without_tags(window: Window) -> Window:
    """The file behind the ID3v2 tags that players write in front of anything."""
    at = 0
    for _ in range(MOST_TAGS):
        head = window.bytes_at(at, 10)
        if len(head) < 10 or head[:3] != b"ID3" or max(head[6:]) > 0x7F:
            break
        size = 0
        for byte in head[6:]:
            size = size << 7 | byte
        at += 10 + size + 10 * (head[5] >> 4 & 1)  # a footer
    return window.part(at) if 0 < at < window.size else window
