"""What says which packets arrive: names of channels, and recordings of calls."""

from pathlib import Path

from sercore.channel import channel_key, channel_of
from sercore.channel.registry import models_of_numbers
from sercore.trace.read import read_trace, streams_of
from sercore.trace.trace import TraceError
from tests.fuzz.reader import Files, Reader
from tests.trace.made_calls import ethernet, pcap, rtp


def _keys() -> list[Files]:
    keys = ["gilbert:p_n=0.9,p_l=0.5", "gilbert:p_n=0.99,p_l=0.5,packet_ms=20"]
    for name, model in models_of_numbers().items():
        keys.append(f"{name}:" + ",".join(f"{each.name}={each.default}" for each in model.PARAMETERS))
    return [{"key.txt": key.encode()} for key in keys]


def _read_key(folder: Path) -> object:
    text = (folder / "key.txt").read_bytes().decode(errors="surrogateescape")
    channel = channel_of(text)
    assert channel_of(channel_key(channel)) == channel
    return channel.loss_rate, channel.mean_burst_length


def _calls() -> list[Files]:
    packets = [
        (number * 0.02, ethernet(rtp(number, number * 160, size=160))) for number in range(60) if number % 7
    ]
    times = "".join(f"{number},{number * 0.02:.3f}\n" for number in range(60) if number % 9)
    return [
        {"call.pcap": pcap(packets)},
        {"call.csv": f"seq,time_s\n{times}".encode()},
        {"call.txt": b"# packet_ms: 20\n" + b"0\n0\n1\n" * 30},
        {"call.json": b'[{"type": "inbound-rtp", "kind": "audio", "packetsLost": 3, "packetsReceived": 97}]'},
    ]


def _read_call(folder: Path) -> object:
    (path,) = folder.iterdir()
    return read_trace(path), streams_of(path)


READERS = (
    Reader("channel key", "channel", _keys, _read_key, (ValueError,)),
    Reader("call", "trace", _calls, _read_call, (TraceError,)),
)
