"""Better sound, better emotion? Labelled clips of real voices behind every receiver (table 3).

Scores may be shown to anybody, the voices may not: nothing here writes sound.
"""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sercore.channel import CLEAN, Gilbert, LossModel, channel_key
from sercore.channel.packets import CALL_MS
from sercore.corpus.clips import LabelledClip
from sercore.experiment.clips import auc, contrasts, mean_predictions, receive
from sercore.files import write_file
from sercore.line import receiver_of
from sercore.receiver import RECEIVERS
from sercore.receiver.drop import Drop
from sercore.recogniser.recogniser import Recogniser
from sercore.results.voices import UNCHANGED, VOICES
from sercore.results.ways import LONG, SHORT
from sercore.scoring.quality import plcmos_of, stoi_of
from sercore.units import DIMENSIONS, SAMPLE_RATE

RATES = (0.05, 0.1, 0.2)
OPUS = ("opus-24", "opus-24-fec")
HEARD_BY_THE_EAR = 100  # clips that are judged by how they sound, spread over all
_RESAMPLES = 1000


@dataclass(frozen=True)
class Condition:
    """One receiver in one channel."""

    receiver: str
    channel: LossModel


@dataclass(frozen=True)
class Heard:
    """What one condition did to the clips.

    Attributes:
        change: of each clip's mean prediction; NaN where nothing of it arrived. Shape: (clips, 2).
        plcmos: of those that are judged by the ear. Shape: (judged,).
        stoi: of the same; NaN where time got shorter.
    """

    change: NDArray[np.float64]
    plcmos: NDArray[np.float64]
    stoi: NDArray[np.float64]


def conditions(*, lines: bool = True) -> list[Condition]:
    """All of table 3."""
    names = [*RECEIVERS, *(OPUS if lines else ())]
    channels = [Gilbert.from_rates(rate, burst, CALL_MS) for rate, burst in product(RATES, (SHORT, LONG))]
    return [Condition(name, channel) for channel in channels for name in names]


class Voices:
    """Clips and one network; what a condition does to them is computed once, and kept in a folder."""

    def __init__(self, recogniser: Recogniser, clips: Sequence[LabelledClip], kept: Path) -> None:
        self._recogniser, self._kept = recogniser, kept
        self._clips = receive(clips, CLEAN)  # an unfinished last frame is cut off, as behind every channel
        count = min(HEARD_BY_THE_EAR, len(clips))
        self._judged = np.linspace(0, len(clips) - 1, count).round().astype(int)

    @cached_property
    def clean(self) -> NDArray[np.float64]:
        """Mean predictions without a loss. Shape: (clips, 2)."""
        return mean_predictions(self._recogniser, self._clips)

    @cached_property
    def _name(self) -> str:
        sound = hashlib.sha256(self._recogniser.key.encode())
        for clip in self._clips:
            sound.update(clip.audio.tobytes())
        return sound.hexdigest()

    def heard(self, condition: Condition) -> Heard:
        """What a condition did, computed or read back."""
        said = f"{self._name} {condition.receiver} {channel_key(condition.channel)} {HEARD_BY_THE_EAR}"
        path = self._kept / "voices" / f"{hashlib.sha256(said.encode()).hexdigest()[:24]}.npz"
        if not path.exists():
            content = io.BytesIO()
            np.savez(content, **vars(self._compute(condition)))
            write_file(path, content.getvalue())
        with np.load(path) as there:
            return Heard(**{name: there[name] for name in ("change", "plcmos", "stoi")})

    def _compute(self, condition: Condition) -> Heard:
        arrived = receive(self._clips, condition.channel, 0, receiver_of(condition.receiver))
        change = mean_predictions(self._recogniser, arrived) - self.clean
        pairs = [(self._clips[i].audio, arrived[i].audio) for i in self._judged]
        shorter = condition.receiver == Drop.NAME  # nothing to hold against what was said
        stoi = [np.nan if shorter else stoi_of(*pair, SAMPLE_RATE) for pair in pairs]
        return Heard(change, np.array([plcmos_of(each, SAMPLE_RATE) for _, each in pairs]), np.array(stoi))

    def table(self, asked: Sequence[Condition]) -> pd.DataFrame:
        """Table 3 of some conditions; the columns are ``VOICES``."""
        table = pd.DataFrame([row for each in asked for row in self._rows(each)], columns=list(VOICES))
        numbers = [name for name, kind in VOICES.items() if kind == "float64"]
        table = table.astype(VOICES)
        table[numbers] = table[numbers].round(4)
        return table.sort_values(["packet_loss_rate", "burst_ms", "receiver", "dimension"], ignore_index=True)

    def moved(self, asked: Sequence[Condition]) -> dict[str, NDArray[np.float64]]:
        """By receiver, how far mean predictions moved under each loss. Shape: (losses, clips, 2)."""
        changes: dict[str, list[NDArray[np.float64]]] = {}
        for condition in asked:
            changes.setdefault(condition.receiver, []).append(self.heard(condition).change)
        return {name: np.stack(each) for name, each in changes.items()}

    def _rows(self, condition: Condition) -> Iterator[Mapping[str, object]]:
        heard, channel, asked = self.heard(condition), condition.channel, contrasts(self._clips)
        shared: dict[str, object] = {
            "receiver": condition.receiver,
            "packet_loss_rate": channel.loss_rate,
            "burst_ms": channel.mean_burst_length * channel.packet_ms,
            "clips": len(self._clips),
            "weights_sha256": self._recogniser.key,
            **_means("plcmos", heard.plcmos),
            "stoi": np.nanmean(heard.stoi) if np.isfinite(heard.stoi).any() else np.nan,
        }
        for d, dimension in enumerate(DIMENSIONS):
            name = next((each for each, (of, _, _) in asked.items() if of == dimension), None)
            if name is not None:
                kept = np.abs(heard.change[:, d]) <= UNCHANGED  # nothing arrived: not unchanged
                change = _auc_change(self.clean[:, d], heard.change[:, d], *asked[name][1:])
                about = {"dimension": dimension, "contrast": name}
                yield {**shared, **about, **change, **_means("unchanged", kept)}


def _means(name: str, values: NDArray[np.generic]) -> dict[str, float]:
    """The mean and the ends of its interval over clips."""
    numbers = np.asarray(values, dtype=np.float64)
    low, high = np.nanpercentile(np.nanmean(numbers[_picks(len(numbers))], axis=1), [2.5, 97.5])
    return {name: float(np.nanmean(numbers)), f"{name}_low": float(low), f"{name}_high": float(high)}


def _auc_change(
    clean: NDArray[np.float64], change: NDArray[np.float64], up: NDArray[np.bool_], down: NDArray[np.bool_]
) -> dict[str, float]:
    """AUC after a loss, and its change, paired over clips; of those of which something arrived."""

    def scored(picked: NDArray[np.int64]) -> tuple[float, float]:
        known = picked[~np.isnan(change[picked])]
        one, other = known[up[known]], known[down[known]]
        if not len(one) or not len(other):
            return np.nan, np.nan
        after = auc((clean + change)[one], (clean + change)[other])
        return after, after - auc(clean[one], clean[other])

    value, difference = scored(np.arange(len(clean)))
    low, high = np.nanpercentile([scored(each)[1] for each in _picks(len(clean))], [2.5, 97.5])
    ends = {"auc_change_low": float(low), "auc_change_high": float(high)}
    return {"auc": value, "auc_change": difference, **ends}


def _picks(n: int) -> NDArray[np.int64]:
    return np.random.default_rng(0).integers(n, size=(_RESAMPLES, n))
