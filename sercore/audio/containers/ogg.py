"""Ogg: its streams one after the other, and whether the last page is whole.

A page carries the position of its last sample, and a mark where the stream ends. A file that was cut ends
within a page, or before a page on which a packet goes on: that is certain. One that ends between two pages
without the mark may be whole, for recorders of voice messages leave it out (Telegram's does), so nothing is
said of it. libsndfile reads the first of several streams alone; here each is a part of its own.
"""

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from sercore.audio.containers import flac
from sercore.audio.containers.part import Part
from sercore.audio.containers.window import Window

MARK, HEAD = b"OggS", 27  # bytes of a page's header before the lengths of its segments
BEGINS, ENDS = 2, 4  # flags of the first and the last page of a stream
MOST_JUNK = 65_536  # bytes between two pages
MOST_STREAMS = 1_000
MOST_PAGES = 500_000  # of 20 ms, those of 2.7 hours; what follows is left to libsndfile
FLAC_MARK = b"\x7fFLAC"  # begins a FLAC stream's first packet, whose own header of 9 bytes precedes "fLaC"


class _Page(NamedTuple):
    at: int
    flags: int
    serial: int
    body: int  # where its body begins
    ends: int
    goes_on: bool  # whether its last packet ends on a later page


def parts_of(window: Window) -> list[Part]:
    """The streams of an Ogg file in their order."""
    first_pages: list[_Page] = []
    last = None
    for page in islice(_pages(window), MOST_PAGES):
        if page.flags & BEGINS and (last is None or not last.flags & BEGINS):
            first_pages.append(page)  # streams that run side by side begin together
        if len(first_pages) > MOST_STREAMS:
            return [Part(window, f"holds more than {MOST_STREAMS:,} streams one after the other")]
        last = page
    if last is None or not first_pages:
        return [Part(window)]  # libsndfile says what is wrong
    stops = [*(page.at for page in first_pages[1:]), window.size]
    parts = [_part(window.part(page.at, stop), page) for page, stop in zip(first_pages, stops, strict=True)]
    return [*parts[:-1], replace(parts[-1], problem=_cut(window, last))]


def _part(window: Window, first: _Page) -> Part:
    if window.bytes_at(first.body - first.at, len(FLAC_MARK)) == FLAC_MARK:
        return flac.parts_of(_native_flac(window, first.serial))[0]
    return Part(window)


def _pages(window: Window) -> Iterator[_Page]:
    """Every page, the last one even if it is not whole."""
    at = 0
    while at + HEAD <= window.size:
        head = window.bytes_at(at, HEAD + 255)
        if head[:4] != MARK:
            skipped = window.bytes_at(at, MOST_JUNK).find(MARK)
            if skipped < 0:
                return
            at += skipped
            continue
        lengths = head[HEAD : HEAD + head[26]]
        body = at + HEAD + head[26]
        serial, ends = int.from_bytes(head[14:18], "little"), body + sum(lengths)
        yield _Page(at, head[5], serial, body, ends, lengths[-1:] == b"\xff")
        at = ends


def _cut(window: Window, last: _Page) -> str:
    """How it is known that the end is missing; empty where it is not."""
    rest = window.bytes_at(last.ends, HEAD)
    if last.ends > window.size or (rest and len(rest) < HEAD and MARK.startswith(rest[:4])):
        return "is truncated: its last Ogg page is not whole"
    goes_on = last.goes_on and not last.flags & ENDS
    return "is truncated: its last packet goes on in an Ogg page that is missing" if goes_on else ""


def _native_flac(window: Window, serial: int) -> Window:
    """The FLAC file that an Ogg stream carries: its packets lie one after the other in its pages."""
    bodies = [
        window.bytes_at(page.body, page.ends - page.body)
        for page in islice(_pages(window), MOST_PAGES)
        if page.serial == serial
    ]
    return Window(io.BytesIO(b"".join(bodies)[9:]))
