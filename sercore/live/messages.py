"""What is said on a feed (``sercore.live.feed``): clients' messages, held against their schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from sercore.channel.coupled import LARGEST_SEED
from sercore.reading import OneOf, ReadingError, Within, json_of, made, shortened
from sercore.units import SAMPLE_RATE

VERSION = 1
MOST_BYTES = 2 * 2 * SAMPLE_RATE  # of a message: 2 s of PCM
MOST_LETTERS = 4_096
PROTOCOL, CONTENT, POLICY, TOO_LARGE, FAILED, LATER = 1002, 1007, 1008, 1009, 1011, 1013  # RFC 6455, 7.4.1

_Kind = TypeVar("_Kind")
_Text = Annotated[str, Within(0, 200)]


class FeedError(ValueError):
    """Why a conversation ends: one sentence, and the code to close with."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Hello:
    """What a client asks for."""

    version: int
    format: Annotated[str, OneOf(("pcm", "rtp"))] = "pcm"
    packet_ms: float | None = None
    receiver: _Text = "silence"
    channel: _Text = ""
    recogniser: _Text = ""
    causal: bool = False
    clean: bool = False
    seed: Annotated[int, Within(0, LARGEST_SEED)] = 1
    token: _Text = ""


@dataclass(frozen=True)
class Change:
    """What a client wants otherwise; None leaves it."""

    receiver: _Text | None = None
    channel: _Text | None = None
    recogniser: _Text | None = None


@dataclass(frozen=True)
class Stop:
    """That it was all."""

    replay: bool = False


_KINDS: Mapping[str, type[Change | Stop]] = {"change": Change, "stop": Stop}


def read_hello(text: str | list[bytes]) -> Hello:
    """What a client says first; sound is no hello.

    Raises:
        FeedError: if it is something else, or of another version.
    """
    kind, found = _message(text) if isinstance(text, str) else ("sound", {})
    if kind != "hello":
        raise FeedError(PROTOCOL, f"the first message must be hello, got {shortened(kind)}")
    if found.get("version") != VERSION:
        said = f"this feed speaks version {VERSION}, got {shortened(found.get('version'))}"
        raise FeedError(PROTOCOL, said)
    return _made(Hello, found)


def read_message(text: str) -> Change | Stop:
    """What a client says later.

    Raises:
        FeedError: if it is something else.
    """
    kind, found = _message(text)
    if kind not in _KINDS:
        raise FeedError(PROTOCOL, f"a message must be one of {', '.join(_KINDS)}, got {shortened(kind)}")
    return _made(_KINDS[kind], found)


def _message(text: str) -> tuple[str, Mapping[str, Any]]:
    if len(text) > MOST_LETTERS:
        raise FeedError(TOO_LARGE, f"a message must have at most {MOST_LETTERS:,} letters, got {len(text):,}")
    try:
        found = json_of(text)
    except ReadingError as error:
        raise FeedError(CONTENT, f"a text message must be JSON: {error}") from None
    if not isinstance(found, dict):
        raise FeedError(CONTENT, f"a text message must be a JSON object, got {shortened(found)}")
    return str(found.get("type")), found


def _made(kind: type[_Kind], found: Mapping[str, Any]) -> _Kind:
    try:
        return made(kind, found, "a message")
    except ReadingError as error:
        raise FeedError(CONTENT, str(error)) from None


def said(kind: str, **what: Any) -> dict[str, Any]:
    """A message of the feed."""
    return {"type": kind, "version": VERSION, **what}
