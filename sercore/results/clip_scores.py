"""What ``scripts/score_clips.py`` found of networks on labelled clips, read back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from sercore.reading import ReadingError, Share, made, read_json, told_as

AROUSAL = "arousal: high against low"
HAPPY_ANGRY = "valence: happiness against anger"
HAPPY_SAD = "valence: happiness against sadness"
POOLED, WITHIN = "pooled", "within speaker"
TELEPHONE = "telephone"


@dataclass(frozen=True)
class ClipScore:
    """One comparison of a network's predictions: AUC with its interval, and by how many SD means moved."""

    contrast: str
    compared: str
    auc: Share
    ci_low: Share | None
    ci_high: Share | None
    moved: Mapping[str, float]
    loss_rate: Share
    line: str = ""


def read_clip_scores(path: Path) -> dict[str, list[ClipScore]]:
    """The scores of each network in a file of ``scripts/score_clips.py``, without a loss.

    Raises:
        ReadingError: if it is none; one sentence says why.
    """
    with told_as(ReadingError, f"the scores of clips {path} cannot be read"):
        found = read_json(path)
        if not isinstance(found, Mapping) or not all(isinstance(rows, list) for rows in found.values()):
            raise ReadingError("they must be a list of scores for each network")
        scores = {name: [made(ClipScore, row, "a score") for row in rows] for name, rows in found.items()}
    return {Path(name).stem: [each for each in rows if not each.loss_rate] for name, rows in scores.items()}


def mean_aucs(paths: Sequence[Path]) -> dict[str, float]:
    """How well networks tell real voices apart: one number each, by which one of several is chosen.

    It is the mean AUC of arousal, of happy against angry and of happy against sad, as clips are and by
    telephone, over all sets of clips. A network that lacks one of them has none.

    Raises:
        ReadingError: if a file is no such file.
    """
    asked = {(contrast, line) for contrast in (AROUSAL, HAPPY_ANGRY, HAPPY_SAD) for line in ("", TELEPHONE)}
    aucs: dict[str, list[float]] = {}
    for path in paths:
        for name, scores in read_clip_scores(path).items():
            pooled = {(each.contrast, each.line): each.auc for each in scores if each.compared == POOLED}
            aucs.setdefault(name, []).extend(auc for what, auc in pooled.items() if what in asked)
    return {name: fmean(found) for name, found in aucs.items() if len(found) == len(asked) * len(paths)}
