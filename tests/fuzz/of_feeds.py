"""What clients say to a feed: each message is understood, or refused in a sentence."""

import json
from pathlib import Path

import numpy as np

from sercore.live.feed import Feed, Offer
from sercore.live.messages import Change, FeedError, Stop, read_hello, read_message
from sercore.recogniser.recogniser import Recogniser
from sercore.units import SAMPLES_PER_FRAME
from tests.fuzz.reader import Files, Reader


class _Neutral(Recogniser):
    """Hears nothing in anything, at once."""

    name, key, seed = "neutral", "neutral", None

    def predict(self, audio: np.ndarray) -> np.ndarray:
        return np.zeros((len(audio) // SAMPLES_PER_FRAME, 2), np.float32)


def _talks() -> list[Files]:
    hello = {"type": "hello", "version": 1, "packet_ms": 20, "receiver": "pitch", "recogniser": "neutral"}
    lossy = {"channel": "gilbert:p_n=0.9,p_l=0.5,packet_ms=20", "clean": True, "causal": True, "seed": 3}
    change = {"type": "change", "channel": "bernoulli:loss=0.1,packet_ms=20", "receiver": "drop"}
    packet = bytes([0x80, 96, 0, 7, *bytes(8)]) + bytes(640)
    said = {"change.json": change, "stop.json": {"type": "stop", "replay": True}}
    return [
        {name: json.dumps(each).encode() for name, each in (said | {"hello.json": hello | more}).items()}
        | {"sound.bin": sound}
        for more, sound in ((lossy, bytes(9_600)), ({"format": "rtp"}, packet))
    ]


def _talk(folder: Path) -> object:
    """A conversation of hello, sound, a change, the same sound and a stop."""
    said = {path.stem: path.read_bytes() for path in folder.iterdir()}
    text = {name: content.decode(errors="replace") for name, content in said.items()}
    feed = Feed(Offer({"neutral": _Neutral}), read_hello(text["hello"]))
    found = feed.hear([said["sound"]])
    if isinstance(change := read_message(text["change"]), Change):
        found.append(feed.change(change))
    found += feed.hear([said["sound"]])
    if isinstance(stop := read_message(text["stop"]), Stop):
        found.append(feed.stop(stop)[0])
    return json.dumps(found, allow_nan=False)


READERS = (Reader("feed", "live", _talks, _talk, (FeedError,)),)
