"""The table of speed in the README, from what scripts/bench.py measured on one machine or more."""

import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from sercore.reading import Count, ReadingError, first_line, made, read_json, told_as
from sercore.report.markdown import Marks, replace_section
from sercore.report.templates import render

MARKS = Marks("<!-- speed: written by scripts/report.py from bench/ -->", "<!-- end of speed -->")


@dataclass(frozen=True)
class _Report:
    """What every report of scripts/bench.py has; each bench has numbers of its own."""

    machine: Mapping[str, Any]
    versions: Mapping[str, str]
    results: Mapping[str, Any]
    git_commit: str = ""
    runs: Mapping[str, Count] = field(default_factory=dict)


def read_report(path: Path) -> dict[str, Any]:
    """A report of scripts/bench.py.

    Raises:
        ReadingError: if it is none; one sentence says why.
    """
    with told_as(ReadingError, f"the measurements {path} cannot be read"):
        found = read_json(path)
        made(_Report, found, "a report of scripts/bench.py")
    return dict(found)


@contextmanager
def _measured() -> Iterator[None]:
    """What a bench measured has no schema but the template that shows it."""
    try:
        yield
    except (TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
        raise ReadingError(f"the measurements lack what their table shows ({first_line(error)})") from None


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
    with _measured():
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
    return values[0] if isinstance(values[0], str) else statistics.median(values)


def short_name(machine: Mapping[str, Any]) -> str:
    """What a machine is called in a table: its card, or its processor and its instructions.

    Example:
        >>> short_name({"processor": "Intel(R) Xeon(R) Processor", "instruction_set": "AVX-512"})
        'Intel Xeon, AVX-512'
    """
    if machine.get("gpu"):
        return str(machine["gpu"])
    processor = re.sub(r"\((R|TM)\)| Processor| CPU.*", "", str(machine["processor"]))
    return ", ".join(filter(None, [processor, machine.get("instruction_set")]))


def file_name(machine: Mapping[str, Any]) -> str:
    """The file of a machine's results.

    Example:
        >>> file_name({"processor": "AMD EPYC", "instruction_set": "AVX2"})
        'amd_epyc_avx2.json'
    """
    plain = short_name(machine).lower().replace("avx-512", "avx512")
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") + ".json"


def speed_table(reports: Sequence[Mapping[str, Any]]) -> str:
    """The results of each machine as Markdown, below each other for each piece of work.

    Raises:
        ReadingError: if they lack what the table shows.
    """
    with _measured():
        works = dict.fromkeys(name for report in reports for name in report["results"])
        named = [(short_name(report["machine"]), report) for report in reports]
        return render("speed.md", works=list(works), reports=named, machines=_machines(named)).rstrip()


def _machines(named: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, list[int]]:
    """Each machine in words, and of how many runs its numbers are, whichever reports they are in."""
    runs: dict[str, set[int]] = {}
    for name, report in named:
        machine, torch = report["machine"], report["versions"]["torch"]
        words = f"{name}: {machine['cores']} cores, {machine['threads']} threads, PyTorch {torch}"
        runs.setdefault(words, set()).update(report.get("runs", {}).values() or {1})
    return {words: sorted(counts) for words, counts in runs.items()}


def with_speed(text: str, folder: Path) -> str:
    """The text with the table between its marks; as it is where there are no marks or no measurement."""
    measured = sorted(folder.glob("*.json"))
    if not MARKS.are_in(text) or not measured:
        return text
    return replace_section(text, speed_table([read_report(path) for path in measured]), MARKS)
