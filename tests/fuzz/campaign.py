"""Many inputs in a process of its own, so that one that crashes or hangs is a finding and not the end."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.judge import Verdict, judged
from tests.fuzz.programs import PROGRAMS, judged_program
from tests.fuzz.readers import READERS

ROOT = Path(__file__).parents[2]
MOST_RESIDENT = 4_000  # megabytes of a process before it is ended
PATIENCE = 60.0  # seconds without an answer


@dataclass
class Tally:
    """What became of the inputs of one reader or program."""

    answers: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    slowest: float = 0.0
    kept: list[str] = field(default_factory=list)  # folders of inputs that were answered badly

    @property
    def inputs(self) -> int:
        """How many there were."""
        return self.answers.total()


def run_campaign(
    names: Sequence[str],
    count: int,
    seed: int,
    out: Path,
    *,
    first: int = 0,
    said: Callable[[str], None] = print,
) -> dict[str, Tally]:
    """``count`` inputs, dealt to these readers and programs by their weight.

    ``out`` is where those that are answered badly are kept.
    """
    tallies = {name: Tally() for name in names}
    weights = {name: READERS[name].weight if name in READERS else 1.0 for name in names}
    shares = {name: max(1, round(count * weight / sum(weights.values()))) for name, weight in weights.items()}
    for name, share in shares.items():
        number, last = first, first + share
        while number < last:
            number = _run_some(name, range(number, last), seed, out, tallies[name])
        said(line_of(name, tallies[name]))
    return tallies


def line_of(name: str, tally: Tally) -> str:
    """One line of the report."""
    counts = ", ".join(f"{count:,} {answer}" for answer, count in sorted(tally.answers.items()))
    pace = tally.inputs / tally.seconds if tally.seconds else 0.0
    return (
        f"{name:18} {tally.inputs:6,} inputs: {counts}; {pace:,.0f} a second, slowest {tally.slowest:.2f} s"
    )


def _run_some(name: str, numbers: range, seed: int, out: Path, tally: Tally) -> int:
    """Let a process answer inputs until all are done or it ends; the number to go on with."""
    command = [
        sys.executable,
        "-m",
        "tests.fuzz.worker",
        name,
        str(seed),
        str(numbers.start),
        str(numbers.stop),
    ]
    done = numbers.start
    told = out / "told.txt"  # what decoders write to standard error, and where a crash was
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with (
        told.open("wb") as errors,
        subprocess.Popen(
            [*command, str(out)], cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, env=environment
        ) as process,
    ):
        for answer in _answers(process):
            if "number" in answer:
                done = answer["number"] + 1
                tally.answers[answer["answer"]] += 1
                tally.seconds += answer["seconds"]
                tally.slowest = max(tally.slowest, answer["seconds"])
                tally.kept += [answer["kept"]] if answer.get("kept") else []
        process.kill()
        code = process.wait()
    if done < numbers.stop:  # it ended in the midst of an input
        why = f"the process ended with {code}, or hung, or took more than {MOST_RESIDENT:,} MB"
        target = out / f"{name}-{seed}-{done}".replace(" ", "_")
        target.mkdir(parents=True, exist_ok=True)
        (target / "complaint.txt").write_bytes(f"{why}\n".encode() + told.read_bytes()[-3_000:])
        tally.answers["complaint"] += 1
        tally.kept.append(str(target))
        done += 1
    return done


def _answers(process: subprocess.Popen[bytes]) -> Iterator[Mapping[str, object]]:
    """Each line of the process as it comes; they end when it does, hangs, or holds too much."""
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    heard, rest = time.monotonic(), b""
    while True:
        more = process.stdout.read() or b""
        if more:
            heard = time.monotonic()
            *lines, rest = (rest + more).split(b"\n")
            for line in lines:
                if line.startswith(b"{"):
                    yield json.loads(line)
        elif (
            process.poll() is not None
            or time.monotonic() - heard > PATIENCE
            or _resident(process) > MOST_RESIDENT
        ):
            return
        else:
            time.sleep(0.02)


def _resident(process: subprocess.Popen[bytes]) -> float:
    """Megabytes that a process holds; 0 where that cannot be told."""
    try:
        pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def answer_again(name: str, seed: int, number: int) -> Verdict:
    """How one input is answered now; spaces of its name may have become underscores."""
    known = {each.replace(" ", "_"): each for each in (*READERS, *PROGRAMS)}
    if name not in known:
        raise ValueError(f"there is no reader or program {name!r}; known are {', '.join(known)}")
    if known[name] in READERS:
        reader = READERS[known[name]]
        return judged(reader, reader.input(seed, number))
    return judged_program(PROGRAMS[known[name]], seed, number)[1]
