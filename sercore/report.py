"""Tables for people, from cards and results: every number in the README passes through here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sercore.gold_standard import DIMENSIONS
from sercore.results import DEFINED

if TYPE_CHECKING:
    import pandas as pd

BEGIN = "<!-- results: written by scripts/report.py from trained/ -->"
END = "<!-- end of results -->"
# The paper's Table 2: CCC on RECOLA's validation partition without loss, arousal and valence.
PAPER_TABLE_2 = {
    "mismatched": (0.789, 0.529),
    "multi_condition": (0.630, 0.366),
    "matched_high_mid": (0.797, 0.542),
    "matched_high_low": (0.769, 0.503),
    "matched_mid_low": (0.736, 0.501),
    "matched_high_high": (0.729, 0.489),
    "matched_mid_high": (0.702, 0.452),
    "matched_mid_mid": (0.701, 0.425),
    "matched_low_low": (0.662, 0.426),
    "matched_low_mid": (0.650, 0.405),
    "matched_low_high": (0.430, 0.176),
}
_LOSS_BANDS = ((0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.0))


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table.

    Example:
        >>> print(markdown_table(["a", "b"], [["1", "2"]]))
        | a | b |
        |---|---|
        | 1 | 2 |
    """
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(
        "|" + "|".join(line) + "|" if line[0] == "---" else "| " + " | ".join(line) + " |" for line in lines
    )


def clean_table(cards: Mapping[str, Mapping[str, Any]]) -> str:
    """Scores without loss of each shipped network, with the paper's Table 2 beside them."""
    rows = []
    for name, card in cards.items():
        scores = card["scores"]
        paper = PAPER_TABLE_2.get(name)
        rows.append(
            [
                title(name),
                str(card["epochs"]),
                pair(scores["devel_clean"]),
                pair(scores["test_clean"]) if "test_clean" in scores else "not scored",
                " / ".join(f"{value:.3f}" for value in paper) if paper else "",
            ]
        )
    header = [
        "training",
        "epochs",
        "devel, arousal / valence",
        "test, arousal / valence",
        "*the paper on RECOLA*",
    ]
    return markdown_table(header, rows)


def loss_table(results: pd.DataFrame, partition: str) -> str:
    """Mean CCC over the channels of the plane by share of frames lost, for each network and dimension."""
    chosen = results[(results.partition == partition) & (results.status == DEFINED)]
    rows = []
    for setting in chosen.setting.unique():
        for dimension in DIMENSIONS:
            part = chosen[(chosen.setting == setting) & (chosen.dimension == dimension)]
            means = [
                part[(part.loss_rate >= low) & (part.loss_rate < high)].ccc.mean()
                for low, high in _LOSS_BANDS
            ]
            rows.append(
                [
                    title(setting),
                    dimension,
                    *("none" if math.isnan(mean) else f"{mean:.3f}" for mean in means),
                ]
            )
    header = ["training", "dimension", *(f"{low:.0%} to {high:.0%} lost" for low, high in _LOSS_BANDS)]
    return markdown_table(header, rows)


def readme_section(cards: Mapping[str, Mapping[str, Any]], results: pd.DataFrame | None) -> str:
    """What stands between the two marks in the README."""
    if not cards:
        return "No trained networks are here yet."
    first = next(iter(cards.values()))
    parts = [
        "CCC of the shipped networks without loss, **on the default corpus** (synthetic speech; not "
        "comparable with the last column, which is the paper's on RECOLA):",
        clean_table(cards),
        f"Seed {first['seed']}, corpus {first['corpus']['sha256'][:12]}; the weights shipped are the last, "
        "the best or the averaged ones of a training, whichever is best on devel (see each card).",
    ]
    if results is not None and len(results):
        n_channels = len(results[["p_n", "p_l"]].drop_duplicates())
        seeds = results.seed.nunique()
        parts += [
            f"And with loss: mean CCC on the test partition over {n_channels} channels (p_N and p_L from 0 "
            f"to 1), by share of frames lost ({seeds} draw{'s' * (seeds > 1)} of the losses per channel):",
            loss_table(results, "test"),
        ]
    return "\n\n".join(parts)


def with_plane(card: Mapping[str, Any], results: pd.DataFrame, partition: str = "test") -> dict[str, Any]:
    """The card with the network's scores over the plane of channels; ``null`` where they are not defined.

    Args:
        card: of one network.
        results: rows of ``sercore.results``; those of other weights are left out.
        partition: which tracks.
    """
    rows = results[(results.weights_sha256 == card["sha256"]) & (results.partition == partition)]
    if not len(rows):
        return {name: value for name, value in card.items() if name != "plane"}
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
    return {**card, "plane": {**about, "columns": ["p_n", "p_l", *DIMENSIONS], "cells": cells}}


def replace_section(text: str, section: str) -> str:
    """Put ``section`` between the marks.

    Raises:
        ValueError: if the marks are not there.
    """
    if BEGIN not in text or END not in text:
        raise ValueError(f"the text needs the marks {BEGIN!r} and {END!r}")
    before, rest = text.split(BEGIN, 1)
    return f"{before}{BEGIN}\n{section}\n{END}{rest.split(END, 1)[1]}"


def title(setting: str) -> str:
    """How people call a setting.

    Example:
        >>> title("matched_high_low"), title("multi_condition")
        ('matched, high p_N / low p_L (augmentation)', 'multi-condition')
    """
    if setting.startswith("matched_"):
        _, p_n, p_l = setting.split("_")
        alias = " (augmentation)" if (p_n, p_l) == ("high", "low") else ""
        return f"matched, {p_n} p_N / {p_l} p_L{alias}"
    return setting.replace("_", "-")


def pair(scores: Mapping[str, float]) -> str:
    """Arousal and valence, three decimals.

    Example:
        >>> pair({"arousal": 0.7, "valence": 0.41})
        '0.700 / 0.410'
    """
    return " / ".join(f"{scores[dimension]:.3f}" for dimension in DIMENSIONS)
