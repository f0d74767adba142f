"""One door: the kind of a recording is found by its content, and what it holds is bounded."""

import gzip
import io
import json

import pytest

from sercore.trace import Statistics, Trace, TraceError, read_trace
from sercore.trace import read as door
from sercore.trace.trace import run_lengths
from tests.trace import made_calls as made
from tests.trace.test_webrtc import INBOUND

CAPTURE = made.pcap(made.call([0, 1, 2, 5, 6, 7, 8, 9, 10]))
KINDS = {
    "capture": CAPTURE,
    "statistics": json.dumps([INBOUND]).encode(),
    "text": b"0\n1\n0\n",
    "table": b"seq\n1\n3\n",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", [".pcap", ".json", ".txt", ""])
def test_the_kind_is_found_by_content_whatever_the_name(kind, ending, tmp_path):
    path = tmp_path / f"call{ending}"
    path.write_bytes(KINDS[kind])
    found = read_trace(path)
    assert isinstance(found, Statistics if kind == "statistics" else Trace)
    assert found.source == path.name
    assert found.lost > 0


def test_a_path_as_text_an_open_file_and_bytes_are_the_same(tmp_path):
    path = tmp_path / "call"
    path.write_bytes(CAPTURE)
    counts = [read_trace(source).lost for source in (path, str(path), CAPTURE, io.BytesIO(CAPTURE))]
    assert counts == [2] * 4


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "call is empty (0 bytes)"),
        (gzip.compress(CAPTURE), "call is no recording of a call: it is compressed (gzip): unpack it"),
        (b"PK\x03\x04abc", "call is no recording of a call: it is an archive"),
        (b"\xff\xd8\xff\xe0 a picture", "call is no recording of a call: byte 0 is no text"),
    ],
)
def test_what_is_no_recording_is_refused(content, sentence):
    with pytest.raises(TraceError) as caught:
        read_trace(content, name="call")
    assert sentence in str(caught.value)


def test_absent_files_and_folders_are_refused(tmp_path):
    with pytest.raises(TraceError, match="gone is no recording of a call: it is not there"):
        read_trace(tmp_path / "gone")
    with pytest.raises(TraceError, match="is no ordinary file"):
        read_trace(tmp_path)


def test_large_files_are_refused_unread(tmp_path, monkeypatch):
    path = tmp_path / "large.pcap"
    with path.open("wb") as file:
        file.truncate(door.MOST_BYTES * 100)
    with pytest.raises(
        TraceError, match=r"large\.pcap is no recording of a call: it has more than 268,435,456 bytes"
    ):
        read_trace(path)
    monkeypatch.setattr(door, "MOST_TEXT_BYTES", 5)
    with pytest.raises(TraceError, match="has 6 bytes; text may have 5"):
        read_trace(b"0\n1\n0\n")


def test_lengths_of_bursts_and_gaps_are_those_of_a_walk_through_the_trace():
    states = [True, False, False, True, True, True, False]
    trace = Trace(states)
    assert trace.burst_lengths.tolist() == [2, 1]
    assert trace.gap_lengths.tolist() == [1, 3]
    assert run_lengths(Trace([False]).received, state=True).tolist() == []
    assert (trace.statistics.bursts, trace.statistics.mean_burst) == (2, 1.5)
