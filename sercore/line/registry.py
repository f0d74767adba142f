"""Every line by its name."""

import re

from sercore.line.acoustic import ACOUSTIC
from sercore.line.full_band import FullBand
from sercore.line.g711 import G711
from sercore.line.line import Line
from sercore.line.narrow_band import NarrowBand
from sercore.line.opus import Opus

_OPUS = (Opus(8), Opus(16), Opus(24), Opus(16, fec=True), Opus(24, fec=True))
LINES: dict[str, Line] = {
    line.NAME: line for line in (FullBand(), NarrowBand(), G711("mu"), G711("a"), *_OPUS, *ACOUSTIC)
}
_ANY_OPUS = re.compile(r"opus-(\d{1,3})(-fec)?(-deep)?")


def line_named(name: str) -> Line:
    """The line of that name; of Opus any rate, for instance "opus-32-fec".

    Raises:
        ValueError: if there is none; the message lists those that there are.

    Example:
        >>> line_named("opus-32-fec").TITLE
        'Opus, 32 kbit/s, FEC'
    """
    if name in LINES:
        return LINES[name]
    if found := _ANY_OPUS.fullmatch(name):
        rate, fec, deep = found.groups()
        return Opus(int(rate), fec=bool(fec), deep=bool(deep))
    raise ValueError(f"the line must be one of {', '.join(LINES)}, or opus-RATE, got {name!r}")


def names_line(name: str) -> bool:
    """Whether a name is of a line: one that is there, or an Opus of any rate.

    Example:
        >>> names_line("g711"), names_line("opus-32"), names_line("pitch")
        (True, True, False)
    """
    return name in LINES or _ANY_OPUS.fullmatch(name) is not None
