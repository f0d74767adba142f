"""The account of an experiment: what was trained, on what, where, and how long it took."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sercore.corpus.partition import is_synthetic, partition_report
from sercore.experiment.plan import Experiment, Network
from sercore.experiment.trained import devel_score
from sercore.network.card import Card
from sercore.provenance import git_commit, machine, versions
from sercore.results.differences import read_differences
from sercore.results.table import ResultsError, read_results
from sercore.scoring.moments import RESAMPLES
from sercore.units import PARTITIONS

if TYPE_CHECKING:
    from pathlib import Path

    from sercore.corpus.corpus import Corpus

ABOUT = "about.json"


def account(
    experiment: Experiment,
    corpus: Corpus,
    cards: dict[Network, Card],
    *,
    shipped: dict[str, int],
    evaluation_hours: float,
) -> dict[str, Any]:
    """All that a reader of the tables should know, as JSON."""
    synthetic = is_synthetic(experiment.corpus)
    return {
        "corpus": {
            "name": corpus.name,
            "sha256": corpus.sha256,
            "synthetic": synthetic,
            "tracks": {name: len(corpus.partition(name)) for name in PARTITIONS},
            "speakers": len({track.speaker for track in corpus}),
            "languages": dict(Counter(track.language for track in corpus).most_common()),
            "partition": partition_report(corpus, synthetic=synthetic),
            "notes": list(corpus.notes),
        },
        "partition": experiment.partition,
        "grid": experiment.grid,
        "loss_seeds": experiment.loss_seeds,
        "resamples_of_tracks": RESAMPLES,
        "annotation_delay_seconds": experiment.delay,
        "post_processing": experiment.post_processing,
        "epochs": experiment.plan.epochs,
        "networks": [
            {
                "setting": network.setting.name,
                "seed": network.seed,
                "sha256": card.sha256,
                "chosen": card.chosen,
                "devel_score": round(devel_score(card), 4),
                "training_hours": card.training_hours,
                "machine": card.machine,
            }
            for network, card in cards.items()
        ],
        "missing": [network.name for network in experiment.networks if network not in cards],
        "shipped_seed": shipped,
        "training_hours": round(sum(card.training_hours or 0.0 for card in cards.values()), 3),
        "evaluation_hours": evaluation_hours,
        "machine": machine(),
        "git_commit": git_commit(),
        "versions": versions(),
    }


@dataclass(frozen=True)
class Outcome:
    """The committed results of an experiment, read back.

    Attributes:
        about: from ``account``.
        findings: of ``sercore.results.examine``, as JSON.
        table_2: from ``sercore.results.summaries``.
        figure_3: from ``sercore.results.summaries``.
        plane: rows of ``sercore.results.table``.
        differences: from ``sercore.results.means``.
    """

    about: dict[str, Any]
    findings: list[dict[str, Any]]
    table_2: Any
    figure_3: Any
    plane: Any
    differences: Any


def read_outcome(folder: Path) -> Outcome:
    """Read the folder that ``scripts/reproduce.py`` wrote.

    Raises:
        ResultsError: if a file is missing or damaged.
    """
    import pandas as pd  # noqa: PLC0415  (half a second that import sercore need not cost)

    names = (ABOUT, "claims.json", "table_2.csv", "figure_3.csv", "plane.parquet", "differences.parquet")
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise ResultsError(
            f"the results {folder} lack {', '.join(missing)}: run python scripts/reproduce.py --no-training"
        )
    try:
        about, findings = (json.loads((folder / name).read_text(encoding="utf-8")) for name in names[:2])
        table_2, figure_3 = (pd.read_csv(folder / name) for name in names[2:4])
    except (OSError, ValueError) as error:
        raise ResultsError(f"the results {folder} cannot be read: {error}") from None
    plane, pairs = read_results(folder / names[4]), read_differences(folder / names[5])
    return Outcome(about, findings, table_2, figure_3, plane, pairs)
