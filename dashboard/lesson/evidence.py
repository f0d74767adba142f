"""What the committed results say to the questions of the lesson: computed, never written down beforehand."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.compute.findings import Findings
from dashboard.lesson.trainings import (
    DIMENSION,
    FEWEST_TRAININGS,
    Pairs,
    agreed,
    asked_about,
    differences,
    pairs_of,
    signs,
)
from dashboard.words.channels import percent
from dashboard.words.scores import by_setting
from sercore.channel import Gilbert
from sercore.channel.plane import loss_rates
from sercore.report.looks import setting_title
from sercore.units import FRAME_MS

HALF_LOST = (0.4, 0.6)  # "about half of the frames"
SHORT, LONG = 0.4, 0.75  # p_L: bursts of at most 1.7 frames, and of at least 4
CLEAR_SHARE, RARE_SHARE = 0.5, 0.05  # of channels
HARDLY, MUCH = 0.03, 0.15  # a fall of CCC
CANNOT_TELL = "**This cannot be told yet.**"
NO_RESULTS = f"{CANNOT_TELL} There are no results in the repository."
ONE_TRAINING = "One training of each: differences may be luck."
TWO_TRAININGS = "Two trainings of each: differences may still be luck."


@dataclass(frozen=True)
class Evidence:
    """An answer from the results.

    Args:
        words: numbers in a sentence or two, as Markdown.
        answer: number of the option that the results support; None where they cannot tell.
        caveat: how far the answer can be trusted; "" where nothing is to be said.
        source: of which results these numbers are, where they are not those of the other steps.
    """

    words: str
    answer: int | None = None
    caveat: str = ""
    source: str = ""


def luck_of(trainings: int) -> str:
    """What must be said beside a difference of networks that were trained so many times.

    Example:
        >>> luck_of(1), luck_of(3)
        ('One training of each: differences may be luck.', '')
    """
    return {1: ONE_TRAINING, 2: TWO_TRAININGS}.get(trainings, "")


def mean_burst(channel: Gilbert) -> Evidence:
    """How long does a loss last on average (the third option)? No result is needed for that."""
    frames = channel.mean_burst_length
    words = f"1 / (1 − {channel.p_l:g}) = {frames:g} frames, **{frames * FRAME_MS:.0f} ms**, on average."
    return Evidence(words, 2)


def burst_length(findings: Findings, partition: str, score: str) -> Evidence:
    """Same loss rate: which bursts hurt the mismatched network more, long (0), short (1), hardly any (2)?"""

    def short_and_long(cells: pd.DataFrame) -> tuple[float, float]:
        half = cells[cells["loss_rate"].between(*HALF_LOST)]
        short, long = half[half["p_l"] <= SHORT], half[half["p_l"] >= LONG]
        return float(short["ccc"].mean()), float(long["ccc"].mean())

    found = pairs_of(findings, partition, score, short_and_long)
    if not found:
        return Evidence(NO_RESULTS)
    said = _said(found, "{:.2f} in short bursts, {:.2f} in long ones")
    words = f"Where about half of the frames are lost, CCC of {DIMENSION}: {said}."
    return _told(words, found, hardly=HARDLY)


def channel_parameters(findings: Findings, partition: str, score: str) -> Evidence:
    """Which of p_N (0) and p_L (1) moves the mismatched network's score more?"""

    def span(cells: pd.DataFrame, name: str) -> float:
        along = marginal(cells, name)["mean"]
        return float(along.max() - along.min())

    found = pairs_of(findings, partition, score, lambda c: (span(c, "p_n"), span(c, "p_l")))
    if not found:
        return Evidence(NO_RESULTS)
    setting = asked_about(found)
    by_n, by_l = _mean(found[setting])
    moves = f"$p_N$ the mean CCC moves by {by_n:.2f}, from the worst to the best $p_L$ by {by_l:.2f}"
    cells = findings.cells(partition, setting, DIMENSION, score)
    lost = {name: percent(lost_at_the_worst(cells, name)) for name in ("p_n", "p_l")}
    worst = f"At the worst $p_N$ channels lose {lost['p_n']} of the frames, at the worst $p_L$ {lost['p_l']}."
    return _told(f"{setting_title(setting)}, {DIMENSION}: from the worst to the best {moves}. {worst}", found)


def lost_at_the_worst(cells: pd.DataFrame, name: str) -> float:
    """The share of frames that the channels lose on average which share the worst value of a parameter."""
    along = marginal(cells, name)
    worst = along.loc[along["mean"].idxmin(), name]
    mine = cells[(cells[name] == worst) & cells["ccc"].notna()]
    return float(np.mean(loss_rates(mine["p_n"], mine["p_l"])))


