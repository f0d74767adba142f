"""Time this project against the plain modules (Conv1d, ReLU, MaxPool1d), side by side in one run.

Examples:
  python scripts/bench.py                       # everything, a few minutes; writes bench.json
  python scripts/bench.py step inference --repeats 9
  python scripts/bench.py dashboard             # latencies in Chromium, and 40 visitors at once
  python scripts/bench.py --median 1.json 2.json 3.json --out bench.json   # three runs as one
  python scripts/bench.py --table bench.json    # the table that the README shows

Plain and ours take turns, so that a busy machine disturbs both alike; medians are reported. Both use the same
weights and as many threads. What PyTorch measures on a GPU is added where there is one.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from command_line import run, script_parser


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    from sercore.report.speed import median_report, speed_table

    if arguments.median:
        from sercore.files import write_file

        report = median_report([json.loads(path.read_text(encoding="utf-8")) for path in arguments.median])
        write_file(arguments.out, (json.dumps(report, indent=2) + "\n").encode())
        print(speed_table(report))
        return 0
    if arguments.table:
        print(speed_table(json.loads(arguments.table.read_text(encoding="utf-8"))))
        return 0
    if arguments.measure_memory:
        from benchmarks.network import peak_of_step

        print(json.dumps(peak_of_step(arguments.measure_memory)))
        return 0
    import torch

    from sercore.files import write_file
    from sercore.provenance import git_commit, machine, versions

    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    if arguments.measure_plane:
        from benchmarks.channels import our_plane

        print(json.dumps(our_plane(arguments)))
        return 0
    names = arguments.what or [name for name in BENCHES if name != "dashboard"]  # that one needs Chromium
    gpu = {"gpu": torch.cuda.get_device_name()} if torch.cuda.is_available() else {}
    report: dict[str, Any] = {
        "machine": machine() | gpu | {"threads": torch.get_num_threads()},
        "versions": versions(),
        "git_commit": git_commit(),
        "results": {},
    }
    report["results"] = earlier_results(arguments.out, report)
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        report["results"][name] = bench(name)(arguments)
        print(json.dumps({name: report["results"][name]}), flush=True)
    write_file(arguments.out, (json.dumps(report, indent=2) + "\n").encode())
    print(speed_table(report))
    return 0


def earlier_results(path: Path, report: dict[str, Any]) -> dict[str, Any]:
    """What the file holds of the same code on the same machine: it can be filled bit by bit."""
    if not path.exists():
        return {}
    earlier = json.loads(path.read_text(encoding="utf-8"))
    same = all(earlier.get(name) == report[name] for name in ("machine", "versions", "git_commit"))
    return earlier["results"] if same else {}


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    parser.add_argument(
        "what", nargs="*", help=f"which of {', '.join(BENCHES)} (all but the last if left out)"
    )
    parser.add_argument("--repeats", type=int, default=5, help="turns of plain and ours (default 5)")
    parser.add_argument(
        "--threads", type=int, default=0, help="threads of both (PyTorch's choice if left out)"
    )
    parser.add_argument("--out", type=Path, default=Path("bench.json"), help="where to write (bench.json)")
    parser.add_argument("--table", type=Path, help="print the table of this JSON, measure nothing")
    parser.add_argument(
        "--median", type=Path, nargs="+", metavar="FILE", help="make one of several runs, measure nothing"
    )
    parser.add_argument("--grid", type=int, default=21, help="points a side of the plane (default 21)")
    parser.add_argument("--tracks", type=int, default=15, help="tracks of the plane (default 15)")
    parser.add_argument("--track-seconds", type=float, default=300, help="length of each (default 300)")
    parser.add_argument(
        "--plain-cells", type=int, default=6, help="random cells that the plain plane is scaled up from (6)"
    )
    parser.add_argument("--seed", type=int, default=0, help="decides those cells (default 0)")
    parser.add_argument("--measure-plane", choices=["cpu", "cuda"], help=argparse.SUPPRESS)
    parser.add_argument("--measure-memory", choices=["plain", "ours"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    unknown = [name for name in arguments.what if name not in BENCHES]
    if unknown:
        parser.error(f"{unknown[0]} is none of {', '.join(BENCHES)}")
    for name in ("repeats", "tracks", "plain_cells"):
        if getattr(arguments, name) < 1:
            parser.error(f"--{name.replace('_', '-')} must be at least 1, got {getattr(arguments, name)}")
    if not arguments.track_seconds >= 1:
        parser.error(f"--track-seconds must be at least 1, got {arguments.track_seconds}")
    return arguments


def bench(name: str) -> Callable[[argparse.Namespace], Any]:
    """What measures one of ``BENCHES``."""
    return getattr(importlib.import_module(BENCHES[name]), f"bench_{name}")


BENCHES = {
    "step": "benchmarks.network",
    "inference": "benchmarks.network",
    "memory": "benchmarks.network",
    "plane": "benchmarks.channels",
    "import": "benchmarks.network",
    "sampler": "benchmarks.channels",
    "growth": "benchmarks.channels",
    "dashboard": "benchmarks.dashboard",
}


if __name__ == "__main__":
    run(main)
