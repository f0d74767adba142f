"""The table of real voices in the model card, from what ``scripts/score_clips.py --lines`` found."""

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from sercore.report.markdown import Marks, Table, markdown_table, number, replace_section
from sercore.results.clip_scores import (
    AROUSAL,
    HAPPY_ANGRY,
    HAPPY_SAD,
    POOLED,
    WITHIN,
    ClipScore,
    read_clip_scores,
)
from sercore.units import DIMENSIONS

MARKS = Marks(
    "<!-- real voices: written by scripts/report.py from results/clips -->", "<!-- end of real voices -->"
)
FOLDER = "clips"  # among the results: one file a set of clips, called as the set is
COLUMNS = {
    "arousal, high against low": (AROUSAL, POOLED),
    "within speaker": (AROUSAL, WITHIN),
    "happy against angry": (HAPPY_ANGRY, POOLED),
    "happy against sad": (HAPPY_SAD, POOLED),
}


def voices_table(found: Mapping[str, Sequence[ClipScore]]) -> Table:
    """A row for each set of clips and each line that they went through, for the scores of one network."""
    header = ["voices", "through", *COLUMNS, *(f"{dimension} moves" for dimension in DIMENSIONS)]
    rows = []
    for name, scores in found.items():
        for line, one in groupby(scores, lambda score: score.line):
            told = {(score.contrast, score.compared): score for score in one}
            shifts = next(iter(told.values())).moved
            moves = [number(shifts.get(dimension, math.nan), signed=True) for dimension in DIMENSIONS]
            cells = [_cell(told[column]) if column in told else "" for column in COLUMNS.values()]
            rows.append([name, line or "as it is", *cells, *(moves if line else [""] * len(moves))])
    return header, rows


def _cell(score: ClipScore) -> str:
    if score.ci_low is None or score.ci_high is None:
        return number(score.auc)
    return f"{number(score.auc)} [{score.ci_low:.2f}, {score.ci_high:.2f}]"


def with_real_voices(text: str, results: Path, weights_sha256: Sequence[str]) -> str:
    """The text with the table of such networks between its marks; as it is without marks or scores."""
    files = sorted((results / FOLDER).glob("*.json")) if MARKS.are_in(text) else []
    found = {
        path.stem: [s for s in read_clip_scores(path) if s.weights_sha256 in weights_sha256] for path in files
    }
    if not any(found.values()):
        return text
    return replace_section(text, markdown_table(*voices_table(found)), MARKS)
