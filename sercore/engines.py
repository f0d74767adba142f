"""Run independent tasks, each in a process that may die: on this machine, or on a Ray cluster.

A task whose process is killed (by a lack of memory, or with its machine) is run again; one that raises is
not, for it would raise again. Both engines yield ``None`` now and then while nothing ends, so that a progress
bar can look at what the tasks have written.
"""

import logging
import multiprocessing
import os
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

ATTEMPTS = 3
_PATIENCE = 1.0  # seconds between two looks


@dataclass(frozen=True)
class Outcome:
    """A task that ended: no ``error`` if all went well; ``was_killed`` if it was, each time it was tried."""

    task: Any
    error: str = ""
    was_killed: bool = False


def in_processes(
    tasks: Sequence[Any], work: Callable[[Any], object], *, workers: int
) -> Iterator[Outcome | None]:
    """Run tasks in fresh processes of this machine, ``workers`` at a time; closing the iterator ends them.

    Tasks travel by pickle; ``work`` is what a fresh process can import, and what it returns is thrown away.
    What ended comes in that order, None when nothing did for a second.
    """
    fresh = multiprocessing.get_context("spawn")
    waiting = deque((task, 1) for task in tasks)
    running: dict[Any, tuple[Any, Connection, Any, int]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                task, attempt = waiting.popleft()
                reader, writer = fresh.Pipe(duplex=False)
                process = fresh.Process(target=_in_a_process, args=(work, task, writer), daemon=True)
                process.start()
                writer.close()
                running[process.sentinel] = process, reader, task, attempt
            ended = wait(list(running), _PATIENCE)
            if not ended:
                yield None
            for sentinel in ended:
                process, reader, task, attempt = running.pop(sentinel)
                process.join()
                if process.exitcode < 0 and attempt < ATTEMPTS:
                    waiting.appendleft((task, attempt + 1))
                else:
                    yield Outcome(task, _error(process.exitcode, reader, attempt), process.exitcode < 0)
    finally:
        for process, *_ in running.values():
            process.terminate()
        for process, *_ in running.values():
            process.join()


def _in_a_process(work: Callable[[Any], object], task: Any, errors: Connection) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        work(task)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if not isinstance(error, ValueError | OSError):
            traceback.print_exc()
        errors.send(_sentence(error))
        sys.exit(2)


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _error(code: int, reader: Connection, attempts: int) -> str:
    if code == 0:
        return ""
    if code < 0:
        return f"its process was killed {attempts} times, at last by signal {-code}"
    try:
        return str(reader.recv())
    except EOFError:
        return "it was stopped" if code == 130 else f"its process ended with exit code {code}"


def _sentence(error: BaseException) -> str:
    """What a user's mistake says; other errors name themselves too."""
    return str(error) if isinstance(error, ValueError | OSError) else f"{type(error).__name__}: {error}"


def on_ray(
    tasks: Sequence[Any],
    work: Callable[[Any], object],
    *,
    address: str | None = None,
    workers: int = 1,
    threads: int = 1,
    gpus: float = 0,
) -> Iterator[Outcome | None]:
    """Run each task on a Ray cluster, or on a Ray that is started here and ends with the iterator.

    Where this process has called ``ray.init`` already, that Ray is used, and left running. What ended
    and None come as from ``in_processes``.

    Args:
        tasks: what to work on; they travel by pickle.
        work: what the machines of the cluster can import.
        address: of the cluster, "auto" for the one this machine belongs to; None starts one here.
        workers: tasks at a time on a Ray that is started here; a cluster decides by its processors.
        threads: processors that a task needs.
        gpus: GPUs that a task needs.

    Raises:
        ValueError: if Ray is not installed.
        ConnectionError: if there is no cluster at the address.
    """
    try:
        import ray  # noqa: PLC0415 (an extra)
    except ImportError:
        raise ValueError("the engine ray needs Ray: pip install -e '.[ray]'") from None
    is_ours = not ray.is_initialized()
    here: dict[str, Any] = {"address": "local", "num_cpus": workers * threads, "include_dashboard": False}
    where = {"address": address} if address else here
    try:
        if is_ours:
            ray.init(**where, logging_level=logging.ERROR, log_to_driver=False)
        remote = ray.remote(num_cpus=threads, num_gpus=gpus, max_retries=ATTEMPTS - 1)(work)
        pending = {remote.remote(task): task for task in tasks}
        while pending:
            ended, _ = ray.wait(list(pending), timeout=_PATIENCE)
            if not ended:
                yield None
            for reference in ended:
                yield Outcome(pending.pop(reference), _ray_error(reference))
    finally:
        if is_ours:
            ray.shutdown()


def _ray_error(reference: Any) -> str:
    import ray  # noqa: PLC0415

    try:
        ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        return _sentence(error.cause)
    except ray.exceptions.RayError as error:
        return str(error).splitlines()[0]
    return ""
