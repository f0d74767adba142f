"""From finished networks to the experiment's tables: evaluate what is missing, gather, summarise, write."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from sercore.channel import CLEAN, channel_key, channel_of, plane
from sercore.corpus import Corpus
from sercore.experiment import version
from sercore.experiment.cells import list_jobs, run_and_save
from sercore.experiment.plan import Experiment, Network
from sercore.files import locked, remove_abandoned, write_file
from sercore.network.card import Card
from sercore.reading import Amount, ReadingError, made, read_json, read_text, told_as
from sercore.recogniser.registry import load_recogniser
from sercore.results.cell_table import read_sheet, sheet
from sercore.results.differences import differences
from sercore.results.examine import examine_claims
from sercore.results.four_settings import FOUR_SETTINGS, as_settings
from sercore.results.means import mean_scores
from sercore.results.outcome import CLEAN as CLEAN_TABLE
from sercore.results.outcome import DIFFERENCES, FIGURE_3, PLANE, TABLE_2, write_findings
from sercore.results.shared_table import add_results
from sercore.results.summaries import figure_3, table_2
from sercore.results.table import SCORES, ResultsError, results_table, write_results


@dataclass(frozen=True)
class _Note:
    """What lies beside a sheet."""

    seconds: Amount = 0.0  # that it took


_Place = tuple[str, int]  # a cell within one network's sheet of one partition: channel and loss seed


def wanted_cells(experiment: Experiment, setting: str, partition: str) -> list[_Place]:
    """The clean channel, and on the experiment's partition the plane with all its draws."""
    cells = [(channel_key(CLEAN), 0)]
    if partition == experiment.partition:
        keys = [channel_key(channel) for channel in experiment.channels(setting)]
        cells += [(key, seed) for seed in range(experiment.loss_seeds) for key in keys]
    return list(dict.fromkeys(cells))


def evaluate_network(
    experiment: Experiment, network: Network, partition: str, corpus: Corpus, device: torch.device
) -> Iterator[tuple[int, int]]:
    """Evaluate what one network lacks on one partition; it is saved each minute, and when stopped.

    Yields:
        Jobs done and jobs in all, after each job.
    """
    recogniser = load_recogniser(experiment.weights(network), device)
    path = experiment.sheet(recogniser.key, partition)
    wanted = wanted_cells(experiment, recogniser.name, partition)
    missing = set(wanted) - _places(read_sheet(path))
    channels, seeds = [channel_of(key) for key in dict(wanted)], sorted({seed for _, seed in wanted})
    jobs = list_jobs([recogniser], corpus, partitions=[partition], channels=channels, seeds=seeds)
    jobs = [job for job in jobs if (channel_key(job.cell.channel), job.cell.seed) in missing]
    if jobs:
        for number in run_and_save(jobs, [recogniser], corpus, partial(_save, path)):
            yield len(wanted) - len(jobs) + number, len(wanted)


def _places(rows: pd.DataFrame) -> set[_Place]:
    return set(zip(rows["channel"], rows["seed"], strict=True))


def _save(path: Path, rows: Sequence[Mapping[str, Any]], seconds: float) -> None:
    """Note the time that rows took, then add them to those on disk, where another process may have put some.

    Killed between the two, time is told that was spent; no sheet is without its note.
    """
    with locked(path.parent):
        write_file(path.with_suffix(".json"), json.dumps({"seconds": round(_seconds(path) + seconds, 1)}))
    add_results(path, sheet(rows), read_sheet, sheet)


def _seconds(path: Path) -> float:
    """How long the sheet at ``path`` took."""
    note = path.with_suffix(".json")
    try:
        return made(_Note, read_json(note), "the note of a sheet").seconds
    except ReadingError:  # it decides nothing
        return 0.0


def evaluation_hours(experiment: Experiment, hashes: Iterable[str]) -> float:
    """How long the sheets of some networks took."""
    sheets = [experiment.sheet(sha256, partition) for sha256 in hashes for partition in ("devel", "test")]
    return round(sum(_seconds(path) for path in sheets) / 3600, 3)


def set_aside_old_sheets(experiment: Experiment) -> None:
    """Give way to the present evaluation: sheets of another version of it wait under its name.

    To be called before any job runs.
    """
    sheets, names = experiment.runs / "sheets", version.names_of("evaluation", version.EVALUATION)
    note = sheets / "code.txt"
    with locked(experiment.runs):
        remove_abandoned(sheets)
        if note.exists() or any(sheets.glob("*.parquet")):
            with told_as(ResultsError, f"the note {note} cannot be read"):
                found = read_text(note).strip() if note.exists() else "unknown"
                found = (
                    found if re.fullmatch(r"[\w-]{1,64}", found) else "unknown"
                )  # else no name of a folder
            if found in names:
                return
            sheets.rename(experiment.runs / f"sheets-{found}")
        for earlier in (experiment.runs / f"sheets-{name}" for name in names):
            if earlier.exists():
                earlier.rename(sheets)
                break
        write_file(note, f"{names[0]}\n")


def gather(
    experiment: Experiment, corpus: Corpus, cards: Iterable[Card]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sheets of some networks as two: the plane by setting, and the clean channel by network.

    Raises:
        ResultsError: if a sheet lacks cells.
    """
    partitions = experiment.partitions_of(corpus)
    sheets = [_whole_sheet(experiment, card, partition) for card in cards for partition in partitions]
    rows = pd.concat([sheet([]), *sheets], ignore_index=True)
    clean = rows[(rows["channel"] == channel_key(CLEAN)) & (rows["seed"] == 0)]
    in_plane = rows["channel"].isin([channel_key(channel) for channel in plane(experiment.grid)])
    drawn = (rows["partition"] == experiment.partition) & (rows["seed"] < experiment.loss_seeds)
    return as_settings(rows[drawn & in_plane]), clean.reset_index(drop=True)


def _whole_sheet(experiment: Experiment, card: Card, partition: str) -> pd.DataFrame:
    path = experiment.sheet(str(card.sha256), partition)
    rows = read_sheet(path)
    wanted = set(wanted_cells(experiment, str(card.setting_name), partition))
    if missing := wanted - _places(rows):
        raise ResultsError(
            f"the sheet {path} lacks {len(missing)} of {len(wanted)} cells: the same command evaluates them"
        )
    return rows


def write_tables(experiment: Experiment, plane_sheet: pd.DataFrame, clean_sheet: pd.DataFrame) -> None:
    """Write plane, clean, differences, table_2, figure_3 and claims into the folder of results."""
    folder = experiment.results
    for name, rows in ((PLANE, plane_sheet), (CLEAN_TABLE, clean_sheet)):
        write_results(folder / name, results_table(rows))
    scores = [mean_scores(plane_sheet, score) for score in SCORES]
    pairs = pd.concat([differences(each, FOUR_SETTINGS) for each in scores], ignore_index=True)
    write_results(folder / DIFFERENCES, pairs)
    write_results(folder / FIGURE_3, pd.concat([figure_3(each) for each in scores], ignore_index=True))
    write_results(folder / TABLE_2, table_2(clean_sheet))
    own = clean_sheet[clean_sheet["partition"] == experiment.partition]
    write_findings(folder, [f for score in SCORES for f in examine_claims(plane_sheet, own, score)])
