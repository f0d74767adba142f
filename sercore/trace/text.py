"""Traces as text: one value a line, 1 = lost, or a table (CSV) with sequence numbers and times."""

import csv
import io
import itertools
import math
from array import array
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sercore.reading import first_line
from sercore.reading.number import number
from sercore.trace.arrivals import Arrivals, trace_of
from sercore.trace.trace import MOST_PACKETS, PACKET_MS, Trace, TraceError

_PACKET_MS = "# packet_ms:"
# What a column is called (by us, tshark and Wireshark), in lower case, and the factor to seconds of a time.
_NUMBERS = ("seq", "sequence", "sequence_number", "rtp.seq")
_ARRIVED = {"time": 1.0, "time_s": 1.0, "arrived_s": 1.0, "frame.time_epoch": 1.0, "frame.time_relative": 1.0}
_ARRIVED |= {"time_ms": 1e-3, "arrived_ms": 1e-3}
_SENT = {"sent": 1.0, "sent_s": 1.0, "sent_ms": 1e-3}
_LOST, _RECEIVED, _DELAY = "lost", "received", "delay_ms"
_KNOWN = (*_NUMBERS, *_ARRIVED, *_SENT, _LOST, _RECEIVED, _DELAY)


def read_text(content: str, source: str, packet_ms: float | None = None) -> Trace:
    r"""A trace of one value a line, or a CSV; lines that begin with # and empty ones are left out.

    Args:
        content: of the file.
        source: its name, for messages.
        packet_ms: sound in each packet; None takes a line "# packet_ms: 20" of the file, the pace of a CSV's
            times, or 20 ms.

    Raises:
        TraceError: with the line and the rule.

    Example:
        >>> read_text("0\n1\n0\n", "call.txt").received.tolist()
        [True, False, True]
    """
    packet_ms = _declared(content, source) if packet_ms is None else packet_ms
    first = next((line for _, line in _lines(content)), "")
    if not first:
        raise TraceError(f"{source} holds no values; one a line is needed, 1 = lost")
    if first in ("0", "1"):
        return Trace(_values(content, source), PACKET_MS if packet_ms is None else packet_ms, None, source)
    return _table(content, source, packet_ms)


def text_of(trace: Trace) -> str:
    r"""The trace as ``read_text`` reads it: one value a line, 1 = lost.

    Example:
        >>> text_of(Trace([True, False]))
        '# packet_ms: 20\n0\n1\n'
    """
    return f"{_PACKET_MS} {trace.packet_ms:g}\n" + "".join(
        "0\n" if each else "1\n" for each in trace.received
    )


def csv_of(trace: Trace) -> str:
    """The trace as a table with the columns seq, lost and, where it is known, delay_ms."""
    head = f"{_PACKET_MS} {trace.packet_ms:g}\nseq,lost"
    if trace.delay_ms is None:
        return head + "\n" + "".join(f"{n},{int(not got)}\n" for n, got in enumerate(trace.received))
    rows = zip(trace.received, trace.delay_ms, strict=True)
    return f"{head},{_DELAY}\n" + "".join(
        f"{n},{int(not got)},{round(ms, 3) if got else ''}\n" for n, (got, ms) in enumerate(rows)
    )


def _lines(content: str) -> Iterator[tuple[int, str]]:
    for place, line in enumerate(io.StringIO(content), start=1):
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            yield place, stripped


def _declared(content: str, source: str) -> float | None:
    """What a comment before the first value says of the packets' length."""
    for line in itertools.islice(io.StringIO(content), 20):
        if line.lower().startswith(_PACKET_MS):
            return _real(line[len(_PACKET_MS) :], f"{source}, the comment {line.strip()[:60]!r}")
    return None


def _values(content: str, source: str) -> NDArray[np.bool_]:
    received = bytearray()
    for place, line in _lines(content):
        if line not in ("0", "1"):
            raise TraceError(f"{source}, line {place}: a value must be 0 or 1 (lost), got {line[:40]!r}")
        received.append(line == "0")
        _not_too_many(len(received), source)
    return np.frombuffer(bytes(received), dtype=np.uint8).astype(bool)


