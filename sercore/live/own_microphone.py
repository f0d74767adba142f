"""A feed whose sound is this machine's own: its microphone, shown to the client as it is heard.

The conversation is that of ``sercore.live.feed``, but sound goes the other way: what the client sends is
not heard, and from its hello on the feed sends what was said, 50 ms of PCM in each binary message, before
what is predicted of it. A microphone that fails ends it as a turn that is over does: the last
word, then one sentence.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.audio.wav import to_integers
from sercore.live.sound_card import Microphone, SoundError
from sercore.units import SAMPLE_RATE

BLOCK_MS = 50  # of sound in one message
BLOCK = BLOCK_MS * SAMPLE_RATE // 1000


class OwnMicrophone:
    """The microphone, for one conversation at a time; it is open only while somebody listens.

    Args:
        opens: what opens it; it has ``listen`` and ``close`` as ``sound_card.Microphone`` has.
    """

    def __init__(self, opens: Callable[[], Any] = Microphone) -> None:
        self._opens, self._taken = opens, False
        self._thread = ThreadPoolExecutor(1, "microphone")  # it is never closed while it is read

    async def listen(self) -> AsyncGenerator[bytes, None]:
        """What is said, without an end, in blocks of 16-bit samples; close it to let go of the device.

        Raises:
            SoundError: if it is in use already, cannot be opened, or is unplugged.
        """
        if self._taken:
            raise SoundError("another page follows this computer's microphone already: press Stop there")
        self._taken, loop, opened = True, asyncio.get_running_loop(), list[Any]()

        def begin() -> Iterator[bytes]:
            opened.append(self._opens())
            return _blocks(opened[0].listen())

        def end() -> None:
            try:
                for microphone in opened:
                    microphone.close()
            finally:
                self._taken = False

        try:
            blocks = await loop.run_in_executor(self._thread, begin)
            while block := await loop.run_in_executor(self._thread, next, blocks, b""):
                yield block
            raise SoundError("the microphone gives no more sound")
        finally:
            self._thread.submit(end)


def _blocks(sound: Iterator[NDArray[np.float32]]) -> Iterator[bytes]:
    """Pieces of any length as blocks of one length."""
    rest = np.empty(0, dtype=np.float32)
    for piece in sound:
        rest = np.concatenate([rest, piece])
        for _ in range(len(rest) // BLOCK):
            yield to_integers(rest[:BLOCK]).tobytes()
            rest = rest[BLOCK:]
