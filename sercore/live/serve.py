"""A feed on a port of this machine."""

import socket
from ipaddress import ip_address
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from sercore.live.feed import Offer
from sercore.live.messages import MOST_BYTES
from sercore.live.places import Places
from sercore.live.socket import FeedSocket
from sercore.reading import first_line

PORT = 8765


def feed_server(offer: Offer, *, host: str = "127.0.0.1", port: int = PORT, limit: int) -> uvicorn.Server:
    """A server of one feed at ws://host:port/; ``run()`` runs it until it is told to stop.

    A page of a browser may not use a feed that asks for no token: any page that its user opens could.

    Raises:
        ValueError: if others than this machine could reach it and it asks for no token.
        OSError: if it cannot listen there.
    """
    if not is_this_machine(host) and not offer.token:
        raise ValueError(f"a feed that others can reach at {host} must ask for a token (--token)")
    _try_to_listen(host, port)
    feed = FeedSocket(lambda: offer, Places(limit), pages=bool(offer.token))
    app = Starlette(routes=[WebSocketRoute("/", feed.follow)])
    how: dict[str, Any] = {"ws_max_size": 2 * MOST_BYTES, "log_level": "warning", "lifespan": "off"}
    return uvicorn.Server(uvicorn.Config(app, host=host, port=port, **how))


def _try_to_listen(host: str, port: int) -> None:
    """Find out before anything is loaded, and in a sentence: the server itself would only exit."""
    try:
        kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
        with socket.create_server(address[:2], family=kind):
            return
    except (OSError, OverflowError) as error:
        raise OSError(f"nothing can listen at {host} port {port}: {first_line(error)}") from None


def is_this_machine(host: str) -> bool:
    """Whether nobody but programs of this machine reach a server that listens there.

    Example:
        >>> is_this_machine("localhost"), is_this_machine("::1"), is_this_machine("0.0.0.0")
        (True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
