"""One visit, from its websocket's beginning to its end, and what is forgotten then."""

import asyncio
from collections.abc import Callable, Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime

from dashboard.door.messages import for_visitors, may_pass

GRACE_SECONDS = 60.0  # a connection that breaks may come back, and finds all as it was


class Visits:
    """Passes on what visitors may say, and forgets those who have left.

    Args:
        app: what is behind the door.
        on_left: is told the session of a visitor who has left.
        beside: the paths of websockets that are no visits, and have rules of their own.
    """

    def __init__(
        self, app: ASGIApp, on_left: Callable[[str], None] = lambda _: None, beside: Collection[str] = ()
    ) -> None:
        self.app, self.on_left, self.beside = app, on_left, beside
        self._leaving: set[asyncio.Task[None]] = set()  # a task that nobody holds may vanish

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Follow a websocket; all else passes."""
        if scope["type"] != "websocket" or scope["path"] in self.beside:
            await self.app(scope, receive, send)
            return
        session: str | None = None

        async def hear() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive" or may_pass(message.get("bytes") or b""):
                    return message

        async def say(message: Message) -> None:
            nonlocal session
            if data := message.get("bytes"):
                message["bytes"], named = for_visitors(data)
                session = named or session
            await send(message)

        try:
            await self.app(scope, hear, say)
        finally:
            if session is not None:
                task = asyncio.create_task(self._leave(session))
                self._leaving.add(task)
                task.add_done_callback(self._leaving.discard)

    async def _leave(self, session: str) -> None:
        """Close the session of who does not come back; uploads, choices, and what could be fetched go too."""
        await asyncio.sleep(GRACE_SECONDS)
        server = runtime.get_instance()
        if server.is_active_session(session):
            return
        server.close_session(session)
        self.on_left(session)
        server.media_file_mgr.remove_orphaned_files()  # files to keep are marked the first time, removed now
