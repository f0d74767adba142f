"""The sound that visitors brought along: one clip for each, within a limit for all; the oldest goes first."""

from dashboard.compute import predictions
from dashboard.compute.cache import Cache
from dashboard.compute.clips import Clip

BYTES = 160_000_000  # eight clips of 300 s, or 125 of 20 s
_CLIPS: Cache[Clip] = Cache(BYTES, lambda clip: clip.audio.nbytes)
_HASHES: dict[str, str] = {}  # of each visitor's clip: what networks computed of it may outlast it


def keep(visitor: str, clip: Clip) -> None:
    """Keep a visitor's clip, in place of the one of before."""
    forget(visitor)
    _HASHES[visitor] = clip.sha256
    _CLIPS.put(visitor, clip)


def clip_of(visitor: str) -> Clip | None:
    """A visitor's clip; None where there is none, or where it had to make room."""
    return _CLIPS.get(visitor)


def forget(visitor: str) -> None:
    """Drop a visitor's clip, and with it what networks computed of it."""
    _CLIPS.forget(visitor.__eq__)
    if (sha256 := _HASHES.pop(visitor, None)) is not None:
        predictions.forget(sha256)
