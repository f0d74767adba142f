"""Captures: every kind of link and file, several streams, reports, damage."""

import io
import struct
import time

import dpkt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rtpkit import RtpStreamTracker, decapsulate_udp, parse_rtp_lenient, read_capture

from sercore.channel import GilbertElliott
from sercore.trace import Statistics, Trace, TraceError, read_trace
from sercore.trace.read import streams_of
from tests.trace import made_calls as made

KEPT = [n for n in range(300) if n not in (20, 21, 22, 100)]
LOST = [20, 21, 22, 100]


def lost_places(content: bytes, **options) -> list[int]:
    return np.flatnonzero(~read_trace(content, **options).received).tolist()


def vlan(frame: bytes) -> bytes:
    return frame[:12] + struct.pack(">HH", 0x8100, 7) + frame[12:]


LINKS = {
    "Ethernet": (1, made.ethernet),
    "Ethernet with a VLAN tag": (1, lambda payload: vlan(made.ethernet(payload))),
    "Ethernet with two VLAN tags": (1, lambda payload: vlan(vlan(made.ethernet(payload)))),
    "Ethernet, IPv6": (1, lambda payload: bytes(12) + b"\x86\xdd" + made.ip6(payload)),
    "loopback": (0, lambda payload: struct.pack("=I", 2) + made.ip4(payload)),
    "loopback, IPv6": (0, lambda payload: struct.pack("=I", 30) + made.ip6(payload)),
    "raw IP": (101, made.ip4),
    "raw IPv6": (101, made.ip6),
    "IPv4 link": (228, made.ip4),
    "a relay's channel": (101, lambda rtp: made.ip4(struct.pack(">HH", 0x4001, len(rtp)) + rtp)),
    "Linux cooked": (
        113,
        lambda payload: struct.pack(">HHH8sH", 0, 1, 6, bytes(8), 0x800) + made.ip4(payload),
    ),
    "Linux cooked 2": (276, lambda p: struct.pack(">HHIHBB8s", 0x800, 0, 1, 1, 0, 6, bytes(8)) + made.ip4(p)),
}


@pytest.mark.parametrize("link", LINKS)
def test_the_same_call_is_found_on_every_kind_of_link(link):
    number, framed = LINKS[link]
    packets = [(n / 50, framed(made.rtp(65_500 + n, 160 * n))) for n in KEPT]
    trace = read_trace(made.pcap(packets, linktype=number))
    assert np.flatnonzero(~trace.received).tolist() == LOST
    assert trace.packet_ms == 20


@pytest.mark.parametrize("little", [True, False])
@pytest.mark.parametrize("nano", [True, False])
def test_byte_orders_and_clocks_of_pcap(little, nano):
    order = "<" if little else ">"
    content = struct.pack(order + "IHHIIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1)
    for captured, packet in made.call(KEPT):
        second, rest = divmod(captured, 1)
        fraction = round(rest * (10**9 if nano else 10**6))
        content += struct.pack(order + "4I", int(second), fraction, len(packet), len(packet)) + packet
    trace = read_trace(content)
    assert np.flatnonzero(~trace.received).tolist() == LOST
    assert np.nanmax(trace.delay_ms) < 0.01


def pcapng(packets, order: str = "<", resolution: bytes = b"", links=(1,)) -> bytes:
    """Sections and interfaces of the draft standard; packets go to the interfaces in turn."""

    def block(kind: int, body: bytes) -> bytes:
        body += bytes(-len(body) % 4)
        length = struct.pack(order + "I", len(body) + 12)
        return struct.pack(order + "I", kind) + length + body + length

    content = block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))
    for link in links:
        options = struct.pack(order + "HH", 9, 1) + resolution + bytes(3) + bytes(4) if resolution else b""
        content += block(1, struct.pack(order + "HHI", link, 0, 0) + options)
    ticks = {b"": 10**6, b"\x09": 10**9, b"\x8a": 2**10}[resolution]
    for place, (captured, packet) in enumerate(packets):
        high, low = divmod(round(captured * ticks), 2**32)
        head = struct.pack(order + "5I", place % len(links), high, low, len(packet), len(packet))
        content += block(6, head + packet)
    return content


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("resolution", [b"", b"\x09", b"\x8a"])
def test_byte_orders_and_clocks_of_pcapng(order, resolution):
    trace = read_trace(pcapng(made.call(KEPT), order, resolution))
    assert np.flatnonzero(~trace.received).tolist() == LOST
    assert np.nanmax(trace.delay_ms) < 2


