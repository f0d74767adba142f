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
        self._ended: Exception | None = None

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
            if text is not None:
                await self.put(text)
            elif self.hears and sound:
                await self.put(sound)

    async def put(self, message: str | bytes) -> None:
        """One more message; this waits until there is room for the next."""
        async with self._changed:
            self._messages.append(message)
            self._bytes += len(message) if isinstance(message, bytes) else 0
            self._changed.notify_all()
            await self._changed.wait_for(self._has_room)

    async def end(self, error: Exception) -> None:
        """No more sound comes; who has taken the rest meets the error."""
        async with self._changed:
            self._ended = error
            self._changed.notify_all()

    def _has_room(self) -> bool:
        return self._bytes <= MOST_WAITING and len(self._messages) <= MOST_MESSAGES

    async def take(self, seconds: float, least: int = 1) -> str | list[bytes]:
        """The next text, or all sound before it.

        Args:
            seconds: how long to wait.
            least: bytes of sound that are worth being heard, unless text follows them.

        Raises:
            TimeoutError: if nothing of that comes.
            Exception: that which ended the sound (``end``), once all of it is taken.
        """

        def is_worth_it() -> bool:
            ends_in_text = bool(self._messages) and isinstance(self._messages[-1], str)
            return ends_in_text or self._bytes >= least or not self._has_room() or self._ended is not None

        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(is_worth_it)
            self._changed.notify_all()
            if self._ended is not None and not self._messages:
                raise self._ended
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
