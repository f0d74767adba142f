"""What each training of a setting says on its own, and whether they agree."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import pandas as pd

from dashboard.compute.findings import Findings
from sercore.results.table import at

PLANE = ["p_n", "p_l"]
DIMENSION = "arousal"  # that the lesson asks about: valence is hard to hear, even for a network
FEWEST_TRAININGS = 3  # that must agree before a difference within one setting is more than chance

Pair = tuple[float, float]  # two numbers to compare
Pairs = Mapping[str, Sequence[Pair]]  # one for each training, by setting


def cells_by_training(
    findings: Findings, partition: str, setting: str, score: str
) -> dict[int, pd.DataFrame]:
    """The cells of each training of a setting, by its seed; -1 where a file names none."""
    rows = at(findings.rows, dimension=DIMENSION, partition=partition, setting=setting)
    means = {"ccc": (score, "mean"), "loss_rate": ("expected_loss_rate", "mean")}
    seeds = rows.groupby(rows["model_seed"].fillna(-1))
    return {int(seed): part.groupby(PLANE, as_index=False).agg(**means) for seed, part in seeds}


def pairs_of(
    findings: Findings, partition: str, score: str, measure: Callable[[pd.DataFrame], Pair]
) -> Pairs:
    """Two numbers to compare, for each training of each setting that has them."""
    found = {}
    for setting in findings.settings(partition):
        trainings = cells_by_training(findings, partition, setting, score)
        pairs = [measure(cells) for cells in trainings.values()]
        if pairs and not any(math.isnan(value) for pair in pairs for value in pair):
            found[setting] = pairs
    return found


def asked_about(found: Pairs) -> str:
    """The setting that the lesson asks about: mismatched, or the first that there is."""
    return "mismatched" if "mismatched" in found else next(iter(found))


def differences(findings: Findings, better: str, than: str, partition: str, score: str) -> list[pd.DataFrame]:
    """The difference in each channel, for each seed with which both settings were trained."""
    one, other = (cells_by_training(findings, partition, name, score) for name in (better, than))
    both = [seed for seed in one if seed in other]
    pairs = (one[seed].merge(other[seed], on=PLANE, suffixes=("", "_other")) for seed in both)
    return [pair[PLANE].assign(own=pair["ccc"] - pair["ccc_other"]) for pair in pairs]


def signs(table: pd.DataFrame, of_each: Iterable[pd.DataFrame]) -> pd.Series:
    """1 better, -1 worse, 0 not sure: for each channel, where its interval is, if no training contradicts."""
    signs = (table["low"] > 0).astype(int) - (table["high"] < 0).astype(int)
    for each in of_each:
        own = table[PLANE].merge(each, on=PLANE, how="left")["own"].fillna(0.0).to_numpy()
        signs = signs.where(signs * own >= 0, 0)
    return signs


def agreed(differences: Sequence[float], hardly: float = 0.0) -> int | None:
    """0 where all trainings say more than zero, 1 where all say less, 2 where all are small; else None.

    Args:
        differences: one for each training; under ``FEWEST_TRAININGS`` they say nothing.
        hardly: what is smaller is no difference to speak of.

    Example:
        >>> agreed([0.1, 0.2, 0.1]), agreed([-0.1, -0.2, -0.3]), agreed([0.1, -0.1, 0.1]), agreed([0.1])
        (0, 1, None, None)
        >>> agreed([0.01, -0.01, 0.0], hardly=0.03)
        2
    """
    if len(differences) < FEWEST_TRAININGS:
        return None
    if all(abs(difference) < hardly for difference in differences):
        return 2
    signs = {math.copysign(1, difference) for difference in differences}
    return None if len(signs) > 1 else 0 if signs == {1.0} else 1
