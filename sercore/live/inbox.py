"""What a client of a feed said and nobody heard yet."""

import asyncio
from collections import deque

from starlette.websockets import WebSocket

from sercore.live.messages import MOST_BYTES, TOO_LARGE, FeedError
from sercore.units import SAMPLE_RATE

MOST_WAITING = 2 * MOST_BYTES  # bytes of sound, 4 s; then nothing is read before some of it is heard
MOST_MESSAGES = 1_000


class Inbox:
    """Reads on while others compute, within limits.

    Args:
        socket: accepted.
    """

    def __init__(self, socket: WebSocket) -> None:
        self.hears = False  # whether sound is kept
        self._socket = socket
        self._messages: deque[str | bytes] = deque()
        self._bytes = 0  # of sound among them
        self._changed = asyncio.Condition()

    @property
    def seconds(self) -> float:
        """How much sound waits, if it is PCM."""
        return self._bytes / 2 / SAMPLE_RATE

    async def fill(self) -> None:
        """Read until the client has left.

        Raises:
            FeedError: if a message is too large.
        """
        while (message := await self._socket.receive())["type"] == "websocket.receive":
            text, sound = message.get("text"), message.get("bytes") or b""
            if len(sound) > MOST_BYTES:
                most = f"at most {MOST_BYTES:,} bytes, got {len(sound):,}"
                raise FeedError(TOO_LARGE, f"a message of sound must have {most}")
            if text is None and not (self.hears and sound):
                continue
            async with self._changed:
                self._messages.append(sound if text is None else text)
                self._bytes += len(sound)
                self._changed.notify_all()
                await self._changed.wait_for(self._has_room)

    def _has_room(self) -> bool:
        return self._bytes <= MOST_WAITING and len(self._messages) <= MOST_MESSAGES

    async def take(self, seconds: float, least: int = 1) -> str | list[bytes]:
        """The next text, or all sound before it.

        Args:
            seconds: how long to wait.
            least: bytes of sound that are worth being heard, unless text follows them.

        Raises:
            TimeoutError: if nothing of that comes.
        """

        def is_worth_it() -> bool:
            ends_in_text = bool(self._messages) and isinstance(self._messages[-1], str)
            return ends_in_text or self._bytes >= least or not self._has_room()

        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(is_worth_it)
            self._changed.notify_all()
            return self._taken()

    def _taken(self) -> str | list[bytes]:
        if isinstance(first := self._messages[0], str):
            self._messages.popleft()
            return first
        sound: list[bytes] = []
        while self._messages and isinstance(next_one := self._messages[0], bytes):
            sound.append(next_one)
            self._messages.popleft()
        self._bytes -= sum(map(len, sound))
        return sound
