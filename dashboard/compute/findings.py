"""The committed results, as tables that a page can draw: what is there, and what is missing."""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import partial, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.compute import networks
from dashboard.compute.cache import Cache
from dashboard.compute.networks import SETTING_TITLES
from sercore.channel.plane import loss_rates
from sercore.results.differences import difference
from sercore.results.expected import between
from sercore.results.four_settings import as_settings
from sercore.results.outcome import DIFFERENCES_NEEDED, FIGURE_3_NEEDED, read_outcome
from sercore.results.summaries import LOSS_BINS, loss_bins
from sercore.results.table import COLUMNS, SCORES, at
from sercore.results.tolerance import strip_in_plane
from sercore.units import DIMENSIONS

_PLANE = ["p_n", "p_l"]
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def _once(
    method: Callable[Concatenate["Findings", Asked], Answer],
) -> Callable[Concatenate["Findings", Asked], Answer]:
    """A method that computes each of its answers once; nobody changes them."""

    @wraps(method)
    def remembered(self: "Findings", /, *asked: Asked.args, **by_name: Asked.kwargs) -> Answer:
        key = (method.__name__, *asked, *sorted(by_name.items()))
        found: Answer = self.known.find(key, partial(method, self, *asked, **by_name))
        return found

    return remembered


@dataclass(frozen=True, eq=False)
class Findings:
    """Everything the committed tables hold, and what could not be read."""

    rows: pd.DataFrame  # of all files, with the columns of ``results.table``; NA where a file has none
    # Of pairs of settings, and score against loss rate; both with intervals.
    differences: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(DIFFERENCES_NEEDED)))
    figure_3: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FIGURE_3_NEEDED)))
    problems: tuple[str, ...] = ()  # one sentence for each file that could not be read
    origin: str = ""  # sentences that say what corpus the results are of; "" where nothing says so
    stamp: Hashable = None  # tells these results from others, and from the same files of another time
    known: Cache[Any] = field(default_factory=lambda: Cache(500))  # what was computed of them

    @property
    def corpus(self) -> str:
        """Name of the corpus that the results are of."""
        return str(self.rows["corpus"].iloc[0]) if len(self.rows) else "none"

    @property
    def partitions(self) -> list[str]:
        """Partitions that have results, test first: it was never used to choose a model."""
        return self._partitions()

    @_once
    def _partitions(self) -> list[str]:
        present = set(self.rows["partition"]) if len(self.rows) else set()
        return [name for name in ("test", "devel", "train") if name in present]

    @_once
    def scores(self, partition: str) -> list[str]:
        """Which of "ccc" and "ccc_timeline" the tables hold."""
        rows = at(self.rows, partition=partition)
        return [name for name in SCORES if len(rows) and rows[name].notna().any()]

    @_once
    def settings(self, partition: str) -> list[str]:
        """Settings with results on this partition, in the paper's order."""
        present = set(at(self.rows, partition=partition)["setting"])
        return [name for name in SETTING_TITLES if name in present]

    def missing(self, partition: str) -> list[str]:
        """Settings without results on this partition."""
        return [name for name in SETTING_TITLES if name not in self.settings(partition)]

    @_once
    def cells(self, partition: str, setting: str, dimension: str, score: str = "ccc") -> pd.DataFrame:
        """One row for each channel: means over draws of the loss and over trainings; NaN where none scores.

        Columns: p_n, p_l, ccc (the score asked for), low, high (means of the intervals), loss_rate, n_frames.
        """
        names = {score: "ccc", f"{score}_low": "low", f"{score}_high": "high"}
        rows = at(self.rows, partition=partition, setting=setting, dimension=dimension)
        means = rows.groupby(["p_n", "p_l"], as_index=False)[[*names, "loss_rate", "n_frames"]].mean()
        return means.rename(columns=names).astype(dict.fromkeys(names.values(), float))

    @_once
    def expected(
        self, partition: str, setting: str, dimension: str, score: str, place: tuple[float, float]
    ) -> float | None:
        """The score at (p_n, p_l), between the channels around it; None where one of them has none."""
        cells = self.cells(partition, setting, dimension, score)
        found = between(cells.pivot_table(index="p_n", columns="p_l", values="ccc", dropna=False), *place)
        return None if math.isnan(found) else found

    @_once
    def coverage(self, partition: str, setting: str) -> float:
        """Share of the plane's channels that a setting has results for: few while matched is trained."""
        rows = at(self.rows, partition=partition)
        own, channels = (len(each[_PLANE].drop_duplicates()) for each in (at(rows, setting=setting), rows))
        return own / max(1, channels)

    @_once
    def trainings(self, partition: str, setting: str) -> int:
        """How many trainings of a setting the results are a mean of."""
        return max(1, int(at(self.rows, partition=partition, setting=setting)["model_seed"].nunique()))

    @_once
    def difference(self, better: str, than: str, partition: str, dimension: str, score: str) -> pd.DataFrame:
        """Score of ``better`` minus that of ``than`` in each channel.

        Columns: p_n, p_l, difference, low, high; the interval is NaN where none was computed.
        """
        one, other = (self.cells(partition, name, dimension, score) for name in (better, than))
        both = one.merge(other, on=_PLANE, suffixes=("", "_other"))
        plain = both[_PLANE].assign(difference=both["ccc"] - both["ccc_other"], low=math.nan, high=math.nan)
        where = {"partition": partition} if "partition" in self.differences else {}
        pairs = difference(at(self.differences, dimension=dimension, score=score, **where), better, than)
        known = pairs.groupby(_PLANE, as_index=False)[["difference", "low", "high"]].mean()
        if known.empty:
            return plain
        return pd.concat([known, plain]).drop_duplicates(_PLANE, ignore_index=True)

    @_once
    def strip(
        self, partition: str, setting: str, dimension: str, score: str, needed: float
    ) -> NDArray[np.float64]:
        """In which share of channels a setting gives the score that is needed, at 0, 10, ... 90 % loss."""
        return strip_in_plane(self.cells(partition, setting, dimension, score), "ccc", needed)

    @_once
    def clean(self, partition: str) -> pd.DataFrame:
        """The CCC of each setting without loss, one column for each dimension."""
        rows = at(self.rows, partition=partition, p_n=1).astype({"ccc": float})
        table = rows.pivot_table(index="setting", columns="dimension", values="ccc")
        return table.reindex(index=self.settings(partition), columns=list(DIMENSIONS)).dropna(how="all")

    def figure_3_of(self, partition: str) -> pd.DataFrame:
        """The rows of ``figure_3`` for one partition; a table that names none is of the only one there is."""
        if "partition" in self.figure_3:
            return at(self.figure_3, partition=partition)
        return self.figure_3 if self.partitions == [partition] else self.figure_3[:0]

    @_once
    def by_loss(self, partition: str, setting: str, dimension: str, score: str) -> pd.DataFrame:
        """The paper's Figure 3: mean score of the channels that lose about the same share of frames.

        Columns: loss_rate, mean, low, high: the interval over speakers where ``figure_3`` holds one, else the
        5th and 95th percentile over the channels.
        """
        known = at(self.figure_3_of(partition), score=score, setting=setting, dimension=dimension)
        if len(known):
            return known.rename(columns={"ccc": "mean"})[["loss_rate", "mean", "low", "high"]]
        cells = self.cells(partition, setting, dimension, score).dropna(subset="ccc")
        expected = pd.Series(loss_rates(cells["p_n"], cells["p_l"]), index=cells.index, dtype=float)
        middle = (loss_bins(expected) + 0.5) / LOSS_BINS
        grouped = cells.assign(loss_rate=middle).groupby("loss_rate")["ccc"]
        table = grouped.agg(mean="mean", low=lambda x: x.quantile(0.05), high=lambda x: x.quantile(0.95))
        return table.reset_index()


