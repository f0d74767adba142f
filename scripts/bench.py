"""Time this project against the plain modules (Conv1d, ReLU, MaxPool1d), side by side in one run.

Examples:
  python scripts/bench.py                       # everything, a few minutes; writes bench.json
  python scripts/bench.py step inference --repeats 9
  python scripts/bench.py instant               # 40 visitors of the dashboard at one instant, page after page
  python scripts/bench.py dashboard             # the same, latencies in Chromium, and 40 during some minutes
  python scripts/bench.py --median 1.json 2.json 3.json --out bench.json   # three runs as one
  python scripts/bench.py --table bench.json    # the table that the README shows

Plain and ours take turns, so that a busy machine disturbs both alike; medians are reported. Both use the same
weights and as many threads. What PyTorch measures on a GPU is added where there is one.
"""

import argparse
import json
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

BENCHES = ("step", "inference", "memory", "plane", "import", "sampler", "growth", "instant", "dashboard")
MODULES = {"plane": "plane", "sampler": "channels", "growth": "channels", "instant": "dashboard"}
MODULES |= {"dashboard": "dashboard"}


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    from sercore.report.speed import median_report, read_report, speed_table

    if arguments.measure_memory or arguments.measure_plane:
        print(json.dumps(measure(arguments)))
        return 0
    if arguments.table:
        report = read_report(arguments.table)
    else:
        writable_file(arguments.out, "--out")
        given = [read_report(path) for path in arguments.median or ()]
        report = median_report(given) if given else bench_all(arguments)
        write_file(arguments.out, json.dumps(report, indent=2) + "\n")
    print(speed_table(report))
    return 0


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """What a process of its own is started for."""
    if arguments.measure_memory:
        from benchmarks.network import peak_of_step

        return peak_of_step(arguments.measure_memory)
    from benchmarks.plane import time_ours

    use_threads(arguments)
    return time_ours(arguments)


def bench_all(arguments: argparse.Namespace) -> dict[str, Any]:
    """The benches that were asked for, added to what the file holds of the same code on the same machine."""
    import torch

    from sercore.provenance import git_commit, machine, versions

    use_threads(arguments)
    here = machine() | ({"gpu": torch.cuda.get_device_name()} if torch.cuda.is_available() else {})
    here["threads"] = torch.get_num_threads()
    report = {"machine": here, "versions": versions(), "git_commit": git_commit()}
    report["results"] = results = earlier_results(arguments.out, report)
    for name in arguments.what or BENCHES[:-2]:  # the last two load a server
        print(f"{name} ...", file=sys.stderr, flush=True)
        results[name] = bench(name)(arguments)
        print(json.dumps({name: results[name]}), flush=True)
    return report


def bench(name: str) -> Any:
    """The function that measures one of ``BENCHES``."""
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
    add("what", nargs="*", help=f"which of {', '.join(BENCHES)} (all but the last two if left out)")
    add("--repeats", type=at_least(1), default=5, help="turns of plain and ours (default 5)")
    add("--threads", type=at_least(0), default=0, help="threads of both (PyTorch's choice if left out)")
    add("--out", type=Path, default=Path("bench.json"), help="where to write (bench.json)")
    add("--table", type=Path, help="print the table of this JSON, measure nothing")
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
    add("--measure-plane", choices=["cpu", "cuda"], help=argparse.SUPPRESS)
    add("--measure-memory", choices=["plain", "ours"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    for name in arguments.what:
        if name not in BENCHES:
            parser.error(f"{name} is none of {', '.join(BENCHES)}")
    if not arguments.track_seconds >= 1:
        parser.error(f"--track-seconds must be at least 1, got {arguments.track_seconds}")
    return arguments


if __name__ == "__main__":
    run(main)
