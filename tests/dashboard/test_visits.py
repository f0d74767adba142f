"""What the server holds of its visitors' sound, and for how long."""

import asyncio
import http.client
import io
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
from benchmarks.dashboard import server
from benchmarks.visitors import Visitor
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from dashboard.compute import clips, own_clips, predictions
from dashboard.door import uploads, visits
from dashboard.words import PROSE
from sercore.audio import wav_bytes

Answer = tuple[int, bytes, str]  # status, content, cookie
MEGABYTE = uploads.MEGABYTE
SHORT_GRACE = (
    f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r}); "
    "import dashboard.door.visits as visits; visits.GRACE_SECONDS = 0.5; "
    "from streamlit.web.cli import main; main()"
)


class Files:
    """Streamlit's manager of uploaded files, as much of it as the door asks."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], int] = {}

    def get_files(self, session: str, names: list[str]) -> list[int]:
        return [self.held[session, name] for name in names if (session, name) in self.held]

    def remove_file(self, session: str, name: str) -> None:
        self.held.pop((session, name), None)


@pytest.fixture
def files(monkeypatch) -> Files:
    files = Files()
    monkeypatch.setattr(uploads.runtime, "get_instance", lambda: SimpleNamespace(uploaded_file_mgr=files))
    return files


def in_a_loop(coroutine):
    """What a coroutine answers, in a thread of its own: Playwright keeps a loop in that of the tests."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


async def upload(door: uploads.Uploads, session: str, name: str, size: int | None) -> int:
    """One upload through the door; gives the status of its answer."""
    statuses = []

    async def send(message: dict) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    headers = [] if size is None else [(b"content-length", str(size).encode())]
    path = f"/_stcore/upload_file/{session}/{name}"
    scope = {"type": "http", "method": "PUT", "path": path, "headers": headers}
    await door(scope, lambda: None, send)
    return statuses[0]


def storing(files: Files, wait: float = 0.0):
    """What is behind the door: takes an upload and keeps it."""

    async def app(scope, receive, send):
        await asyncio.sleep(wait)
        session, name = scope["path"].split("/")[-2:]
        files.held[session, name] = int(dict(scope["headers"])[b"content-length"])
        await send({"type": "http.response.start", "status": 204})

    return app


def test_twenty_uploads_of_one_visitor_are_held_as_one(files):
    door = uploads.Uploads(storing(files))
    for number in range(20):
        assert in_a_loop(upload(door, "session", str(number), 55 * MEGABYTE)) == 204
    assert list(files.held) == [("session", "19")]


def test_many_visitors_share_one_budget_and_the_oldest_upload_goes_first(files):
    door = uploads.Uploads(storing(files))
    for number in range(20):
        assert in_a_loop(upload(door, str(number), "file", 55 * MEGABYTE)) == 204
        assert sum(files.held.values()) <= uploads.ALL
    assert [session for session, _ in files.held] == ["17", "18", "19"]


def test_what_a_page_has_read_takes_no_room(files):
    door = uploads.Uploads(storing(files))
    for number in range(3):
        in_a_loop(upload(door, str(number), "file", 60 * MEGABYTE))
    files.remove_file("1", "file")
    in_a_loop(upload(door, "3", "file", 60 * MEGABYTE))
    assert [session for session, _ in files.held] == ["0", "2", "3"]


def test_more_at_once_than_there_is_room_for_is_refused(files):
    door = uploads.Uploads(storing(files, wait=0.05))

    async def at_once() -> list[int]:
        return await asyncio.gather(*(upload(door, str(i), "file", 55 * MEGABYTE) for i in range(40)))

    assert sorted(in_a_loop(at_once())) == [204] * 3 + [503] * 37
    assert in_a_loop(upload(door, "later", "file", 55 * MEGABYTE)) == 204


def test_an_upload_says_how_long_it_is(files):
    assert in_a_loop(upload(uploads.Uploads(storing(files)), "session", "file", None)) == 411


def noise(seconds: float, seed: int = 0) -> np.ndarray:
    """Noise that goes on and off four times a second, as syllables do."""
    size = round(16_000 * seconds)
    syllables = np.where(np.arange(size) % 4_000 < 2_400, 1.0, 0.02)
    return (0.1 * syllables * np.random.default_rng(seed).normal(size=size)).astype(np.float32)


def test_the_sound_of_all_visitors_has_one_limit_and_the_oldest_goes_first(monkeypatch):
    whole = clips.clip_of("mine", noise(300), None)
    for number in range(40):
        own_clips.keep(str(number), whole)
    assert own_clips._CLIPS.size <= own_clips.BYTES
    assert own_clips.clip_of("39") is whole
    assert own_clips.clip_of("0") is None
    for number in range(40):
        own_clips.forget(str(number))
    assert own_clips._CLIPS.size == 0
    assert not set(own_clips._HASHES) & {str(number) for number in range(40)}


