"""Who is let in, by which name, with which code; what may be said; what goes when a visitor leaves."""

import http.client
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import streamlit as st
from benchmarks.dashboard import server
from benchmarks.visitors import Visitor
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Navigation_pb2 import Navigation
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from dashboard.compute import networks, predictions
from dashboard.door import class_code, hosts, opening

STRANGER = {"X-Forwarded-For": "10.0.0.7"}  # as a proxy on this machine passes one on
CODE = "kite42"
START = "import os; os.environ['SERCORE_CLASS_CODE'] = 'Kite 42'; from streamlit.web.cli import main; main()"


@pytest.fixture(scope="module")
def closed() -> Iterator[str]:
    """The server as ``make demo`` starts it."""
    with server() as (address, _, _):
        yield address


@pytest.fixture(scope="module")
def opened() -> Iterator[str]:
    """The server as ``make class`` starts it."""
    with server("--server.address=0.0.0.0", python=("-c", START)) as (address, _, _):
        yield address


def ask(address: str, path: str = "/", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request("GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()})
    answer = connection.getresponse()
    answer.text = answer.read().decode()
    connection.close()
    return answer


def test_the_server_listens_to_this_machine_alone(closed):
    """Every number of 127.0.0.0/8 is this machine's, but a server of 127.0.0.1 answers to no other."""
    port = int(closed.rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=5)


def test_a_class_is_let_in_by_name_from_elsewhere(opened):
    port = int(opened.rpartition(":")[2])
    socket.create_connection(("127.0.0.2", port), timeout=5).close()


HOSTS = ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "a@b", ""]


@pytest.mark.parametrize("host", HOSTS)
def test_a_name_that_is_not_the_servers_is_refused(closed, host):
    answer = ask(closed, Host=host)
    assert answer.status == 421
    assert "name" in answer.text


def test_a_page_from_elsewhere_gets_no_websocket(closed):
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    upgrade |= {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    assert ask(closed, "/_stcore/stream", Host="evil.example", **upgrade).status == 421
    for origin in ("http://evil.example", "null", "http://[", "file://"):
        with pytest.raises(InvalidStatus) as refused, Visitor(closed, Origin=origin):
            pass
        assert refused.value.response.status_code == 403
    with Visitor(closed, Origin=f"http://{closed}") as visitor:
        assert visitor.run(page="about")


def test_a_voice_comes_through_the_same_door(closed, opened):
    for address, headers in (
        (opened, STRANGER),
        (closed, {"Origin": "http://evil.example"}),
    ):
        with (
            pytest.raises(InvalidStatus) as refused,
            connect(f"ws://{address}/live/voice", additional_headers=headers),
        ):
            pass
        assert refused.value.response.status_code == 403
    with connect(f"ws://{closed}/live/voice", origin=f"http://{closed}") as voice:
        voice.send('{"type": "hello", "version": 1}')
        assert '"mismatched"' in voice.recv(timeout=60)


def test_no_page_from_elsewhere_may_frame_this_one(closed):
    for path in ("/", "/_stcore/health", "/static/nothing"):
        headers = ask(closed, path).headers
        assert headers["Content-Security-Policy"] == "frame-ancestors 'self'"
        assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("host", "named", "opened", "known"),
    [
        ("localhost", [], False, True),
        ("127.0.0.1", [], False, True),
        ("::1", [], False, True),
        ("192.168.1.5", [], True, True),
        (socket.gethostname().lower(), [], True, True),
        (socket.gethostname().lower() + "x", [], True, False),
        ("lab.example.org", ["lab.example.org"], True, True),
        ("localhost", ["lab.example.org"], True, False),
        ("anything", ["*"], True, True),
        (None, ["*"], True, False),
    ],
)
def test_the_names_of_a_server(host, named, opened, known):
    assert hosts.may_call(host, named, opened=opened) is known


@pytest.mark.parametrize(
    ("peer", "headers", "here"),
    [
        (None, {"Host": "localhost:8501"}, True),
        ("::1", {"host": "[::1]:8501", "Origin": "http://localhost:8501"}, True),
        ("127.0.0.1", {"Host": "127.0.0.1"}, True),
        ("127.0.0.1", {"Host": "127.0.0.1", "X-Forwarded-For": "127.0.0.1"}, False),
        ("127.0.0.1", {"Host": "127.0.0.1", "Forwarded": "for=127.0.0.1"}, False),
        ("127.0.0.1", {"Host": "localhost", "Origin": "https://lab.example"}, False),
        ("127.0.0.1", {"Host": "lab.example:8501"}, False),
        ("127.0.0.1", {}, False),
        ("10.1.2.3", {"Host": "localhost:8501"}, False),
        ("unknown", {"Host": "localhost:8501"}, False),
    ],
)
def test_who_sits_at_the_machine_is_decided_by_the_socket(peer, headers, here):
    """Headers are a visitor's own words: none of them gives what the socket does not."""
    assert hosts.at_the_machine(peer, headers) is here


def test_who_sits_at_the_machine_is_asked_for_no_code(opened):
    assert ask(opened).status == 200


def test_strangers_are_asked_for_the_code(opened):
    answer = ask(opened, "/?lesson=3&hide=seed,<b>", **STRANGER)
    assert answer.status == 403
    assert 'name="code"' in answer.text
    assert 'name="lesson" value="3"' in answer.text  # what the link said goes along
    assert "<b>" not in answer.text
    for path in ("/_stcore/health", "/static/index.html", "/media/0.wav"):
        assert ask(opened, path, **STRANGER).status == 403
    with pytest.raises(InvalidStatus), Visitor(opened, **STRANGER):
        pass


def test_the_code_opens_also_from_a_link_and_leaves_the_address(opened):
    answer = ask(opened, "/lesson?lesson=3&code=KITE%2042&hide=seed,setting", **STRANGER)
    assert (answer.status, answer.headers["Location"]) == (303, "/lesson?lesson=3&hide=seed,setting")
    assert "httponly" in answer.headers["Set-Cookie"].lower()
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    assert ask(opened, "/lesson?lesson=3", Cookie=cookie, **STRANGER).status == 200
    with Visitor(opened, Cookie=cookie, **STRANGER) as visitor:
        visitor.run(page="about")
        assert "Cite the paper" in visitor.words()


def test_a_wrong_code_can_be_given_ten_times_a_minute(opened):
    other = {"X-Forwarded-For": "10.0.0.8"}
    assert [ask(opened, f"/?code=wrong{i}", **other).status for i in range(11)] == [403] * 10 + [429]
    assert ask(opened, f"/?code={CODE}", **other).status == 429  # else the limit would limit nothing
    assert ask(opened, f"/?code={CODE}", **STRANGER).status == 303


def test_wrong_tries_are_forgotten_after_a_minute_and_counted_for_each_network():
    time = [0.0]
    tries = class_code.Tries(now=lambda: time[0])
    for i in range(class_code.WRONG_TRIES):
        assert tries.may_try("2001:db8::1")
        tries.wrong(f"2001:db8::{i}")
    assert not tries.may_try("2001:db8::ffff")  # one visitor has 2^64 of these
    assert tries.may_try("2001:db8:1::1")
    time[0] = class_code.WITHIN_SECONDS + 1
    assert tries.may_try("2001:db8::1")
    for i in range(2 * class_code.ADDRESSES):
        tries.wrong(str(i))
    assert len(tries._wrong) == class_code.ADDRESSES


def test_what_is_measured_of_the_server_is_for_its_operator(opened):
    assert ask(opened, "/_stcore/metrics").status == 200
    cookie = ask(opened, f"/?code={CODE}", **STRANGER).headers["Set-Cookie"].split(";")[0]
    assert ask(opened, "/_stcore/metrics", Cookie=cookie, **STRANGER).status == 403


def test_no_message_of_a_visitor_empties_the_caches_of_all(weights):
    """What the message clear_cache does."""
    network, queue = networks.load("mismatched"), predictions.QUEUE
    st.cache_data.clear()
    st.cache_resource.clear()
    assert networks.load("mismatched") is network
    assert predictions.QUEUE is queue
    pages = Path(networks.__file__).parents[1].rglob("*.py")
    assert not [page for page in pages if "st.cache_" in page.read_text(encoding="utf-8")]


def test_what_pages_do_not_need_is_not_heard(closed):
    with Visitor(closed) as visitor:
        visitor.run(page="about")
        visitor.send(BackMsg(clear_cache=True))
        visitor.send(BackMsg(set_run_on_save=True))
        visitor.send(BackMsg(load_git_info=True))
        visitor.send(BackMsg(file_urls_request={"file_names": ["a"] * 50_000}))
        visitor.send(b"\xff\xff nonsense")
        visitor.send(BackMsg())
        answer = visitor.run()  # the answers to what was heard would stand before it
    kinds = {each.WhichOneof("type") for each in answer}
    assert not kinds & {"git_info_changed", "session_event", "file_urls_response"}
    assert sum(each.WhichOneof("type") == "new_session" for each in answer) == 1
    assert not any(each.session_status_changed.run_on_save for each in answer)


@pytest.mark.parametrize("page", ["", "plane", "breaks", "lesson", "about"])
def test_no_visitor_learns_where_the_server_keeps_its_files(closed, page):
    folder = str(Path(networks.__file__).parents[2]).encode()
    with Visitor(closed) as visitor:
        answer = visitor.run(page=page)
        assert not [each.WhichOneof("type") for each in answer if folder in each.SerializeToString()]
        assert re.fullmatch(r"[0-9a-f-]{36}", visitor.session)


def teachers_box(visitor: Visitor) -> list[str]:
    blocks = (each.delta.add_block for each in visitor.answer if each.WhichOneof("type") == "delta")
    return [each.expandable.label for each in blocks if each.expandable.label.startswith("For teachers")]


def test_the_lessons_link_leads_a_class_in(opened):
    with Visitor(opened) as teacher:
        teacher.run(page="lesson", query="lesson=3")
        link = urlsplit(teacher.elements("code")[0].code_text)
        pictures = [image.url for group in teacher.elements("imgs") for image in group.imgs]
    assert link.hostname not in ("localhost", "127.0.0.1")  # the class is elsewhere
    assert link.port == int(opened.rpartition(":")[2])
    answer = ask(opened, f"{link.path}?{link.query}", **STRANGER)
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/?lesson=3&")
    assert "code" not in answer.headers["Location"]
    assert len(pictures) == 1
    assert "svg" in pictures[0]


def test_a_link_that_leads_nobody_here_says_so(closed):
    with Visitor(closed) as teacher:
        teacher.run(page="lesson", query="lesson=3")
        assert "code=" not in teacher.elements("code")[0].code_text
        assert "this machine alone" in teacher.words()
        assert not teacher.elements("imgs")


def test_a_link_may_hide_the_other_pages_and_the_teachers_box(closed):
    for query, shown in (("lesson=2", True), ("lesson=2&hide=pages,teacher", False)):
        with Visitor(closed) as visitor:
            answer = visitor.run(page="lesson", query=query)
            (pages,) = (each.navigation for each in answer if each.WhichOneof("type") == "navigation")
            assert bool(teachers_box(visitor)) is shown
            assert (pages.position != Navigation.Position.HIDDEN) is shown


def test_the_terminal_says_who_can_reach_the_server(monkeypatch):
    options = {"server.port": 8501, "server.address": "127.0.0.1"}
    monkeypatch.setattr(st, "get_option", options.get)
    assert "this machine alone" in opening.what_is_said()
    options["server.address"] = "0.0.0.0"  # noqa: S104  (what make class says)
    said = opening.what_is_said()
    assert "everybody who can reach" in said
    assert f"{opening.address_of_the_class(None)}" in said
    assert class_code.CODE in said
    assert opening.address_of_the_class("https://lab.example.org/lesson") == "https://lab.example.org"
