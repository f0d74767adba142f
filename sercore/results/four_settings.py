"""The paper's four settings (section 3.1), and which of the trained networks each of them takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sercore.channel import Gilbert, LossModel
from sercore.training.settings import ALIASES, AUGMENTATION, MATCHED, matched_for

if TYPE_CHECKING:
    import pandas as pd

FOUR_SETTINGS = ("mismatched", "multi_condition", "augmentation", "matched")  # of Figures 3 and 4
NINE = tuple(setting.name for setting in MATCHED.values())  # that ``matched`` chooses among


def weights_of(setting: str, channel: LossModel) -> str:
    """Name of the network that a setting takes in a channel: only ``matched`` looks at the channel.

    Example:
        >>> weights_of("matched", Gilbert(0.9, 0.5)), weights_of("augmentation", Gilbert(0.1, 0.9))
        ('matched_high_mid', 'matched_high_low')
    """
    return matched_for(channel).name if setting == "matched" else all_weights_of(setting)[0]


def all_weights_of(setting: str) -> list[str]:
    """Names of a setting's networks: nine for ``matched``, else one.

    Example:
        >>> len(all_weights_of("matched")), all_weights_of("mismatched")
        (9, ['mismatched'])
    """
    return list(NINE) if setting == "matched" else [ALIASES.get(setting, setting)]


def as_settings(table: pd.DataFrame, *, partly: bool = True) -> pd.DataFrame:
    """Rows of trained networks as rows of the four settings; those that are so already stay.

    ``matched`` takes each channel from the network of the channel's own cell, ``augmentation`` takes every
    channel from the high-p_N/low-p_L network; the rows of the latter therefore count for both.

    Args:
        table: of ``sercore.results.table``.
        partly: whether ``matched`` counts where some of its nine networks have no rows.
    """
    import pandas as pd  # noqa: PLC0415 (it takes a while, and names need none)

    single = table["setting"].isin(NINE).to_numpy(dtype=bool)
    nine, parts = table[single], [table[~single]]
    channels = zip(nine["p_n"], nine["p_l"], strict=True)
    own = np.array([matched_for(Gilbert(p_n, p_l)).name for p_n, p_l in channels], dtype=object)
    there = set(parts[0]["setting"])
    if "matched" not in there and (partly or nine["setting"].nunique() == len(NINE)):
        parts.append(nine[(nine["setting"] == own).to_numpy(dtype=bool)].assign(setting="matched"))
    if "augmentation" not in there:
        parts.append(nine[nine["setting"] == AUGMENTATION.name].assign(setting="augmentation"))
    return pd.concat(parts, ignore_index=True).astype({"setting": "string"})
