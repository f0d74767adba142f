"""Makes the example calls that ship; ``python -m tests.trace.made_examples`` writes them anew."""

import json

import numpy as np

from sercore.channel import Gilbert, GilbertElliott
from sercore.trace import Trace
from sercore.trace.examples import EXAMPLES
from sercore.trace.text import text_of
from tests.trace import made_calls as made

SENT_AT = 1_000_000_000.0  # in 2001: no real call


def wifi() -> bytes:
    """A capture of one direction, with the other side's reports and headers alone."""
    rng = np.random.default_rng(21)
    packets = 3_000
    received = GilbertElliott(p=0.005, r=0.08, h=0.5, k=0.999).run(rng.random(packets))
    sent = np.arange(packets) * 0.02
    arrived = sent + 0.03 + 0.004 * rng.random(packets)
    for start in range(6, 60, 12):
        held = (arrived > start) & (arrived < start + 0.3)
        arrived[held] = start + 0.3 + 0.0002 * np.arange(np.count_nonzero(held))
    arrived[[700, 1_800]] += 0.025  # behind the next
    places = np.concatenate([np.flatnonzero(received), [900, 2_100]])
    arrived = arrived[places]
    arrived[-2:] += 0.001  # the copies
    frames = [
        (SENT_AT + round(time, 6), made.ethernet(made.rtp(64_000 + int(place), 160 * int(place))))
        for place, time in zip(places, arrived, strict=True)
    ]
    return made.pcap(sorted(frames, key=lambda frame: frame[0]))


def browser() -> bytes:
    """What NetEq would count of a drawn call, with what stands beside it in a browser."""
    packets, in_packet = 15_000, 960
    trace = Trace(Gilbert(0.988, 0.6).run(np.random.default_rng(22).random(packets)))
    reports = [
        {
            "id": "CIT01_111",
            "type": "codec",
            "mimeType": "audio/opus",
            "payloadType": 111,
            "clockRate": 48_000,
        },
        {
            "id": "OT01A7",
            "type": "outbound-rtp",
            "kind": "audio",
            "ssrc": 305_419_896,
            "packetsSent": packets,
        },
        {
            "id": "IT01A2596069104",
            "type": "inbound-rtp",
            "kind": "audio",
            "ssrc": 2_596_069_104,
            "codecId": "CIT01_111",
            "timestamp": 1_000_000_300_000.0,
            "packetsReceived": packets - trace.lost,
            "packetsLost": trace.lost,
            "packetsDiscarded": 0,
            "jitter": 0.004,
            "totalSamplesReceived": packets * in_packet,
            "totalSamplesDuration": packets * in_packet / 48_000,
            "concealedSamples": trace.lost * in_packet,
            "silentConcealedSamples": 0,
            "concealmentEvents": len(trace.burst_lengths),
        },
    ]
    return json.dumps(reports, indent=1).encode() + b"\n"


def handover() -> bytes:
    """Handovers at random times, and single losses between them."""
    rng = np.random.default_rng(23)
    packets = 30_000
    received = rng.random(packets) >= 0.001
    place = 0
    while (place := place + int(rng.exponential(500))) < packets:
        length = int(rng.integers(8, 13))
        received[place : place + length] = False
        place += length
    return text_of(Trace(received)).encode()


MAKERS = {"wifi.pcap": wifi, "browser.json": browser, "handover.txt": handover}

if __name__ == "__main__":
    for example in EXAMPLES:
        example.path.write_bytes(MAKERS[example.file]())
