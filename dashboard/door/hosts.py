"""By which names this server may be called, and who sits at its machine.

A page of somebody else's can make a browser call this server by a name of its own (DNS rebinding), and any
program can write what it likes into a request. So names must be known, and what is said of oneself only takes
away: who sits at the machine is decided by the socket's own peer.
"""

import ipaddress
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.words import PROSE

FOR_THE_OPERATOR = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
# No page of elsewhere shows this one in a frame, or learns its address; nothing is taken for what it is not.
HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
FORWARDED = ("forwarded", "via", "x-forwarded", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting")


class KnownHosts:
    """Refuses every request that calls the server by a name which is not its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what may pass; a websocket may come from a page of this server alone."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host, origin = hostname(headers.get("host")), headers.get("origin")
        if not may_call(host, st.get_option("server.allowedHosts"), opened=is_opened()):
            await PlainTextResponse(PROSE["door"]["host"], 421)(scope, receive, send)
        elif scope["type"] == "websocket" and origin is not None and _host_of(origin) != host:
            await PlainTextResponse(PROSE["door"]["origin"], 403)(scope, receive, send)
        elif scope["path"].startswith(FOR_THE_OPERATOR) and not at_the_machine(peer_of(scope), headers):
            await PlainTextResponse(PROSE["door"]["operator"], 403)(scope, receive, send)
        else:
            await self.app(scope, receive, _with_headers(send))


def _with_headers(send: Send) -> Send:
    """Answers that say to a browser how they may be used."""

    async def say(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return say


def peer_of(scope: Scope) -> str:
    """The address at the other end of the socket, as far as the server knows it."""
    return str(scope["client"][0]) if scope.get("client") else "unknown"


def hostname(header: str | None) -> str | None:
    """The name in a Host header, without its port; None where there is none.

    Example:
        >>> hostname("Lab:8501"), hostname("[::1]:8501"), hostname("a@b/c"), hostname(None)
        ('lab', '::1', None, None)
    """
    try:
        parts = urlsplit(f"//{header or ''}")
        _ = parts.port  # which raises where it is no number
    except ValueError:
        return None
    plain = parts.netloc == header and parts.username is None
    return parts.hostname.rstrip(".") if plain and parts.hostname else None


def may_call(host: str | None, named: Sequence[str], *, opened: bool) -> bool:
    """Whether a server may be called so: by a number, as localhost, or by a name of its machine.

    A number cannot be rebound. Where the operator has ``named`` hosts (``server.allowedHosts``), these and no
    others. The name of the machine counts where the server is ``opened`` to others.

    Example:
        >>> [may_call(host, [], opened=False) for host in ("localhost", "10.0.0.7", "evil.example", None)]
        [True, True, False, False]
        >>> may_call("lab.example.org", ["*.example.org"], opened=True)
        True
    """
    if host is None:
        return False
    if named:
        return any(_fits(host, pattern.lower()) for pattern in named)
    return host == "localhost" or _number(host) is not None or (opened and host in _own_names())


def at_the_machine(peer: str | None, headers: Mapping[str, str]) -> bool:
    """Whether a visitor sits at the machine: its socket comes from there, with no proxy between.

    Args:
        peer: the address at the other end of the socket; None for this machine, as ``st.context`` has it.
        headers: of the request. They can only take the answer away: a proxy here passes strangers on.

    Example:
        >>> here = {"host": "localhost:8501"}
        >>> at_the_machine("127.0.0.1", here), at_the_machine("10.0.0.7", here)
        (True, False)
        >>> at_the_machine("127.0.0.1", {**here, "x-forwarded-for": "127.0.0.1"})
        False
    """
    said = {name.lower(): value for name, value in headers.items()}
    if any(name.startswith(FORWARDED) for name in said):
        return False
    names = [hostname(said.get("host"))]
    if "origin" in said:
        names.append(_host_of(said["origin"]))
    return is_loopback(peer or "127.0.0.1") and all(name is not None and is_loopback(name) for name in names)


def visitor_sits_here() -> bool:
    """``at_the_machine`` of the visitor whose page is being made."""
    return at_the_machine(st.context.ip_address, dict(st.context.headers))


def is_own_page_at_the_machine(scope: Scope) -> bool:
    """Whether a websocket comes from a page of this very server, port included, that is seen at the machine.

    A page of any other server there, and a program that says of no page that it comes from it, is none.

    Example:
        >>> said = {"host": "localhost:8501", "origin": "http://localhost:8501"}
        >>> headers = [(name.encode(), text.encode()) for name, text in said.items()]
        >>> is_own_page_at_the_machine({"client": ("::1", 7), "headers": headers})
        True
    """
    headers = Headers(scope=scope)
    _, _, origin = headers.get("origin", "").partition("://")
    return bool(origin) and origin == headers.get("host") and at_the_machine(peer_of(scope), headers)


def is_loopback(host: str) -> bool:
    """Whether a name or a number means the machine itself.

    Example:
        >>> is_loopback("localhost"), is_loopback("::ffff:127.0.0.1"), is_loopback("10.0.0.7")
        (True, True, False)
    """
    number = _number(host)
    if isinstance(number, ipaddress.IPv6Address) and number.ipv4_mapped:
        number = number.ipv4_mapped
    return host == "localhost" or (number is not None and number.is_loopback)


def is_opened() -> bool:
    """Whether the server listens to others than its own machine."""
    return not is_loopback(st.get_option("server.address") or "0.0.0.0")  # noqa: S104  (what Streamlit takes)


def _fits(host: str, pattern: str) -> bool:
    return pattern in ("*", host) or (pattern.startswith("*.") and host.endswith(pattern[1:]))


def _host_of(origin: str) -> str | None:
    return hostname(origin.partition("://")[2])


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    with suppress(ValueError):
        return ipaddress.ip_address(host)
    return None


def _own_names() -> set[str]:
    name = socket.gethostname().lower()
    return {name, f"{name}.local", name.removesuffix(".local")}