def test_each_interface_of_pcapng_has_its_own_kind_of_link():
    mixed = [
        (n / 50, made.ethernet(made.rtp(n, 160 * n)) if place % 2 == 0 else made.ip4(made.rtp(n, 160 * n)))
        for place, n in enumerate(KEPT)
    ]
    assert lost_places(pcapng(mixed, links=(1, 101))) == LOST


def test_a_second_section_of_pcapng_may_have_another_byte_order():
    packets = made.call(KEPT)
    assert lost_places(pcapng(packets[:150], "<") + pcapng(packets[150:], ">")) == LOST


def test_counts_agree_with_rtpkit():
    chance = np.random.default_rng(3)
    kept = np.flatnonzero(chance.random(5_000) > 0.1)
    content = made.pcap(made.call(kept, start=64_000))
    witness = RtpStreamTracker()
    for packet in read_capture(content):
        datagram = decapsulate_udp(packet.link_type, packet.data)
        witness.observe(parse_rtp_lenient(datagram.payload), packet.timestamp)
    trace = read_trace(content)
    counted = witness.stats(made.SSRC)
    assert (trace.packets, trace.lost) == (counted.expected_count, counted.lost_count)


def test_encrypted_payloads_do_not_matter():
    chance = np.random.default_rng(4)
    packets = [
        (n / 50, made.ethernet(made.rtp(n, 960 * n, payload_type=111) + chance.bytes(80))) for n in KEPT
    ]
    trace = read_trace(made.pcap(packets))
    assert np.flatnonzero(~trace.received).tolist() == LOST
    assert trace.packet_ms == 20  # the clock of 48 kHz is told by the pace


@pytest.mark.parametrize(
    ("ticks", "clock"), [(80, 8_000), (320, 8_000), (320, 16_000), (960, 48_000), (2_880, 48_000)]
)
def test_the_length_of_a_packet_comes_from_its_timestamps_and_pace(ticks, clock):
    ms = ticks * 1_000 / clock
    jitter = np.random.default_rng(5).exponential(0.004, len(KEPT))
    packets = [
        (n * ms / 1_000 + late, made.ethernet(made.rtp(n, ticks * n, payload_type=100)))
        for n, late in zip(KEPT, jitter, strict=True)
    ]
    assert read_trace(made.pcap(packets)).packet_ms == ms


def two_ways() -> bytes:
    there, back = made.call(KEPT), made.call(range(250), ssrc=0xBACC, back=True)
    return made.pcap(sorted(there + back, key=lambda packet: packet[0]))


def test_several_streams_are_listed_and_one_is_chosen_by_number_or_ssrc():
    content = two_ways()
    first, second = streams_of(content)
    assert "0x5e12c0de 192.0.2.1:4000 -> 192.0.2.2:5000, payload type 0, 296 packets" in first
    assert "0x0000bacc 192.0.2.2:4000 -> 192.0.2.1:5000" in second
    assert (
        lost_places(content)
        == lost_places(content, stream="1")
        == lost_places(content, stream="0x5E12C0DE")
        == LOST
    )
    for name in ("2", "0xbacc", "47820"):
        assert read_trace(content, stream=name).packets == 250
    with pytest.raises(
        TraceError, match=r"two\.pcap has no stream '3'; it has 1: 0x5e12c0de .*; 2: 0x0000bacc"
    ):
        read_trace(content, stream="3", name="two.pcap")


def test_video_is_not_taken_for_the_call():
    video = [
        (
            1_000 + frame / 30,
            made.ethernet(made.rtp(frame * 8 + part, frame * 3_000, ssrc=9, payload_type=96)),
        )
        for frame in range(180)
        for part in range(8)
    ]
    content = made.pcap(sorted(made.call(KEPT) + video, key=lambda packet: packet[0]))
    assert lost_places(content) == LOST
    assert any("0x00000009" in title and "not audio" in title for title in streams_of(content))


def test_a_capture_on_all_interfaces_holds_each_packet_twice():
    twice = [(time + late, packet) for time, packet in made.call(KEPT) for late in (0, 1e-5)]
    assert lost_places(made.pcap(sorted(twice))) == LOST


