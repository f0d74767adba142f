"""Every script's command line: words altered, left out, twice or hostile; answered by a sentence and exit 2.

A command line that is accepted stops where hours of work would begin.
"""

import io
import os
import runpy
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from unittest import mock

import torch

from tests.corpus.noise_tree import write_layout_1
from tests.fuzz.judge import Verdict, answered
from tests.fuzz.mutate import NASTY_TEXTS
from tests.fuzz.of_audio import sounds
from tests.fuzz.of_networks import small_weights
from tests.fuzz.of_probes import corrupted
from tests.fuzz.of_results import report_texts, results_folder, scene_text
from tests.fuzz.reader import Files, write_input

SCRIPTS = Path(__file__).parents[2] / "scripts"
_WORDS = (
    *NASTY_TEXTS,
    *("-1", "0", "1", "3", "1" + "0" * 25, "-0.5", "1e-9", "2.5", "all", "demo", "cpu", "cuda", "cuda:99"),
    *("tree", "net.safetensors", "net", "net.json", "results", "clips", "clips/labels.csv", "settings.json"),
    *("out/a.parquet", "out/a.csv", "out/a.json", "/dev/null/x", "/proc/self/mem", "pipe", "no/such/file"),
    *("x" * 300 + ".parquet", "gilbert:p_n=0.9,p_l=0.5", "bernoulli:p=0.2", "gilbert:p_n=nan,p_l=1", "."),
    *("\udcff.parquet", "é.parquet", "-", "--", "--help", "--version", "--no-such-option"),
)
_WORK = (  # where work begins that takes longer than a fuzzed command line may
    *("sercore.experiment.trained.train", "sercore.experiment.cells.evaluate_cell"),
    *("sercore.synthetic.build.build", "sercore.engines.in_processes", "sercore.engines.on_ray"),
    *("sercore.experiment.probe.opening.in_this_process", "sercore.experiment.probe.tables.corrupt"),
    *("sercore.training.concealment.lose_some", "sercore.experiment.confidence.confidence_of"),
    *("sercore.experiment.clips.mean_predictions", "sercore.experiment.replay.score_scene"),
    *("sercore.experiment.receivers.evaluate_cell", "sercore.experiment.receiver_cost.estimate"),
    *("sercore.experiment.voices.mean_predictions",),
    *("benchmarks.network.peak_of_step", "benchmarks.plane.time_ours", "sercore.provenance.machine"),
)


class _WorkBegins(BaseException):
    """The command line was accepted."""


@dataclass(frozen=True)
class Program:
    """A script with command lines that it accepts, and the words that its options are told by."""

    name: str
    lines: tuple[str, ...]

    def words(self, seed: int, number: int) -> list[str]:
        """The command line of that number: the same for the same seed."""
        rng = Random(f"{seed} {self.name} {number}")
        words = rng.choice(self.lines).split()
        options = sorted({word for line in self.lines for word in line.split() if word.startswith("--")})
        for _ in range(rng.choice((1, 1, 2, 3))):
            _alter(words, options, rng)
        return [word.replace("\0", "") for word in words]  # no system passes NUL on


def _alter(words: list[str], options: Sequence[str], rng: Random) -> None:
    """Mostly another value for an option: a word that no option takes ends everything at once."""
    values = [at for at, word in enumerate(words) if not word.startswith("--")] or [0]
    at, what = rng.choice(values), rng.randrange(12)
    if not words:
        words.append(rng.choice(_WORDS))
    elif what == 0:
        del words[rng.randrange(len(words))]
    elif what == 1:
        words[at:at] = [rng.choice(_WORDS)]
    elif what == 2:
        words += [rng.choice(options or ["--help"]), rng.choice(_WORDS)]
    elif what == 3:
        words[rng.randrange(len(words))] = rng.choice(_WORDS)
    elif what == 4:
        words[at] += rng.choice(_WORDS)
    else:
        words[at] = rng.choice(_WORDS)


