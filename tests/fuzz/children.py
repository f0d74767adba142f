"""Scripts as children that begin with all that this process has loaded, and that can be killed."""

import os
import re
import runpy
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CHANGES = {"os.mkdir", "os.rename", "os.rmdir", "os.remove"}  # audit events, beside "open" for writing
LONGEST = 600.0  # seconds that no program here takes


@dataclass(frozen=True)
class Ended:
    """How a child ended."""

    status: int  # its exit code, or less than 0 if a signal ended it
    said: str  # on both its streams
    seconds: float
    changes: int  # to files below its folder; of one that ended by itself


@dataclass(frozen=True)
class Kill:
    """Which signal comes when: before a change to a file, or so many seconds after the start."""

    number: signal.Signals
    change: int = 0
    seconds: float = 0.0
    of_worker: bool = False  # not the program itself, but a process that it started
    cold: bool = False  # the program loads all that it needs, as when a user starts it

    def __str__(self) -> str:
        when = f"before change {self.change}" if self.change else f"after {self.seconds:.2f} s"
        return f"{self.number.name}{' of a worker' * self.of_worker} {when}{' cold' * self.cold}"


def run(script: str, words: Sequence[object], folder: Path, kill: Kill | None = None) -> Ended:
    """Run ``scripts/script.py words``, which writes into ``folder``, to its end or until it is killed."""
    log = folder.with_name(f"{folder.name}.log")
    began = time.monotonic()
    child = os.fork()
    if not child:
        _be(script, [str(word) for word in words], folder, log, kill)
    if kill and not kill.change:
        _send(child, kill)
    status = _wait(child, began)
    seconds = time.monotonic() - began
    _wait_for_workers(child)
    said = log.read_text(errors="replace")
    counted = re.search(r"changes: (\d+)", said)
    return Ended(status, said, seconds, int(counted[1]) if counted else 0)


def _be(script: str, words: list[str], folder: Path, log: Path, kill: Kill | None) -> None:
    """Become the script, in a group of its own as if from a terminal; never returns."""
    status = 1
    try:
        os.setsid()
        for stream, flags in ((0, os.O_RDONLY), (1, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)):
            os.dup2(os.open(log if stream else os.devnull, flags, 0o600), stream)
        os.dup2(1, 2)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
        os.chdir(ROOT)
        sys.argv = [str(ROOT / "scripts" / f"{script}.py"), *words]
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if kill and kill.cold:
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606
        count = count_changes(folder, kill)
        try:
            runpy.run_path(sys.argv[0], run_name="__main__")
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        sys.stdout.write(f"\nchanges: {count()}\n")
    except BaseException:  # whatever it is, the campaign is to see it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def count_changes(folder: Path, kill: Kill | None) -> Any:
    """Count what is done to files below a folder from now on, and send the signal before that change."""
    seen, lock = 0, threading.Lock()

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if event not in CHANGES and not (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
            return
        path = os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes) else ""
        # A name alone is of a folder that is being removed.
        if path.startswith(str(folder)) or (path and not os.path.isabs(path)):  # noqa: PTH117
            with lock:
                seen += 1
            if kill and seen == kill.change:
                os.kill(os.getpid(), kill.number)

    sys.addaudithook(hook)
    return lambda: seen


def _send(child: int, kill: Kill) -> None:
    time.sleep(kill.seconds)
    try:
        if kill.number == signal.SIGINT and not kill.of_worker:
            os.killpg(child, kill.number)  # as a terminal does
        else:
            os.kill(_worker_of(child) if kill.of_worker else child, kill.number)
    except ProcessLookupError:  # it has ended
        pass


def _worker_of(child: int) -> int:
    """A process that a child has started to do its work; the child itself where it has none."""
    for number, parent, _ in _living():
        if parent == child and "spawn_main" in Path(f"/proc/{number}/cmdline").read_text():
            return number
    return child


def _living() -> Iterator[tuple[int, int, int]]:
    """Number, parent and group of each process."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, parent, group, *_ = (entry / "stat").read_text().rpartition(")")[2].split()
            if state != "Z":
                yield int(entry.name), int(parent), int(group)


def _wait(child: int, began: float) -> int:
    while True:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() - began > LONGEST:
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.005)


def _wait_for_workers(group: int) -> None:
    """Those of a killed program end by themselves, soon."""
    began = time.monotonic()
    while any(theirs == group for _, _, theirs in _living()):
        if time.monotonic() - began > LONGEST:
            os.killpg(group, signal.SIGKILL)
        time.sleep(0.02)
