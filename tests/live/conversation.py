"""A server that runs for a test, and a client of a feed, of another library."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import uvicorn
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from sercore.live.messages import VERSION


@contextmanager
def running(server: uvicorn.Server) -> Iterator[str]:
    """Its address, while it runs in a thread of its own."""
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"ws://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join()


class Client:
    """One conversation."""

    def __init__(self, address: str, **hello) -> None:
        self._open = ExitStack()
        how = {"open_timeout": 20, "close_timeout": 1, "ping_interval": None}
        self.socket = self._open.enter_context(connect(address, **how))
        self.say("hello", **{"version": VERSION} | hello)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._open.close()

    def say(self, kind, **what):
        self.socket.send(json.dumps({"type": kind, **what}))

    def hear(self):
        message = self.socket.recv(timeout=20)
        return message if isinstance(message, bytes) else json.loads(message)

    def predictions(self, count: int):
        return [self.hear() for _ in range(count)]

    def ended(self) -> tuple[int, str]:
        """The sentence that ends it, and the code."""
        message = self.hear()
        assert message["type"] == "error"
        with pytest.raises(ConnectionClosed) as closed:
            self.hear()
        return closed.value.rcvd.code, message["message"]
