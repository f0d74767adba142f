"""The feed: sound goes in over a WebSocket, arousal and valence come out as JSON, five times a second.

One conversation, version 1. Text messages are JSON objects with a ``type``, binary messages are sound.

1. The client says hello, within 10 s. All but the version may be left out::

       {"type": "hello", "version": 1, "format": "pcm", "packet_ms": 20, "receiver": "silence",
        "channel": "", "recogniser": "", "causal": false, "clean": false, "seed": 1, "token": ""}

   ``format``: "pcm", mono at 16 kHz, 16 bits, little-endian, in messages of any length up to 2 s; or "rtp":
   each message is one RTP packet with ``packet_ms`` of L16 (the same, big-endian), and gaps in the sequence
   numbers are losses. ``channel``: loses packets on purpose, such as
   "gilbert:p_n=0.99,p_l=0.5,packet_ms=20"; "" loses none. ``recogniser``: one of those that the feed has;
   "" takes the first. ``clean``: whether predictions without losses are wanted beside. ``token``: what the
   feed was started with, if it was.
2. Where all places are taken, the feed says ``{"type": "waiting", "version": 1, "ahead": 2}``, and again
   whenever that changes. Sound that comes before the feed's hello is not heard.
3. The feed says hello, with all of this as it is taken, and ``recognisers``, ``receivers``, ``dimensions``,
   ``rate`` (16000), ``step`` (0.2 s) and ``latency``: seconds from the beginning of a frame to its
   prediction, computing and the way apart.
4. The client sends sound; for each 200 ms comes::

       {"type": "prediction", "version": 1, "time": 12.4, "arousal": 0.31, "valence": -0.05,
        "band": null, "lost": 0.0, "share_lost": 0.12, "clean": {"arousal": 0.33, "valence": -0.02},
        "packets": {"start": 12.4, "packet_ms": 20, "received": "1111011111"}, "behind": 0.02}

   ``time``: where the frame ends, in seconds of sound. ``band``: lowest and highest likely value by
   dimension, null where none is known. ``lost``, ``share_lost``: of the frame, and of the last 20 s.
   ``clean``: null if not asked for. ``packets``: those since the last prediction, 1 = received. ``behind``:
   seconds of sound that wait to be heard.
5. At any time ``{"type": "change"}`` with another ``channel``, ``receiver`` or ``recogniser``, which is
   answered as hello is. Another recogniser or receiver has heard nothing of what came before.
6. ``{"type": "stop", "replay": true}`` ends it: ``{"type": "stopped", "version": 1, "seconds": 31.2,
   "packets": {...}}``, then, if asked for, the last 20 s as received, one binary message of PCM; then the
   feed closes with 1000.

What goes wrong is ``{"type": "error", "version": 1, "message": ...}``, one sentence, and a close: 1002 for
another version or a message out of turn, 1007 for text that is no message and sound that is none, 1008 for a
wrong token and for 20 s without sound, 1009 for a message that is too large, 1013 for a turn that is over
while others wait.
"""

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sercore.audio.wav import FULL_SCALE, to_integers
from sercore.channel.markov import MarkovModel
from sercore.channel.packets import checked_packet_ms
from sercore.channel.registry import channel_of, models_of_numbers
from sercore.live.call import Call, Stretch
from sercore.live.engine import Prediction
from sercore.live.losses import Losses
from sercore.live.messages import CONTENT, POLICY, Change, FeedError, Hello, Stop, said
from sercore.live.rtp_sound import RtpSound
from sercore.reading import first_line, shortened
from sercore.receiver.registry import RECEIVERS, receiver_named
from sercore.recogniser.confidence import Bands
from sercore.recogniser.recogniser import Recogniser
from sercore.units import LABEL_RATE, SAMPLE_RATE, SAMPLES_PER_FRAME

USUAL_MS = 20.0  # what a packet lasts where neither client nor channel says so


@dataclass(frozen=True)
class Offer:
    """What a feed has.

    Args:
        recognisers: what makes each, by name; the first is the usual one.
        token: what a client must know; "" asks for none.
        bands: how sure recognisers are behind receivers, where that is known (``results.confidence``).
    """

    recognisers: Mapping[str, Callable[[], Recogniser]]
    token: str = ""
    bands: Mapping[tuple[str, str], Bands] = field(default_factory=dict)

    def check(self, hello: Hello) -> None:
        """Let in who knows the token.

        Raises:
            FeedError: if a client does not.
        """
        if not hmac.compare_digest(hello.token.encode(), self.token.encode()) and self.token:
            raise FeedError(POLICY, "this feed asks for its token, and got another one or none")


