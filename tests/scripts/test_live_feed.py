"""``scripts/live.py --serve`` as another program meets it."""

import json
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from websockets.sync.client import connect

from sercore.audio.wav import to_integers
from sercore.corpus.corpus import open_corpus

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, str(ROOT / "scripts" / "live.py"), "--serve"]


def test_a_program_sends_sound_and_gets_arousal_and_valence():
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = str(probe.getsockname()[1])
    sound = to_integers(next(iter(open_corpus("demo"))).audio[:32_000]).tobytes()
    with subprocess.Popen([*COMMAND, port], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            address = server.stdout.readline().strip()
            assert address == f"ws://127.0.0.1:{port}/"
            wait_for(port)
            with connect(address, open_timeout=60) as client:
                client.send(json.dumps({"type": "hello", "version": 1, "causal": True}))
                assert json.loads(client.recv(timeout=60))["recogniser"] == "mismatched"
                for first in range(0, len(sound), 1_600):
                    client.send(sound[first : first + 1_600])
                told = [json.loads(client.recv(timeout=60)) for _ in range(10)]
        finally:
            server.terminate()
    assert [each["time"] for each in told] == pytest.approx([step / 5 for step in range(1, 11)])
    assert all(-1 <= each[name] <= 1 for each in told for name in ("arousal", "valence"))


def wait_for(port: str) -> None:
    """Until a server listens, which says its address before."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", int(port))).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return


def test_a_feed_for_others_asks_for_a_token():
    words = [*COMMAND, "8765", "--host", "192.0.2.1"]
    answer = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    said = "a feed that others can reach at 192.0.2.1 must ask for a token (--token)"
    assert answer.stderr == f"error: {said}\n"
