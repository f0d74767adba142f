"""A folder of results: its files, who writes them, and one reader for reports and for the dashboard.

A report needs all of it (``whole_outcome``); a page shows what is there, and says what could not be read
(``read_outcome``).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from sercore.files import write_file
from sercore.reading import OneOf, checked, read_json, told_as
from sercore.receiver.drop import Drop
from sercore.results import summaries
from sercore.results.about import About
from sercore.results.advice import ADVICE as ADVICE_COLUMNS
from sercore.results.advice import read_advice
from sercore.results.claims import Finding
from sercore.results.differences import DIFFERENCES as DIFFERENCE_COLUMNS
from sercore.results.paper import PAPER_TABLE_2
from sercore.results.table import COLUMNS, RECEIVER, ResultsError, read_results, read_table
from sercore.results.voices import VOICES as VOICES_COLUMNS
from sercore.results.voices import read_voices

ABOUT, CLAIMS, TABLE_2, FIGURE_3 = "about.json", "claims.json", "table_2.csv", "figure_3.csv"
PLANE, CLEAN, DIFFERENCES = "plane.parquet", "clean.parquet", "differences.parquet"
RECEIVERS_TABLE, ADVICE = "receivers.parquet", "advice.csv"  # of scripts/receivers.py
VOICES, RECEIVER_FINDINGS = "voices.csv", "receiver_claims.json"
# Without these columns nothing can be shown; tables of before lack some of the others.
NEEDED = (
    *("setting", "p_n", "p_l", "dimension", "ccc", "loss_rate", "n_frames"),
    *("partition", "corpus", "weights_sha256"),
)
DIFFERENCES_NEEDED = ("setting", "other", "p_n", "p_l", "dimension", "score", "difference", "low", "high")
FIGURE_3_NEEDED = ("score", "setting", "dimension", "loss_rate", "ccc", "low", "high")


@dataclass(frozen=True, eq=False)
class Outcome:
    """The results of an experiment, read back.

    Attributes:
        about: the experiment.
        findings: what the results say to the claims.
        table_2: from ``sercore.results.summaries``.
        figure_3: from ``sercore.results.summaries``.
        tables: rows of ``sercore.results.table`` by the name of their file, without the clean channel's own.
        differences: from ``sercore.results.differences``.
        receivers: rows of ``sercore.results.table`` of all receivers; like the next three, there only when
            scripts/receivers.py has run.
        advice: from ``sercore.results.advice``.
        voices: from ``sercore.results.voices``.
        receiver_claims: what the results say to the claims of ``sercore.results.receiver_claims``.
        problems: one sentence for each file that cannot be read, by its name.
    """

    about: About = field(default_factory=About)
    findings: tuple[Finding, ...] = ()
    table_2: pd.DataFrame = field(default_factory=pd.DataFrame)
    figure_3: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FIGURE_3_NEEDED)))
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    differences: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(DIFFERENCES_NEEDED)))
    receivers: pd.DataFrame = field(default_factory=pd.DataFrame)
    advice: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(ADVICE_COLUMNS)))
    voices: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(VOICES_COLUMNS)))
    receiver_claims: tuple[Finding, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def plane(self) -> pd.DataFrame:
        """The rows over the plane of channels."""
        return self.tables[PLANE]


def read_outcome(folder: Path) -> Outcome:
    """Read what is there; a file that cannot be read becomes a sentence, not an end."""
    found: dict[str, Any] = {}
    problems: dict[str, str] = {}
    tables = {path.name for path in folder.glob("*.parquet") if not path.name.startswith(".")}
    readers = {**_READERS, **_READERS_OF_RECEIVERS}
    names = {*readers, *tables} - {CLEAN}
    for name in sorted(name for name in names if (folder / name).is_file()):
        try:
            found[name] = readers.get(name, _read_rows)(folder / name)
        except ResultsError as error:
            problems[name] = str(error).replace(str(folder / name), name)
    parts = {Path(name).stem: found.pop(name) for name in readers if name in found}
    findings = parts.pop("claims", ())
    return Outcome(**parts, findings=findings, tables=found, problems=problems)


def whole_outcome(folder: Path) -> Outcome:
    """Read the folder that ``scripts/reproduce.py`` wrote.

    Raises:
        ResultsError: if a file is missing or damaged, or lacks a column.
    """
    wanted, outcome = (*_READERS, PLANE), read_outcome(folder)
    missing = [name for name in wanted if not (folder / name).is_file()]
    if damaged := [outcome.problems[name] for name in wanted if name in outcome.problems]:
        raise ResultsError(f"the results {folder} cannot be read: {'; '.join(damaged)}")
    if not missing:
        missing += [f"{name} in {PLANE}" for name in COLUMNS if name not in outcome.plane]
        pairs = outcome.differences
        missing += [f"{name} in {DIFFERENCES}" for name in DIFFERENCE_COLUMNS if name not in pairs]
    if missing:
        raise ResultsError(
            f"the results {folder} lack {', '.join(missing)}: run python scripts/reproduce.py --no-training"
        )
    return outcome


def write_about(folder: Path, about: About) -> None:
    """Write ``about.json``."""
    write_json(folder / ABOUT, asdict(about))


def write_findings(folder: Path, findings: Sequence[Finding]) -> None:
    """Write ``claims.json``."""
    write_json(folder / CLAIMS, [finding.to_json() for finding in findings])


def write_json(path: Path, content: Any) -> None:
    """Write a file of JSON whole; NaN is refused."""
    write_file(path, json.dumps(content, indent=1, allow_nan=False) + "\n")


def _read_json(of: Callable[[Any], Any], path: Path) -> Any:
    with told_as(ResultsError, f"{path} cannot be read"):
        return of(read_json(path))


def read_findings(path: Path) -> tuple[Finding, ...]:
    """Findings that ``write_findings``, or ``write_json`` of them, wrote. Raises ``ResultsError``."""
    found: tuple[Finding, ...] = _read_json(_findings, path)
    return found


def _findings(found: Any) -> tuple[Finding, ...]:
    return tuple(map(Finding.from_json, checked(tuple[Any, ...], found, "the findings")))


def _read_rows(path: Path) -> pd.DataFrame:
    """Rows of the paper's receiver, which drops: a mean over several receivers would be that of none."""
    rows = read_results(path, needed=NEEDED)
    return rows[rows[RECEIVER].fillna(Drop.NAME) == Drop.NAME] if RECEIVER in rows else rows


_FIGURE_3 = {"partition": "string"} | summaries.FIGURE_3  # a table that names none is about.json's
_OF_THE_PAPER = {"setting": OneOf(tuple(PAPER_TABLE_2))}  # beside whose numbers they stand
_READERS: Mapping[str, Callable[[Path], Any]] = {
    ABOUT: partial(_read_json, About.from_json),
    CLAIMS: partial(_read_json, _findings),
    TABLE_2: partial(read_table, columns=summaries.TABLE_2, kind="results", rules=_OF_THE_PAPER),
    FIGURE_3: partial(read_table, columns=_FIGURE_3, kind="results", needed=FIGURE_3_NEEDED),
    DIFFERENCES: partial(
        read_table, columns=DIFFERENCE_COLUMNS, kind="differences", needed=DIFFERENCES_NEEDED
    ),
}
_READERS_OF_RECEIVERS: Mapping[str, Callable[[Path], Any]] = {
    RECEIVERS_TABLE: read_results,
    ADVICE: read_advice,
    VOICES: read_voices,
    RECEIVER_FINDINGS: partial(_read_json, _findings),
}
