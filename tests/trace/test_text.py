"""Traces of one value a line, and tables."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sercore.trace import Trace, TraceError, read_trace
from sercore.trace.text import csv_of, text_of


def received(text: str, **options) -> str:
    return "".join(str(int(got)) for got in read_trace(text.encode(), **options).received)


def test_one_value_a_line_is_1_where_the_packet_was_lost():
    assert received("0\n1\n1\n0\n") == "1001"
    assert received("# a comment\r\n\r\n 1 \r\n0") == "01"
    assert received("\ufeff0\n1") == "10"


def test_what_powershell_writes_is_read():
    assert read_trace("0\r\n1\r\n".encode("utf-16")).lost == 1


def test_the_length_of_a_packet_is_told_by_the_file_or_the_caller():
    assert read_trace(b"0\n1\n").packet_ms == 20
    assert read_trace(b"# packet_ms: 40\n0\n1\n").packet_ms == 40
    assert read_trace(b"# packet_ms: 40\n0\n1\n", packet_ms=60).packet_ms == 60


@given(st.lists(st.booleans(), min_size=1, max_size=80), st.sampled_from([10.0, 20.0, 200.0]), st.booleans())
def test_a_trace_written_as_text_or_table_reads_the_same(states, packet_ms, delayed):
    delay = np.linspace(0, 300, len(states)) if delayed else None
    trace = Trace(states, packet_ms, delay)
    for written in (text_of(trace), csv_of(trace)):
        read = read_trace(written.encode())
        np.testing.assert_array_equal(read.received, trace.received)
        assert read.packet_ms == packet_ms
    if delayed:
        np.testing.assert_allclose(read.delay_ms, trace.delay_ms, atol=1e-3)


@pytest.mark.parametrize(
    "head", ["seq,time", "Sequence;Time", "rtp.seq\tframe.time_relative", '"seq","time_s"', ""]
)
def test_a_table_of_arrivals_shows_gaps_swaps_and_a_wrap_around(head):
    mark = next((mark for mark in ";\t" if mark in head), ",")
    rows = [(65_534, 0.0), (65_535, 0.02), (1, 0.06), (0, 0.065), (1, 0.066), (4, 0.12)]
    text = head + "\n" + "\n".join(f"{number}{mark}{time}" for number, time in rows)
    assert received(text) == "1111001"


def test_a_packet_after_the_deadline_is_lost_in_a_table_too():
    rows = [(n, n * 0.02 + 0.3 * (n == 50)) for n in range(100)]
    table = "seq,time\n" + "\n".join(f"{n},{time:.3f}" for n, time in rows)
    trace = read_trace(table.encode())
    assert (trace.packet_ms, trace.lost) == (20, 0)
    assert np.flatnonzero(~trace.at_deadline(200).received).tolist() == [50]


def test_times_of_sending_tell_silence_from_delay():
    rows = [(n, n * 20 + 400 * (n > 50), n * 20 + 400 * (n > 50) + 90) for n in range(100)]
    table = "seq,sent_ms,arrived_ms\n" + "\n".join(f"{n},{sent},{arrived}" for n, sent, arrived in rows)
    trace = read_trace(table.encode())
    assert (trace.packet_ms, trace.lost, trace.late(1)) == (20, 0, 0)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0\n2\n", "call.txt, line 2: a value must be 0 or 1 (lost), got '2'"),
        ("0\n\n# x\n1 0\n", "call.txt, line 4: a value must be 0 or 1 (lost), got '1 0'"),
        ("# nothing\n\n", "call.txt holds no values; one a line is needed, 1 = lost"),
        ("hello\n", "call.txt, line 1: 0 or 1 is needed, or a table with some of the columns"),
        ("seq;time\n1;0,02\n2;0,04\n", "column time: a number is needed, got '0,02' (write it with a point)"),
        ("seq,time\n1,0.1_2\n", "a number is needed, got '0.1_2'"),
        ("seq,time\n1,0\nx,1\n", "call.txt, line 3, column seq: a number is needed, got 'x'"),
        ("seq,time\n1,0\n2\n", "call.txt, line 3, column time: a number is needed, got ''"),
        ("seq,time\n1,nan\n", "call.txt, line 2, column time: a number is needed, got 'nan'"),
        ("seq,lost\n1,0\n2,3\n", "call.txt, line 3: lost must be 0 or 1, got '3'"),
        ("time\n1\n", "call.txt has no column of sequence numbers"),
        ("seq\n", "call.txt has no column of sequence numbers (seq) with at least one row"),
        ("seq\n1.5\n", "call.txt: sequence numbers must be whole numbers"),
        ("lost\n", "call.txt has packets of the shape (0,); 1 to 10,000,000 packets are allowed"),
        ("# packet_ms: 0\n0\n", "call.txt: packet_ms must lie in (0, 1000], got 0"),
        ("# packet_ms: soon\n0\n", "call.txt, the comment '# packet_ms: soon': a number is needed"),
        ("0\0\n", "call.txt holds binary data of no known kind at character 1"),
    ],
)
def test_each_refusal_names_the_file_the_place_and_the_rule(text, sentence):
    with pytest.raises(TraceError) as caught:
        read_trace(text.encode(), name="call.txt")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_line_that_is_no_csv_is_told_with_its_number():
    with pytest.raises(TraceError, match=r"call\.csv, line 3 is no CSV"):
        read_trace(b"seq,time_s\n1,0.02\n2\r,0.04\n3,0.06\n", name="call.csv")


@given(st.text(alphabet='01\r\n,;seqtimlo.-#\t "', max_size=60))
def test_any_text_is_read_or_refused_in_one_sentence(text):
    try:
        sentence = "".join(read_trace(text.encode()).remarks)
    except TraceError as error:
        sentence = str(error)
    assert "\n" not in sentence