def marginal(cells: pd.DataFrame, name: str) -> pd.DataFrame:
    """Mean score along one parameter, over channels in which every value of both is defined.

    Columns p_n, p_l and ccc become ``name`` and mean.
    """
    # p_l = 1 loses nearly everything
    whole = cells.groupby("p_l")["ccc"].transform(lambda row: row.notna().all())
    return cells[whole].groupby(name, as_index=False).agg(mean=("ccc", "mean"))


def against(better: str, than: str, findings: Findings, partition: str, score: str) -> Evidence:
    """Is ``better`` better (0), worse (1), or does it depend on the channel (2)?"""
    names = f"{setting_title(better)} against {setting_title(than).lower()}"
    absent = [setting_title(name) for name in (better, than) if name not in findings.settings(partition)]
    if absent:
        return Evidence(f"{CANNOT_TELL} There are no results yet for: {', '.join(absent)}.")
    for name in (better, than):
        if (share := findings.coverage(partition, name)) < 1:
            title = setting_title(name)
            return Evidence(f"{CANNOT_TELL} {title} has results for {percent(share)} of the channels.")
    table = findings.difference(better, than, partition, DIMENSION, score).dropna(subset="difference")
    mean, channels = table["difference"].mean(), len(table)
    words = f"{names}, CCC of {DIMENSION}: {mean:+.2f} on average of {channels} channels"
    if table["low"].isna().all():
        return Evidence(f"{CANNOT_TELL} {words}, but no intervals were computed for this pair.")
    trainings = min(findings.trainings(partition, name) for name in (better, than))
    sure = signs(table, differences(findings, better, than, partition, score))
    up, down = float((sure > 0).mean()), float((sure < 0).mean())
    agreeing = {1: "says", 2: "and both trainings say"}.get(trainings, f"and all {trainings} trainings say")
    better_in, worse_in = f"better in {percent(up)} of them", f"worse in {percent(down)}"
    words += f"; the 95 % interval over speakers {agreeing} {better_in}, {worse_in}."
    if up >= RARE_SHARE and down >= RARE_SHARE:
        return Evidence(words, 2, luck_of(trainings))
    if max(up, down) >= CLEAR_SHARE:
        return Evidence(words, 0 if up > down else 1, luck_of(trainings))
    return Evidence(f"{words} {CANNOT_TELL} In most channels that is not sure.", caveat=luck_of(trainings))


def real_call(channel: Gilbert, findings: Findings, partition: str, score: str) -> Evidence:
    """Does the mismatched network hardly notice a call (0), suffer (1), or break (2)?"""

    def clean_and_call(cells: pd.DataFrame) -> tuple[float, float]:
        scored = cells.dropna(subset="ccc")
        if scored.empty:
            return math.nan, math.nan
        return float(scored.loc[scored["p_n"] == 1, "ccc"].mean()), float(nearest(scored, channel)["ccc"])

    found = pairs_of(findings, partition, score, clean_and_call)
    if not found:
        return Evidence(NO_RESULTS)
    said = _said(found, "from {:.2f} to {:.2f}")
    words = f"In the nearest channel of the results, CCC of {DIMENSION} goes: {said}."
    own = found[asked_about(found)]
    falls = [clean - call for clean, call in own]
    grades = {0 if fall < HARDLY else 1 if fall < MUCH else 2 for fall in falls}
    if len(grades) > 1:
        return Evidence(f"{words} {CANNOT_TELL} The {len(own)} trainings disagree.")
    return Evidence(words, grades.pop(), luck_of(len(own)))


def nearest(cells: pd.DataFrame, channel: Gilbert) -> pd.Series:
    """The row of the channel nearest to this one."""
    distance = (cells["p_n"] - channel.p_n) ** 2 + (cells["p_l"] - channel.p_l) ** 2
    return cells.loc[distance.idxmin()]


def _said(found: Pairs, words: str) -> str:
    return by_setting(found, lambda pairs: words.format(*_mean(pairs)))


def _mean(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Both numbers averaged over the trainings."""
    one, other = zip(*pairs, strict=True)
    return sum(one) / len(one), sum(other) / len(other)


def _told(words: str, found: Pairs, hardly: float = 0.0) -> Evidence:
    """What the trainings of the setting asked about agree on; where they are few, all settings' together."""
    own = [first - second for first, second in found[asked_about(found)]]
    every = [first - second for pairs in found.values() for first, second in pairs]
    if len(own) >= FEWEST_TRAININGS:
        answer, doubt = agreed(own, hardly), f"The {len(own)} trainings disagree."
        agreement = f"All {len(own)} trainings say so."
    else:
        answer, doubt = agreed(every, hardly), "The networks do not all say the same."
        agreement = f"The networks of all {len(found)} settings say the same."
    said = f"{CANNOT_TELL} {doubt}" if answer is None else agreement
    return Evidence(f"{words} {said}", answer, luck_of(len(own)))
