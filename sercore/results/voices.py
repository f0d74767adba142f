"""Better sound, better emotion? Real voices behind a receiver, for the ear and for a network (table 3)."""

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from sercore.reading import Within
from sercore.reading.schema import InOneLine, Rule
from sercore.results.claims import BETTER, Finding, judge
from sercore.results.receiver_claims import CHANGES, RECEIVER_CLAIMS, SOUNDS_BEST
from sercore.results.remedy_table import read_remedies
from sercore.units import DIMENSIONS

VOICES = {  # one row for each receiver, channel and dimension
    "receiver": "string",
    "packet_loss_rate": "float64",  # of a call of 20 ms packets
    "burst_ms": "float64",
    "plcmos": "float64",  # 1 to 5: how listeners would judge the concealment
    "plcmos_low": "float64",  # of 95 % intervals from a bootstrap over clips, as below
    "plcmos_high": "float64",
    "stoi": "float64",  # 0 to 1: how intelligible, against the clip without loss
    "dimension": "string",
    "contrast": "string",  # which clips are told apart
    "auc": "float64",
    "auc_change": "float64",  # from that without a loss
    "auc_change_low": "float64",
    "auc_change_high": "float64",
    "unchanged": "float64",  # share of clips whose mean prediction moved by at most 0.05
    "unchanged_low": "float64",
    "unchanged_high": "float64",
    "clips": "int64",
    "weights_sha256": "string",
}
UNCHANGED = 0.05
_MOS, _SHARE, _CHANGE = Within(0, 5), Within(0, 1), Within(-1, 1)
RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("plcmos", "plcmos_low", "plcmos_high"), _MOS),
    **dict.fromkeys(("auc", "unchanged", "unchanged_low", "unchanged_high"), _SHARE),
    **dict.fromkeys(("auc_change", "auc_change_low", "auc_change_high", "stoi"), _CHANGE),
    "contrast": InOneLine(100),
    "burst_ms": Within(0, 1e6),
    "clips": Within(1, 1e6),
}


def read_voices(path: Path) -> pd.DataFrame:
    """Read table 3.

    Raises:
        ResultsError: if it is missing, damaged or of another kind.
    """
    return read_remedies(path, VOICES, "scores of real voices", RULES)


def sounds_and_reads(table: pd.DataFrame) -> pd.DataFrame:
    """Means over all losses: one row for each receiver and dimension, what sounds best first."""
    means = table.groupby(["receiver", "dimension"], as_index=False)[
        ["plcmos", "stoi", "auc_change", "unchanged"]
    ]
    return means.mean().sort_values(["plcmos", "receiver"], ascending=False, ignore_index=True)


def examine_sound(table: pd.DataFrame, moved: Mapping[str, np.ndarray]) -> list[Finding]:
    """What real voices say to the claim that what sounds best reads best.

    Args:
        table: table 3.
        moved: by receiver, how far each clip's mean prediction moved under each loss. Shape of each:
            (losses, clips, 2); NaN where nothing of a clip arrived.

    Returns:
        One finding for each dimension, with an interval from a bootstrap over clips.
    """
    claim = RECEIVER_CLAIMS[-1]
    means = table.groupby("receiver")["plcmos"].mean().dropna()
    sentence = f"the receiver that {SOUNDS_BEST} leaves most predictions unchanged"
    if len(means) < 2 or not set(means.index) <= set(moved):
        return [Finding(claim.number, sentence, each, "ccc_timeline", CHANGES) for each in DIMENSIONS]
    best = str(means.idxmax())
    picks = np.random.default_rng(0).integers(moved[best].shape[1], size=(1000, moved[best].shape[1]))
    findings = []
    for d, dimension in enumerate(DIMENSIONS):
        kept = {name: (np.abs(moved[name][:, :, d]) <= UNCHANGED).mean(axis=0) for name in means.index}
        value, low, high = _lead(kept, best, picks)
        verdict = judge(BETTER, low, high, [value])
        said = f"{best}, which {SOUNDS_BEST}, leaves most predictions unchanged"
        findings.append(
            Finding(
                claim.number,
                said,
                dimension,
                "ccc_timeline",
                CHANGES,
                value,
                low,
                high,
                (value,),
                verdict=verdict,
            )
        )
    return findings


def _lead(kept: Mapping[str, np.ndarray], best: str, picks: np.ndarray) -> tuple[float, float, float]:
    """By how much one receiver keeps more clips unchanged than the best of the others, and its interval."""
    drawn = {name: values[picks].mean(axis=1) for name, values in kept.items()}
    others = np.max([drawn[name] for name in drawn if name != best], axis=0)
    low, high = np.percentile(drawn[best] - others, [2.5, 97.5])
    rival = max(float(values.mean()) for name, values in kept.items() if name != best)
    value = float(kept[best].mean()) - rival
    return value, float(low), float(high) if not math.isnan(high) else math.nan
