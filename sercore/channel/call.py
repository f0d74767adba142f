"""One door for calls: a recording of one, a line of ``tc netem``, a channel's key, or two numbers."""

import re
from pathlib import Path
from typing import BinaryIO

from sercore.channel.bernoulli import Bernoulli
from sercore.channel.gilbert import Gilbert
from sercore.channel.loss_model import LossModel
from sercore.channel.registry import channel_of, models_of_numbers
from sercore.channel.tc_line import LINE, channel_of_line
from sercore.trace import Statistics, Trace, TraceError, read_trace
from sercore.trace.read import content_of
from sercore.trace.trace import PACKET_MS

_LONGEST_WORDS = 2_000  # characters in which somebody describes a call
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_PER_CENT = re.compile(_NUMBER + r"\s*(?:%|per\s?cent)")
_MILLISECONDS = re.compile(_NUMBER + r"\s*(?:ms|milliseconds?)\b")
_RULE = "write for instance '3 %, bursts of 80 ms', 'loss gemodel 1% 25%' or 'gilbert:p_n=0.99,p_l=0.5'"


def read_call(
    source: str | Path | bytes | BinaryIO,
    *,
    stream: str | None = None,
    packet_ms: float | None = None,
    name: str | None = None,
) -> Trace | Statistics | LossModel:
    """What is known of a call's losses, from whatever there is; the kind is found by content.

    Beside the recordings that ``sercore.trace.read_trace`` reads, it takes a line of ``tc netem``, a
    channel's key, and numbers: a loss in per cent, and the mean length of a burst in milliseconds.

    Args:
        source: a path, text, or the content of a file as bytes or as a binary file.
        stream: which of several streams, by its number in the list or by its SSRC; None takes the longest.
        packet_ms: sound in each packet where the source does not say it; None takes 20 ms.
        name: of the source in messages; a path has its own.

    Raises:
        TraceError: a ValueError of one sentence, with the source, the place in it and the rule.

    Example:
        >>> read_call("3 %, in bursts of 80 ms")
        Gilbert(p_n=0.992268041237, p_l=0.75, packet_ms=20)
        >>> read_call("netem loss gemodel 1% 25%", packet_ms=60)
        Gilbert(p_n=0.99, p_l=0.75, packet_ms=60)
    """
    if isinstance(source, str) and not _is_path(source):
        source, name = source.encode(), name or "the text"
    content, name = content_of(source, name)
    words = _words(content)
    if words is not None:
        try:
            if (channel := _described(words, packet_ms)) is not None:
                return channel
        except ValueError as error:
            raise TraceError(f"{name}: {error}") from None
    try:
        return read_trace(content, stream=stream, packet_ms=packet_ms, name=name)
    except TraceError as error:
        if name == "the text" and words is not None:
            raise TraceError(f"{words[:60]!r} is no file and describes no call; {_RULE}") from error
        raise


def _is_path(text: str) -> bool:
    try:
        return bool(text) and Path(text).exists()
    except (OSError, ValueError):  # too long, or not of letters that a name may have
        return False


def _words(content: bytes) -> str | None:
    """The content as one line of words, comments left out; None if it is anything else."""
    if len(content) > _LONGEST_WORDS:
        return None
    try:
        lines = content.decode().replace("\\\n", " ").splitlines()
    except UnicodeDecodeError:
        return None
    said = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    return said[0] if len(said) == 1 else None


def _described(words: str, packet_ms: float | None) -> LossModel | None:
    """The channel that some words describe; None if they are none."""
    if words.partition(":")[0] in models_of_numbers():
        said = packet_ms is None or "packet_ms" in words
        return channel_of(words if said else f"{words},packet_ms={packet_ms:g}")
    packet_ms = PACKET_MS if packet_ms is None else packet_ms
    if LINE.search(words):
        return channel_of_line(words, packet_ms)
    if words[:1] in ("{", "[") or not (loss := _PER_CENT.findall(words)):
        return None
    bursts = _MILLISECONDS.findall(words)
    if len(loss) > 1 or len(bursts) > 1:
        raise ValueError(f"one loss in per cent and one burst in ms are needed, got {words[:60]!r}")
    rate = _number(loss[0]) / 100
    if rate > 1:
        raise ValueError(f"a loss must lie in 0 to 100 %, got {loss[0]} %")
    if not bursts:
        return Bernoulli(rate, packet_ms=packet_ms)
    burst = _number(bursts[0])
    if burst < packet_ms:
        raise ValueError(f"a burst lasts at least one packet of {packet_ms:g} ms, got {burst:g} ms")
    return Gilbert.from_rates(rate, burst / packet_ms, packet_ms)


def _number(text: str) -> float:
    return float(text.replace(",", "."))
