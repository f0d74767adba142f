"""A feed on a port of this machine."""

from ipaddress import ip_address
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from sercore.live.feed import Offer
from sercore.live.messages import MOST_BYTES
from sercore.live.places import Places
from sercore.live.socket import FeedSocket

PORT = 8765


def feed_server(offer: Offer, *, host: str = "127.0.0.1", port: int = PORT, limit: int) -> uvicorn.Server:
    """A server of one feed at ws://host:port/; ``run()`` runs it until it is told to stop.

    A page of a browser may not use a feed that asks for no token: any page that its user opens could.

    Raises:
        ValueError: if others than this machine could reach it and it asks for no token.
    """
    if not is_this_machine(host) and not offer.token:
        raise ValueError(f"a feed that others can reach at {host} must ask for a token (--token)")
    feed = FeedSocket(lambda: offer, Places(limit), pages=bool(offer.token))
    app = Starlette(routes=[WebSocketRoute("/", feed.follow)])
    how: dict[str, Any] = {"ws_max_size": 2 * MOST_BYTES, "log_level": "warning", "lifespan": "off"}
    return uvicorn.Server(uvicorn.Config(app, host=host, port=port, **how))


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
