"""How many bytes of uploads are held: a budget for each visitor and one for all; the oldest go first."""

from collections import OrderedDict
from typing import cast

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from dashboard.words import PROSE

MEGABYTE = 1024 * 1024
EACH = 64 * MEGABYTE  # what one visitor may have: the largest file that is allowed, with its frame
ALL = 192 * MEGABYTE
PATH = "/_stcore/upload_file/"
Upload = tuple[str, str]  # session and file


class Uploads:
    """Makes room for what comes in, before it comes in; more at once than there is room for is refused."""

    def __init__(self, app: ASGIApp, each: int = EACH, of_all: int = ALL) -> None:
        self.app, self.each, self.of_all = app, each, of_all
        self._held: OrderedDict[Upload, int] = OrderedDict()
        self._coming: dict[Upload, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Follow an upload; all else passes."""
        _, is_upload, named = scope.get("path", "").partition(PATH)
        if scope["type"] != "http" or not is_upload or scope["method"] != "PUT":
            await self.app(scope, receive, send)
            return
        session, _, file = named.partition("/")
        upload, size = (session, file), _declared(Headers(scope=scope))
        if size is None:  # a browser always says so
            await PlainTextResponse(PROSE["door"]["no_length"], 411)(scope, receive, send)
        elif upload in self._coming or not self._make_room(session, size):
            await PlainTextResponse(PROSE["door"]["no_room"], 503)(scope, receive, send)
        else:
            await self._let_in(upload, size, scope, receive, send)

    async def _let_in(self, upload: Upload, size: int, scope: Scope, receive: Receive, send: Send) -> None:
        status = 500

        async def note(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        self._coming[upload] = size
        try:
            await self.app(scope, receive, note)
        finally:
            del self._coming[upload]
            if status < 300:
                self._held[upload] = size

    def _make_room(self, session: str, size: int) -> bool:
        """Remove the oldest uploads until one more fits; False where those that are coming fill it all."""
        files = cast(MemoryUploadedFileManager, runtime.get_instance().uploaded_file_mgr)
        for upload in [each for each in self._held if not files.get_files(each[0], [each[1]])]:
            del self._held[upload]  # its page has read it, or its visitor has left
        for budget, is_part in ((self.each, lambda each: each[0] == session), (self.of_all, lambda _: True)):
            coming = sum(part for each, part in self._coming.items() if is_part(each))
            if coming + size > budget:
                return False
            for upload in filter(is_part, list(self._held)):
                held = sum(part for each, part in self._held.items() if is_part(each))
                if coming + held + size <= budget:
                    break
                files.remove_file(*upload)
                del self._held[upload]
        return True


def _declared(headers: Headers) -> int | None:
    length = headers.get("content-length", "")
    return int(length) if length.isdecimal() and len(length) < 16 else None
