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
    weights_sha256: str
    line: str = ""


def read_clip_scores(path: Path) -> list[ClipScore]:
    """What a file of ``scripts/score_clips.py`` holds, without a loss.

    Raises:
        ReadingError: if it is none; one sentence says why.
    """
    with told_as(ReadingError, f"the scores of clips {path} cannot be read"):
        found = read_json(path)
        if not isinstance(found, Mapping) or not all(isinstance(rows, list) for rows in found.values()):
            raise ReadingError("they must be a list of scores for each network")
        scores = [made(ClipScore, row, "a score") for rows in found.values() for row in rows]
    return [each for each in scores if not each.loss_rate]


def mean_aucs(paths: Sequence[Path]) -> dict[str, float]:
    """How well networks tell real voices apart: a number for the SHA-256 of each one's weights.

    It is the mean AUC of arousal, of happy against angry and of happy against sad, as clips are and by
    telephone, over all sets of clips. A network that lacks one of them has none.

    Raises:
        ReadingError: if a file is no such file.
    """
    asked = {(contrast, line) for contrast in (AROUSAL, HAPPY_ANGRY, HAPPY_SAD) for line in ("", TELEPHONE)}
    aucs: dict[str, dict[tuple[Path, str, str], float]] = {}
    for path in paths:
        for each in read_clip_scores(path):
            if each.compared == POOLED and (each.contrast, each.line) in asked:
                aucs.setdefault(each.weights_sha256, {})[path, each.contrast, each.line] = each.auc
    wanted = len(asked) * len(paths)
    return {network: fmean(found.values()) for network, found in aucs.items() if len(found) == wanted}
