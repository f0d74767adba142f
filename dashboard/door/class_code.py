"""The class code: asked of everybody who does not sit at the machine, once the server is opened to others."""

import hmac
import ipaddress
import os
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from html import escape
from urllib.parse import urlencode

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.door.hosts import at_the_machine, is_opened, peer_of
from dashboard.words import PROSE, text_of

SAY = PROSE["door"]
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # those that are not taken for one another
LENGTH = 6
MAKE_ONE = "SERCORE_CLASS_CODE"  # in the environment: the code, where the teacher chooses it
TICKET = "sercore_class"  # the cookie of who gave the code
WRONG_TRIES, WITHIN_SECONDS = 10, 60.0
ADDRESSES = 4_096  # whose wrong tries are remembered
Address = list[tuple[str, str]]  # what an address says behind its question mark


def _chosen_code() -> str:
    return _plain(os.environ.get(MAKE_ONE, "")) or "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def _plain(code: str) -> str:
    """A code as it is compared: of small letters, without spaces, of a length that is quick to compare."""
    return "".join(code.lower().split())[:64]


class Tries:
    """How often each address gave a wrong code lately.

    Args:
        now: the time in seconds.

    Example:
        >>> tries = Tries(now=lambda: 0.0)
        >>> [tries.may_try("10.0.0.7") for _ in range(3) if not tries.wrong("10.0.0.7")]
        [True, True, True]
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def may_try(self, address: str) -> bool:
        """Whether an address may try again; one that tried wrongly too often waits a minute."""
        times = self._wrong.get(_neighbourhood(address), deque())
        return len(times) < WRONG_TRIES or self._now() - times[0] > WITHIN_SECONDS

    def wrong(self, address: str) -> None:
        """Remember a wrong try."""
        times = self._wrong.setdefault(_neighbourhood(address), deque(maxlen=WRONG_TRIES))
        times.append(self._now())
        self._wrong.move_to_end(_neighbourhood(address))
        if len(self._wrong) > ADDRESSES:
            self._wrong.popitem(last=False)


def _neighbourhood(address: str) -> str:
    """What one visitor may have for the asking: an address, of the newer kind 2^64 of them."""
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if ":" in address else address


CODE = _chosen_code()
_TICKET = secrets.token_urlsafe(32)  # what the cookie holds; another one after each start


def code_for_links() -> str:
    """What a link must carry to open the page: the class code, "" where none is asked."""
    return CODE if is_opened() else ""


class ClassCode:
    """Lets in who sits at the machine, who has given the code, and who brings it in the address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.tries = Tries()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the requests of who is let in; ask the others for the code."""
        answer = None if scope["type"] not in ("http", "websocket") else self._answer(scope)
        await (answer or self.app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        """What is said to who is not let in; None for who is."""
        asked = HTTPConnection(scope)
        given = asked.query_params.get("code")
        has_ticket = given is None and _equal(asked.cookies.get(TICKET, ""), _TICKET)
        if not is_opened() or has_ticket or at_the_machine(peer_of(scope), asked.headers):
            return None
        if scope["type"] == "websocket" or scope["method"] != "GET" or "_stcore" in scope["path"]:
            return PlainTextResponse(SAY["no_code"], 403)
        wanted = [(name, value) for name, value in asked.query_params.multi_items() if name != "code"]
        return self._try(scope, given, wanted)

    def _try(self, scope: Scope, given: str | None, wanted: Address) -> Response:
        if given is None:
            return _ask(wanted, "")
        if not self.tries.may_try(peer_of(scope)):
            return _ask(wanted, SAY["too_often"], 429)
        if _equal(_plain(given), CODE):
            return _enter(scope, wanted)
        self.tries.wrong(peer_of(scope))
        return _ask(wanted, SAY["wrong_code"])


def _enter(scope: Scope, wanted: Address) -> Response:
    """On to the address without the code, with the cookie that opens it."""
    to = f"/{scope['path'].lstrip('/')}" + (f"?{urlencode(wanted, safe=',')}" if wanted else "")
    answer, is_secret = RedirectResponse(to, 303), scope.get("scheme") == "https"
    answer.set_cookie(TICKET, _TICKET, httponly=True, samesite="lax", secure=is_secret)
    return answer


def _equal(given: str, wanted: str) -> bool:
    """Whether both are the same, in a time that does not tell how much of it is."""
    return hmac.compare_digest(given.encode(), wanted.encode())


def _ask(wanted: Address, problem: str, status: int = 403) -> Response:
    """The page that asks for the code; what else the address said goes along."""
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in wanted
    )
    page = text_of("class_code.html")
    for name, text in {"FIELDS": fields, "PROBLEM": escape(problem)}.items():
        page = page.replace(f"{{{name}}}", text)
    return HTMLResponse(page, status, {"Cache-Control": "no-store"})