_FOUND: Cache[Findings] = Cache(2)


def read_findings(folder: Path | None = None) -> Findings:
    """Read every results table in a folder, ``trained/results`` if none is named; once, until a file changes.

    A table that cannot be read becomes a sentence, not an end.
    """
    place = folder or networks.TRAINED / "results"
    files = [*place.glob("*"), *networks.TRAINED.glob("*.json")]
    stamp = (place, *sorted((each.name, each.stat().st_mtime_ns, each.stat().st_size) for each in files))
    return _FOUND.find(stamp, lambda: replace(_read(place), stamp=stamp))


def _read(folder: Path) -> Findings:
    outcome = read_outcome(folder)
    problems = tuple(outcome.problems.values())
    if not outcome.tables:
        return Findings(pd.DataFrame(columns=list(COLUMNS)), problems=problems)
    every = pd.concat(outcome.tables.values(), ignore_index=True).reindex(columns=list(COLUMNS))
    every = every[every["p_n"].notna()]  # channels of other models have no place in the plane
    if every.empty:
        return Findings(every, problems=problems)
    rows = as_settings(_one_network_each(every), partly=False)
    about, figure_3 = outcome.about, outcome.figure_3
    if "partition" not in figure_3 and about.partition:
        figure_3 = figure_3.assign(partition=about.partition)
    found = Findings(rows, outcome.differences, figure_3, problems)
    origin = " ".join(about.corpus.partition) if about.corpus.name == found.corpus else ""
    return replace(found, origin=origin)


def _one_network_each(rows: pd.DataFrame) -> pd.DataFrame:
    """One corpus; and of networks of unnamed training the one that ships: their mean says nothing."""
    rows = rows[rows["corpus"] == rows["corpus"].mode()[0]]
    named = rows["model_seed"].notna() | (rows["setting"] == "matched")
    # A card that cannot be read is for the page that uses its weights to report.
    cards = (networks.card_of(path.stem) for path in networks.TRAINED.glob("*.json"))
    shipped = rows["weights_sha256"].isin([card["sha256"] for card in cards if "sha256" in card])
    any_shipped = shipped.groupby(rows["setting"]).transform("any")
    return rows[named | shipped | ~any_shipped]
