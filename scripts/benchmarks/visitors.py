"""Visitors of the dashboard without a browser: websockets that speak Streamlit's own messages.

They load the server for scripts/bench.py dashboard, and ask it in tests what a browser never would.
"""

from __future__ import annotations

import json
import random
import statistics
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

USERS, CHANGES = 40, 3
THINK_SECONDS = (10.0, 30.0)  # between two changes of one visitor
PATIENCE = 300.0
USUAL_CHOICE = {"p_n": 0.9, "p_l": 0.5, "heard": "silence", "given": "drop"}
PAGES = ("", "breaks", "plane", "call", "helps", "live", "lesson", "about")


class Visitor:
    """One open page: asks for runs, and keeps what the last one answered.

    Args:
        address: host and port of the server.
        session: of a connection that broke; "" begins a visit.
        headers: that its websocket says beside the usual.
    """

    def __init__(self, address: str, session: str = "", **headers: str) -> None:
        from websockets.sync.client import connect
        from websockets.typing import Subprotocol

        how: dict[str, Any] = {"max_size": None, "open_timeout": PATIENCE, "ping_interval": None}
        said = ["streamlit", "no-token", session] if session else ["streamlit"]
        how |= {"subprotocols": [Subprotocol(each) for each in said], "additional_headers": headers}
        self._open = ExitStack()
        self._socket = self._open.enter_context(connect(f"ws://{address}/_stcore/stream", **how))
        self.answer: list[Any] = []
        self.page, self.query = "", ""

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def send(self, message: Any) -> None:
        """Say anything."""
        self._socket.send(message if isinstance(message, bytes) else message.SerializeToString())

    def run(self, *widgets: Any, page: str | None = None, query: str | None = None) -> list[Any]:
        """Ask for a run of a page with widgets in these states; gives all answers until it is done."""
        from streamlit.proto.BackMsg_pb2 import BackMsg

        self.page = self.page if page is None else page
        self.query = self.query if query is None else query
        message = BackMsg()
        message.rerun_script.page_name, message.rerun_script.query_string = self.page, self.query
        message.rerun_script.widget_states.widgets.extend(widgets)
        self.send(message)
        self.answer = self.listen()
        return self.answer

    def listen(self) -> list[Any]:
        """All that comes until a run is done."""
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        answer = []
        while True:
            answer.append(ForwardMsg.FromString(self._socket.recv(timeout=PATIENCE)))
            done = answer[-1].WhichOneof("type") == "script_finished"
            if done and answer[-1].script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return answer

    def listen_for(self, kind: str) -> Any:
        """The next message of one kind."""
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        while True:
            message = ForwardMsg.FromString(self._socket.recv(timeout=PATIENCE))
            if message.WhichOneof("type") == kind:
                return message

    @property
    def session(self) -> str:
        """The name of the session."""
        first = next(each for each in self.answer if each.WhichOneof("type") == "new_session")
        return str(first.new_session.initialize.session_id)

    def elements(self, kind: str) -> list[Any]:
        """The elements of one kind in the last answer, as Streamlit's messages have them."""
        new = (each.delta.new_element for each in self.answer if each.WhichOneof("type") == "delta")
        return [getattr(element, kind) for element in new if element.WhichOneof("type") == kind]

    def words(self) -> str:
        """What the last answer says in alerts, text, and exceptions."""
        said = [each.body for kind in ("markdown", "alert") for each in self.elements(kind)]
        return "\n".join(said + [f"{each.type}: {each.message}" for each in self.elements("exception")])


@dataclass
class User:
    """A visitor who opens Explore on a 20 s clip, and asks for another draw now and then.

    Args:
        address: host and port.
        number: tells visitors apart.
        seconds: how long each change took.
        troubles: what went wrong.
    """

    address: str
    number: int
    seconds: list[float] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def visit(self) -> None:
        """Open the page, then ask for other draws."""
        from streamlit.proto.WidgetStates_pb2 import WidgetState

        chance = random.Random(self.number)
        time.sleep(chance.uniform(0, THINK_SECONDS[1]))
        try:
            with Visitor(self.address) as visitor:
                visitor.run(page="")
                components = {each.component_name: each.id for each in visitor.elements("bidi_component")}
                player = next(components[name] for name in components if name.endswith("sercore_player"))
                for change in range(CHANGES):
                    time.sleep(chance.uniform(*THINK_SECONDS))
                    begun = time.perf_counter()
                    choice = USUAL_CHOICE | {"seed": 1_000 + 100 * self.number + change}
                    visitor.run(WidgetState(id=player, json_value=json.dumps({"choice": choice})))
                    self.seconds.append(time.perf_counter() - begun)
        except Exception as error:  # whatever breaks is the finding
            self.troubles.append(f"user {self.number}: {error!r}")

    def open_page(self, page: str, query: str, at: float) -> None:
        """Connect, and open one page when the clock strikes."""
        try:
            with Visitor(self.address) as visitor:
                time.sleep(max(0.0, at - time.perf_counter()))
                visitor.run(page=page, query=query.format(self.number))
                self.seconds.append(time.perf_counter() - at)
                if trouble := visitor.elements("exception"):
                    self.troubles.append(f"user {self.number}: {trouble[0].message}")
        except Exception as error:
            self.troubles.append(f"user {self.number}: {error!r}")


def many_visitors(address: str, users: int = USERS) -> dict[str, Any]:
    """Median and 95th percentile of a change while ``users`` use the page at the same time.

    Raises:
        OSError: if a visitor met trouble.
    """
    visitors = [User(address, number) for number in range(users)]
    seconds = _all_at_once(visitors, [threading.Thread(target=each.visit) for each in visitors])
    found = {"users": users, "changes": len(seconds)}
    return found | {"change_under_load_ms": summary([1000 * each for each in seconds])}


def at_one_instant(address: str, page: str, query: str = "", users: int = USERS) -> list[float]:
    """Seconds until each of ``users`` has a page that all open at the same instant; {} is the user's number.

    Raises:
        OSError: if a visitor met trouble.
    """
    visitors, at = [User(address, number) for number in range(users)], time.perf_counter() + 2
    threads = [threading.Thread(target=each.open_page, args=(page, query, at)) for each in visitors]
    return _all_at_once(visitors, threads)


def _all_at_once(visitors: list[User], threads: list[threading.Thread]) -> list[float]:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    if troubles:
        raise OSError(f"{len(troubles)} of {len(visitors)} visitors met trouble, first: {troubles[0]}")
    return [value for visitor in visitors for value in visitor.seconds]


def summary(values: list[float]) -> dict[str, float]:
    """The middle and the slow end."""
    ordered = sorted(values)
    return {
        "median": round(statistics.median(ordered), 1),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 1),
    }
