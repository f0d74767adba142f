"""Time this project against the plain modules (Conv1d, ReLU, MaxPool1d), side by side in one run.

Examples:
  python scripts/bench.py                       # all but the last five, minutes; into bench/MACHINE.json
  python scripts/bench.py step inference --repeats 9
  python scripts/bench.py instant               # 40 visitors of the dashboard at one instant, page after page
  python scripts/bench.py dashboard             # the same, latencies in Chromium, and 40 during some minutes
  python scripts/bench.py voices                # how many voices the page Live follows at once
  python scripts/bench.py gpu step inference plane --device cuda           # into bench/CARD.json
  python scripts/bench.py --median 1.json 2.json 3.json                    # three runs as one
  python scripts/bench.py --table bench/*.json  # the table that the README shows
  SERCORE_LANES=8 python scripts/bench.py       # as if the processor had AVX2 only; PyTorch too

Plain, ours and a matrix product take turns, so that a busy machine disturbs all alike; medians are reported.
All use the same weights and as many threads. The floor is the same work at the speed of the matrix product.
"""

import argparse
import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from command_line import (
    KERNELS,
    ManyPaths,
    at_least,
    decimal,
    run,
    script_parser,
    use_threads,
    writable_file,
)

from sercore.files import write_file

BENCHES = ("step", "lines", "inference", "memory", "plane", "silence", "import", "sampler", "growth", "disk")
# Which load a server, take hours of sound or want a GPU, and are asked for.
MORE_BENCHES = ("instant", "dashboard", "live", "voices", "gpu")
MODULES = {"plane": "plane", "silence": "plane", "import": "start_up", "sampler": "channels"}
MODULES |= {
    "growth": "channels",
    "disk": "disk",
    "lines": "lines",
    "live": "live",
    "instant": "dashboard",
    "dashboard": "dashboard",
    "voices": "voices",
    "gpu": "gpu",
}
FOLDER = Path("bench")


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    if os.environ.get("SERCORE_LANES") == "8":  # PyTorch without AVX-512 too
        os.environ.update(
            MKL_ENABLE_INSTRUCTIONS="AVX2", ONEDNN_MAX_CPU_ISA="AVX2", ATEN_CPU_CAPABILITY="avx2"
        )
    from sercore.report.speed import file_name, median_report, read_report, speed_table

    if arguments.alone:
        use_threads(arguments)
        module, _, function = arguments.alone.partition(":")
        print(json.dumps(getattr(import_module(module), function)(arguments)))
        return 0
    if arguments.table:
        print(speed_table([read_report(path) for path in arguments.table]))
        return 0
    given = [read_report(path) for path in arguments.median or ()]
    report = median_report(given) if given else begun_report(arguments)
    out = arguments.out or FOLDER / file_name(report["machine"])
    writable_file(out, "--out")
    if not given:
        fill(report, out, arguments)
    write_file(out, json.dumps(report, indent=2) + "\n")
    print(speed_table([report]))
    return 0


def begun_report(arguments: argparse.Namespace) -> dict[str, Any]:
    """What a report says of where it was measured."""
    import torch

    from sercore.network.device import choose_device
    from sercore.network.kernels.processor import instruction_set
    from sercore.provenance import git_commit, machine, versions

    use_threads(arguments)
    here = machine() | {"instruction_set": instruction_set(), "threads": torch.get_num_threads()}
    if choose_device(arguments.device).type == "cuda":
        here["gpu"] = torch.cuda.get_device_name()
    return {"machine": here, "versions": versions(), "git_commit": git_commit(), "results": {}}


def fill(report: dict[str, Any], out: Path, arguments: argparse.Namespace) -> None:
    """Add what was asked for to what the file holds of the same code on the same machine."""
    results = report["results"] = earlier_results(out, report)
    for name in arguments.what or BENCHES:
        print(f"{name} ...", file=sys.stderr, flush=True)
        results[name] = bench(name)(arguments)
        print(json.dumps({name: results[name]}), flush=True)


def bench(name: str) -> Any:
    """The function that measures one of them."""
    return getattr(import_module(f"benchmarks.{MODULES.get(name, 'network')}"), f"bench_{name}")


def earlier_results(path: Path, report: dict[str, Any]) -> dict[str, Any]:
    """What the file holds of the same code on the same machine: it can be filled bit by bit."""
    from sercore.report.speed import read_report

    earlier = read_report(path) if path.exists() else {}
    same = all(earlier.get(name) == report[name] for name in ("machine", "versions", "git_commit"))
    return dict(earlier["results"]) if same else {}


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    parser.epilog = KERNELS
    add = parser.add_argument
    known = (*BENCHES, *MORE_BENCHES)
    add("what", nargs="*", help=f"which of {', '.join(known)} (all but the last five if left out)")
    add("--device", choices=["cpu", "cuda"], default="cpu", help="where the network computes (default cpu)")
    add("--repeats", type=at_least(1), default=5, help="turns of plain and ours (default 5)")
    add("--threads", type=at_least(0), default=0, help="threads of both (PyTorch's choice if left out)")
    add("--out", type=Path, help="where to write (the machine's file in the folder bench)")
    words = "print the table of these, measure nothing"
    add("--table", type=Path, nargs="+", action=ManyPaths, metavar="FILE", help=words)
    add(
        "--median",
        type=Path,
        nargs="+",
        action=ManyPaths,
        metavar="FILE",
        help="make one of several runs, measure nothing",
    )
    add("--grid", type=at_least(2), default=21, help="points a side of the plane (default 21)")
    add("--tracks", type=at_least(1), default=15, help="tracks of the plane (default 15)")
    add("--track-seconds", type=decimal, default=300, help="length of each (default 300)")
    words = "random cells that the plain plane is scaled up from (6)"
    add("--plain-cells", type=at_least(1), default=6, help=words)
    add("--seed", type=int, default=0, help="decides those cells (default 0)")
    add("--train-epochs", type=at_least(1), default=200, help="of the bench gpu (default 200)")
    words = "hours of speech that the bench live follows, as fast as can be (default 10)"
    add("--live-hours", type=decimal, default=10, help=words)
    add("--alone", metavar="MODULE:FUNCTION", help=argparse.SUPPRESS)  # benchmarks.network.measured_alone
    arguments = parser.parse_args()
    for name in arguments.what:
        if name not in known:
            parser.error(f"{name} is none of {', '.join(known)}")
    if not arguments.track_seconds >= 1:
        parser.error(f"--track-seconds must be at least 1, got {arguments.track_seconds}")
    return arguments


if __name__ == "__main__":
    run(main)
