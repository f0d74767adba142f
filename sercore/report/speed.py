"""The table of speed in the README, from what scripts/bench.py measured."""

import json
import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sercore.report.markdown import Marks, replace_section

MARKS = Marks(
    "<!-- speed: written by scripts/report.py from trained/results/bench.json -->", "<!-- end of speed -->"
)
Cells = tuple[str, str, str, str]


def median_report(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Several runs on one machine as one: the median of each number, over the runs that measured it.

    Raises:
        ValueError: if machines or versions differ.
    """
    first = reports[0]
    for name in ("machine", "versions"):
        if any(report[name] != first[name] for report in reports):
            raise ValueError(f"only runs on one machine with the same versions have a median: {name} differ")
    names = dict.fromkeys(name for report in reports for name in report["results"])
    measured = {name: [r["results"][name] for r in reports if name in r["results"]] for name in names}
    return {
        **{name: first[name] for name in ("machine", "versions")},
        "git_commit": ", ".join(dict.fromkeys(str(report["git_commit"]) for report in reports)),
        "runs": {name: len(values) for name, values in measured.items()},
        "results": {name: _median(values) for name, values in measured.items()},
    }


def _median(values: Sequence[Any], name: str = "") -> Any:
    if isinstance(values[0], Mapping):
        return {key: _median([value[key] for value in values], key) for key in values[0]}
    if name == "plain_seed":  # decides what was measured, and is no measurement
        return list(values)
    return statistics.median(values)


def speed_table(report: Mapping[str, Any]) -> str:
    """The results as Markdown, with the machine they were measured on."""
    lines = ["| | plain | ours | times |", "|---|---|---|---|"]
    for name, found in report["results"].items():
        lines += [f"| {' | '.join(cells)} |" for cells in _ROWS[name](found)]
    machine, torch = report["machine"], report["versions"]["torch"]
    where = [machine["processor"], f"{machine['cores']} cores", f"{machine['threads']} threads"]
    where += [machine["gpu"]] if machine.get("gpu") else []
    runs = sorted(set(report.get("runs", {}).values()))
    medians = f" Each number is the median of {' or '.join(map(str, runs))} runs." if runs[-1:] > [1] else ""
    return "\n".join([*lines, "", f"{', '.join(where)}, PyTorch {torch}.{medians}"])


def with_speed(text: str, measured: Path) -> str:
    """The text with the table between its marks; as it is where there are no marks or no measurement."""
    if not MARKS.are_in(text) or not measured.exists():
        return text
    return replace_section(text, speed_table(json.loads(measured.read_text(encoding="utf-8"))), MARKS)


def _speed_rows(title: str) -> Callable[[Any], list[Cells]]:
    def time(of: Any, whose: str) -> str:
        return f"{_seconds(of[f'{whose}_seconds'])} ({of[f'{whose}_times_real_time']:,} x real time)"

    return lambda found: [
        (f"{title} ({device})", time(of, "plain"), time(of, "ours"), f"{of['ratio']:.1f}")
        for device, of in found.items()
    ]


def _memory_rows(found: Any) -> list[Cells]:
    rows = []
    for what, title in (("step", "memory of a training step"), ("process", "the same, of the whole process")):
        if ratio := found[f"ratio_of_{what}"]:
            plain, ours = (f"{found[whose][f'{what}_megabytes']:,.0f} MB" for whose in ("plain", "ours"))
            rows.append((title, plain, ours, f"{ratio:.1f}"))
    return rows


def _sampler_rows(found: Any) -> list[Cells]:
    title = f"loss of 10^{math.log10(found['frames']):.0f} frames (plain: a loop, scaled up)"
    return [
        (title, _seconds(found["plain_seconds"]), _seconds(found["ours_seconds"]), f"{found['ratio']:,.0f}")
    ]


def _plane_rows(found: Any) -> list[Cells]:
    rows = []
    for device, of in found["devices"].items():
        seeds = of["plain_seed"] if isinstance(of["plain_seed"], list) else [of["plain_seed"]]
        title = (
            f"plane: four settings x {found['grid']} x {found['grid']} channels x {found['tracks']} tracks "
            f"of {found['seconds']:g} s ({device}; plain: scaled up from {of['plain_cells']} random cells, "
            f"seed {', '.join(map(str, seeds))})"
        )
        rows += [(title, _time(of["plain_seconds"]), _time(of["ours_seconds"]), f"{of['ratio']:,.0f}")]
        rows += [(f"memory of the plane ({device})", "", f"{of['ours_megabytes']:,.0f} MB", "")]
    return rows


def _growth_rows(found: Any) -> list[Cells]:
    return [
        (f"growth with {what} (log-log slope)", "", f"{found[name]['log_log_slope']:.2f}", "")
        for name, what in (("minutes", "minutes of audio"), ("channels", "number of channels"))
    ]


def _dashboard_rows(found: Any) -> list[Cells]:
    def both(name: str) -> str:
        return f"{found[name]['median']:,.0f} ms (95 %: {found[name]['p95']:,.0f} ms)"

    memory = f"{found['resident_mb_before']:,} MB before, {found['resident_mb_after']:,} MB after"
    return [
        ("dashboard: cold start to a first page that plays", "", _seconds(found["cold_start_seconds"]), ""),
        ("dragging a slider, 300 s", "", both("drag_ms"), ""),
        ("release to new predictions, 20 s", "", both("release_ms"), ""),
        ("what travels for one change", "", f"{found['kilobytes_per_change']} kB", ""),
        (f"a change while {found['users']} visitors use it", "", both("change_under_load_ms"), ""),
        ("memory of the server", "", memory, ""),
    ]


_ROWS: dict[str, Callable[[Any], list[Cells]]] = {
    "step": _speed_rows("training step, 16 x 20 s"),
    "inference": _speed_rows("inference, 300 s"),
    "memory": _memory_rows,
    "plane": _plane_rows,
    "import": lambda found: [("`import sercore`", "", _seconds(found["sercore_seconds"]), "")],
    "sampler": _sampler_rows,
    "growth": _growth_rows,
    "dashboard": _dashboard_rows,
}


def _seconds(value: float) -> str:
    return f"{value:.3g} s"


def _time(seconds: float) -> str:
    if seconds < 120:
        return _seconds(seconds)
    return f"{seconds / 60:.1f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
