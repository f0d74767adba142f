"""How does your model bear packet loss on your recordings, and which receiver should feed it?

Examples:
  python scripts/probe.py trained/mismatched.safetensors demo --seconds 60
  python scripts/probe.py model.onnx FOLDER --labels labels.csv --receivers all --loss-seeds 3
  python scripts/probe.py my_module:my_function FOLDER --call call.pcapng --presets
  python scripts/probe.py wav2vec2_folder FOLDER --engine ray --address auto --out /shared/probe

MODEL is an ONNX or TorchScript file, a folder of transformers or audonnx, weights of sercore, or a Python
function module:function(audio, sample_rate). Numbers as labels give a CCC, two kinds an AUC, classes a UAR;
without labels the model is held against its own answers without loss. It can be stopped at any time; the same
command goes on with what is missing. A model that runs elsewhere is probed by scripts/corrupt.py and
scripts/score.py.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from command_line import add_computer, at_least, decimal, run, script_parser
from probing import add_losses, add_recordings, add_scales, channels_of, conditions_of, probe, wanted_of

from sercore.engines import in_processes, on_ray

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sercore.engines import Outcome
    from sercore.experiment.probe.opening import Job


def main() -> None:
    """Parse, call, write."""
    arguments = parse()
    channels = channels_of(arguments)
    conditions, rungs = conditions_of(arguments, channels)
    out = arguments.out or Path("probe", Path(arguments.model.replace(":", "-")).stem)
    wanted = wanted_of(
        arguments,
        everywhere(arguments.model),
        place=everywhere(arguments.recordings),
        conditions=conditions,
        rungs=rungs,
        store=out.resolve() / "finished",
        seconds=arguments.seconds,
        device=arguments.device,
        threads=arguments.threads,
    )
    given = {name: getattr(arguments, name) for name in ("sample_rate", "longest", "shortest")}
    wanted = wanted.with_said(outputs=tuple(arguments.outputs or ()), **given)
    probe(wanted, channels, out, lambda jobs: engine(jobs, arguments))


def everywhere(place: str) -> str:
    """A path that other processes understand; what is none, such as a name, stays as it is."""
    return str(Path(place).resolve()) if place not in ("demo", "default") and Path(place).exists() else place


def engine(jobs: Sequence[Job], arguments: argparse.Namespace) -> Iterator[Outcome | int | None]:
    """How far the jobs are, from the engine that the command line names."""
    from sercore.experiment.probe.opening import in_this_process, run_job

    if arguments.engine == "here":
        return in_this_process(jobs)
    threads = arguments.threads or 1
    workers = arguments.workers or max(1, (os.cpu_count() or 1) // threads)
    if arguments.engine == "processes":
        return in_processes(jobs, run_job, workers=workers)
    return on_ray(jobs, run_job, workers=workers, address=arguments.address, threads=threads)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add = parser.add_argument
    add("model", metavar="MODEL", help="a file, a folder, or module:function")
    add_recordings(parser)
    add_losses(parser)
    add_scales(parser)
    more = parser.add_argument_group("what the model's file does not say of it").add_argument
    more("--outputs", nargs="+", metavar="NAME", help="what its outputs are called, in order")
    more("--sample-rate", type=at_least(1_000), metavar="HZ", help="that it wants")
    more(
        "--longest",
        type=decimal,
        metavar="SECONDS",
        help="that it takes at once; more goes through in pieces",
    )
    more("--shortest", type=decimal, metavar="SECONDS", help="that it needs; less is followed by silence")
    words = "the page, the JSON and what is finished (default: probe/NAME)"
    add("--out", type=Path, metavar="FOLDER", help=words)
    words = "what runs it: here, processes of this machine, or ray (default: %(default)s)"
    add("--engine", choices=["here", "processes", "ray"], default="here", help=words)
    add("--address", help="of a Ray cluster, 'auto' for this machine's (a Ray of its own if left out)")
    add("--workers", type=at_least(0), default=0, help="at a time on this machine (one for each --threads)")
    add_computer(parser)
    arguments = parser.parse_args()
    if arguments.address and arguments.engine != "ray":
        parser.error("--address names a Ray cluster: add --engine ray")
    if arguments.seconds is not None and not arguments.seconds >= 1:
        parser.error(f"--seconds must be at least 1, got {arguments.seconds:g}")
    return arguments


if __name__ == "__main__":
    run(main)
