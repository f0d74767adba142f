"""Tables for people, from the committed results: every number in the README passes through here."""

import math
from collections.abc import Sequence

import pandas as pd

from sercore.report.looks import title
from sercore.report.markdown import SCORE_TITLES, Table, number
from sercore.results import claims
from sercore.results.about import About
from sercore.results.claims import OVER, UNDER, Finding, in_band, verdict_of
from sercore.results.need import SHARE_OF_CLEAN
from sercore.results.paper import PAPER_TABLE_2
from sercore.results.summaries import whole_settings
from sercore.results.table import NOT_DEFINED, at
from sercore.results.tolerance import STEPS, strips
from sercore.units import DIMENSIONS

WITHOUT_LOSS = (
    "CCC, mean over training seeds [95 % interval from a bootstrap over tracks], lowest to highest seed."
)
BEARABLE = (
    f"If a product needs {SHARE_OF_CLEAN:.0%} of the CCC that the network trained on clean speech has "
    "without loss: the share of channels that give it, among those that lose about 0, 10, ... 90 % of the "
    "frames (up to five points less or more)."
)


def table_2_of(table: pd.DataFrame) -> Table:
    """The paper's Table 2: clean CCC of each network with intervals, the paper's own numbers beside it."""
    partitions = [name for name in ("devel", "test") if (table["partition"] == name).any()]
    columns = [(partition, dimension) for partition in partitions for dimension in DIMENSIONS]
    header = ["training", "seeds", *map(", ".join, columns), "*the paper, on RECOLA*"]
    rows = []
    for setting in table["setting"].drop_duplicates():
        mine = at(table, setting=setting)
        paper = " / ".join(f"{value:.3f}" for value in PAPER_TABLE_2[setting])
        cells = [with_interval(at(mine, partition=where, dimension=what)) for where, what in columns]
        rows.append([title(setting), str(mine["model_seeds"].iloc[0]), *cells, f"*{paper}*"])
    return header, rows


def with_interval(line: pd.DataFrame) -> str:
    """The CCC of one row of Table 2, if there is one: its interval and single trainings, if there are any."""
    if not len(line):
        return "not scored"
    row = line.iloc[0]
    if math.isnan(row["ccc"]):
        return NOT_DEFINED
    interval = "" if math.isnan(row["low"]) else f" [{row['low']:.2f}, {row['high']:.2f}]"
    seeds = f", {row['lowest_seed']:.2f} to {row['highest_seed']:.2f}" if row["model_seeds"] > 1 else ""
    return f"{row['ccc']:.3f}{interval}{seeds}"


def loss_table_of(plane: pd.DataFrame) -> Table:
    """Mean CCC over the channels that lose less and more than half, for each setting and both scores.

    Both scores are means over the same channels: those that leave enough frames for the first.
    """
    header = ["training", "score on", *(f"{d}, {band}" for d in DIMENSIONS for band in (UNDER, OVER))]
    rows = [
        [title(setting), words, *map(number, means_of_halves(plane, setting, score))]
        for setting in whole_settings(plane)
        for score, words in SCORE_TITLES.items()
    ]
    return header, rows


def means_of_halves(plane: pd.DataFrame, setting: str, score: str) -> list[float]:
    """Arousal under and over half the loss, then valence; NaN where no channel has a score."""
    means = []
    for dimension in DIMENSIONS:
        mine = at(plane, setting=setting, dimension=dimension)
        by_channel = mine.groupby(["p_n", "p_l", "expected_loss_rate"])[list(SCORE_TITLES)].mean().dropna()
        rates = by_channel.index.get_level_values("expected_loss_rate")
        means += [float(by_channel.loc[in_band(rates, band), score].mean()) for band in (UNDER, OVER)]
    return means


def strips_table_of(plane: pd.DataFrame) -> Table:
    """In which share of channels a setting keeps most of what training on clean speech has without loss."""
    header = ["training", "score on", "needed", *(f"{step:.0%} lost" for step in STEPS)]
    found = {score: strips(plane, score) for score in SCORE_TITLES}
    rows = []
    for dimension in DIMENSIONS:
        for setting in dict.fromkeys(setting for setting, _ in found["ccc"]):
            for score, words in SCORE_TITLES.items():
                if (setting, dimension) in found[score]:
                    needed, shares = found[score][setting, dimension]
                    told = [_share(share) for share in shares]
                    rows.append([title(setting), words, _needed(dimension, needed), *told])
    return header, rows


def _needed(dimension: str, needed: float) -> str:
    return f"{dimension} {NOT_DEFINED if math.isnan(needed) else f'{needed:.2f}'}"


def _share(share: float) -> str:
    return "" if math.isnan(share) else f"{share:.0%}"


def pairs_table(table: pd.DataFrame) -> Table:
    """In how many channels one setting is better than another: the interval of ``differences`` excludes 0."""
    header = ["first against second", "CCC on the", *(f"{d}: first, second better, of" for d in DIMENSIONS)]
    rows = []
    defined = table[table["low"].notna()]
    for (setting, other, score), mine in defined.groupby(["setting", "other", "score"], sort=False):
        cells = []
        for dimension in DIMENSIONS:
            here = at(mine, dimension=dimension)
            cells.append(f"{(here['low'] > 0).sum()}, {(here['high'] < 0).sum()}, of {len(here)}")
        rows.append([f"{title(setting)} against {title(other)}", SCORE_TITLES[score], *cells])
    return header, rows


def claims_table(findings: Sequence[Finding]) -> Table:
    """Each claim with its verdict in both scores."""
    rows = []
    for claim in claims.CLAIMS:
        verdicts = [f"**{verdict_of(claim, findings, score)}**" for score in SCORE_TITLES]
        rows.append([str(claim.number), claim.sentence, *verdicts])
    return ["", "claim", *(f"on the {words}" for words in SCORE_TITLES.values())], rows


def findings_table(findings: Sequence[Finding]) -> Table:
    """What one claim rests on: each statement, dimension and score with its value and interval."""
    header = ["statement", "dimension", "CCC on the", "value", "95 % interval", "seeds one by one", "verdict"]
    rows = []
    for f in findings:
        interval = "" if math.isnan(f.low) else f"[{f.low:+.3f}, {f.high:+.3f}]"
        found = [number(f.value, signed=True), interval, ", ".join(f"{value:+.3f}" for value in f.of_seeds)]
        rows.append([f.statement, f.dimension, SCORE_TITLES[f.score], *found, f.verdict])
    return header, rows


def networks_table(about: About) -> Table:
    """Every training, and which of each setting's ships."""
    header = ["setting", "seed", "", "devel score", "weights of the training", "hours"]
    rows = []
    for each in sorted(about.networks, key=lambda each: (each.setting, each.seed)):
        ships = "ships" if about.shipped_seed.get(each.setting) == each.seed else ""
        found = [number(each.devel_score), each.chosen, f"{each.training_hours:.2f}"]
        rows.append([f"`{each.setting}`", str(each.seed), ships, *found])
    return header, rows