def test_other_traffic_is_not_taken_for_rtp():
    chance = np.random.default_rng(6)
    noise = [(1_000 + n / 500, made.ethernet(b"\x80" + chance.bytes(40))) for n in range(3_000)]
    same = [(1_000 + n / 50, made.ethernet(made.rtp(7, 0, ssrc=8))) for n in range(300)]
    content = made.pcap(sorted(made.call(KEPT) + noise + same, key=lambda packet: packet[0]))
    assert len(streams_of(content)) == 1
    assert lost_places(content) == LOST
    with pytest.raises(TraceError, match="holds 3,000 packets, none of them RTP over UDP"):
        read_trace(made.pcap(noise))


def test_ringing_comfort_noise_and_events_before_and_in_a_call_are_no_loss():
    """Another SSRC rings; then numbers go on while timestamps jump or stand still."""
    ringing = [(900 + n / 50, made.ethernet(made.rtp(n, 160 * n, ssrc=1))) for n in range(100)]
    number, stamp, spoken = 0, 0, []
    for kind, packets in (("speech", 100), ("noise", 5), ("speech", 100), ("digit", 6), ("speech", 100)):
        for _ in range(packets):
            payload_type = {"speech": 0, "noise": 13, "digit": 101}[kind]
            when = 1_000 + stamp / 8_000 + (number * 0.02 if kind == "digit" else 0)
            spoken.append((when, made.ethernet(made.rtp(number, stamp, payload_type=payload_type))))
            number += 1
            stamp += {"speech": 160, "noise": 1_600, "digit": 0}[kind]
    trace = read_trace(made.pcap(ringing + spoken))
    assert trace.packets == 311
    assert trace.lost == 0


def test_a_pause_of_the_capture_itself_is_no_loss_but_an_outage_is():
    there = made.call([n for n in range(500) if not 200 <= n < 300])
    back = made.call(range(500), ssrc=2, back=True)
    outage = made.pcap(sorted(there + back))
    assert read_trace(outage, stream="0x5e12c0de").lost == 100
    start, end = 1_000.05 + 199 * 0.02, 1_000.05 + 300 * 0.02
    paused = made.pcap(sorted(there + [each for each in back if not start < each[0] < end]))
    trace = read_trace(paused, stream="0x5e12c0de")
    assert trace.lost == 0
    assert any("100 packets fell into pauses" in words for words in trace.remarks)


def test_redundancy_and_retransmissions_beside_the_call_are_no_loss():
    """RED (RFC 2198) changes the payload type; RTX (RFC 4588) has numbers and an SSRC of its own."""
    spoken, again = [], []
    for n in KEPT:
        kind = 63 if n % 7 else 111
        spoken.append((1_000 + n / 50, made.ethernet(made.rtp(n, 960 * n, payload_type=kind, size=40))))
    for number, n in enumerate(LOST):
        packet = made.rtp(number, 960 * n, ssrc=99, payload_type=112) + struct.pack(">H", n) + bytes(40)
        again += [(1_000 + n / 50 + 0.1, made.ethernet(packet))] * 3
    assert lost_places(made.pcap(sorted(spoken + again))) == LOST


def test_a_retransmission_with_the_same_number_counts_when_it_comes():
    packets = made.call(KEPT)
    packets.append((packets[0][0] + 20 * 0.02 + 0.12, made.ethernet(made.rtp(20, 20 * 160))))
    trace = read_trace(made.pcap(sorted(packets)))
    assert np.flatnonzero(~trace.received).tolist() == LOST[1:]
    assert np.flatnonzero(~trace.at_deadline(100).received).tolist() == LOST


def reports(*packets: bytes) -> bytes:
    return made.pcap([(n, made.ethernet(packet)) for n, packet in enumerate(packets)])


def test_receiver_reports_give_counts_without_bursts():
    content = reports(
        made.receiver_report(made.report_block(7, 70_000, 10)),
        made.receiver_report(made.report_block(7, 70_500, 25, fraction=8)),
        made.receiver_report(made.report_block(7, 71_000, 40)),
    )
    found = read_trace(content)
    assert isinstance(found, Statistics)
    assert (found.packets, found.lost, found.bursts) == (1_000, 30, None)
    assert found.mean_burst is None


def test_a_capture_with_rtp_takes_reports_only_if_asked():
    packets = made.call(KEPT)
    said = [
        made.receiver_report(made.report_block(made.SSRC, high, lost)) for high, lost in ((10, 0), (300, 9))
    ]
    told = [(1_000 + 3 * n, made.ethernet(packet, back=True)) for n, packet in enumerate(said)]
    content = made.pcap(sorted(packets + told))
    assert isinstance(read_trace(content), Trace)
    assert "RTCP says of it: 9 lost when last reported" in read_trace(content).remarks
    assert read_trace(content, stream="rtcp").lost == 9


