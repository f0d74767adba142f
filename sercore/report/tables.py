"""Tables for people, from the committed results: every number in the README passes through here."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from sercore.network.card import Card
from sercore.report.claims import claims_table
from sercore.report.markdown import (
    SCORE_TITLES,
    Table,
    hours_sentence,
    luck_sentence,
    markdown_table,
    number,
    provenance_sentence,
    trainings_sentence,
)
from sercore.results.claims import OVER, UNDER
from sercore.results.paper import HALF, PAPER_TABLE_2, title
from sercore.results.summaries import whole_settings
from sercore.results.tolerance import SHARE_OF_CLEAN, bearable_table
from sercore.units import DIMENSIONS

if TYPE_CHECKING:
    import pandas as pd

    from sercore.experiment.about import Outcome

BEGIN = "<!-- results: written by scripts/report.py from trained/ -->"
END = "<!-- end of results -->"
WITHOUT_LOSS = (
    "CCC, mean over training seeds [95 % interval from a bootstrap over tracks], lowest to highest seed."
)
_ANSWERING = {
    "mismatched": "a network that learned from clean speech has",
    "augmentation": "One that heard seldom and short bursts of loss in training (augmentation) has",
    "multi_condition": "One that heard every kind of loss (multi-condition) has",
}
BEARABLE = (
    f"If a product needs {SHARE_OF_CLEAN:.0%} of the CCC that the network trained on clean speech has "
    "without loss (in brackets): the largest share of lost frames up to which 19 of 20 channels still give "
    "it, of those that lose as much or up to ten points less; none, if not even a channel without loss does."
)


def table_2_of(table: pd.DataFrame) -> Table:
    """The paper's Table 2: clean CCC of each network with intervals, the paper's own numbers beside it."""
    partitions = [name for name in ("devel", "test") if (table["partition"] == name).any()]
    header = [
        "training",
        "seeds",
        *(f"{partition}, {dimension}" for partition in partitions for dimension in DIMENSIONS),
        "*the paper, on RECOLA*",
    ]
    rows = []
    for setting in table["setting"].drop_duplicates():
        mine = table[table["setting"] == setting]
        paper = " / ".join(f"{value:.3f}" for value in PAPER_TABLE_2[setting])
        cells = [
            with_interval(mine[(mine["partition"] == partition) & (mine["dimension"] == dimension)])
            for partition in partitions
            for dimension in DIMENSIONS
        ]
        rows.append([title(setting), str(mine["model_seeds"].iloc[0]), *cells, f"*{paper}*"])
    return header, rows


def with_interval(line: pd.DataFrame) -> str:
    """One CCC with its interval, where it has one, and what single trainings reach, where there are several.

    Args:
        line: rows of ``sercore.results.summaries.table_2``, one or none.
    """
    if not len(line):
        return "not scored"
    row = line.iloc[0]
    interval = "" if math.isnan(row["low"]) else f" [{row['low']:.2f}, {row['high']:.2f}]"
    seeds = f", {row['lowest_seed']:.2f} to {row['highest_seed']:.2f}" if row["model_seeds"] > 1 else ""
    return f"{row['ccc']:.3f}{interval}{seeds}"


def loss_table_of(plane: pd.DataFrame) -> Table:
    """Mean CCC over the channels that lose less and more than half, for each setting and both scores.

    Both scores are means over the same channels: those that leave enough frames for the first.
    """
    header = ["training", "score on", *(f"{d}, {band}" for d in DIMENSIONS for band in (UNDER, OVER))]
    rows = []
    for setting in whole_settings(plane):
        for score, words in SCORE_TITLES.items():
            rows.append([title(setting), words, *map(number, _means_of_halves(plane, setting, score))])
    return header, rows


def _means_of_halves(plane: pd.DataFrame, setting: str, score: str) -> list[float]:
    """Arousal under and over half the loss, then valence; NaN where no channel has a score."""
    means = []
    for dimension in DIMENSIONS:
        mine = plane[(plane["setting"] == setting) & (plane["dimension"] == dimension)]
        by_channel = mine.groupby(["p_n", "p_l", "expected_loss_rate"])[list(SCORE_TITLES)].mean()
        channels = by_channel.dropna().reset_index()
        rates = channels["expected_loss_rate"].round(9)
        means += [float(channels[inside][score].mean()) for inside in (rates < HALF, rates > HALF)]
    return means


def _bearable(plane: pd.DataFrame) -> list[str]:
    table = bearable_table_of(plane)
    return [f"**Which loss can be borne?** {BEARABLE}", markdown_table(*table)] if table[1] else []


def bearable_table_of(plane: pd.DataFrame) -> Table:
    """Up to which loss each setting keeps most of what training on clean speech reaches without loss."""
    header = ["training", "score on", *(f"{dimension} bears a loss of" for dimension in DIMENSIONS)]
    rows = []
    tables = {score: bearable_table(plane, score) for score in SCORE_TITLES}
    for setting in dict.fromkeys(tables["ccc"]["setting"]):
        for score, words in SCORE_TITLES.items():
            mine = tables[score][tables[score]["setting"] == setting].set_index("dimension")
            cells = [_borne(mine, dimension) for dimension in DIMENSIONS]
            rows.append([title(setting), words, *cells])
    return header, rows


def _borne(table: pd.DataFrame, dimension: str) -> str:
    if dimension not in table.index:
        return "not scored"
    needed, borne = (float(table.loc[dimension, name]) for name in ("needed", "borne"))
    return f"{'none' if math.isnan(borne) else f'{borne:.0%}'} (CCC {needed:.2f})"


def readme_section(outcome: Outcome, folder: str) -> str:
    """What stands between the two marks in the README.

    Args:
        outcome: the committed results.
        folder: address of the folder with the picture and claims.md, with a slash at its end.
    """
    corpus = outcome.about["corpus"]
    beside = (
        "The last column is another corpus, and cannot be compared."
        if corpus["synthetic"]
        else f"The last column is the paper's. {' '.join(corpus['partition'])}"
    )
    parts = [
        " ".join(tell(outcome.about) for tell in (provenance_sentence, trainings_sentence, hours_sentence)),
        in_short(outcome.plane),
        f"**Without loss** (the paper's Table 2): {WITHOUT_LOSS} Devel also chose which weights of a "
        f"training count, so its scores are a little optimistic; test chose nothing. {beside}",
        markdown_table(*table_2_of(outcome.table_2)),
        "**With loss** (the paper's Figure 3), scored on the frames that arrive as in the paper; below it "
        "the mean over the channels that lose less and more than half (and leave 10 s of speech to score), "
        "also on the whole timeline, where each lost frame holds the last prediction.",
        f"![CCC against loss rate, for four ways to train]({folder}figure_3.svg)",
        markdown_table(*loss_table_of(outcome.plane)),
        *_bearable(outcome.plane),
        f"**The paper's claims**, tested here ([what each verdict rests on]({folder}claims.md)). "
        f"{luck_sentence(outcome.about)}".rstrip(),
        markdown_table(*claims_table(outcome.findings)),
    ]
    return "\n\n".join(filter(None, parts))


def in_short(plane: pd.DataFrame) -> str:
    """What loss does, and what is won by training with loss; "" before the three settings are scored."""
    if not set(_ANSWERING) <= set(whole_settings(plane)):
        return ""
    said = []
    for setting, words in _ANSWERING.items():
        arousal_under, arousal_over, valence_under, valence_over = map(
            number, _means_of_halves(plane, setting, "ccc")
        )
        said.append(
            f"{words} {arousal_under} / {valence_under} {UNDER} and {arousal_over} / {valence_over} {OVER}."
        )
    return f"**In short** (mean CCC of arousal / valence on the frames that arrive): {' '.join(said)}"


def pairs_table(table: pd.DataFrame) -> Table:
    """In how many channels one setting is better than another: the paired interval excludes 0.

    Args:
        table: from ``sercore.results.means.differences``.
    """
    header = ["first against second", "CCC on the", *(f"{d}: first, second better, of" for d in DIMENSIONS)]
    rows = []
    defined = table[table["low"].notna()]
    for (setting, other, score), mine in defined.groupby(["setting", "other", "score"], sort=False):
        cells = []
        for dimension in DIMENSIONS:
            here = mine[mine["dimension"] == dimension]
            cells.append(f"{(here['low'] > 0).sum()}, {(here['high'] < 0).sum()}, of {len(here)}")
        rows.append([f"{title(setting)} against {title(other)}", SCORE_TITLES[score], *cells])
    return header, rows


def card_section(outcome: Outcome) -> str:
    """What stands between the two marks in the model card, ``trained/README.md``."""
    about, corpus = outcome.about, outcome.about["corpus"]
    languages = ", ".join(f"{count} {language}" for language, count in corpus["languages"].items())
    tracks = ", ".join(f"{count} {name}" for name, count in corpus["tracks"].items())
    rows = [
        [
            f"`{each['setting']}`",
            str(each["seed"]),
            "ships" if about["shipped_seed"].get(each["setting"]) == each["seed"] else "",
            number(each["devel_score"]),
            each["chosen"],
            f"{each['training_hours']:.2f}",
        ]
        for each in sorted(about["networks"], key=lambda each: (each["setting"], each["seed"]))
    ]
    header = ["setting", "seed", "", "devel score", "weights of the training", "hours"]
    return "\n\n".join(
        [
            provenance_sentence(about),
            f"Made from {corpus['speakers']} {'synthetic ' * corpus['synthetic']}speakers ({languages}), "
            f"{sum(corpus['tracks'].values())} tracks ({tracks}).",
            f"Without loss: {WITHOUT_LOSS}",
            markdown_table(*table_2_of(outcome.table_2)),
            "All trainings. The devel score is the mean CCC of both dimensions, heard through fixed draws "
            "of the setting's own channels; which of a training's weights count (last, best or averaged) was "
            "chosen by it. The median seed ships, not the best.",
            markdown_table(header, rows),
        ]
    )


def with_plane(card: Card, results: pd.DataFrame, partition: str) -> Card:
    """The card with the network's scores over the plane of channels; ``null`` where they are not defined.

    Args:
        card: of one network.
        results: rows of ``sercore.results.table``; those of other weights are left out.
        partition: which tracks.
    """
    rows = results[(results.weights_sha256 == card.sha256) & (results.partition == partition)]
    if not len(rows):
        return replace(card, plane=None)
    means = rows.groupby(["p_n", "p_l", "dimension"]).ccc.mean().unstack("dimension")
    cells = [
        [
            p_n,
            p_l,
            *(
                None if math.isnan(value) else round(value, 4)
                for value in means.loc[p_n, p_l][list(DIMENSIONS)]
            ),
        ]
        for p_n, p_l in means.index
    ]
    about = {"partition": partition, "loss_seeds": int(rows.seed.nunique())}
    return replace(card, plane={**about, "columns": ["p_n", "p_l", *DIMENSIONS], "cells": cells})


def replace_section(text: str, section: str) -> str:
    """Put ``section`` between the marks.

    Raises:
        ValueError: if the marks are not there.
    """
    if BEGIN not in text or END not in text:
        raise ValueError(f"the text needs the marks {BEGIN!r} and {END!r}")
    before, rest = text.split(BEGIN, 1)
    return f"{before}{BEGIN}\n{section}\n{END}{rest.split(END, 1)[1]}"
