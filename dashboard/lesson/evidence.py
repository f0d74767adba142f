"""What the committed results say to the questions of the lesson: computed, never written down beforehand."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.words.channels import percent
from sercore.report.looks import setting_title

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.compute.findings import Findings
    from sercore.channel.gilbert import Gilbert

DIMENSION = "arousal"  # valence is hard to hear, even for a network
HALF_LOST = (0.4, 0.6)  # "about half of the frames"
SHORT, LONG = 0.4, 0.75  # p_L: bursts of at most 1.7 frames, and of at least 4
FEWEST_TRAININGS = 3  # that must agree before a difference within one setting is more than chance
CLEAR_SHARE, RARE_SHARE = 0.5, 0.05  # of channels
HARDLY, MUCH = 0.03, 0.15  # a fall of CCC
CANNOT_TELL = "**This cannot be told yet.**"
ONE_TRAINING = "One training of each: differences may be luck."
TWO_TRAININGS = "Two trainings of each: differences may still be luck."


@dataclass(frozen=True)
class Evidence:
    """An answer from the results.

    Args:
        words: numbers in a sentence or two, as Markdown.
        answer: number of the option that the results support; None where they cannot tell.
        caveat: how far the answer can be trusted; "" where nothing is to be said.
    """

    words: str
    answer: int | None = None
    caveat: str = ""


def luck_of(trainings: int) -> str:
    """What must be said beside a difference of networks that were trained so many times.

    Example:
        >>> luck_of(1), luck_of(3)
        ('One training of each: differences may be luck.', '')
    """
    return {1: ONE_TRAINING, 2: TWO_TRAININGS}.get(trainings, "")


def burst_length(findings: Findings, partition: str, score: str) -> Evidence:
    """Same loss rate: which bursts hurt the mismatched network more, long (0), short (1), hardly any (2)?"""

    def short_and_long(cells: pd.DataFrame) -> tuple[float, float]:
        half = cells[cells["loss_rate"].between(*HALF_LOST)]
        return _mean(half[half["p_l"] <= SHORT]), _mean(half[half["p_l"] >= LONG])

    found = _of_each_setting(findings, partition, score, short_and_long)
    if not found:
        return Evidence(f"{CANNOT_TELL} There are no results in the repository.")
    said = [
        f"{setting_title(name)} {_number(short)} in short bursts, {_number(long)} in long ones"
        for name, (short, long) in ((name, zip(*pairs, strict=True)) for name, pairs in found.items())
    ]
    words = f"Where about half of the frames are lost, CCC of {DIMENSION}: {'; '.join(said)}."
    return _told(words, found, hardly=HARDLY)


def channel_parameters(findings: Findings, partition: str, score: str) -> Evidence:
    """Which of p_N (0) and p_L (1) moves the mismatched network's score more?"""

    def spans(cells: pd.DataFrame) -> tuple[float, float]:
        return _span(marginal(cells, "p_n")), _span(marginal(cells, "p_l"))

    found = _of_each_setting(findings, partition, score, spans)
    if not found:
        return Evidence(f"{CANNOT_TELL} There are no results in the repository.")
    setting = _asked_about(found)
    by_n, by_l = (sum(values) / len(values) for values in zip(*found[setting], strict=True))
    words = (
        f"{setting_title(setting)}, {DIMENSION}: from the worst to the best $p_N$ the mean CCC moves by "
        f"{by_n:.2f}, from the worst to the best $p_L$ by {by_l:.2f}."
    )
    return _told(words, found)


def marginal(cells: pd.DataFrame, name: str) -> pd.DataFrame:
    """Mean score along one parameter, over channels in which every value of both is defined.

    Args:
        cells: columns p_n, p_l, ccc.
        name: "p_n" or "p_l".

    Returns:
        Columns ``name`` and mean.
    """
    whole = cells.groupby("p_l")["ccc"].transform(
        lambda row: row.notna().all()
    )  # p_l = 1 loses nearly everything
    return cells[whole].groupby(name, as_index=False).agg(mean=("ccc", "mean"))


