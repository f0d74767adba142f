"""A receiver behind a line: a call as it is, from the microphone to what the network gets, in one name."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.line.full_band import FullBand
from sercore.line.line import Line
from sercore.line.registry import line_named, names_line
from sercore.receiver.receiver import Receiver
from sercore.receiver.registry import receiver_named
from sercore.units import FRAME_MS

_WITH = "+"  # between the names of a line and of the receiver behind it


class Behind(Receiver):
    """What a receiver makes of a call that a line carried; without one, the line's own decoder.

    The receiver works at 16 kHz on what comes out of the line. Without a loss the result is ``line(audio)``.

    Example:
        >>> from sercore.line.registry import LINES
        >>> from sercore.receiver.silence import Silence
        >>> heard = Behind(LINES["g711"], Silence())(np.ones(640, np.float32), [True, False], packet_ms=20)
        >>> bool(heard[:300].any()), bool(heard[320:].any())
        (True, False)

    Raises:
        ValueError: if nobody, or both, would fill what is lost.
    """

    EXACT = False

    def __init__(self, line: Line, receiver: Receiver | None = None) -> None:
        if line.CONCEALS and receiver is not None:
            raise ValueError(f"the line {line.NAME} conceals by itself: leave out {receiver.NAME}")
        if not line.CONCEALS and receiver is None:
            raise ValueError(
                f"the line {line.NAME} does not conceal: write {line.NAME}{_WITH}RECEIVER, for instance "
                f"{line.NAME}{_WITH}silence"
            )
        self.line, self.receiver = line, receiver
        self.NAME, self.TITLE, self.MEANING = line.NAME, line.TITLE, line.MEANING
        self.KEEPS_LENGTH, self.CAUSAL, self.DELAY_MS = True, True, line.DELAY_MS
        if receiver is not None:
            self.NAME += f"{_WITH}{receiver.NAME}"
            self.TITLE += f", {receiver.TITLE.lower()}"
            self.MEANING += f" {receiver.MEANING}"
            self.KEEPS_LENGTH, self.CAUSAL = receiver.KEEPS_LENGTH, receiver.CAUSAL
            self.DELAY_MS += receiver.DELAY_MS

    def __call__(
        self, audio: NDArray[np.float32], received: ArrayLike, *, packet_ms: float = FRAME_MS
    ) -> NDArray[np.float32]:
        """Shapes: (packets * samples in a packet,), (packets,) -> (samples,). Raises as the line does."""
        if self.receiver is None:
            return self.line.lossy(audio, received, packet_ms=packet_ms)
        return self.receiver(self.line(audio), received, packet_ms=packet_ms)


def behind(line: Line, receiver: Receiver | None = None) -> Receiver:
    """A receiver behind a line; behind the full band, which does nothing, it is the receiver itself."""
    if type(line) is FullBand and receiver is not None:
        return receiver
    return Behind(line, receiver)


def receiver_of(name: str) -> Receiver:
    """The receiver that a name means: of ``RECEIVERS``, of a line that conceals, or LINE+RECEIVER.

    Raises:
        ValueError: if there is no such line or receiver, or the two do not go together.

    Example:
        >>> [receiver_of(name).NAME for name in ("pitch", "g711+pitch", "opus-24-fec", "full+drop")]
        ['pitch', 'g711+pitch', 'opus-24-fec', 'drop']
    """
    line, plus, receiver = name.partition(_WITH)
    if plus:
        return behind(line_named(line), receiver_named(receiver))
    return behind(line_named(name)) if names_line(name) else receiver_named(name)
