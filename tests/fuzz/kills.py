"""Programs killed at any moment: the same command goes on, and ends as if nothing had happened.

Training, corpus making, evaluation, reproduction and sweep run on a tiny corpus in a temporary folder. Each
is killed once to three times (SIGKILL, SIGTERM, Ctrl-C; after a random time, before a random change to a
file, or in a process that it started), and then runs to its end. Asked of every run: no traceback, the
documented exit status. Asked of the end: what an undisturbed run leaves, to the bit but for times, and no
other file.
"""

import importlib.util
import json
import os
import re
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sercore.files import write_file
from sercore.network.tensor_file import read_tensors
from tests.corpus.noise_tree import write_layout_1
from tests.fuzz.children import ROOT, Ended, Kill, run
from tests.scripts.in_process import run_script

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
COLD, TIMED = 0.15, 0.45  # shares of kills; the rest comes before a change to a file
START_SECONDS = 0.5  # in which Python itself begins, and no program of ours can answer for it
TIMES = {"seconds", "training_hours", "evaluation_hours", "git_commit"}  # what two runs need not share
STOPPED = "Stopped. What was finished is saved; the same command goes on from there."
_TRAINING = ["--segment-seconds", 4, "--devel-every", 2, "--threads", 1, "--device", "cpu"]
_NETWORKS = ["--settings", "mismatched", "--seeds", 1, "--grid", 2, "--loss-seeds", 1, "--epochs", 3]


@dataclass
class Outcome:
    """What a campaign found."""

    kills: Counter[str] = field(default_factory=Counter)  # by program and signal
    in_time: int = 0  # kills after which the program was still not done
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Program:
    """A command that writes into one folder."""

    script: str
    words: Sequence[object]  # in which FOLDER stands for it
    has_workers: bool = False  # which may be killed by themselves

    def run(self, folder: Path, kill: Kill | None = None) -> Ended:
        """To its end, or until it is killed."""
        here = [str(word).replace("FOLDER", str(folder)) for word in self.words]
        return run(self.script, here, folder, kill)


def programs(corpus: Path, weights: Sequence[Path]) -> dict[str, Program]:
    """Every program that promises to go on; making a corpus only where its tools are installed."""
    there = ["--corpus", corpus, *_TRAINING]
    out, runs = ["--out", "FOLDER/trained/results"], ["--runs", "FOLDER/runs"]
    cells = ["--models", *weights, "--corpus", corpus, "--grid", 3, "--loss-seeds", 2, "--csv"]
    tracks = ["--train", 1, "--devel", 1, "--test", 1, "--minutes", 0.15, "--seed", 3, "--jobs", 2]
    known = {
        "train": Program("train", ["--setting", "augmentation", "--epochs", 5, *there, *runs]),
        "evaluate": Program("evaluate", [*cells, "--out", "FOLDER/plane.parquet", "--threads", 1]),
        "reproduce": Program("reproduce", [*there, *_NETWORKS, *out, *runs, "--html", "FOLDER/page.html"]),
        "sweep": Program(
            "sweep", ["--corpora", corpus, *_TRAINING, *_NETWORKS, "--workers", 1, "--out", "FOLDER"], True
        ),
        "corpus": Program("make_corpus", [*tracks, "--out", "FOLDER"], True),
    }
    if not all(map(importlib.util.find_spec, ("ttspico", "pyworld", "scipy"))):
        del known["corpus"]
    return known


def campaign(count: int, seed: int, folder: Path, names: Sequence[str] = ()) -> Outcome:
    """Kill ``count`` times, all chance from ``seed``; the programs take turns."""
    rng, outcome, done = np.random.default_rng(seed), Outcome(), 0
    corpus, weights = _prepared(folder)
    known = programs(corpus, weights)
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"there is no {unknown[0]!r} to kill, only {', '.join(known)}")
    chosen = {name: known[name] for name in names or known}
    whole = {name: _undisturbed(program, folder / name, outcome) for name, program in chosen.items()}
    while done < count:
        for name, program in chosen.items():
            kills = _drawn(rng, program, whole[name][0], min(int(rng.integers(1, 4)), count - done))
            done += len(kills)
            if kills:
                place = folder / f"{name}-{done}"
                told = f"{name} ({', '.join(map(str, kills))})"
                _kill_and_finish(program, place, kills, outcome)
                outcome.kills.update(f"{name} {kill.number.name}" for kill in kills)
                wrong = differences(whole[name][1], left_in(place))
                outcome.problems += [f"{told}: {each}" for each in wrong]
    return outcome


