"""RTP that ffmpeg really sends over loopback, through a relay that drops, swaps, copies and delays."""

import selectors
import shutil
import socket
import subprocess
import time
from typing import NamedTuple

import numpy as np
import pytest
from rtpkit import RtpStreamTracker, decapsulate_udp, parse_rtp_lenient
from rtpkit import read_capture as rtpkit_capture

from sercore.channel import Gilbert
from sercore.trace import read_trace
from sercore.trace.read import streams_of
from tests.trace import made_calls as made

SECONDS, PACKETS = 8, 400
FIRST = 65_400  # numbers wrap around within the call
SRTP_KEY = "zIPsNqyrWqSMVEhMlpEEPCZA1bYR7yLmnjQPHPLm"  # any 30 bytes in base64
ULAW = ["-c:a", "pcm_mulaw"]
SRTP = ["-srtp_out_suite", "AES_CM_128_HMAC_SHA1_80", "-srtp_out_params", SRTP_KEY]
SENDERS = {  # rate, codec, encryption, scheme, bytes in a packet: 20 ms of G.711 with its headers, or any
    "G.711": (8_000, ULAW, [], "rtp", 172),
    "Opus": (48_000, ["-c:a", "libopus", "-frame_duration", "20"], [], "rtp", 1_400),
    "SRTP": (8_000, ULAW, SRTP, "srtp", 186),
}


class Plan(NamedTuple):
    """What the relay does to a packet, by its place in the call."""

    lost: set[int]
    copied: set[int]
    swapped: set[int]  # comes after the packets behind it
    late: set[int]

    @classmethod
    def drawn(cls, seed: int) -> "Plan":
        rng = np.random.default_rng(seed)
        received = Gilbert(0.95, 0.5).sample(PACKETS, rng)
        received[:3] = received[-90:] = True  # the last held packet comes before the call ends
        other = rng.permutation(np.flatnonzero(received[: PACKETS - 100]))[:45].tolist()
        return cls(
            set(np.flatnonzero(~received).tolist()), set(other[:20]), set(other[20:40]), set(other[44:])
        )


PLANS = {name: Plan.drawn(seed) for seed, name in enumerate(SENDERS)}


def sender(name: str, ports: tuple[int, int]) -> subprocess.Popen:
    rate, codec, secret, scheme, size = SENDERS[name]
    tone = f"sine=frequency=300:sample_rate={rate}:samples_per_frame={rate // 50}:duration={SECONDS}"
    url = f"{scheme}://127.0.0.1:{ports[0]}?rtcpport={ports[1]}&pkt_size={size}"
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-re", "-f", "lavfi", "-i", tone, *codec]
    command += ["-seq", str(FIRST), "-f", "rtp", *secret, url]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Relay:
    """Carries one stream's packets into a capture, as its plan says."""

    def __init__(self, name: str) -> None:
        self.plan, self.frames, self.held, self.seen = PLANS[name], [], [], 0
        self.ports = 4_000 + 10 * list(SENDERS).index(name), 5_000
        self.media, self.control = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for each in (self.media, self.control):
            each.bind(("127.0.0.1", 0))
            each.setblocking(False)

    def take(self, packet: bytes, now: float, is_media: bool) -> None:
        if not is_media:  # sender reports, beside the call on the same path
            self.frames.append((now, made.ethernet(packet, ports=self.ports)))
            return
        place, self.seen = self.seen, self.seen + 1
        if place in self.plan.late | self.plan.swapped:
            wait = 1.5 if place in self.plan.late else 0.07
            self.held.append((now + wait, packet))
        elif place not in self.plan.lost:
            copies = 2 if place in self.plan.copied else 1
            self.frames += [(now, made.ethernet(packet, ports=self.ports))] * copies

    def release(self, now: float) -> None:
        for due, packet in [each for each in self.held if each[0] <= now]:
            self.frames.append((now, made.ethernet(packet, ports=self.ports)))
            self.held.remove((due, packet))


@pytest.fixture(scope="module")
def capture() -> bytes:
    """All senders at once, in one capture."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("needs ffmpeg (apt install ffmpeg)")
    relays = {name: Relay(name) for name in SENDERS}
    programs = [
        sender(name, (each.media.getsockname()[1], each.control.getsockname()[1]))
        for name, each in relays.items()
    ]
    with selectors.DefaultSelector() as selector:
        for relay in relays.values():
            selector.register(relay.media, selectors.EVENT_READ, (relay, True))
            selector.register(relay.control, selectors.EVENT_READ, (relay, False))
        end = time.monotonic() + 60
        while time.monotonic() < end and (
            any(each.poll() is None for each in programs) or selector.select(0.3)
        ):
            for key, _ in selector.select(0.005):
                relay, is_media = key.data
                relay.take(key.fileobj.recv(2_048), time.time(), is_media)
            for relay in relays.values():
                relay.release(time.time())
    for relay in relays.values():
        relay.media.close()
        relay.control.close()
    for program in programs:
        program.kill()
        said = program.communicate()[1].decode()
        assert program.returncode == 0, said
    assert not any(relay.held for relay in relays.values())
    frames = [frame for relay in relays.values() for frame in relay.frames]
    return made.pcap(sorted(frames, key=lambda frame: frame[0]))


def number_of(capture: bytes, name: str) -> str:
    port = f":{4_000 + 10 * list(SENDERS).index(name)} "
    (found,) = [n for n, title in enumerate(streams_of(capture), start=1) if port in title]
    return str(found)


@pytest.mark.parametrize("name", SENDERS)
def test_a_stream_of_ffmpeg_gives_back_exactly_what_was_lost(capture, name):
    trace = read_trace(capture, stream=number_of(capture, name))
    assert trace.packets >= PACKETS
    assert set(np.flatnonzero(~trace.received).tolist()) == PLANS[name].lost
    assert trace.packet_ms == 20


@pytest.mark.parametrize("name", SENDERS)
def test_what_came_too_late_is_lost_to_who_does_not_wait(capture, name):
    trace = read_trace(capture, stream=number_of(capture, name)).at_deadline(1_000)
    plan = PLANS[name]
    assert set(np.flatnonzero(~trace.received).tolist()) == plan.lost | plan.late


@pytest.mark.parametrize("name", SENDERS)
def test_copies_and_another_order_are_said_and_do_not_count(capture, name):
    remarks = read_trace(capture, stream=number_of(capture, name)).remarks
    assert "20 packets came twice; that is no loss" in remarks
    assert any("came after one that was sent later; that is no loss" in words for words in remarks)


def test_rtpkit_counts_the_same(capture):
    witness, paths = RtpStreamTracker(), {}
    for packet in rtpkit_capture(capture):
        datagram = decapsulate_udp(packet.link_type, packet.data)
        if 200 <= datagram.payload[1] <= 204:  # RTCP
            continue
        found = parse_rtp_lenient(datagram.payload)
        witness.observe(found, packet.timestamp)
        paths[found.ssrc] = str(found.ssrc)
    assert len(paths) == len(SENDERS)
    for ssrc, wanted in paths.items():
        counted, trace = witness.stats(ssrc), read_trace(capture, stream=wanted)
        assert (counted.expected_count, counted.lost_count) == (trace.packets, trace.lost)
