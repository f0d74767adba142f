"""What the model card says of the results, and what each network's card takes from them."""

import math
from dataclasses import replace

import pandas as pd

from sercore.network.card import Card
from sercore.report.markdown import number
from sercore.report.tables import WITHOUT_LOSS, table_2_of
from sercore.report.templates import render
from sercore.results.outcome import Outcome
from sercore.units import DIMENSIONS


def card_section(outcome: Outcome) -> str:
    """What stands between the two marks in the model card, ``trained/README.md``."""
    about, corpus = outcome.about, outcome.about.corpus
    languages = ", ".join(f"{count} {language}" for language, count in corpus.languages.items())
    tracks = ", ".join(f"{count} {name}" for name, count in corpus.tracks.items())
    rows = [
        [
            f"`{each.setting}`",
            str(each.seed),
            "ships" if about.shipped_seed.get(each.setting) == each.seed else "",
            number(each.devel_score),
            each.chosen,
            f"{each.training_hours:.2f}",
        ]
        for each in sorted(about.networks, key=lambda each: (each.setting, each.seed))
    ]
    header = ["setting", "seed", "", "devel score", "weights of the training", "hours"]
    return render(
        "model_card.md",
        about=about,
        languages=languages,
        tracks=tracks,
        without_loss=WITHOUT_LOSS,
        table_2=table_2_of(outcome.table_2),
        networks=(header, rows),
    ).rstrip()


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
    scores = means[list(DIMENSIONS)].itertuples()
    cells = [
        [*channel, *(None if math.isnan(ccc) else round(ccc, 4) for ccc in of)] for channel, *of in scores
    ]
    about = {"partition": partition, "loss_seeds": int(rows.seed.nunique())}
    return replace(card, plane={**about, "columns": ["p_n", "p_l", *DIMENSIONS], "cells": cells})