def test_voip_metrics_tell_how_losses_follow_each_other():
    """The witness is the chain of two states with these densities and lengths."""
    metrics = made.voip_metrics(7, loss=8, burst=64, gap=2, burst_ms=400, gap_ms=9_000)
    blocks = [made.receiver_report(made.report_block(7, *counts)) for counts in ((0, 0), (5_000, 156))]
    found = read_trace(reports(blocks[0], blocks[1] + metrics))
    chain = GilbertElliott(p=20 / 9_000, r=20 / 400, h=1 - 64 / 256, k=1 - 2 / 256)
    assert (found.packets, found.lost) == (5_000, 156)
    assert found.mean_burst == pytest.approx(chain.mean_burst_length)


def test_encrypted_reports_are_left():
    """SRTCP adds four bytes of index and ten of authentication."""
    plain = made.receiver_report(made.report_block(7, 70_000, 10))
    with pytest.raises(TraceError, match="none of them RTP"):
        read_trace(reports(*[plain + bytes(14)] * 9))


def test_voip_metrics_are_told():
    packets = made.call(KEPT)
    metrics = made.voip_metrics(made.SSRC, loss=8, burst=64, gap=2, burst_ms=400, gap_ms=9_000)
    content = made.pcap(sorted([*packets, (1_002.0, made.ethernet(metrics, back=True))]))
    told = "RTCP's VoIP metrics: 3.1% lost, bursts of 400 ms with 25.0% lost, gaps of 9,000 ms with 0.8%"
    assert told in read_trace(content).remarks


# Bad input: one sentence, whatever the bytes; bounded time and memory.


def test_a_cut_capture_is_read_as_far_as_it_goes():
    for content in (made.pcap(made.call(KEPT)), pcapng(made.call(KEPT))):
        trace = read_trace(content[:-30])
        assert np.flatnonzero(~trace.received).tolist() == LOST
        assert trace.packets == 299


@pytest.mark.parametrize("length", [4, 10, 23, 24])
def test_the_beginning_of_a_capture_alone_is_refused(length):
    for content in (made.pcap(made.call(KEPT)), pcapng(made.call(KEPT))):
        with pytest.raises(
            TraceError, match=r"cut\.pcap (is damaged before its first packet|holds 0 packets)"
        ) as caught:
            read_trace(content[:length], name="cut.pcap")
        assert "\n" not in str(caught.value)


def test_a_link_that_is_not_known_is_named():
    with pytest.raises(TraceError, match="packets of the link type 105 cannot be read; Ethernet"):
        read_trace(made.pcap(made.call(KEPT), linktype=105))
    both = sorted(made.call(KEPT) * 2)  # each packet on both of two interfaces
    trace = read_trace(pcapng(both, links=(1, 189)))
    assert np.flatnonzero(~trace.received).tolist() == LOST
    assert any("packets of the link type 189 cannot be read" in words for words in trace.remarks)


@settings(max_examples=200)
@given(st.data())
def test_damaged_captures_are_read_or_refused_in_one_sentence(data):
    whole = data.draw(
        st.sampled_from([made.pcap(made.call(range(30))), pcapng(made.call(range(30))), two_ways()[:9_000]])
    )
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        sentence = str(read_trace(bytes(content)).remarks)
    except TraceError as error:
        sentence = str(error)
    assert "\n" not in sentence


def test_numbers_that_claim_more_packets_than_allowed_are_refused():
    numbers = [n * 2_999 for n in range(4_000)]
    numbers = [*range(-40_000, 0), *numbers]
    packets = [(n / 50, made.ethernet(made.rtp(number, 160 * number))) for n, number in enumerate(numbers)]
    with pytest.raises(TraceError, match="numbers 12,033,002 packets; at most 10,000,000 are allowed"):
        read_trace(made.pcap(packets))


def test_a_hundred_thousand_packets_are_read_within_seconds():
    frame = made.ethernet(made.rtp(0, 0, size=160))
    file = io.BytesIO()
    writer = dpkt.pcap.Writer(file)
    count = 100_000
    for n in range(count):
        head = struct.pack(">HI", n % 65_536, 160 * n % 2**32)
        writer.writepkt_time(frame[:44] + head + frame[50:], n / 50)
    start = time.perf_counter()
    trace = read_trace(file.getvalue())
    assert (trace.packets, trace.lost) == (count, 0)
    assert time.perf_counter() - start < 10
