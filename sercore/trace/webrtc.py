"""WebRTC's statistics: getStats as JSON (an array or an object of reports), and dumps of chrome://webrtc-internals.

NetEq, the receiver in browsers, plays something at every moment and counts which samples it had to invent:
``concealedSamples`` of ``totalSamplesReceived``, in ``concealmentEvents`` bursts. Late packets count, as they
should.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from sercore.reading import json_of, shortened, told_as
from sercore.trace.trace import PACKET_MS, Statistics, TraceError

_USUAL_PACKETS_MS = (10, 20, 40, 60)
_OUTPUT_RATE = 48_000  # samples a second that browsers play; totalSamplesDuration tells it where it is there
_MOST_VALUES = 1_000_000  # they take some 200 MB; a long call's dump holds 50,000
_REMOTE = "remote-inbound-rtp"
_RECEIVED = ("inbound-rtp", "track", "receiver", "ssrc")  # the last three held the samples until 2021


def read_webrtc(content: str, source: str, stream: str | None = None) -> Statistics:
    """The losses of the audio stream with the most samples, or of the one whose number or SSRC is ``stream``.

    Raises:
        TraceError: if it is no such JSON, has no received audio or no such stream, or its numbers contradict
            each other; the sentence names the key.
    """
    if sum(map(content.count, "[{:")) > _MOST_VALUES:
        raise TraceError(f"{source} holds more than {_MOST_VALUES:,} values; statistics of a call have fewer")
    with told_as(TraceError, f"{source} is no statistics of a call"):
        parsed = json_of(content)
    audio = [report for report in _reports(parsed, source) if _is_audio(report)]
    received = [report for report in audio if report.get("type") in _RECEIVED and _has_counts(report)]
    remote = [report for report in audio if report.get("type") == _REMOTE and _has_counts(report)]
    streams = received or remote
    if not streams:
        needed = "one of type inbound-rtp and kind audio with packetsReceived or totalSamplesReceived"
        raise TraceError(f"{source} holds no report on received audio; {needed} is needed")
    report = _chosen(streams, stream, source)
    remarks = []
    if len(streams) > 1:
        remarks.append(f"the stream {_title(report)} of {len(streams)} was taken")
    if report.get("type") == _REMOTE:
        remarks.append("these are the losses that the other side reports of what was sent from here")
    return _statistics(report, source, remarks)


def _statistics(report: Mapping[str, Any], source: str, remarks: list[str]) -> Statistics:
    """Samples where there are any, since late packets show in them alone; else packets."""
    samples = _number(report, "totalSamplesReceived", source)
    concealed = _number(report, "concealedSamples", source)
    events = _number(report, "concealmentEvents", source)
    arrived, lost = _number(report, "packetsReceived", source), _number(report, "packetsLost", source)
    if not samples or concealed is None:
        if lost is None:
            raise TraceError(f"{source}: {_title(report)} lacks concealedSamples and packetsLost")
        remarks.append("packetsLost counts losses, not how they follow each other")
        lost = max(lost, 0.0)  # duplicates make it negative
        return Statistics((arrived or 0) + lost, lost, None if lost else 0, PACKET_MS, source, tuple(remarks))
    rate = _sample_rate(report, samples, source)
    packet_ms = _packet_ms(samples / rate, (arrived or 0) + max(lost or 0, 0))
    in_packet = packet_ms / 1_000 * rate
    if silent := _number(report, "silentConcealedSamples", source):
        remarks.append(f"{silent / samples:.2%} of the samples were concealed by silence")
    remarks.append(f"packets are taken to hold {packet_ms:g} ms ({in_packet:g} samples)")
    if concealed and not events:
        remarks.append("without concealmentEvents it is not known how losses follow each other")
    bursts = None if concealed and not events else events or 0
    counts = samples / in_packet, concealed / in_packet
    if concealed and bursts and bursts > counts[1]:
        remarks.append("its bursts are shorter than a packet, and count as one each")
        counts = counts[0], min(float(bursts), counts[0])
    return Statistics(*counts, bursts, packet_ms, source, tuple(remarks))


def _sample_rate(report: Mapping[str, Any], samples: float, source: str) -> float:
    seconds = _number(report, "totalSamplesDuration", source)
    return samples / seconds if seconds else _OUTPUT_RATE


def _packet_ms(seconds: float, packets: float) -> float:
    """The usual length nearest to the time that each packet filled; 20 ms where none is near."""
    filled = seconds * 1_000 / packets if packets else PACKET_MS
    nearest = min(_USUAL_PACKETS_MS, key=lambda length: abs(math.log(filled / length)))
    return float(nearest) if abs(filled / nearest - 1) < 0.25 else PACKET_MS


def _reports(parsed: Any, source: str) -> list[Mapping[str, Any]]:
    """Reports of any of the three forms, of each identifier the latest."""
    if isinstance(parsed, dict) and isinstance(parsed.get("PeerConnections"), dict):
        return [report for peer in parsed["PeerConnections"].values() for report in _dumped(peer, source)]
    if isinstance(parsed, dict):
        inner = parsed.get("stats", parsed) if "type" not in parsed else [parsed]
        found = inner.values() if isinstance(inner, dict) else inner
    else:
        found = parsed
    latest: dict[Any, Mapping[str, Any]] = {}
    for place, report in enumerate(_flat(found)):
        if isinstance(report, dict):
            key = str(report.get("id", place))
            old = latest.get(key, {}).get("timestamp")
            if not (_is_number(old) and _is_number(report.get("timestamp")) and report["timestamp"] < old):
                latest[key] = report
    return list(latest.values())


def _flat(found: Any) -> Iterable[Any]:
    """Reports of one call of getStats, or of several in a list."""
    for each in found if isinstance(found, Iterable) and not isinstance(found, str) else ():
        if isinstance(each, list):
            yield from each
        elif (
            isinstance(each, dict) and "type" not in each and all(isinstance(v, dict) for v in each.values())
        ):
            yield from each.values()
        else:
            yield each


def _dumped(peer: Any, source: str) -> list[Mapping[str, Any]]:
    """Reports of one connection of a dump, which keeps a list of values under "IDENTIFIER-METRIC"."""
    stats = peer.get("stats") if isinstance(peer, dict) else None
    reports: dict[str, dict[str, Any]] = {}
    for key, course in stats.items() if isinstance(stats, dict) else ():
        identifier, _, metric = key.rpartition("-")
        if not isinstance(course, dict) or not identifier:
            continue
        values = course.get("values")
        if isinstance(values, str):
            with told_as(TraceError, f"{source}: the values of {shortened(key)} are no list"):
                values = json_of(values)
        if isinstance(values, list) and values:
            report = reports.setdefault(identifier, {"id": identifier, "type": course.get("statsType")})
            report[metric] = values[-1]
    return list(reports.values())


def _is_audio(report: Mapping[str, Any]) -> bool:
    kind = report.get("kind", report.get("mediaType"))
    return kind == "audio" or (kind is None and "totalSamplesReceived" in report)


def _has_counts(report: Mapping[str, Any]) -> bool:
    return "totalSamplesReceived" in report or "packetsLost" in report


def _chosen(streams: list[Mapping[str, Any]], wanted: str | None, source: str) -> Mapping[str, Any]:
    if wanted is None:

        def weight(report: Mapping[str, Any]) -> float:
            return (
                _number(report, "totalSamplesReceived", source)
                or _number(report, "packetsReceived", source)
                or 0
            )

        return max(streams, key=weight)
    for place, report in enumerate(streams, start=1):
        if wanted in (str(place), str(report.get("ssrc"))):
            return report
    listed = "; ".join(f"{place}: {_title(report)}" for place, report in enumerate(streams, start=1))
    raise TraceError(f"{source} has no stream {wanted!r}; it has {listed}")


def _title(report: Mapping[str, Any]) -> str:
    words = (str(report.get(key, "?"))[:40] for key in ("id", "ssrc"))
    name, ssrc = ("".join(letter if letter.isprintable() else "?" for letter in word) for word in words)
    return f"{name} (SSRC {ssrc[:10]})"


def _number(report: Mapping[str, Any], key: str, source: str) -> float | None:
    """A count; None if it is absent.

    Raises:
        TraceError: if it is no finite number, or negative though nothing but packetsLost may be.
    """
    value = report.get(key)
    if value is None:
        return None
    if not _is_number(value) or (value < 0 and key != "packetsLost"):
        raise TraceError(
            f"{source}: {key} of {_title(report)} must be a number from 0, got {shortened(value)}"
        )
    return float(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18