def against(findings: Findings, better: str, than: str, partition: str, score: str) -> Evidence:
    """Is ``better`` better (0), worse (1), or does it depend on the channel (2)?"""
    names = f"{setting_title(better)} against {setting_title(than).lower()}"
    absent = [setting_title(name) for name in (better, than) if name not in findings.settings(partition)]
    if absent:
        return Evidence(f"{CANNOT_TELL} There are no results yet for: {', '.join(absent)}.")
    partly = [name for name in (better, than) if findings.coverage(partition, name) < 1]
    if partly:
        covered = percent(findings.coverage(partition, partly[0]))
        return Evidence(
            f"{CANNOT_TELL} {setting_title(partly[0])} has results for {covered} of the channels."
        )
    table = findings.difference(better, than, partition, DIMENSION, score).dropna(subset="difference")
    mean = (
        f"{names}, CCC of {DIMENSION}: {table['difference'].mean():+.2f} on average of {len(table)} channels"
    )
    if table["low"].isna().all():
        return Evidence(f"{CANNOT_TELL} {mean}, but no intervals were computed for this pair.")
    trainings = min(findings.trainings(partition, name) for name in (better, than))
    signs = _signs(table, _differences_of_each(findings, better, than, partition, score))
    up, down = float((signs > 0).mean()), float((signs < 0).mean())
    agreeing = "both trainings" if trainings == 2 else f"all {trainings} trainings"
    say = "says" if trainings == 1 else f"and {agreeing} say"
    words = (
        f"{mean}; the 95 % interval over speakers {say} better in {percent(up)} of them, worse in "
        f"{percent(down)}."
    )
    caveat = luck_of(trainings)
    if up >= RARE_SHARE and down >= RARE_SHARE:
        return Evidence(words, 2, caveat)
    if max(up, down) >= CLEAR_SHARE:
        return Evidence(words, 0 if up > down else 1, caveat)
    return Evidence(f"{words} {CANNOT_TELL} In most channels that is not sure.", caveat=caveat)


def _differences_of_each(
    findings: Findings, better: str, than: str, partition: str, score: str
) -> list[pd.DataFrame]:
    """The difference in each channel, for each seed with which both settings were trained."""
    one, other = (_trainings(findings, partition, name, score) for name in (better, than))
    pairs = [
        one[seed].merge(other[seed], on=["p_n", "p_l"], suffixes=("", "_other"))
        for seed in one
        if seed in other
    ]
    return [pair[["p_n", "p_l"]].assign(own=pair["ccc"] - pair["ccc_other"]) for pair in pairs]


def _signs(table: pd.DataFrame, of_each: Sequence[pd.DataFrame]) -> pd.Series:
    """1 better, -1 worse, 0 not sure: for each channel, where its interval is, if no training contradicts."""
    signs = (table["low"] > 0).astype(int) - (table["high"] < 0).astype(int)
    places = table[["p_n", "p_l"]]
    for each in of_each:
        own = places.merge(each, on=["p_n", "p_l"], how="left")["own"].fillna(0.0).to_numpy()
        signs = signs.where(signs * own >= 0, 0)
    return signs


def real_call(findings: Findings, channel: Gilbert, partition: str, score: str) -> Evidence:
    """Does the mismatched network hardly notice a call (0), suffer (1), or break (2)?"""

    def clean_and_call(cells: pd.DataFrame) -> tuple[float, float]:
        scored = cells.dropna(subset="ccc")
        if scored.empty:
            return math.nan, math.nan
        return _mean(scored[scored["p_n"] == 1]), float(nearest(scored, channel)["ccc"])

    found = _of_each_setting(findings, partition, score, clean_and_call)
    if not found:
        return Evidence(f"{CANNOT_TELL} There are no results in the repository.")
    said = [
        f"{setting_title(name)} from {_number(clean)} to {_number(call)}"
        for name, (clean, call) in ((name, zip(*pairs, strict=True)) for name, pairs in found.items())
    ]
    words = f"In the nearest channel of the results, CCC of {DIMENSION} goes: {'; '.join(said)}."
    own = found[_asked_about(found)]
    grades = {_grade(clean - call) for clean, call in own}
    if len(grades) > 1:
        return Evidence(f"{words} {CANNOT_TELL} The {len(own)} trainings disagree.")
    return Evidence(words, grades.pop(), luck_of(len(own)))