class Feed:
    """The feed's side of one conversation, from its hello on; it computes, and knows no socket.

    Args:
        offer: what there is to choose from.
        hello: what the client said.

    Raises:
        FeedError: if there is no such recogniser, receiver, channel or packet.
    """

    def __init__(self, offer: Offer, hello: Hello) -> None:
        self._offer, self._format = offer, hello.format
        self._rng = np.random.default_rng(hello.seed)
        self._chosen = {
            "recogniser": hello.recogniser or next(iter(offer.recognisers)),
            "channel": hello.channel,
        }
        self._clean = hello.clean
        with _told_to_the_client():
            channel = _channel(hello.channel)
            usual = USUAL_MS if channel is None else channel.packet_ms
            packet_ms = checked_packet_ms(usual if hello.packet_ms is None else hello.packet_ms)
            self._rtp = RtpSound(packet_ms) if hello.format == "rtp" else None
            receiver, recogniser = receiver_named(hello.receiver), self._recogniser()
            how: dict[str, Any] = {"clean": hello.clean, "causal": hello.causal, "bands": offer.bands}
            self._call = Call(recogniser, receiver, packet_ms=packet_ms, **how)
            self._lose(channel)
        self._untold: list[Stretch] = []
        self._heard = 0  # samples of PCM

    @property
    def hello(self) -> dict[str, Any]:
        """What is agreed upon, and what there is."""
        call, chosen = self._call, self._chosen | {"format": self._format, "clean": self._clean}
        chosen |= {
            "packet_ms": call.packet_ms,
            "receiver": call.receiver.NAME,
            "shorter": not call.receiver.KEEPS_LENGTH,
        }
        there = {"recognisers": [*self._offer.recognisers], "receivers": [*RECEIVERS]}
        there |= {"dimensions": [*call.recogniser.dimensions]}
        units = {"rate": SAMPLE_RATE, "step": 1 / LABEL_RATE, "latency": call.latency_seconds}
        return said("hello", **chosen, **there, **units)

    @property
    def seconds(self) -> float:
        """How much of the call was heard, losses included."""
        return self._call.seconds

    @property
    def lacks(self) -> int:
        """Bytes of sound before which there is nothing to predict."""
        return 1 if self._rtp else 2 * (SAMPLES_PER_FRAME - self._heard % SAMPLES_PER_FRAME)

    def hear(self, sound: Sequence[bytes], behind: float = 0.0) -> list[dict[str, Any]]:
        """The next binary messages; gives predictions.

        Args:
            sound: as they came.
            behind: seconds of sound that wait, which predictions tell.

        Raises:
            FeedError: if they are no such sound.
        """
        told = []
        with _told_to_the_client():
            for audio, received in map(self._rtp.push, sound) if self._rtp else [(_samples(sound), None)]:
                self._heard += len(audio)
                new, found = self._call.push(audio, received)
                self._untold.append(new)
                told += [self._prediction(*each, behind) for each in found]
        return told

    def change(self, wanted: Change) -> dict[str, Any]:
        """Go on otherwise; gives the hello of that.

        Raises:
            FeedError: as the constructor.
        """
        with _told_to_the_client():
            if wanted.channel is not None and wanted.channel != self._chosen["channel"]:
                self._lose(_channel(wanted.channel))
                self._chosen["channel"] = wanted.channel
            if wanted.recogniser is not None:
                self._chosen["recogniser"] = wanted.recogniser
            receiver = self._call.receiver if wanted.receiver is None else receiver_named(wanted.receiver)
            self._call.turn_to(self._recogniser(), receiver)
        return self.hello

    def stop(self, wanted: Stop) -> tuple[dict[str, Any], bytes | None]:
        """The last word, and where it is wanted the newest sound as received."""
        last = self._call.last
        sound = to_integers(self._call.heard(last)).tobytes() if wanted.replay else None
        return said("stopped", seconds=self._call.seconds, packets=self._fate([last])), sound

    def _prediction(self, found: Prediction, clean: Prediction | None, behind: float) -> dict[str, Any]:
        untold, self._untold = self._untold, []
        return said(
            "prediction",
            time=round(found.seconds, 3),
            **{name: round(value, 4) for name, value in found.values.items()},
            band=found.band and {name: [round(end, 4) for end in ends] for name, ends in found.band.items()},
            lost=round(found.lost, 4),
            share_lost=round(found.share_lost, 4),
            clean=None if clean is None else {name: round(value, 4) for name, value in clean.values.items()},
            packets=self._fate(untold),
            behind=round(behind, 3),
        )

    def _fate(self, parts: Sequence[Stretch]) -> dict[str, Any]:
        start = parts[0].start if parts else self._call.seconds
        letters = "".join("1" if each else "0" for part in parts for each in part.received)
        return {"start": round(start, 4), "packet_ms": self._call.packet_ms, "received": letters}

    def _recogniser(self) -> Recogniser:
        name = self._chosen["recogniser"]
        if name not in self._offer.recognisers:
            there = ", ".join(self._offer.recognisers)
            raise ValueError(f"recogniser must be one of {there}, got {shortened(name)}")
        return self._offer.recognisers[name]()

    def _lose(self, channel: MarkovModel | None) -> None:
        """Lose packets on purpose from here on, as the channel says."""
        if channel is not None and channel.packet_ms != self._call.packet_ms:
            fits = f"packet_ms={self._call.packet_ms:g}"
            raise ValueError(f"the channel must lose packets of this call, {fits}, got {channel.packet_ms:g}")
        if channel is not None and self._call.losses is not None:
            self._call.losses.turn_to(channel)
        else:
            self._call.losses = None if channel is None else Losses(channel, self._rng)


def _channel(key: str) -> MarkovModel | None:
    """The channel of a key; a stranger may name no file, which other models' parameters may be."""
    name = key.partition(":")[0]
    if key and name not in models_of_numbers():
        raise ValueError(f"channel must be of one of {', '.join(models_of_numbers())}, got {shortened(key)}")
    return cast(MarkovModel, channel_of(key)) if key else None


def _samples(sound: Sequence[bytes]) -> NDArray[np.float32]:
    for each in sound:
        if len(each) % 2:
            raise ValueError(f"sound must be whole samples of 16 bits, got {len(each):,} bytes")
    return np.frombuffer(b"".join(sound), dtype="<i2").astype(np.float32) / np.float32(FULL_SCALE)


@contextmanager
def _told_to_the_client() -> Iterator[None]:
    """A mistake of the client's as the end of the conversation."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise error if isinstance(error, FeedError) else FeedError(CONTENT, first_line(error)) from None
