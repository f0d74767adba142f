"""What Where it breaks shows: the planes of all trainings, and the difference of two of them."""

import hashlib
import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from dashboard.compute.cache import Cache
from dashboard.compute.findings import Findings
from dashboard.compute.networks import SETTING_SENTENCES
from dashboard.lesson.evidence import luck_of
from dashboard.planes import Board, Picture, Row, Scale, board
from dashboard.words import PROSE
from sercore.report.looks import setting_title
from sercore.results.table import NOT_DEFINED
from sercore.units import DIMENSIONS

SAY = PROSE["breaks"]
BELOW = 0.1  # of the channels get the colour of the scale's lower end, so that the others differ
BEYOND = 0.95  # of the differences lie within the scale
_BOARDS: Cache[Board] = Cache(12)  # 200 kB each


def scores_of(findings: Findings, partition: str, score: str) -> Board:
    """The plane of each training, a row for each dimension."""

    def rows() -> list[Row]:
        return [_scores(findings, partition, score, dimension) for dimension in DIMENSIONS]

    return _found(findings, (partition, score), rows)


def difference_of(findings: Findings, partition: str, score: str, pair: tuple[str, str]) -> Board:
    """The first setting of a pair minus the second, both dimensions side by side."""
    rows = partial(_differences, findings, partition, score, pair)
    return _found(findings, (partition, score, *pair), lambda: [rows()])


def _found(findings: Findings, of: tuple[str, ...], rows: Callable[[], list[Row]]) -> Board:
    key = (findings.stamp, *of)
    return _BOARDS.find(key, lambda: board(hashlib.sha256(repr(key).encode()).hexdigest()[:16], rows()))


def _scores(findings: Findings, partition: str, score: str, dimension: str) -> Row:
    pictures = []
    for setting in findings.settings(partition):
        cells = findings.cells(partition, setting, dimension, score)
        title, ccc = setting_title(setting), cells["ccc"].dropna()
        said = f"{ccc.min():.2f} to {ccc.max():.2f}, mean {ccc.mean():.2f}" if len(ccc) else NOT_DEFINED
        sentence = SETTING_SENTENCES[setting] if dimension == DIMENSIONS[0] else ""
        pictures.append(Picture(title, f"CCC of {dimension}, {title}: {said}.", cells, "ccc", sentence))
    return Row(dimension.capitalize(), score_scale([each.cells["ccc"] for each in pictures]), pictures)


def score_scale(scores: Sequence["pd.Series[float]"]) -> Scale:
    """One scale for a row of planes, from tenth to tenth; its lower end takes in what is below.

    Example:
        >>> score_scale([pd.Series([0.1, 0.5, 0.6, 0.7] + 16 * [0.75])]).ticks
        ('≤ 0.5', '0.6', '0.7', '0.8')
    """
    known = pd.concat([pd.Series(dtype=float), *scores]).dropna()
    if known.empty:
        return Scale(0.0, 1.0, ("0", "1"), "Viridis")
    high = max(0.1, math.ceil(10 * known.max() - 1e-9) / 10)
    low = min(high - 0.1, max(0.0, math.floor(10 * known.quantile(BELOW) + 1e-9) / 10))
    ticks = [f"{low + step / 10:.1f}" for step in range(round(10 * (high - low)) + 1)]
    return Scale(low, high, (f"≤ {ticks[0]}", *ticks[1:]), "Viridis")


def _differences(findings: Findings, partition: str, score: str, pair: tuple[str, str]) -> Row:
    better, than = map(setting_title, pair)
    tables = {name: findings.difference(*pair, partition, name, score) for name in DIMENSIONS}
    known = pd.concat([table["difference"] for table in tables.values()]).abs().dropna()
    largest = max(0.05, math.ceil(20 * known.quantile(BEYOND)) / 20) if len(known) else 0.05
    ends = tuple(f"{share * largest:+.2f}".replace("-", "−") for share in (-1, -0.5, 0, 0.5, 1))
    scale = Scale(-largest, largest, (f"≤ {ends[0]}", ends[1], "0", ends[3], f"≥ {ends[4]}"), "PuOr")
    pictures = [
        Picture(
            name.capitalize(),
            f"{name.capitalize()}: {better} minus {than}: {_in_words(table)}",
            table,
            "difference",
        )
        for name, table in tables.items()
    ]
    return Row(f"{better} minus {than.lower()}", scale, pictures, least="24rem")


def _in_words(table: pd.DataFrame) -> str:
    known, sure = table["difference"].dropna(), (table["low"] > 0) | (table["high"] < 0)
    if not len(known):
        return f"{NOT_DEFINED}."
    said = f"{known.min():+.2f} to {known.max():+.2f}, mean {known.mean():+.2f}"
    return f"{said}; in {np.count_nonzero(sure)} of {len(known)} channels the interval excludes zero."


def difference_caption(findings: Findings, partition: str, score: str, pair: tuple[str, str]) -> str:
    """How the colours and outlines of a difference are read."""
    better, than = pair
    tables = [findings.difference(better, than, partition, name, score) for name in DIMENSIONS]
    outlined = SAY["outlined" if any(table["low"].notna().any() for table in tables) else "not_outlined"]
    luck = luck_of(min(findings.trainings(partition, name) for name in (better, than)))
    purple, orange = setting_title(better), setting_title(than)
    return f"Purple: {purple} is better; orange: {orange} is. {outlined} {luck}"
