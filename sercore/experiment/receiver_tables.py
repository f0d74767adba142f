"""From the sheets of all receivers to what is committed: scores, advice and the verdicts of four claims."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sercore.corpus import Corpus
from sercore.receiver import RECEIVERS
from sercore.results.advice import advise
from sercore.results.cell_table import read_sheet, sheet
from sercore.results.claims import Finding
from sercore.results.outcome import ADVICE, RECEIVER_FINDINGS, RECEIVERS_TABLE, read_findings, write_json
from sercore.results.receiver_claims import OF_VOICES, chosen_receiver, examine_receiver_claims
from sercore.results.shared_table import add_results
from sercore.results.table import RECEIVER, results_table, write_results
from sercore.results.ways import LEARNED, as_ways

_PARTITIONS = ("devel", "test")


def sheet_of(runs: Path, corpus: Corpus, partition: str) -> Path:
    """Where the rows of a partition lie; never committed."""
    return runs / f"{corpus.sha256[:16]}-{partition}.parquet"


def finished_rows(runs: Path, corpus: Corpus) -> list[dict[str, Any]]:
    """What is scored already, without its moments."""
    sheets = [read_sheet(sheet_of(runs, corpus, each)) for each in _PARTITIONS]
    rows: list[dict[str, Any]] = pd.concat(sheets).drop(columns="moments").to_dict("records")
    return rows


def save_rows(runs: Path, corpus: Corpus, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows to those on disk, where another process may have put some."""
    for partition in _PARTITIONS:
        if own := [row for row in rows if row["partition"] == partition]:
            add_results(sheet_of(runs, corpus, partition), sheet(own), read_sheet, sheet)


def write_receiver_tables(
    folder: Path, runs: Path, corpus: Corpus, recognisers: Sequence[str], more: Sequence[Finding] = ()
) -> None:
    """Write receivers.parquet, advice.csv and receiver_claims.json into a folder of results.

    Args:
        folder: of the results.
        runs: where the sheets are.
        corpus: that was scored.
        recognisers: keys of the networks that count.
        more: findings on real voices; those that are there stay if there are none.
    """
    devel, test = (_of(read_sheet(sheet_of(runs, corpus, each)), recognisers) for each in _PARTITIONS)
    write_results(folder / RECEIVERS_TABLE, results_table(test))
    chooses, judges = as_ways(devel), as_ways(test)
    names = [name for name in (*RECEIVERS, *LEARNED) if name in set(judges[RECEIVER])]
    filling = [name for name in names if name in RECEIVERS and RECEIVERS[name].KEEPS_LENGTH]
    write_results(folder / ADVICE, advise(chooses, judges, names))
    findings = examine_receiver_claims(judges, chosen_receiver(chooses, filling))
    about_voices = more or [each for each in _told(folder) if each.claim == OF_VOICES]
    write_json(folder / RECEIVER_FINDINGS, [each.to_json() for each in [*findings, *about_voices]])


def write_voice_findings(folder: Path, findings: Sequence[Finding]) -> None:
    """Put what real voices say into receiver_claims.json, and leave what the other tables say."""
    others = [each for each in _told(folder) if each.claim != OF_VOICES]
    write_json(folder / RECEIVER_FINDINGS, [each.to_json() for each in [*others, *findings]])


def _told(folder: Path) -> tuple[Finding, ...]:
    path = folder / RECEIVER_FINDINGS
    return read_findings(path) if path.exists() else ()


def _of(rows: pd.DataFrame, recognisers: Sequence[str]) -> pd.DataFrame:
    return rows[rows["weights_sha256"].isin(list(recognisers))].reset_index(drop=True)
