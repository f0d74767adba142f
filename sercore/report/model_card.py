"""What the model card says of the results, and what each network's card takes from them."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from sercore.network.card import Card
from sercore.report.templates import render
from sercore.results.outcome import Outcome
from sercore.training.settings import BEYOND_THE_PAPER
from sercore.units import DIMENSIONS


def card_section(outcome: Outcome, cards: Iterable[Card] = ()) -> str:
    """What stands between the two marks in the model card, ``trained/README.md``.

    ``cards`` are those of the networks that ship; the paper's settings are told of by the results.
    """
    shipped = list(cards)
    more = {
        "beyond": [card for card in shipped if card.setting_name in BEYOND_THE_PAPER],
        "by_voices": [card for card in shipped if "real voices" in (card.seed_choice or "")],
    }
    return render("model_card.md", outcome=outcome, about=outcome.about, **more).rstrip()


def with_plane(card: Card, results: pd.DataFrame, partition: str) -> Card:
    """The card with its network's scores over the plane of channels; ``null`` where they are not defined.

    ``results`` are rows of ``sercore.results.table``; those of other weights or partitions are left out.
    """
    rows = results[(results.weights_sha256 == card.sha256) & (results.partition == partition)]
    if not len(rows):
        return replace(card, plane=None)
    means = rows.groupby(["p_n", "p_l", "dimension"]).ccc.mean().unstack("dimension")[list(DIMENSIONS)]
    known = means.round(4).astype(object).where(means.notna(), None)
    cells = [[*channel, *scores] for channel, *scores in known.itertuples()]
    about = {"partition": partition, "loss_seeds": int(rows.seed.nunique())}
    return replace(card, plane={**about, "columns": ["p_n", "p_l", *DIMENSIONS], "cells": cells})