def _prepared(folder: Path) -> tuple[Path, list[Path]]:
    """A corpus and two networks; and this process has loaded what its children need."""
    corpus = write_layout_1(folder / "tree", ["train_1", "train_2", "dev_1", "test_1"], seconds=8)
    training = ["--corpus", corpus, *_TRAINING, "--epochs", 1, "--runs", folder / "weights"]
    for setting in ("mismatched", "multi_condition"):
        run_script("train", "--setting", setting, *training)
    weights = sorted((folder / "weights" / "networks").glob("*.safetensors"))
    clean = folder / "weights" / "clean.csv"
    run_script("evaluate", "--models", *weights, "--corpus", corpus, "--out", clean)
    return corpus, weights


def _undisturbed(program: Program, folder: Path, outcome: Outcome) -> tuple[Ended, Mapping[str, Any]]:
    ended = program.run(folder)
    if ended.status:
        outcome.problems.append(f"{folder.name} undisturbed: status {ended.status}, {ended.said[-500:]}")
    return ended, left_in(folder)


def _drawn(rng: np.random.Generator, program: Program, whole: Ended, count: int) -> list[Kill]:
    kills = []
    for _ in range(count):
        number, how = SIGNALS[rng.integers(len(SIGNALS))], rng.random()
        seconds = float(rng.uniform(0, whole.seconds))
        if how < COLD:
            kills.append(Kill(number, seconds=START_SECONDS + seconds, cold=True))
        elif program.has_workers or how < TIMED:
            of_worker = program.has_workers and number != signal.SIGINT and rng.random() < 0.5
            kills.append(Kill(number, seconds=seconds, of_worker=of_worker))
        else:
            kills.append(Kill(number, change=int(rng.integers(1, whole.changes + 1))))
    return kills


def _kill_and_finish(program: Program, folder: Path, kills: Sequence[Kill], outcome: Outcome) -> None:
    told = f"{program.script} {', '.join(map(str, kills))}"
    for kill in kills:
        ended = program.run(folder, kill)
        outcome.in_time += ended.status != 0
        if problem := _wrong(ended, kill):
            outcome.problems.append(f"{told}: after {kill} {problem}: {ended.said[-1000:]}")
    ended = program.run(folder)
    if ended.status or "Traceback" in ended.said:
        outcome.problems.append(f"{told}: then status {ended.status}: {ended.said[-1000:]}")


def _wrong(ended: Ended, kill: Kill) -> str:
    """What is not as documented in how a killed program ended; it may have been done before."""
    if "Traceback" in ended.said:
        return "a traceback"
    if ended.status == 0 or (kill.of_worker and ended.status == 1):
        return ""
    if kill.number == signal.SIGINT:
        return "" if ended.status == 130 and STOPPED in ended.said else f"status {ended.status}"
    return "" if ended.status == -kill.number or kill.of_worker else f"status {ended.status}"


def left_in(folder: Path) -> dict[str, Any]:
    """Every file below a folder by its path, as what two runs must have in common."""
    return {
        path.relative_to(folder).as_posix(): _without_times(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _without_times(path: Path) -> Any:
    if path.suffix == ".json":
        return _timeless(json.loads(path.read_text()))
    if path.suffix == ".html":  # plotly names its pictures by chance
        return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", path.read_text())
    if path.suffix == ".jsonl":
        return [_timeless(json.loads(line)) for line in path.read_text().splitlines()]
    if path.name.startswith("checkpoint"):  # notes of times lie beside its tensors
        return {name: tensor.numpy().tobytes() for name, tensor in read_tensors(path.read_bytes())[0].items()}
    return path.read_bytes()


def _timeless(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _timeless(value) for name, value in found.items() if name not in TIMES}
    return [_timeless(each) for each in found] if isinstance(found, list) else found


def differences(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """One sentence for each file that is missing, too many, or another."""
    yield from (f"{name} is missing" for name in wanted.keys() - found.keys())
    yield from (f"{name} was left" for name in found.keys() - wanted.keys())
    yield from (f"{name} is another" for name in wanted.keys() & found.keys() if wanted[name] != found[name])


def main(count: int, seed: int, out: Path, names: Sequence[str] = ()) -> int:
    """Run a campaign and tell what came of it, in ``out`` too; 1 if something is wrong."""
    sys.path.insert(0, str(ROOT / "scripts"))
    # A child could not use the threads of this process.
    os.environ |= {"OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1"}
    with tempfile.TemporaryDirectory() as folder:
        outcome = campaign(count, seed, Path(folder).resolve(), names)
    told = {"kills": dict(sorted(outcome.kills.items())), "of running programs": outcome.in_time}
    text = json.dumps(told | {"problems": outcome.problems}, indent=1) + "\n"
    write_file(out / f"kills-{seed}.json", text)
    sys.stdout.write(text)
    return int(bool(outcome.problems))