def _table(content: str, source: str, packet_ms: float | None) -> Trace:
    """Columns found by their names; without names, sequence number and time in seconds."""
    lines = _lines(content)
    place, head = next(lines)
    separator = next((mark for mark in (";", "\t", ",") if mark in head), ",")
    names = [name.strip(" \"'").lower().replace(" ", "_") for name in head.split(separator)]
    if not set(names) & set(_KNOWN):
        if not _is_number(names[0]):
            known = ", ".join((*_NUMBERS[:1], "time", "sent", _LOST, _RECEIVED, _DELAY))
            rule = f"0 or 1 is needed, or a table with some of the columns {known}"
            raise TraceError(f"{source}, line {place}: {rule}; got {head[:60]!r}")
        names = [*("seq", "time")[: len(names)], *names[2:]]
        lines = itertools.chain([(place, head)], lines)
    columns = _columns(lines, separator, names, source)
    if _LOST in columns or _RECEIVED in columns:
        received = columns[_LOST] == 0 if _LOST in columns else columns[_RECEIVED] != 0
        return Trace(received, PACKET_MS if packet_ms is None else packet_ms, columns.get(_DELAY), source)
    return _arrived(columns, source, packet_ms)


def _columns(
    lines: Iterator[tuple[int, str]], separator: str, names: list[str], source: str
) -> dict[str, NDArray[np.float64]]:
    """The known columns as numbers; an empty cell is NaN where it may be."""
    wanted = [(at, name) for at, name in enumerate(names) if name in _KNOWN]
    found = {name: array("d") for _, name in wanted}
    for count, (place, line) in enumerate(lines, start=1):
        _not_too_many(count, source)
        try:
            cells = next(csv.reader([line[:10_000]], delimiter=separator))
        except csv.Error as error:
            raise TraceError(f"{source}, line {place} is no CSV ({first_line(error)})") from None
        for at, name in wanted:
            cell = cells[at].strip() if at < len(cells) else ""
            if not cell and name == _DELAY:
                found[name].append(math.nan)
                continue
            value = _real(cell, f"{source}, line {place}, column {name}")
            if name in (_LOST, _RECEIVED) and value not in (0, 1):
                raise TraceError(f"{source}, line {place}: {name} must be 0 or 1, got {cell[:40]!r}")
            found[name].append(value)
    return {name: np.asarray(values) for name, values in found.items()}


def _arrived(columns: dict[str, NDArray[np.float64]], source: str, packet_ms: float | None) -> Trace:
    """A table of what arrived, in this order."""
    numbers = next((columns[name] for name in _NUMBERS if name in columns), None)
    if numbers is None or not len(numbers):
        raise TraceError(f"{source} has no column of sequence numbers (seq) with at least one row")
    if (numbers != np.floor(numbers)).any() or (np.abs(numbers) > 2**53).any():
        raise TraceError(f"{source}: sequence numbers must be whole numbers below 2^53")
    number = numbers.astype(np.int64)
    arrived = next((columns[name] * unit for name, unit in _ARRIVED.items() if name in columns), None)
    sent = next((columns[name] * unit for name, unit in _SENT.items() if name in columns), None)
    if arrived is not None:  # a table may be sorted by number: packets arrive in the order of time
        order = np.argsort(arrived, kind="stable")
        number, arrived, sent = number[order], arrived[order], None if sent is None else sent[order]
    if packet_ms is None:
        packet_ms = _pace(number, arrived if sent is None else sent)
    wraps = bool(number.min() >= 0 and number.max() <= 65_535)
    return trace_of(Arrivals(number, arrived, sent, wraps), packet_ms=packet_ms, source=source)


def _pace(number: NDArray[np.int64], times: NDArray[np.float64] | None) -> float:
    """Milliseconds from one packet to the next, rounded to half of one; 20 if no times tell."""
    if times is None or len(number) < 3:
        return PACKET_MS
    steps = np.diff(number)
    apart = np.diff(times)[steps == 1] * 1_000
    found = round(2 * float(np.median(apart))) / 2 if len(apart) else 0.0
    return found if found > 0 else PACKET_MS


def _not_too_many(count: int, source: str) -> None:
    if count > MOST_PACKETS:
        raise TraceError(f"{source} holds more than {MOST_PACKETS:,} packets")


def _is_number(cell: str) -> bool:
    try:
        number(cell)
    except ValueError:
        return False
    return True


def _real(cell: str, where: str) -> float:
    try:
        value = number(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        mend = " (write it with a point)" if cell.count(",") == 1 else ""
        raise TraceError(f"{where}: a number is needed, got {cell.strip()[:40]!r}{mend}")
    return value