def test_who_leaves_takes_along_what_was_computed(monkeypatch):
    clip = clips.clip_of("mine", noise(2), None)
    own_clips.keep("session", clip)
    predictions._HEARINGS.put((clip.sha256, "network"), np.zeros(5))
    own_clips.forget("session")
    assert predictions._HEARINGS.get((clip.sha256, "network")) is None


class Served:
    """One visitor of a running server, who can also upload and fetch."""

    def __init__(self, address: str) -> None:
        self.address = address

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes, str]:
        connection = http.client.HTTPConnection(self.address, timeout=60)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, content, answer.headers.get("Set-Cookie", "")

    def upload(self, visitor: Visitor, name: str, content: bytes) -> WidgetState:
        """Bring a file along as a browser does; gives the state of the widget that holds it."""
        cookie = self.ask("GET", "/_stcore/health")[2].split(";")[0]
        message = BackMsg()
        message.file_urls_request.request_id, message.file_urls_request.file_names[:] = "1", [name]
        message.file_urls_request.session_id = visitor.session
        visitor.send(message)
        urls = visitor.listen_for("file_urls_response").file_urls_response.file_urls[0]
        boundary = "sound"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Cookie": cookie}
        headers["X-Xsrftoken"] = cookie.partition("=")[2]
        assert self.ask("PUT", urls.upload_url, body, **headers)[0] == 204
        state = WidgetState(id=next(each.id for each in visitor.elements("file_uploader")))
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.file_id, info.name, info.size = urls.file_id, name, len(content)
        info.file_urls.CopyFrom(urls)
        return state

    def statuses(self, addresses: list[str]) -> list[int]:
        return [self.ask("GET", address)[0] for address in addresses]

    def held(self) -> int:
        """Bytes of uploads that the server holds."""
        text = self.ask("GET", "/_stcore/metrics?families=cache_memory_bytes")[1].decode()
        return sum(int(n) for n in re.findall(r"UploadedFileManager.*?\} (\d+)", text))


@pytest.fixture(scope="module")
def served():
    with server(python=("-c", SHORT_GRACE)) as (address, _, _):
        yield Served(address)


def with_sound(served: Served, visitor: Visitor, seed: int) -> list[str]:
    """Bring sound along and open the plain players; gives the addresses of all that can be fetched."""
    visitor.run(page="", query="clip=own")
    mine = served.upload(visitor, "mine.wav", wav_bytes(noise(3, seed=seed)))
    visitor.run(mine)  # behind the warm-up, in the queue
    visitor.run(mine)
    assert not visitor.elements("alert"), visitor.words()
    assert served.held() == 0  # what was read of it is all that is kept
    blocks = (each.delta.add_block for each in visitor.answer if each.WhichOneof("type") == "delta")
    parts = [each.expandable for each in blocks if each.WhichOneof("type") == "expandable"]
    (expander,) = [each for each in parts if each.label == PROSE["explore"]["parts"]["keep"]]
    visitor.run(mine, WidgetState(id=expander.id, bool_value=True))
    sounds = [each.url for each in visitor.elements("audio")]
    files = [each.url for each in visitor.elements("download_button") if each.url.endswith(".wav")]
    assert len(sounds) == len(files) == 3
    assert served.statuses(sounds + files) == [200] * 6
    return sounds + files


def test_of_a_visitor_who_has_left_nothing_can_be_fetched(served):
    with Visitor(served.address) as visitor:
        addresses = with_sound(served, visitor, seed=4)
    time.sleep(2.0)
    assert served.statuses(addresses) == [404] * 6


def test_of_a_sound_that_is_removed_nothing_can_be_fetched(served):
    with Visitor(served.address) as visitor:
        addresses = with_sound(served, visitor, seed=6)
        (uploader,) = visitor.elements("file_uploader")
        removed = WidgetState(id=uploader.id)
        removed.file_uploader_state_value.SetInParent()
        visitor.run(removed)
        assert "Choose a file or speak" in visitor.words()
        assert served.statuses(addresses) == [404] * 6


def test_a_visitor_whose_connection_broke_finds_the_sound_as_it_was(served):
    with Visitor(served.address) as visitor:
        visitor.run(page="", query="clip=own")
        visitor.run(served.upload(visitor, "mine.wav", wav_bytes(noise(3, seed=5))))
    with Visitor(served.address, session=visitor.session) as back:
        time.sleep(1.0)
        back.run(page="", query="clip=own")
        assert back.session == visitor.session
        assert back.elements("bidi_component")  # the player
        assert not back.elements("alert")
    assert 30 <= visits.GRACE_SECONDS <= 120  # the times of who reads this, not of the server above


def test_a_sound_that_is_too_much_waits_its_turn_and_is_refused_in_a_sentence(served):
    content = io.BytesIO()
    soundfile.write(content, noise(301), 16_000, format="FLAC")
    with Visitor(served.address) as visitor:
        visitor.run(page="", query="clip=own")
        visitor.run(served.upload(visitor, "long.flac", content.getvalue()))
        assert "at most 300.0 s are allowed" in visitor.words()
