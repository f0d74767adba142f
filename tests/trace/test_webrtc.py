"""getStats of WebRTC in its three forms, against field formulas worked out by hand."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sercore.trace import Statistics, TraceError, read_trace

# 100 s at 48 kHz in packets of 20 ms: 5,000 packets of 960 samples; 150 concealed in 60 bursts.
INBOUND = {
    "id": "IT01A1",
    "type": "inbound-rtp",
    "kind": "audio",
    "ssrc": 7,
    "timestamp": 1.0,
    "packetsReceived": 4_880,
    "packetsLost": 120,
    "totalSamplesReceived": 4_800_000,
    "totalSamplesDuration": 100.0,
    "concealedSamples": 144_000,
    "silentConcealedSamples": 9_600,
    "concealmentEvents": 60,
}
OTHERS = [
    {"id": "O1", "type": "outbound-rtp", "kind": "audio", "packetsSent": 5_000},
    {"id": "V1", "type": "inbound-rtp", "kind": "video", "packetsReceived": 90_000, "packetsLost": 1},
    {"id": "C1", "type": "codec", "clockRate": 48_000},
]


def read(report: object, **options) -> Statistics:
    return read_trace(json.dumps(report).encode(), name="stats.json", **options)


def dump(*reports: dict) -> dict:
    """What chrome://webrtc-internals saves: a course of values for each metric."""
    stats = {
        f"{report['id']}-{key}": {
            "startTime": "2026-11-26T10:00:00.000Z",
            "endTime": "2026-11-26T10:01:40.000Z",
            "statsType": report["type"],
            "values": json.dumps([0 if isinstance(value, int) else value, value]),
        }
        for report in reports
        for key, value in report.items()
        if key not in ("id", "type")
    }
    peer = {"pid": 1, "url": "https://example.org", "stats": stats, "updateLog": []}
    return {"getUserMedia": [], "PeerConnections": {"1-1": peer}, "UserAgent": "a browser"}


FORMS = {
    "an array": [*OTHERS, INBOUND],
    "an object by identifier": {report["id"]: report for report in (*OTHERS, INBOUND)},
    "one report": INBOUND,
    "several calls of getStats": [[INBOUND | {"timestamp": 0.5, "concealedSamples": 0}], [*OTHERS, INBOUND]],
    "a dump": dump(*OTHERS, INBOUND),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_counts(form):
    found = read(FORMS[form])
    assert (found.packets, found.lost, found.bursts, found.packet_ms) == (5_000, 150, 60, 20)
    assert (found.loss_rate, found.mean_burst) == (0.03, 2.5)


def test_late_packets_count_since_samples_tell_of_them():
    """120 packets were lost on the way, 150 were missing when they should have been played."""
    assert read(INBOUND).lost == 150


def test_packets_of_60_ms_are_told_by_their_count():
    found = read(INBOUND | {"packetsReceived": 1_620, "packetsLost": 47, "concealmentEvents": 20})
    assert found.packet_ms == 60
    assert found.lost == 50
    assert "packets are taken to hold 60 ms (2880 samples)" in found.remarks


def test_a_rate_of_8_khz_is_told_by_the_duration():
    counts = {"totalSamplesReceived": 800_000, "concealedSamples": 24_000}
    assert read(INBOUND | counts).lost == 150


def test_without_samples_packets_are_counted_and_bursts_are_not_known():
    found = read({"type": "inbound-rtp", "kind": "audio", "packetsReceived": 970, "packetsLost": 30})
    assert (found.packets, found.lost, found.bursts) == (1_000, 30, None)
    assert "not how they follow each other" in found.remarks[0]


def test_what_the_other_side_reports_is_taken_only_without_received_audio():
    remote = {
        "id": "R1",
        "type": "remote-inbound-rtp",
        "kind": "audio",
        "packetsLost": 5,
        "packetsReceived": 95,
    }
    assert read([remote, INBOUND]).packets == 5_000
    found = read([remote])
    assert found.loss_rate == 0.05
    assert "the other side reports" in found.remarks[0]


def test_the_longest_stream_is_taken_or_the_one_asked_for():
    short = INBOUND | {
        "id": "IT2",
        "ssrc": 8,
        "totalSamplesReceived": 480_000,
        "totalSamplesDuration": 10.0,
        "concealedSamples": 960,
        "concealmentEvents": 1,
    }
    assert read([short, INBOUND]).packets == 5_000
    assert "the stream IT01A1 (SSRC 7) of 2 was taken" in read([short, INBOUND]).remarks
    for name in ("1", "8"):
        assert read([short, INBOUND], stream=name).packets == 500
    with pytest.raises(
        TraceError, match=r"stats\.json has no stream '9'; it has 1: IT2 \(SSRC 8\); 2: IT01A1"
    ):
        read([short, INBOUND], stream="9")


def test_a_call_without_loss_has_no_bursts():
    found = read(INBOUND | {"concealedSamples": 0, "concealmentEvents": 0})
    assert (found.lost, found.bursts, found.mean_burst) == (0, 0, None)


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        ([], "stats.json holds no report on received audio"),
        ({}, "stats.json holds no report on received audio"),
        ([1, "a", None, [2]], "stats.json holds no report on received audio"),
        (
            OTHERS,
            "one of type inbound-rtp and kind audio with packetsReceived or totalSamplesReceived is needed",
        ),
        (
            INBOUND | {"concealedSamples": -5},
            "concealedSamples of IT01A1 (SSRC 7) must be a number from 0, got -5",
        ),
        (
            INBOUND | {"concealedSamples": "many"},
            "concealedSamples of IT01A1 (SSRC 7) must be a number from 0",
        ),
        (INBOUND | {"concealedSamples": 9_000_000}, "9375 lost of 5000 packets"),
        (INBOUND | {"concealedSamples": 0}, "60 bursts in 0 lost packets"),
        (
            {"PeerConnections": {"1": {"stats": {"a-b": {"values": "[1"}}}}},
            "values of 'a-b' are no list: it is no JSON",
        ),
    ],
)
def test_each_refusal_names_the_file_the_key_and_the_rule(report, sentence):
    with pytest.raises(TraceError) as caught:
        read(report)
    assert str(caught.value).startswith("stats.json")
    assert sentence in str(caught.value)


@pytest.mark.parametrize("content", ["{", "[" * 100_000, '{"a": NaN', "[1,]", "[" + "9" * 5_000 + "]"])
def test_damaged_json_is_refused_in_one_sentence(content):
    with pytest.raises(TraceError) as caught:
        read_trace(content.encode())
    assert "\n" not in str(caught.value)


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
nested = values | st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=5), values, max_size=3)


@example({"id": "a\nb\x1b", "packetsReceived": False}, False)
@given(
    st.dictionaries(st.sampled_from([*INBOUND, "stats", "PeerConnections"]), nested, max_size=8),
    st.booleans(),
)
def test_any_values_are_read_or_refused_in_one_sentence(changes, dumped):
    report = INBOUND | changes
    try:
        sentence = "".join(
            read(dump({"id": "a", "type": "inbound-rtp"} | report) if dumped else report).remarks
        )
    except TraceError as error:
        sentence = str(error)
    assert "\n" not in sentence
