"""Sound out of RTP packets as they come: gaps in their numbers are losses, a little disorder is mended."""

import numpy as np
from numpy.typing import NDArray

from sercore.audio.wav import FULL_SCALE
from sercore.channel.packets import samples_in_packet
from sercore.reading import ReadingError
from sercore.trace.arrivals import MAX_DROPOUT
from sercore.trace.rtp import is_rtcp
from sercore.units import SAMPLE_RATE

HEADER = 12  # bytes, before the sources that were mixed (RFC 3550, 5.1)
WAITS = 3  # packets for one that was overtaken, before it counts as lost
LONGEST_GAP_SECONDS = 20.0  # of a longer one no more is told: nothing is left of what was heard before

Packets = tuple[NDArray[np.float32], NDArray[np.bool_]]
"""Samples of some packets (packets * samples in a packet,), and which of them arrived (packets,)."""


class RtpSound:
    """Puts packets of linear PCM (L16 of RFC 3551: 16 bits, big-endian, mono, here at 16 kHz) into order.

    A step of more than 3,000 in the numbers is a new start and no loss, as in ``sercore.trace``; a packet
    that comes too late, or twice, is left out. RTCP is passed over.

    Args:
        packet_ms: sound in each packet.

    Example:
        >>> sound = RtpSound(packet_ms=20)
        >>> packets = [bytes([0x80, 96, 0, number, *bytes(8 + 640)]) for number in (7, 9, 10, 11)]
        >>> [received.tolist() for _, received in map(sound.push, packets)]
        [[True], [], [], [False, True, True, True]]
    """

    def __init__(self, packet_ms: float) -> None:
        self._size = samples_in_packet(packet_ms)
        self._most_lost = int(LONGEST_GAP_SECONDS * SAMPLE_RATE / self._size)
        self._due: int | None = None  # the number of the packet that is next
        self._early: dict[int, NDArray[np.float32]] = {}  # by number

    def push(self, packet: bytes) -> Packets:
        """What may be heard now that a packet is here.

        Raises:
            ReadingError: if it is no RTP of version 2, or holds another amount of sound.
        """
        if len(packet) >= 2 and packet[0] >> 6 == 2 and is_rtcp(packet):
            return self._told([])
        number, samples = self._read(packet)
        ahead = self._ahead(number)
        found: list[NDArray[np.float32] | None] = []
        if abs(ahead) > MAX_DROPOUT:
            found += self._until_all_are_told()
            self._due = number
        elif ahead < 0:
            return self._told([])
        self._early[number] = samples
        while self._early and (self._due in self._early or max(map(self._ahead, self._early)) >= WAITS):
            found += self._next()
        return self._told(found)

    def _ahead(self, number: int) -> int:
        """By how many packets it comes before its time."""
        if self._due is None:
            self._due = number
        return (number - self._due + 32_768) % 65_536 - 32_768

    def _next(self) -> list[NDArray[np.float32] | None]:
        """The packet that is due, or the gap before the first that is here. None is a packet lost."""
        first = min(self._early, key=self._ahead)
        gap = self._ahead(first)
        self._due = (first + 1) % 65_536
        return [*[None] * min(gap, self._most_lost), self._early.pop(first)]

    def _until_all_are_told(self) -> list[NDArray[np.float32] | None]:
        found = []
        while self._early:
            found += self._next()
        return found

    def _told(self, found: list[NDArray[np.float32] | None]) -> Packets:
        silence = np.zeros(self._size, dtype=np.float32)
        sound = [silence if each is None else each for each in found]
        return np.concatenate([*sound, silence[:0]]), np.array([each is not None for each in found], bool)

    def _read(self, packet: bytes) -> tuple[int, NDArray[np.float32]]:
        """Number and samples."""
        if len(packet) < HEADER or packet[0] >> 6 != 2:
            raise ReadingError(
                f"a packet must be RTP of version 2, got {len(packet)} bytes of something else"
            )
        begins = HEADER + 4 * (packet[0] & 15)
        if packet[0] & 16:  # an extension, whose length in words follows its name
            begins += 4 + 4 * int.from_bytes(packet[begins + 2 : begins + 4], "big")
        ends = len(packet) - (packet[-1] if packet[0] & 32 else 0)  # padding, whose last byte counts it
        if (n_bytes := max(0, ends - begins)) != 2 * self._size:
            raise ReadingError(f"a packet must hold {2 * self._size} bytes of 16-bit samples, got {n_bytes}")
        samples = np.frombuffer(packet, dtype=">i2", count=self._size, offset=begins)
        return int.from_bytes(packet[2:4], "big"), samples.astype(np.float32) / np.float32(FULL_SCALE)
