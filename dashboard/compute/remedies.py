"""What the committed results say can be done about a loss, as tables that a page can draw."""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import pandas as pd

from dashboard.compute import networks
from dashboard.compute.cache import Cache
from sercore.channel import CLEAN, channel_key, channel_of
from sercore.channel.packets import CALL_MS
from sercore.channel.presets import PRESETS
from sercore.line import line_named
from sercore.receiver import RECEIVERS
from sercore.results.claims import Finding
from sercore.results.outcome import ADVICE, RECEIVER_FINDINGS, RECEIVERS_TABLE, VOICES, read_outcome
from sercore.results.receiver_claims import SCORE
from sercore.results.table import RECEIVER, at
from sercore.results.ways import LADDER, LEARNED, LONG, SHORT, as_ways

P = ParamSpec("P")
Table = TypeVar("Table")
TRAININGS = ("mismatched", "multi_condition", "augmentation", "matched", "loss_aware")
KNOWN = [*RECEIVERS, *LEARNED]
BURSTS = {"short": SHORT, "long": LONG}
_SCORES = {SCORE: "ccc", f"{SCORE}_low": "low", f"{SCORE}_high": "high"}
# Of the ladder: what the codec's own step is called in results, and what fills a loss behind it.
ROUTES = {
    "G.711, silence": ("g711+drop", "g711+silence"),
    "G.711, pitch": ("g711+drop", "g711+pitch"),
    **{line_named(name).TITLE: (name, name) for name in LADDER if name.startswith("opus")},
}


_TABLES: Cache[Any] = Cache(64)


def _kept(make: Callable[Concatenate["Remedies", P], Table]) -> Callable[Concatenate["Remedies", P], Table]:
    """A table is picked once for all who ask; nobody may change it."""

    @wraps(make)
    def find(self: "Remedies", /, *of: P.args, **named: P.kwargs) -> Table:
        key = (self, make.__name__, *of, *named.items())
        return cast(Table, _TABLES.find(key, lambda: make(self, *of, **named)))

    return find


@dataclass(frozen=True, eq=False)
class Remedies:
    """Tables 1 to 4; each is empty before it was made.

    Attributes:
        rows: scores of every way, with its ``training``, and loss and burst of its channel.
        advice: from ``sercore.results.advice``.
        voices: from ``sercore.results.voices``.
        claims: what the results say to the claims on receivers.
        problems: one sentence for each file that could not be read.
        stamp: tells these results from others.
    """

    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    advice: pd.DataFrame = field(default_factory=pd.DataFrame)
    voices: pd.DataFrame = field(default_factory=pd.DataFrame)
    claims: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = ()
    stamp: Hashable = None

    @property
    def trainings(self) -> list[str]:
        """Those that are scored, in the paper's order."""
        there = set(self.rows["training"]) if len(self.rows) else set()
        return [name for name in TRAININGS if name in there]

    @_kept
    def against_loss(self, training: str, burst: str, dimension: str) -> dict[str, pd.DataFrame]:
        """By receiver, scores in calls: columns loss, ccc, low, high, from the least loss on."""
        rows = at(self.rows, training=training, dimension=dimension, burst=burst)
        tables = {name: at(rows, **{RECEIVER: name}).sort_values("loss") for name in KNOWN}
        return {name: table for name, table in tables.items() if len(table)}

    @_kept
    def named(self, training: str, dimension: str) -> pd.DataFrame:
        """CCC of receivers (rows) in the channels of frames that have a name (columns)."""
        titles = {channel_key(preset.channel): preset.name for preset in PRESETS}
        rows = at(self.rows, training=training, dimension=dimension)
        rows = rows[rows["channel"].isin(list(titles)) & rows[RECEIVER].isin(KNOWN)]
        table = rows.pivot_table(index=RECEIVER, columns="channel", values="ccc")
        order = [each for each in titles if each in table.columns]
        return table.reindex(index=[each for each in KNOWN if each in table.index], columns=order).rename(
            columns=titles
        )

    @_kept
    def ladder(self, training: str, burst: str, dimension: str) -> dict[str, pd.DataFrame]:
        """By route, what each step leaves: columns step, ccc, low, high."""
        rows = at(self.rows, training=training, dimension=dimension)
        clean = at(rows, channel=channel_key(CLEAN)).set_index(RECEIVER)
        lossy, found = at(rows, burst=burst), {}
        for route, (codec, behind) in ROUTES.items():
            first = ["drop", *(["narrow+drop"] if codec.startswith("g711") else []), codec]
            steps = clean.reindex(first).assign(step=[_STEPS.get(name, "codec") for name in first])
            later = at(lossy, **{RECEIVER: behind}).sort_values("loss")
            if len(later) and codec in clean.index:
                steps = pd.concat([steps, later.assign(step=[f"{loss:.0%} lost" for loss in later["loss"]])])
                found[route] = steps[["step", "ccc", "low", "high"]].dropna(subset="ccc")
        return found


_STEPS = {"drop": "full band", "narrow+drop": "narrow band"}
_FILES = {RECEIVERS_TABLE, ADVICE, VOICES, RECEIVER_FINDINGS}
_FOUND: Cache[Remedies] = Cache(2)


def read_remedies(folder: Path | None = None) -> Remedies:
    """Read what there is in a folder of results, ``trained/results`` if none is named; once."""
    place = folder or networks.TRAINED / "results"
    files = sorted((each.name, each.stat().st_mtime_ns, each.stat().st_size) for each in place.glob("*"))
    stamp = (place, *files)
    return _FOUND.find(stamp, lambda: _read(place, stamp))


def _read(folder: Path, stamp: Hashable) -> Remedies:
    outcome = read_outcome(folder)
    problems = [said for name, said in outcome.problems.items() if name in _FILES]
    rows = outcome.receivers
    if len(rows):
        rows = as_ways(rows).rename(columns=_SCORES | {"ccc": "arrived"})
        channels = {key: _loss_and_burst(key) for key in rows["channel"].unique()}
        rows = rows.assign(
            loss=[channels[key][0] for key in rows["channel"]],
            burst=[channels[key][1] for key in rows["channel"]],
        )
    return Remedies(rows, outcome.advice, outcome.voices, outcome.receiver_claims, tuple(problems), stamp)


def _loss_and_burst(key: str) -> tuple[float, str]:
    """The share of packets that a call loses, and the name of its bursts; of frames "" for the latter."""
    channel = channel_of(key)
    burst, rate = channel.mean_burst_length, round(channel.loss_rate, 6)
    if channel.packet_ms != CALL_MS:
        return rate, ""
    return rate, next((name for name, each in BURSTS.items() if math.isclose(each, burst, rel_tol=1e-3)), "")
