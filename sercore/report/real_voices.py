"""The table of real voices in the model card, from what ``scripts/score_clips.py --lines`` found."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sercore.reading import ReadingError, Share, made, read_json, told_as
from sercore.report.markdown import Marks, Table, markdown_table, number, replace_section
from sercore.units import DIMENSIONS

MARKS = Marks(
    "<!-- real voices: written by scripts/report.py from results/clips -->", "<!-- end of real voices -->"
)
FOLDER = "clips"  # among the results: one file a set of clips, called as the set is
COLUMNS = {
    "arousal, high against low": ("arousal: high against low", "pooled"),
    "within speaker": ("arousal: high against low", "within speaker"),
    "happy against angry": ("valence: happiness against anger", "pooled"),
    "happy against sad": ("valence: happiness against sadness", "pooled"),
}


@dataclass(frozen=True)
class Score:
    """One comparison of a network's predictions: AUC with its interval, and by how many SD means moved."""

    contrast: str
    compared: str
    auc: Share
    ci_low: Share | None
    ci_high: Share | None
    moved: Mapping[str, float]
    loss_rate: Share
    line: str = ""

    def __str__(self) -> str:
        """As a cell says it."""
        if self.ci_low is None or self.ci_high is None:
            return number(self.auc)
        return f"{number(self.auc)} [{self.ci_low:.2f}, {self.ci_high:.2f}]"


def read_scores(path: Path) -> dict[str, list[Score]]:
    """The scores of each network in a file of ``scripts/score_clips.py``, without a loss.

    Raises:
        ReadingError: if it is none; one sentence says why.
    """
    with told_as(ReadingError, f"the scores of clips {path} cannot be read"):
        found = read_json(path)
        if not isinstance(found, Mapping) or not all(isinstance(rows, list) for rows in found.values()):
            raise ReadingError("they must be a list of scores for each network")
        scores = {name: [made(Score, row, "a score") for row in rows] for name, rows in found.items()}
    return {Path(name).stem: [each for each in rows if not each.loss_rate] for name, rows in scores.items()}


def voices_table(found: Mapping[str, Sequence[Score]]) -> Table:
    """A row for each set of clips and each line that they went through, for the scores of one network."""
    header = ["voices", "through", *COLUMNS, *(f"{dimension} moves" for dimension in DIMENSIONS)]
    rows = []
    for name, scores in found.items():
        for line, one in groupby(scores, lambda score: score.line):
            told = {(score.contrast, score.compared): score for score in one}
            shifts = next(iter(told.values())).moved
            moves = [number(shifts.get(dimension, math.nan), signed=True) for dimension in DIMENSIONS]
            cells = [str(told.get(column, "")) for column in COLUMNS.values()]
            rows.append([name, line or "as it is", *cells, *(moves if line else [""] * len(moves))])
    return header, rows


def with_real_voices(text: str, results: Path, network: str = "mismatched") -> str:
    """The text with the table between its marks; as it is where there are no marks or no scores."""
    files = sorted((results / FOLDER).glob("*.json")) if MARKS.are_in(text) else []
    found = {path.stem: read_scores(path).get(network, []) for path in files}
    if not any(found.values()):
        return text
    return replace_section(text, markdown_table(*voices_table(found)), MARKS)
