"""The feed as its clients meet it: a real server, and a real client of another library."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

import sercore.live.places
import sercore.live.socket
from sercore.channel.gilbert import Gilbert
from sercore.live.engine import LOOKAHEAD_FRAMES
from sercore.live.feed import Offer
from sercore.live.messages import MOST_BYTES, VERSION
from sercore.live.serve import feed_server
from sercore.recogniser.confidence import fit_bands
from tests.live.conversation import Client, running
from tests.live.level import Level, levels, stairs


@contextmanager
def served(**options) -> Iterator[str]:
    """A feed on a free port, in a thread of its own."""
    offer = Offer({"level": Level, "other": Level}, options.pop("token", ""), options.pop("bands", {}))
    with running(feed_server(offer, port=0, **{"limit": 4} | options)) as where:
        yield where


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as where:
        yield where


def in_packets(samples, size=320):
    return [part.astype(">i2").tobytes() for part in samples.reshape(-1, size)]


def rtp(number: int, payload: bytes) -> bytes:
    return bytes([0x80, 96]) + (number % 65_536).to_bytes(2, "big") + bytes(8) + payload


def test_each_frame_of_sound_is_answered_with_what_it_is(address):
    with Client(address) as client:
        hello = client.hear()
        assert hello["type"] == "hello"
        assert (hello["version"], hello["rate"], hello["packet_ms"]) == (VERSION, 16_000, 20)
        assert hello["recognisers"] == ["level", "other"]
        waits = LOOKAHEAD_FRAMES  # for sound that a prediction gains by
        assert hello["latency"] == pytest.approx((1 + waits) / 5)
        sound = stairs(3).tobytes()
        for first in range(0, len(sound), 1_234):
            client.socket.send(sound[first : first + 1_234])
        found = client.predictions(15 - waits)
        np.testing.assert_allclose([each["time"] for each in found], np.arange(1, 16 - waits) / 5)
        np.testing.assert_allclose([each["arousal"] for each in found], levels(15 - waits), atol=1e-4)
        np.testing.assert_allclose([each["valence"] for each in found], -levels(15 - waits), atol=1e-4)
        assert {each["share_lost"] for each in found} == {0}
        assert "".join(each["packets"]["received"] for each in found).count("0") == 0
        client.say("stop", replay=True)
        assert client.hear()["seconds"] == 3
        assert client.hear() == sound
        with pytest.raises(ConnectionClosed) as closed:
            client.hear()
        assert closed.value.rcvd.code == 1000


def test_gaps_in_the_numbers_of_rtp_are_the_losses(address):
    numbers = [n for n in range(65_500, 65_600) if n % 10 not in (3, 4)]
    packets = in_packets(stairs(2))
    with Client(address, format="rtp") as client:
        client.hear()
        for number in numbers:
            client.socket.send(rtp(number, packets[number - 65_500]))
        found = client.predictions(7)
        assert "".join(each["packets"]["received"] for each in found)[:70] == "1110011111" * 7
        assert [each["lost"] for each in found] == [0.2] * 7  # of each frame


def test_losses_on_purpose_follow_the_channel_while_it_changes(address):
    never, always = (f"gilbert:p_n={p_n},p_l=1.0,packet_ms=20" for p_n in (1.0, 0.0))
    with Client(address, channel=never, clean=True, causal=True) as client:
        client.hear()
        client.socket.send(stairs(1).tobytes())
        assert [each["lost"] for each in client.predictions(5)] == [0] * 5
        client.say("change", channel=always)
        assert client.hear()["channel"] == always
        client.socket.send(stairs(2).tobytes()[32_000:])
        found = client.predictions(5)
        assert [each["lost"] for each in found] == [1] * 5
        assert [each["arousal"] for each in found] == [0] * 5  # of silence
        np.testing.assert_allclose([each["clean"]["arousal"] for each in found], levels(10)[5:], atol=1e-4)


def test_the_same_seed_loses_the_same_packets(address):
    channel = "gilbert:p_n=0.9,p_l=0.6,packet_ms=20"
    drawn = []
    for blocks in (1, 7):
        with Client(address, channel=channel, seed=4) as client:
            client.hear()
            for part in np.array_split(stairs(2), blocks):
                client.socket.send(part.tobytes())
            drawn.append("".join(each["packets"]["received"] for each in client.predictions(7))[:70])
    expected = Gilbert(0.9, 0.6).run(np.random.default_rng(4).random(70))
    assert drawn == ["".join(str(int(each)) for each in expected)] * 2


def test_another_receiver_goes_on_with_the_same_call(address):
    with Client(address, causal=True) as client:
        client.hear()
        client.socket.send(stairs(1).tobytes())
        client.predictions(5)
        client.say("change", receiver="drop", recogniser="other")
        assert client.hear()["shorter"] is True
        client.socket.send(stairs(2).tobytes()[32_000:])
        assert client.predictions(1)[0]["time"] == pytest.approx(1.2)


HELLO = {"type": "hello", "version": VERSION}
TOKEN = "geheim"  # noqa: S105  (of this test alone)


@pytest.mark.parametrize(
    ("first", "code", "words"),
    [
        ("what is this", 1007, "must be JSON"),
        ("[1, 2]", 1007, "must be a JSON object"),
        ('{"type": "hello"}', 1002, "this feed speaks version 1, got None"),
        ('{"type": "hello", "version": 7}', 1002, "this feed speaks version 1, got 7"),
        ('{"type": "stop"}', 1002, "the first message must be hello, got 'stop'"),
        (json.dumps(HELLO | {"receiver": "magic"}), 1007, "the receiver must be one of"),
        (json.dumps(HELLO | {"recogniser": "magic"}), 1007, "recogniser must be one of level, other"),
        (json.dumps(HELLO | {"packet_ms": 7_000}), 1007, "a packet must last"),
        (json.dumps(HELLO | {"seed": -1}), 1007, "seed must lie in"),
        (json.dumps(HELLO | {"channel": "recorded:path=%2Fetc%2Fpasswd"}), 1007, "channel must be of one of"),
        (json.dumps(HELLO | {"channel": "gilbert:p_n=0.9"}), 1007, "gilbert takes p_n, p_l"),
        (json.dumps(HELLO | {"channel": "gilbert:p_n=0.9,p_l=0.5", "packet_ms": 20}), 1007, "packet_ms=20"),
        (json.dumps(HELLO | {"format": "x" * 5_000}), 1009, "at most 4,096 letters"),
        ('{"type": ' * 3_000, 1009, "at most 4,096 letters"),
        ("[" * 4_000, 1007, "must be JSON"),
    ],
)
def test_a_first_message_that_is_none_gets_a_sentence_and_a_code(address, first, code, words):
    with connect(address) as socket:
        socket.send(first)
        message = json.loads(socket.recv(timeout=20))
        assert message["type"] == "error"
        assert words in message["message"]
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=20)
        assert closed.value.rcvd.code == code


@pytest.mark.parametrize(
    ("sent", "code", "words"),
    [
        (bytes(3), 1007, "whole samples of 16 bits, got 3 bytes"),
        (bytes(2), 1007, "whole samples of 16 bits, got 6,401 bytes"),
        (bytes(MOST_BYTES + 2), 1009, "at most 64,000 bytes"),
        ('{"kind": 1}', 1002, "a message must be one of change, stop, got 'None'"),
        ('{"type": ["stop"]}', 1002, "a message must be one of change, stop, got"),
        (json.dumps(HELLO), 1002, "got 'hello'"),
        ('{"type": "change", "receiver": 3}', 1007, "receiver must be text"),
    ],
)
def test_a_later_message_that_is_none_gets_a_sentence_and_a_code(address, sent, code, words):
    with Client(address) as client:
        client.hear()
        client.socket.send(sent)
        if len(sent) < 9:  # nothing is heard before a frame is there
            client.socket.send(bytes(6_401))
        found, sentence = client.ended()
        assert found == code
        assert words in sentence


def test_a_feed_of_rtp_refuses_what_is_none(address):
    with Client(address, format="rtp") as client:
        client.hear()
        client.socket.send(bytes(700))
        assert client.ended() == (1007, "a packet must be RTP of version 2, got 700 bytes of something else")


def test_who_comes_later_waits_and_is_told_its_place():
    with served(limit=1) as where, Client(where) as first:
        first.hear()
        with Client(where) as second, Client(where) as third:
            assert second.hear()["ahead"] == 1
            assert third.hear()["ahead"] == 2
            second.socket.close()  # whoever gives up makes room
            assert third.hear()["ahead"] == 1
            first.socket.close()
            assert third.hear()["type"] == "hello"
            third.socket.send(stairs(1).tobytes())
            assert third.hear()["type"] == "prediction"


def test_a_turn_ends_while_others_wait(monkeypatch):
    monkeypatch.setattr(sercore.live.places, "TURN_SECONDS", 0.0)
    with served(limit=1) as where, Client(where) as first:
        first.hear()
        with Client(where) as second:
            second.hear()
            first.socket.send(stairs(1).tobytes())
            while first.hear()["type"] != "stopped":
                pass
            assert len(first.hear()) == 32_000
            code, sentence = first.ended()
            assert code == 1013
            assert "while others wait" in sentence
            assert second.hear()["type"] == "hello"


def test_who_says_nothing_is_left(monkeypatch):
    monkeypatch.setattr(sercore.live.socket, "IDLE_SECONDS", 0.2)
    with served() as where, Client(where) as client:
        client.hear()
        assert client.ended() == (1008, "nothing was said for 0.2 s")


def test_others_than_this_machine_need_the_token():
    with pytest.raises(ValueError, match=r"a feed that others can reach at 0\.0\.0\.0 must ask for a token"):
        feed_server(Offer({"level": Level}), host="0.0.0.0", limit=1)  # noqa: S104
    with served(token=TOKEN) as where:
        for wrong in ({}, {"token": ""}, {"token": "geheim "}, {"token": "ä"}):
            with Client(where, **wrong) as client:
                code, sentence = client.ended()
                assert code == 1008
                assert "token" in sentence
        with Client(where, token=TOKEN) as client:
            hello = client.hear()
            assert hello["type"] == "hello"
            assert TOKEN not in json.dumps(hello)


def test_a_port_that_is_taken_is_a_sentence(address):
    port = int(address.rstrip("/").rpartition(":")[2])
    with pytest.raises(OSError, match=rf"^nothing can listen at 127\.0\.0\.1 port {port}: .*in use"):
        feed_server(Offer({"level": Level}), port=port, limit=1)
    with pytest.raises(OSError, match=r"^nothing can listen at nowhere\.invalid port 1: "):
        feed_server(Offer({"level": Level}, TOKEN), host="nowhere.invalid", port=1, limit=1)


def test_how_sure_it_is_is_told_where_that_is_known():
    widths = fit_bands(np.full((20, 2), 0.25), np.zeros(20), np.zeros(20), tolerance=(0.5, 0.5))
    with served(bands={("level-1", "silence"): widths}) as where, Client(where, causal=True) as client:
        client.hear()
        client.socket.send(stairs(1).tobytes())
        for told in client.predictions(5):
            assert told["band"]["arousal"] == pytest.approx([told["arousal"] - 0.25, told["arousal"] + 0.25])
        client.say("change", receiver="drop")
        client.hear()
        client.socket.send(stairs(1).tobytes())
        assert client.hear()["band"] is None


def test_a_page_from_elsewhere_cannot_use_a_feed_without_a_token(address):
    with pytest.raises(InvalidStatus) as refused, connect(address, origin="http://evil.example"):
        pass
    assert refused.value.response.status_code == 403
