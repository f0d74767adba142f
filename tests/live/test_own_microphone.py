"""A feed that hears the machine's own microphone, as its clients meet it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from sercore.live.feed import Offer
from sercore.live.own_microphone import BLOCK, OwnMicrophone
from sercore.live.places import Places
from sercore.live.socket import FeedSocket
from sercore.live.sound_card import SoundError
from tests.live.conversation import Client, running
from tests.live.level import Level, levels, stairs
from tests.live.test_sound_card import DEVICES, ROOT, SYSTEM, real, tone


class Pretended:
    """A microphone that hears two seconds of stairs, in pieces of 37.5 ms, and then no more."""

    open = 0

    def __init__(self, ends: str | None) -> None:
        type(self).open, self.ends = self.open + 1, ends

    def listen(self):
        sound = stairs(2).astype(np.float32) / 32_768
        yield from np.array_split(sound, np.arange(600, len(sound), 600))
        while self.ends is None:
            time.sleep(0.01)
            yield np.zeros(400, np.float32)
        raise SoundError(self.ends)

    def close(self):
        type(self).open -= 1


@contextmanager
def served(ends: str | None = None, limit: int = 4) -> Iterator[str]:
    """A feed of this machine's own, whose microphone ends so."""
    Pretended.open = 0
    own = OwnMicrophone(lambda: Pretended(ends))
    feed = FeedSocket(lambda: Offer({"level": Level}), Places(limit), microphone=own)
    routes = [WebSocketRoute("/", feed.follow)]
    with running(uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=0, lifespan="off"))) as where:
        yield where


def is_closed() -> bool:
    """Whether nobody has the microphone any more, soon."""
    deadline = time.monotonic() + 10
    while Pretended.open and time.monotonic() < deadline:
        time.sleep(0.01)
    return Pretended.open == 0


def until_it_stops(client) -> tuple[list[bytes], list[dict]]:
    """What was said and what was predicted, until the last word, which is among the latter."""
    said, told = [], []
    while not told or told[-1]["type"] == "prediction":
        message = client.hear()
        (said if isinstance(message, bytes) else told).append(message)
    return said, told


def test_what_is_said_at_the_machine_comes_back_and_is_predicted():
    with served("it was unplugged") as where, Client(where, causal=True, format="rtp") as client:
        assert client.hear()["format"] == "pcm"
        client.socket.send(bytes(6_400))  # a client's own sound is none
        said, (*found, last) = until_it_stops(client)
        assert {len(block) for block in said} == {2 * BLOCK}
        assert b"".join(said) == stairs(2).tobytes()
        np.testing.assert_allclose([each["arousal"] for each in found], levels(10), atol=1e-4)
        assert (last["type"], last["seconds"]) == ("stopped", 2)
        assert client.hear() == stairs(2).tobytes()  # all arrived
        assert client.ended() == (1011, "it was unplugged")
    assert is_closed()


def test_the_microphone_is_open_from_the_hello_to_the_stop():
    with served() as where:
        with Client(where, causal=True, channel="gilbert:p_n=0.0,p_l=1.0,packet_ms=20") as client:
            client.hear()
            client.say("stop", replay=True)
            _, (*_, last) = until_it_stops(client)
            assert "1" not in last["packets"]["received"]
            assert not any(client.hear())
            assert is_closed()
        with Client(where) as again:
            again.hear()
            assert len(again.hear()) == 2 * BLOCK
        assert is_closed()  # whoever vanishes leaves it, too


def test_it_is_for_one_conversation_at_a_time():
    with served() as where, Client(where) as first:
        first.hear()
        assert len(first.hear()) == 2 * BLOCK
        with Client(where) as second:
            second.hear()
            assert until_it_stops(second)[1][-1]["seconds"] == 0
            assert second.hear() == b""
            code, sentence = second.ended()
            assert code == 1011
            assert "another page follows" in sentence
        assert Pretended.open == 1
        assert first.hear()


def test_its_clients_wait_for_the_same_places():
    with served(limit=1) as where, Client(where) as first:
        first.hear()
        with Client(where) as second:
            assert second.hear()["ahead"] == 1
            first.socket.close()
            assert second.hear()["type"] == "hello"
            assert len(second.hear()) == 2 * BLOCK


TWICE = """
import asyncio, sys
from contextlib import aclosing
from sercore.live.own_microphone import OwnMicrophone
from sercore.live.sound_card import Microphone
async def listen():
    own = OwnMicrophone(lambda: Microphone("tone"))
    for _ in range(2):
        async with aclosing(own.listen()) as blocks:
            for _ in range(20):
                sys.stdout.buffer.write(await anext(blocks))
        while own._taken: await asyncio.sleep(0.01)
asyncio.run(listen())
"""


@real
def test_a_real_device_is_opened_closed_and_opened_again(tmp_path):
    tone().tofile(tmp_path / "tone.raw")
    (tmp_path / "asoundrc").write_text(DEVICES.format(system=SYSTEM, folder=tmp_path))
    own = {"ALSA_CONFIG_PATH": str(tmp_path / "asoundrc"), "PYTHONPATH": str(ROOT)}
    answer = subprocess.run(
        [sys.executable, "-c", TWICE], env=os.environ | own, capture_output=True, check=True, timeout=60
    )
    heard = np.frombuffer(answer.stdout, "<i2").reshape(2, -1) / 32_768
    np.testing.assert_allclose(heard, np.tile(tone()[: 20 * BLOCK], (2, 1)), atol=1 / 32_768)