def _grade(fall: float) -> int:
    return 0 if fall < HARDLY else 1 if fall < MUCH else 2


def nearest(cells: pd.DataFrame, channel: Gilbert) -> pd.Series:
    """The row of the channel nearest to this one."""
    distance = (cells["p_n"] - channel.p_n) ** 2 + (cells["p_l"] - channel.p_l) ** 2
    return cells.loc[distance.idxmin()]


def _trainings(findings: Findings, partition: str, setting: str, score: str) -> dict[int, pd.DataFrame]:
    """The cells of each training of a setting on its own, by its seed; -1 where a file names none."""
    rows = findings.rows
    wanted = rows[
        (rows["partition"] == partition) & (rows["setting"] == setting) & (rows["dimension"] == DIMENSION)
    ]
    return {
        int(seed): part.groupby(["p_n", "p_l"], as_index=False).agg(
            ccc=(score, "mean"), loss_rate=("expected_loss_rate", "mean")
        )
        for seed, part in wanted.groupby(wanted["model_seed"].fillna(-1))
    }


def _of_each_setting(
    findings: Findings,
    partition: str,
    score: str,
    measure: Callable[[pd.DataFrame], tuple[float, float]],
) -> dict[str, list[tuple[float, float]]]:
    """Two numbers to compare, for each training of each setting that has them."""
    found = {}
    for setting in findings.settings(partition):
        pairs = [measure(cells) for cells in _trainings(findings, partition, setting, score).values()]
        if pairs and not any(math.isnan(value) for pair in pairs for value in pair):
            found[setting] = pairs
    return found


def _asked_about(found: Mapping[str, object]) -> str:
    return "mismatched" if "mismatched" in found else next(iter(found))


def _mean(cells: pd.DataFrame) -> float:
    return float(cells["ccc"].mean())


def _span(table: pd.DataFrame) -> float:
    return float(table["mean"].max() - table["mean"].min())


def _number(values: Sequence[float]) -> str:
    return f"{sum(values) / len(values):.2f}"


def _agreed(differences: Sequence[float], hardly: float = 0.0) -> int | None:
    """0 where all trainings say more than zero, 1 where all say less, 2 where all are small; else None.

    Args:
        differences: one for each training; under ``FEWEST_TRAININGS`` they say nothing.
        hardly: what is smaller is no difference to speak of.

    Example:
        >>> _agreed([0.1, 0.2, 0.1]), _agreed([-0.1, -0.2, -0.3]), _agreed([0.1, -0.1, 0.1]), _agreed([0.1])
        (0, 1, None, None)
        >>> _agreed([0.01, -0.01, 0.0], hardly=0.03)
        2
    """
    if len(differences) < FEWEST_TRAININGS:
        return None
    if all(abs(difference) < hardly for difference in differences):
        return 2
    signs = {math.copysign(1, difference) for difference in differences}
    return None if len(signs) > 1 else 0 if signs == {1.0} else 1


def _told(words: str, found: Mapping[str, Sequence[tuple[float, float]]], hardly: float = 0.0) -> Evidence:
    """What the trainings of the setting asked about agree on; where they are few, all settings' together."""
    own = [first - second for first, second in found[_asked_about(found)]]
    every = [first - second for pairs in found.values() for first, second in pairs]
    if len(own) >= FEWEST_TRAININGS:
        answer = _agreed(own, hardly)
        if answer is None:
            return Evidence(f"{words} {CANNOT_TELL} The {len(own)} trainings disagree.")
        return Evidence(f"{words} All {len(own)} trainings say so.", answer)
    caveat = luck_of(len(own))
    if (answer := _agreed(every, hardly)) is not None:
        return Evidence(f"{words} The networks of all {len(found)} settings say the same.", answer, caveat)
    return Evidence(f"{words} {CANNOT_TELL} The networks do not all say the same.", caveat=caveat)
