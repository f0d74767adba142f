"""What the columns of any table of results may hold: one word, one meaning, whichever table it is in."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sercore.channel.packets import SHORTEST_MS
from sercore.reading import OneOf, ReadingError, Within
from sercore.reading.json_file import LARGEST
from sercore.reading.schema import InOneLine, Rule
from sercore.units import DIMENSIONS, FRAME_MS, PARTITIONS

SCORES = ("ccc", "ccc_timeline")
DEFINED, NOT_DEFINED = "defined", "not defined"
_ROUNDING = 1e-6  # by which a computed CCC may lie beyond 1
_SHARE, _COUNT, _TEXT = Within(0, 1), Within(0, LARGEST), InOneLine(500)
_CCC, _TWICE = Within(-1 - _ROUNDING, 1 + _ROUNDING), Within(-2 - _ROUNDING, 2 + _ROUNDING)
RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("setting", "other", "channel", "corpus_sha256", "weights_sha256", "receiver"), _TEXT),
    **dict.fromkeys(("p_n", "p_l", "expected_loss_rate", "loss_rate", "loss_from", "loss_to"), _SHARE),
    "packet_loss_rate": _SHARE,
    "packet_ms": Within(SHORTEST_MS, FRAME_MS),
    **dict.fromkeys(("model_seed", "seed", "n_frames", "model_seeds", "channels"), _COUNT),
    **dict.fromkeys(("ccc", "ccc_timeline", "lowest_seed", "highest_seed"), _CCC),
    **dict.fromkeys((f"{score}_{end}" for score in SCORES for end in ("low", "high")), _CCC),
    **dict.fromkeys(("difference", "low", "high"), _TWICE),
    "corpus": Within(1, 500),  # letters of the name of a folder, which may be any
    "dimension": OneOf(DIMENSIONS),
    "partition": OneOf(PARTITIONS),
    "score": OneOf(SCORES),
    "status": OneOf((DEFINED, NOT_DEFINED)),
}
# What a row cannot do without; in other columns NaN says that something is not known or not defined.
_NEVER_MISSING = {
    *("setting", "other", "dimension", "partition", "score", "corpus"),
    *("loss_rate", "seed", "n_frames", "model_seeds", "channels"),
}


def check_columns(table: pd.DataFrame, rules: Mapping[str, Rule] = RULES) -> None:
    """Hold the columns of a table against ``RULES``, or against other rules for some of them.

    Raises:
        ReadingError: if a value is missing where there must be one, infinite, or not allowed.
    """
    for name in table.columns:
        column, rule = table[name], {**RULES, **rules}.get(name)
        known = column.dropna()
        if name in _NEVER_MISSING and len(known) < len(column):
            raise ReadingError(f"{len(column) - len(known):,} of its rows have no {name}")
        if rule is not None and len(known):
            is_text = pd.api.types.is_string_dtype(column.dtype)
            for value in known.unique() if is_text else _ends(known):
                rule.check(value, name)
    if {"p_n", "p_l"} <= set(table.columns) and (table["p_n"].isna() != table["p_l"].isna()).any():
        raise ReadingError("p_n and p_l must be there together")
    if "p_n" in table and (table["p_n"].isna() & table.get("channel", table["p_n"]).isna()).any():
        raise ReadingError("each row must name its channel, or p_n and p_l")


def _ends(known: pd.Series) -> list[float]:
    """The least and the largest number; infinity is one of them, if it is there."""
    numbers = known.to_numpy()
    return [np.min(numbers).item(), np.max(numbers).item()]
