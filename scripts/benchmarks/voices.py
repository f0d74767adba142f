"""How many voices the dashboard follows at once, and how late it answers (scripts/bench.py voices)."""

from __future__ import annotations

import asyncio
import json
import math
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.dashboard import server
from benchmarks.network import resident_megabytes
from benchmarks.visitors import PATIENCE, summary

if TYPE_CHECKING:
    import argparse

COUNTS = (1, 4, 8, 12, 16, 24)  # of voices at once
SECONDS, COUNTED = 26.0, 5.0  # each speaks for so long; its last seconds count, when the context is full
BLOCK = 800  # samples of 16 bits, 50 ms, as the page sends them
STEP = 0.2  # seconds from prediction to prediction: later than the next one is late
MANY = "import os; os.environ['SERCORE_LIVE_VOICES'] = '1000'; from streamlit.web.cli import main; main()"
ASKED = {"clean": True, "receiver": "drop", "channel": "gilbert:p_n=0.9,p_l=0.5"}  # as a visitor begins


def bench_voices(_: argparse.Namespace) -> dict[str, Any]:
    """More and more voices, each with its course without loss beside, until predictions come late."""
    found: dict[str, Any] = {"counts": {}, "carried": 0}
    with server(python=("-c", MANY)) as (address, pid, _begun):
        asyncio.run(speak_at_once(address, 1, 2.0))  # loads the network
        for count in COUNTS:
            before = processor_seconds(pid)
            late = asyncio.run(speak_at_once(address, count, SECONDS))
            used = (processor_seconds(pid) - before) / SECONDS
            found["counts"][str(count)] = summary(late) | {"processor": round(used, 2)}
            if summary(late)["p95"] > 1_000 * STEP:
                break
            found["carried"] = count
        found["resident_mb"] = round(resident_megabytes("VmRSS", pid))
    return found


async def speak_at_once(address: str, count: int, seconds: float) -> list[float]:
    """``count`` voices at once; how late each prediction was, in ms after the sound that it waited for."""
    each = await asyncio.gather(*(speak(address, seconds, place / count) for place in range(count)))
    return [late for one in each for late in one]


async def speak(address: str, seconds: float, share: float) -> list[float]:
    """One voice in real time; ``share`` of a step later than others, as people are."""
    from websockets.asyncio.client import connect

    sound, sent_at, late = _sound(), list[float](), list[float]()
    async with connect(f"ws://{address}/live/voice", open_timeout=PATIENCE, ping_interval=None) as socket:
        await socket.send(json.dumps({"type": "hello", "version": 1, **ASKED}))
        while (hello := json.loads(await socket.recv()))["type"] != "hello":
            pass

        async def listen() -> None:
            async for message in socket:
                if (told := json.loads(message))["type"] != "prediction":
                    return
                needs = math.ceil((told["time"] + hello["latency"] - STEP) * hello["rate"] / BLOCK - 1e-6)
                if told["time"] > seconds - COUNTED:
                    late.append(1_000 * (time.perf_counter() - sent_at[needs - 1]))

        listening = asyncio.create_task(listen())
        begun = time.perf_counter() + share * STEP
        for block in range(round(seconds * hello["rate"] / BLOCK)):
            await asyncio.sleep(begun + block * BLOCK / hello["rate"] - time.perf_counter())
            sent_at.append(time.perf_counter())
            await socket.send(sound[block % len(sound)])
        await socket.send(json.dumps({"type": "stop"}))
        await listening
    return late


def _sound() -> list[bytes]:
    """A shipped recording in blocks."""
    from sercore.audio.wav import to_integers
    from sercore.corpus import open_corpus

    content = to_integers(open_corpus("demo").tracks[0].audio).tobytes()
    return [content[first : first + 2 * BLOCK] for first in range(0, len(content) - 2 * BLOCK, 2 * BLOCK)]


def processor_seconds(process: int) -> float:
    """What a process has used of all cores, as Linux counts it."""
    fields = Path("/proc", str(process), "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
