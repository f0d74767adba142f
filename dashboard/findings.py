"""The committed results and the paper's own, as tables that a page can draw."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sercore.results import COLUMNS, read_results
from sercore.settings import AUGMENTATION

if TYPE_CHECKING:
    from collections.abc import Sequence

TRAINED = Path(__file__).resolve().parent.parent / "trained"

SETTING_TITLES = {
    "mismatched": "Mismatched",
    "multi_condition": "Multi-condition",
    "matched": "Matched",
    "augmentation": "Augmentation",
}
SETTING_SENTENCES = {
    "mismatched": "Trained on clean speech alone, so loss comes as a surprise.",
    "multi_condition": "Trained on every kind of channel at once.",
    "matched": "Nine networks, each trained on the kind of channel it is then tested on.",
    "augmentation": "Trained on light loss (high p_N, low p_L) and used everywhere.",
}

# Paper, Table 2: CCC on RECOLA's validation partition, no loss at test. (training p_N, p_L, arousal, valence)
PAPER_TABLE_2 = (
    ("Mismatched", "clean", "clean", 0.789, 0.529),
    ("Tzirakis et al. 2018", "clean", "clean", 0.815, 0.502),
    ("Multi-condition", "0.05 to 1", "0 to 1", 0.630, 0.366),
    ("Matched", "high", "mid", 0.797, 0.542),
    ("Matched / augmentation", "high", "low", 0.769, 0.503),
    ("Matched", "mid", "low", 0.736, 0.501),
    ("Matched", "high", "high", 0.729, 0.489),
    ("Matched", "mid", "high", 0.702, 0.452),
    ("Matched", "mid", "mid", 0.701, 0.425),
    ("Matched", "low", "low", 0.662, 0.426),
    ("Matched", "low", "mid", 0.650, 0.405),
    ("Matched", "low", "high", 0.430, 0.176),
)


@dataclass(frozen=True)
class Findings:
    """Everything the committed tables hold, and what could not be read.

    Args:
        rows: the tidy table of all files.
        problems: one sentence for each file that could not be read.
    """

    rows: pd.DataFrame
    problems: tuple[str, ...] = ()

    @property
    def corpus(self) -> str:
        """Name of the corpus that the results are of."""
        return str(self.rows["corpus"].iloc[0]) if len(self.rows) else "none"

    @property
    def partitions(self) -> list[str]:
        """Partitions that have results, test first: it was never used to choose a model."""
        present = set(self.rows["partition"]) if len(self.rows) else set()
        return [name for name in ("test", "devel", "train") if name in present]

    def settings(self, partition: str) -> list[str]:
        """Settings with results on this partition, in the paper's order, others after them."""
        present = self.rows.loc[self.rows["partition"] == partition, "setting"].unique()
        known = [name for name in SETTING_TITLES if name in present]
        return known + sorted(set(present) - set(known))

    def cells(self, partition: str, setting: str, dimension: str) -> pd.DataFrame:
        """One row for each channel, the mean over loss seeds; NaN where no seed gives a CCC."""
        rows = self.rows
        wanted = (rows["partition"] == partition) & (rows["setting"] == setting)
        mean = rows[wanted & (rows["dimension"] == dimension)].groupby(["p_n", "p_l"], as_index=False)
        return mean.agg(ccc=("ccc", "mean"), loss_rate=("loss_rate", "mean"), n_frames=("n_frames", "mean"))


def setting_title(setting: str) -> str:
    """A setting's name for people.

    Example:
        >>> setting_title("multi_condition"), setting_title("matched_low_mid")
        ('Multi-condition', 'Matched low/mid')
    """
    if setting == "matched_high_low":
        return "Augmentation"
    if setting.startswith("matched_"):
        return "Matched " + setting.removeprefix("matched_").replace("_", "/")
    return SETTING_TITLES.get(setting, setting.replace("_", " ").capitalize())


def read_findings(folder: Path = TRAINED / "results") -> Findings:
    """Read every results table in ``folder``; a table that cannot be read becomes a sentence, not an end.

    Args:
        folder: holds .parquet files as ``sercore.results`` writes them.
    """
    tables, problems = [], []
    for path in sorted(folder.glob("*.parquet")):
        try:
            tables.append(read_results(path))
        except (ValueError, OSError, KeyError) as error:
            problems.append(f"{path.name} could not be read: {error}")
    if not tables:
        return Findings(pd.DataFrame(columns=COLUMNS), tuple(problems))
    return Findings(_shipped_only(pd.concat(tables, ignore_index=True), folder.parent), tuple(problems))


def _shipped_only(rows: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """One corpus, and of each setting the network that ships: means over different networks say nothing."""
    rows = rows[rows["corpus"] == rows["corpus"].mode()[0]]
    shipped = rows["weights_sha256"].isin(_shipped_hashes(folder))
    rows = rows[shipped | ~rows["setting"].isin(rows.loc[shipped, "setting"])]
    return rows.assign(setting=rows["setting"].replace({AUGMENTATION.name: "augmentation"}))


def _shipped_hashes(folder: Path) -> list[str]:
    """What the cards say; a card that cannot be read is for the page that uses its weights to report."""
    hashes = []
    for card in folder.glob("*.json"):
        with contextlib.suppress(ValueError, OSError, LookupError, TypeError):
            hashes.append(str(json.loads(card.read_text(encoding="utf-8"))["sha256"]))
    return hashes


def clean_scores(findings: Findings, partition: str, dimensions: Sequence[str]) -> pd.DataFrame:
    """CCC of each setting without loss (p_n = 1, p_l = 0), one column for each dimension."""
    rows = findings.rows[(findings.rows["partition"] == partition) & (findings.rows["p_n"] == 1)]
    table = rows.pivot_table(index="setting", columns="dimension", values="ccc", aggfunc="mean")
    return table.reindex(index=findings.settings(partition), columns=list(dimensions)).dropna(how="all")


def paper_table() -> pd.DataFrame:
    """The paper's Table 2. All numbers are RECOLA's."""
    columns = ["setting", "training p_N", "training p_L", "arousal CCC", "valence CCC"]
    return pd.DataFrame(list(PAPER_TABLE_2), columns=columns)
