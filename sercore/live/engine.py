"""Emotion while somebody speaks: sound comes in as it is recorded, predictions go out at 5 Hz."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.audio.samples import checked_samples
from sercore.channel.packets import checked_packet_ms, samples_in_packet
from sercore.line import receiver_of
from sercore.live.frames import Frame, Frames
from sercore.live.told import SlidingCall
from sercore.receiver.receiver import Receiver
from sercore.receiver.samples import states_of
from sercore.receiver.streamed import Streamed
from sercore.recogniser.confidence import Bands
from sercore.recogniser.recogniser import Recogniser
from sercore.recogniser.sliding import Sliding
from sercore.scoring.timeline import NEUTRAL
from sercore.units import FRAME_MS, LABEL_RATE, SAMPLES_PER_FRAME

# On the shipped tracks no other brings the course nearer to that of a whole recording; CCC moves by 0.001.
LOOKAHEAD_FRAMES = 1
CONTEXT_SECONDS = 20.0  # what the paper's networks were trained on


@dataclass(frozen=True)
class Prediction:
    """One frame of 200 ms.

    Args:
        seconds: where the frame ends, in sound since the start.
        values: by dimension, such as arousal and valence.
        band: lowest and highest likely value by dimension, without those of which too much was lost to say;
            None where no bands were given.
        lost: share of the frame that was lost.
        share_lost: share that was lost of the 20 s that end with the frame.
        since_received: seconds since the last frame of which at least half arrived; 0 if it is this one.
    """

    seconds: float
    values: dict[str, float]
    band: dict[str, tuple[float, float]] | None
    lost: float
    share_lost: float
    since_received: float


class Live:
    """A recogniser behind a receiver, fed with sound that goes on.

    What the receiver makes of the call, as one stream, is cut into frames of 200 ms. At the end of each frame
    of the call the recogniser is asked for the course through a window: the newest ``context_seconds`` of
    what was heard, whole frames, as one recording and nothing besides. For a receiver that keeps the length
    these are the last 20 s of the call; one that cuts out has a window that reaches further back. Of that
    course the prediction is given that belongs to the frame ``lookahead_frames`` ago, by the rule of
    ``scoring.timeline``: while nothing arrives the last one holds, and before anything arrives it is neutral.

    A recogniser whose network comes early, because raters answer late, is delayed in the call's own time. One
    that is told what is lost is asked of the window over the call itself (``live.told``).

    Args:
        recogniser: any that fulfils the contract.
        receiver: what is done about a loss, or its name, of a line too (``line.receiver_of``).
        packet_ms: what is lost at a time.
        context_seconds: length of the window.
        causal: whether each prediction is given at the end of its own frame. Otherwise it may hear on for
            ``LOOKAHEAD_FRAMES``, of which those count that the raters' delay leaves anyway.
        confidence: bands of this recogniser behind this receiver (``results.confidence.read_bands``).

    Raises:
        ValueError: if there is no such receiver or packet, or the context is no longer than what a prediction
            waits for.

    Example:
        >>> from sercore.network.model import EmotionModel
        >>> from sercore.recogniser.paper_network import PaperNetwork
        >>> live = Live(PaperNetwork(EmotionModel().eval()), causal=True)
        >>> [found.seconds for found in live.push(np.zeros(8_000, dtype=np.float32))]
        [0.2, 0.4]
    """

    def __init__(
        self,
        recogniser: Recogniser,
        receiver: Receiver | str = "silence",
        *,
        packet_ms: float = 20,
        context_seconds: float = CONTEXT_SECONDS,
        causal: bool = False,
        confidence: Bands | None = None,
    ) -> None:
        self.recogniser, self.packet_ms = recogniser, checked_packet_ms(packet_ms)
        self.confidence = confidence
        self.receiver = receiver_of(receiver) if isinstance(receiver, str) else receiver
        self.context_frames = round(context_seconds * LABEL_RATE)
        self._size = samples_in_packet(packet_ms)
        self._line = Streamed(self.receiver, self.packet_ms)
        delay = self._new_window().delay_frames
        self.lookahead_frames = 0 if causal else max(0, LOOKAHEAD_FRAMES - delay)
        self._waits = self.lookahead_frames + delay
        if self.context_frames <= self._waits:
            least = f"more than {self._waits / LABEL_RATE:g} s, which a prediction waits"
            raise ValueError(f"context_seconds must be {least}, got {context_seconds:g}")
        self.reset()

    def reset(self) -> None:
        """Begin another call."""
        self._line.reset()
        self._window = self._new_window()
        self._sent = np.empty(0, dtype=np.float32)  # of a packet that is not complete
        self._unheard = np.empty(0, dtype=np.float32)  # of a heard frame that is not complete
        self._frames = Frames(self.packet_ms, in_time=self.receiver.KEEPS_LENGTH or self.recogniser.told)
        self._heard_frames = self._n_frames = 0  # frames in the window so far, frames answered so far
        self._coming: deque[Frame] = deque()  # their packets are here, what is heard of them is not
        self._ends: deque[Frame] = deque(maxlen=self._waits + 1)  # from that on which is predicted now
        self._course: NDArray[np.float32] | None = None
        self.sound = np.empty(0, dtype=np.float32)

    close = reset

    def _new_window(self) -> Sliding | SlidingCall:
        if self.recogniser.told:
            return SlidingCall(self.recogniser, self.receiver, self.packet_ms, self.context_frames)
        return self.recogniser.slide(self.context_frames)

    @property
    def latency_seconds(self) -> float:
        """The longest that a sound waits for the prediction of its frame, computing apart.

        That is the frame itself, the frames that are looked ahead, what the receiver waits for, and a packet
        where packets end elsewhere than frames.
        """
        straddles = bool(SAMPLES_PER_FRAME % self._size)
        packets = self._line.delay_packets + straddles
        return ((1 + self.lookahead_frames) * FRAME_MS + packets * self.packet_ms) / 1000

    @property
    def nbytes(self) -> int:
        """What it keeps of the sound in memory, which does not grow."""
        return self._window.nbytes + self._line.nbytes + self._sent.nbytes + self._unheard.nbytes

    def packets_in(self, n_samples: int) -> int:
        """How many packets a block of so many samples will complete, which ``push`` wants the states of."""
        return (len(self._sent) + n_samples) // self._size

    def push(self, audio: Any, received: ArrayLike | None = None) -> list[Prediction]:
        """Hear the next block, of any length, and answer for each frame of the call that this brings.

        ``sound`` is then what the block made audible.

        Args:
            audio: what was sent, mono at 16 kHz, full scale at 1. Shape: (samples,).
            received: True = received, one for each packet that ends in the block (``packets_in``). None: all
                arrived. What was sent in packets that are lost is never heard.

        Raises:
            ValueError: if the audio breaks a rule of ``checked_samples``, or there are not as many states as
                packets end.
        """
        audio = checked_samples(audio)
        n_packets = self.packets_in(len(audio))
        states = np.ones(n_packets, dtype=bool) if received is None else states_of(received)
        if len(states) != n_packets:
            raise ValueError(
                f"received must hold one state for each packet that ends in the block, {n_packets}, "
                f"got {len(states)}"
            )
        sent = np.concatenate([self._sent, audio])
        self._sent = sent[n_packets * self._size :]
        self.sound = self._line.push(sent[: n_packets * self._size], states)
        if isinstance(self._window, SlidingCall):
            self._window.tell(states)
        heard = sent[: n_packets * self._size] if self.recogniser.told else self.sound
        self._unheard = np.concatenate([self._unheard, heard])
        self._coming.extend(self._frames.push(states))
        return list(self._answers())

    def _answers(self) -> Iterator[Prediction]:
        while self._coming and self._heard_frames * SAMPLES_PER_FRAME + len(self._unheard) >= (
            self._coming[0].heard_upto
        ):
            frame = self._coming.popleft()
            self._hear(frame.heard_upto // SAMPLES_PER_FRAME)
            self._ends.append(frame)
            self._n_frames += 1
            n = self._n_frames - self.lookahead_frames
            if n >= 1:
                yield self._prediction(n)

    def _hear(self, upto: int) -> None:
        """Move the window on to that frame of what is heard."""
        while self._heard_frames < upto:
            self._window.push(self._unheard[:SAMPLES_PER_FRAME].copy())
            self._unheard = self._unheard[SAMPLES_PER_FRAME:]
            self._heard_frames += 1
            self._course = None

    def _prediction(self, n: int) -> Prediction:
        """Of the n-th frame of the call."""
        values = np.full(len(self.recogniser.dimensions), NEUTRAL)
        holds_last = min(-(-self._ends[0].heard_upto // SAMPLES_PER_FRAME), self._heard_frames)
        if holds_last:
            if self._course is None:
                self._course = self._window.course()
            values = self._course[holds_last - self._heard_frames - 1]
        frame = self._ends[-1 - self.lookahead_frames]
        named = dict(zip(self.recogniser.dimensions, map(float, values), strict=True))
        return Prediction(
            seconds=n / LABEL_RATE,
            values=named,
            band=self._band(named, frame),
            lost=frame.lost,
            share_lost=frame.share_lost,
            since_received=frame.since_received,
        )

    def _band(self, values: dict[str, float], frame: Frame) -> dict[str, tuple[float, float]] | None:
        if self.confidence is None:
            return None
        widths = map(float, self.confidence.of(frame.share_lost, frame.since_received))
        each = zip(values.items(), widths, strict=True)
        return {name: (value - width, value + width) for (name, value), width in each if isfinite(width)}
