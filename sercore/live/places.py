"""How many may be followed at once: the others wait in a queue in which each knows its place."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

TURN_SECONDS = 120.0  # a place is one's own, while others wait


class Places:
    """Lets so many in at once; all in one event loop."""

    def __init__(self, limit: int) -> None:
        if limit < 1:
            raise ValueError(f"limit must be at least 1, got {limit}")
        self.limit, self.taken = limit, 0
        self._queue: deque[asyncio.Event] = deque()  # each is set when those before it have become fewer

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._queue)

    @asynccontextmanager
    async def place(self, tell: Callable[[int], Awaitable[None]]) -> AsyncIterator[Callable[[], bool]]:
        """Wait for a place and take it.

        Args:
            tell: hears how many must leave or be let in before, again whenever that changes.

        Yields:
            What tells whether this turn is over.
        """
        await self._wait(tell)
        begun = time.monotonic()
        try:
            yield lambda: self.waiting > 0 and time.monotonic() - begun > TURN_SECONDS
        finally:
            self.taken -= 1
            self._move_up()

    async def _wait(self, tell: Callable[[int], Awaitable[None]]) -> None:
        mine = asyncio.Event()
        self._queue.append(mine)
        try:
            while self._queue[0] is not mine or self.taken >= self.limit:
                mine.clear()
                await tell(self._queue.index(mine) + 1)
                await mine.wait()
            self.taken += 1
        finally:
            self._queue.remove(mine)
            self._move_up()

    def _move_up(self) -> None:
        for each in self._queue:
            each.set()