_SIZE = "--epochs 1 --batch-size 2 --segment-seconds 2 --devel-every 1"
_EXPERIMENT = f"--settings mismatched --seeds 1 {_SIZE} --grid 3 --loss-seeds 1 --partition test"
# Command lines that are accepted, of each script.
_LINES = f"""
train --setting mismatched --corpus tree --out out --runs runs --seed 1 {_SIZE} --device cpu --threads 1
ship --setting loss_aware --seeds 1 --corpus tree --runs out/runs --trained out/t {_SIZE} --device cpu
train_concealer --network net.safetensors --corpus tree --epochs 1 --seed 1 --both-ways --out out/c
evaluate --models net.safetensors --corpus tree --p-n 0.9 --p-l 0.5 --loss-seeds 1 --out out/a.parquet
evaluate --models net.safetensors --corpus tree --grid 3 --csv --out out/a.parquet --partitions devel
evaluate --models net.safetensors --corpus tree --channel gilbert:p_n=0.9,p_l=0.5 --receiver silence
evaluate --models net.safetensors --clips clips --labels clips/labels.csv --rising-loss --out out/a.json
evaluate --from settings.json --audio clips/a.wav --models net.safetensors
score_clips --models net.safetensors --clips clips --labels clips/labels.csv --seed 1 --out out/a.json
probe net.safetensors clips --labels clips/labels.csv --rising 0.1 0.5 --receivers silence drop --out out/p
probe net.safetensors tree --seconds 2 --call call.txt --grid 2 --loss-seeds 2 --no-ladder --out out/p
probe net.safetensors clips --no-labels --engine ray --address auto --presets --scale -1 1 --out out/p
corrupt clips --labels clips/labels.csv --rising 0.1 --receivers silence --no-ladder --out out/c
score corrupted corrupted/p.csv --scale -1 1 --label-scale -1 1 --out out/p
confidence --models net.safetensors --corpus tree --receiver silence --grid 3 --coverage 0.8 --out out/a.json
receivers --models net.safetensors --corpus tree --no-lines --runs out/runs --out out/r --threads 1
receivers --models net.safetensors --corpus tree --clips clips --dry-run --runs out/runs --out out/r
live --model net.safetensors --file clips/a.wav --fast --seconds 1 --p-n 0.9 --p-l 0.5 --record out/a.wav
replay settings.json --audio clips/a.wav --models net.safetensors --device cpu
check_corpus tree --json
make_corpus --out out/c --train 1 --devel 1 --test 1 --minutes 0.2 --seed 1 --jobs 1 --extra 1
make_corpus --out tree --ship out/ship
report --trained trained --results results --readme README.md --html out/page.html
reproduce --corpus tree --out out/r --trained out/t --runs runs {_EXPERIMENT} --delay 0.4
reproduce --corpus tree --no-training --from-trained --runs runs --out out/r {_EXPERIMENT}
sweep --corpora tree --out out {_EXPERIMENT} --workers 1 --threads 1 --list
sweep --corpora tree --out out {_EXPERIMENT} --engine ray --address auto --gpus 0
channel fit call.txt --json
channel sample gilbert:p_n=0.99,p_l=0.75,packet_ms=20 --packets 100 --seed 1 --out out/call.txt
channel convert call.txt --to netem
export net.safetensors --to torchscript --out out/net.pt
bench step --repeats 1 --threads 1 --out out/b.json --seed 1
bench --table results/bench.json
bench --median results/bench.json results/bench.json --out out/b.json
bench plane --grid 2 --tracks 1 --track-seconds 2 --plain-cells 1 --out out/b.json
"""


def _programs() -> dict[str, Program]:
    lines: dict[str, list[str]] = {}
    for line in _LINES.strip().splitlines():
        name, _, words = line.partition(" ")
        lines.setdefault(name, []).append(words)
    return {name: Program(name, tuple(of)) for name, of in lines.items()}


PROGRAMS = _programs()


@cache
def _scratch() -> Files:
    """What the command lines name: a corpus, a network, clips, results, a scene."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_layout_1(folder / "tree", ["train_1", "train_2", "dev_1", "test_1"], seconds=4)
        audio = {name: content for files in sounds(0.4) for name, content in files.items()}
        labels = b"file,arousal,valence\na.wav,high,positive\na.flac,low,negative\n"
        files = {
            **small_weights(),
            **report_texts(),
            **corrupted(),
            "settings.json": scene_text(),
            "call.txt": b"0\n1\n" * 99,
        }
        files |= {
            "clips/labels.csv": labels,
            **{f"clips/{name}": audio[name] for name in ("a.wav", "a.flac")},
        }
        files |= {f"results/{name}": content for name, content in results_folder().items()}
        write_input(folder, files)
        return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def judged_program(program: Program, seed: int, number: int) -> tuple[Files, Verdict]:
    """Run one command line in a folder of its own; the words as a file, and how it was answered."""
    words = program.words(seed, number)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        write_input(Path(folder), _scratch())
        (Path(folder) / "out").mkdir()
        os.mkfifo(Path(folder) / "pipe")
        verdict = answered(lambda: _run(program.name, words, Path(folder)), (ValueError,))
    return {"words.txt": "\n".join(words).encode(errors="surrogateescape")}, verdict


def _run(name: str, words: Sequence[str], folder: Path) -> None:
    """Raise ValueError with what the script says if it refuses; anything but 0, 1 and 2 is no answer."""
    out, errors, path = io.StringIO(), io.StringIO(), SCRIPTS / f"{name}.py"
    with _at(folder), ExitStack() as stack:
        for place in _WORK:
            stack.enter_context(_stops(place))
        stack.enter_context(mock.patch("sercore.training.memory.keep_freed_memory"))
        stack.enter_context(mock.patch.object(sys, "argv", [str(path), *words]))
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(errors))
        try:
            runpy.run_path(str(path), run_name="__main__")
        except _WorkBegins:
            return
        except SystemExit as end:
            code = end.code
    said = errors.getvalue()
    if code == 2:
        raise ValueError(_sentence(said))
    if code not in (0, 1) or "Traceback" in said:
        raise AssertionError(f"exit {code}: {said[-2_000:]}")


def _sentence(said: str) -> str:
    """What follows "error: ": the usage stands before it, and a bar of progress may."""
    before, mark, after = said.partition("error: ")
    if not mark:
        raise AssertionError(f"exit 2 without a sentence: {said[-2_000:]}")
    if "Traceback" in before:
        raise AssertionError(f"a traceback: {said[-2_000:]}")
    return after.removesuffix("\n")


@contextmanager
def _stops(place: str) -> Iterator[None]:
    module, _, name = place.rpartition(".")

    def begin(*_: object, **__: object) -> None:
        raise _WorkBegins

    with mock.patch.object(import_module(module), name, begin):
        yield


@contextmanager
def _at(folder: Path) -> Iterator[None]:
    """In this folder, with what is where the scripts look."""
    before, threads, paths = Path.cwd(), torch.get_num_threads(), list(sys.path)
    os.chdir(folder)
    sys.path.insert(0, str(SCRIPTS))
    try:
        yield
    finally:
        os.chdir(before)
        sys.path[:] = paths
        torch.set_num_threads(threads)
