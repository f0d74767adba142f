"""From finished networks to the experiment's tables: evaluate what is missing, gather, summarise, write."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sercore.checkpoints import load_model, write_atomically
from sercore.comparison import differences, mean_scores
from sercore.evaluation import plane
from sercore.examination import examine_claims
from sercore.experiment import CLEAN, Experiment, Network
from sercore.paper import FOUR_SETTINGS
from sercore.results import COLUMNS, SCORES, results_table, write_results
from sercore.sheets import as_settings, read_sheet, sheet, write_sheet
from sercore.summaries import figure_3, table_2
from sercore.sweeps import Job, list_jobs, run_jobs

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    import torch

    from sercore.corpus import Corpus
    from sercore.model import EmotionModel

_SAVE_SECONDS = 60.0
_SECONDS = "seconds.json"  # how long each sheet took


def wanted_jobs(experiment: Experiment, model: EmotionModel, corpus: Corpus, partition: str) -> list[Job]:
    """The clean channel, and on the experiment's partition the plane with all its draws."""
    jobs = list_jobs([model], corpus, partitions=[partition], channels=[CLEAN], seeds=[0])
    if partition == experiment.partition:
        channels = experiment.channels(model.card["setting"]["name"])
        seeds = range(experiment.loss_seeds)
        jobs += list_jobs([model], corpus, partitions=[partition], channels=channels, seeds=seeds)
    return list({job.name: job for job in jobs}.values())


def scored_partitions(experiment: Experiment, corpus: Corpus) -> list[str]:
    """Devel and test, as far as they have tracks.

    Raises:
        ValueError: if the partition of the plane has none.
    """
    there = [name for name in ("devel", "test") if corpus.partition(name)]
    if experiment.partition not in there:
        raise ValueError(
            f"the corpus {corpus.name} has no {experiment.partition} track to score; choose --partition "
            f"{' or '.join(there) or 'and labels for devel'}"
        )
    return there


def evaluate_network(
    experiment: Experiment, network: Network, partition: str, corpus: Corpus, device: torch.device
) -> Iterator[tuple[int, int]]:
    """Evaluate what one network lacks on one partition; it is saved each minute, and when stopped.

    Yields:
        Jobs done and jobs in all, after each job.
    """
    model = load_model(experiment.weights(network), device)
    path = experiment.sheet(model.card["sha256"], partition)
    rows = read_sheet(path).to_dict("records")
    wanted = wanted_jobs(experiment, model, corpus, partition)
    done = {_job_of(row) for row in rows}
    jobs = [job for job in wanted if _job_of_cell(job) not in done]
    saved = time.monotonic()
    try:
        for number, found in enumerate(run_jobs(jobs, [model], corpus), 1):
            rows += found
            if time.monotonic() - saved > _SAVE_SECONDS:
                saved = _save(path, rows, saved)
            yield len(wanted) - len(jobs) + number, len(wanted)
    finally:
        if jobs:
            _save(path, rows, saved)


def _job_of(row: dict[str, Any]) -> tuple[float, float, int]:
    """Which cell a row is of, within one network's sheet of one partition."""
    return row["p_n"], row["p_l"], row["seed"]


def _job_of_cell(job: Job) -> tuple[float, float, int]:
    return job.cell.channel.p_n, job.cell.channel.p_l, job.cell.seed


def _save(path: Path, rows: list[dict[str, Any]], since: float) -> float:
    write_sheet(path, sheet(rows))
    now = time.monotonic()
    seconds = path.parent / _SECONDS
    spent = json.loads(seconds.read_text()) if seconds.exists() else {}
    spent[path.name] = round(spent.get(path.name, 0.0) + now - since, 1)
    write_atomically(seconds, json.dumps(spent, indent=1).encode())
    return now


def evaluation_hours(experiment: Experiment, hashes: Iterable[str]) -> float:
    """How long the sheets of some networks took."""
    path = experiment.runs / "sheets" / _SECONDS
    spent = json.loads(path.read_text()) if path.exists() else {}
    names = {experiment.sheet(sha256, partition).name for sha256 in hashes for partition in ("devel", "test")}
    return float(round(sum(seconds for name, seconds in spent.items() if name in names) / 3600, 3))


def gather(
    experiment: Experiment, corpus: Corpus, hashes: Iterable[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sheets of some networks as two: the plane by setting, and the clean channel by network."""
    import pandas as pd  # noqa: PLC0415  (half a second that import sercore need not cost)

    partitions = scored_partitions(experiment, corpus)
    sheets = [read_sheet(experiment.sheet(sha256, name)) for sha256 in hashes for name in partitions]
    rows = pd.concat([sheet([]), *sheets], ignore_index=True)
    clean = rows[(rows["p_n"] == CLEAN.p_n) & (rows["p_l"] == CLEAN.p_l) & (rows["seed"] == 0)]
    wanted = {(channel.p_n, channel.p_l) for channel in plane(experiment.grid)}
    in_plane = np.array([cell in wanted for cell in zip(rows["p_n"], rows["p_l"], strict=True)], dtype=bool)
    drawn = (rows["partition"] == experiment.partition) & (rows["seed"] < experiment.loss_seeds)
    chosen = drawn.to_numpy(dtype=bool) & in_plane
    return as_settings(rows[chosen]), clean.reset_index(drop=True)


def write_tables(experiment: Experiment, plane_sheet: pd.DataFrame, clean_sheet: pd.DataFrame) -> None:
    """Write plane, clean, differences, table_2, figure_3 and claims into the folder of results."""
    import pandas as pd  # noqa: PLC0415

    folder = experiment.results
    for name, rows in (("plane", plane_sheet), ("clean", clean_sheet)):
        write_results(folder / f"{name}.parquet", results_table(rows[list(COLUMNS)].to_dict("records")))
    scores = [mean_scores(plane_sheet, score) for score in SCORES]
    pairs = pd.concat([differences(each, FOUR_SETTINGS) for each in scores], ignore_index=True)
    write_results(folder / "differences.parquet", pairs)
    write_results(folder / "figure_3.csv", pd.concat([figure_3(each) for each in scores], ignore_index=True))
    write_results(folder / "table_2.csv", table_2(clean_sheet))
    own = clean_sheet[clean_sheet["partition"] == experiment.partition]
    findings = [f.as_dict() for score in SCORES for f in examine_claims(plane_sheet, own, score)]
    write_atomically(folder / "claims.json", json.dumps(findings, indent=1, allow_nan=False).encode() + b"\n")
