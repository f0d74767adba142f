"""A verdict on a call: what its losses do to emotion recognition, and what to choose."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sercore.channel import Gilbert, LossModel
from sercore.channel.frames import FrameLaw, frame_law
from sercore.receiver import RECEIVERS
from sercore.receiver.drop import Drop
from sercore.report.advice import in_a_sentence
from sercore.report.looks import title
from sercore.results.advice import advice_for
from sercore.results.expected import Expected, expected_scores
from sercore.results.outcome import PLANE, read_outcome
from sercore.results.table import at
from sercore.units import FRAME_MS

RESULTS = Path("trained/results")
SIMPLEST = "mismatched"
MEASURED = RECEIVERS[Drop.NAME]  # the one that the results are of
_HOLES = (
    f"The scores are of whole {FRAME_MS} ms frames that are cut out, the one receiver that was measured; "
    "what shorter holes, filled or not, do within the frames that count as received was not."
)

_SCORES_OF_FRAMES = (
    f"The scores of trainings are of whole {FRAME_MS} ms frames that are cut out; the advice on receivers is "
    "of calls of 20 ms packets, the nearest that were measured."
)
_BORNE = (
    "Of all channels that lose about as many frames (up to five points less or more), {share} leave "
    "{training} training with what is needed: nine tenths of what training on clean speech has without loss."
)


@dataclass(frozen=True)
class Verdict:
    """What a call's losses mean.

    Attributes:
        channel: the call's loss model, in packets.
        frames: what labels at 5 Hz see of it.
        place: the chain of these frames, where the call lies in the paper's plane.
        expected: what each training may be expected to score there; empty where there are no results.
        training: the one to choose; None where the results do not say.
        sentence: all of this, for who reads one sentence only.
        limits: what the results do not tell of such a call; "" where they tell all.
        advice: which receiver helps in such a call, by what was scored nearest to it; "" where nothing was,
            or frames and not packets are lost.
    """

    channel: LossModel
    frames: FrameLaw
    place: Gilbert
    expected: tuple[Expected, ...]
    training: str | None
    sentence: str
    limits: str
    advice: str = ""

    @property
    def burst_ms(self) -> float:
        """How long a burst of loss lasts on average."""
        return self.channel.mean_burst_length * self.channel.packet_ms

    @property
    def borne_by(self) -> float | None:
        """The share of channels that lose about as many frames in which the chosen training is enough.

        Of both dimensions the lesser one; None where it is not known.
        """
        chosen = [each for each in self.expected if each.setting == self.training]
        shares = [each.borne_by(self.frames.loss_rate) for each in chosen]
        return None if not shares or any(map(math.isnan, shares)) else min(shares)

    @property
    def borne(self) -> str:
        """The same in a sentence; "" where it is not known."""
        if self.borne_by is None or self.training is None:
            return ""
        return _BORNE.format(share=per_cent(self.borne_by), training=title(self.training))

    def to_json(self) -> dict[str, Any]:
        """As JSON can hold it: what is not known is null."""
        known = [{k: _finite(v) for k, v in asdict(each).items()} for each in self.expected]
        return {
            "sentence": self.sentence,
            "borne": self.borne,
            "loss_rate": self.channel.loss_rate,
            "burst_ms": _finite(self.burst_ms),
            "frame_loss_rate": self.frames.loss_rate,
            "environment": self.place.environment,
            "place": {"p_n": self.place.p_n, "p_l": self.place.p_l},
            "expected": known,
            "training": self.training,
            "borne_by": self.borne_by,
            "receiver": MEASURED.NAME if self.expected else None,
            "limits": self.limits,
            "advice": self.advice,
        }


def verdict_on(channel: LossModel, results: Path = RESULTS, score: str = "ccc") -> Verdict:
    """Judge a channel by the results in a folder.

    The results are of frames of 200 ms that are cut out. Of shorter packets they tell what the frames that
    lose at least half of theirs do, and nothing of the holes within the others: ``limits`` says so.

    Args:
        channel: with packets of any length.
        results: where ``scripts/reproduce.py`` wrote them.
        score: "ccc" on the frames that arrive, or "ccc_timeline".
    """
    frames = frame_law(channel)
    place = Gilbert.of_frames(frames)
    outcome = read_outcome(results)
    plane = outcome.tables.get(PLANE)
    expected: Sequence[Expected] = ()
    if plane is not None and len(plane):
        partition = "test" if (plane["partition"] == "test").any() else plane["partition"].iloc[0]
        expected = expected_scores(at(plane, partition=partition), place.p_n, place.p_l, score)
    training = _choice(expected)
    sentence = f"{_meaning(expected, training)} {lost_sentence(channel, frames)}"
    of_frames = channel.packet_ms == FRAME_MS or channel.loss_rate == 0
    advice = "" if of_frames else in_a_sentence(advice_for(outcome.advice, channel.loss_rate))
    limits = "" if of_frames else _SCORES_OF_FRAMES if advice else _HOLES
    return Verdict(channel, frames, place, tuple(expected), training, sentence, limits, advice)


def lost_sentence(channel: LossModel, frames: FrameLaw) -> str:
    """How much is lost, in packets and in frames.

    Example:
        >>> lost_sentence(Gilbert(0.9, 0.6), FrameLaw(0.2, 2.5))
        '20 % of the frames are lost, in bursts of 500 ms on average.'
    """
    if channel.loss_rate == 0:
        return "Nothing is lost."
    burst = channel.mean_burst_length * channel.packet_ms
    how = f"in bursts of {burst:.0f} ms on average" if math.isfinite(burst) else "and once lost, all is lost"
    if channel.packet_ms == FRAME_MS:
        return f"{per_cent(channel.loss_rate)} of the frames are lost, {how}."
    seen = f"{per_cent(frames.loss_rate)} of the {FRAME_MS} ms frames of a label lose half of theirs or more"
    return f"{per_cent(channel.loss_rate)} of the {channel.packet_ms:g} ms packets are lost, {how}; {seen}."


def per_cent(share: float) -> str:
    """A share for people: two digits, however small.

    Example:
        >>> per_cent(0.0312), per_cent(0.004), per_cent(0.5), per_cent(0.00001), per_cent(0.0)
        ('3.1 %', '0.4 %', '50 %', 'under 0.01 %', '0 %')
    """
    if 0 < share < 1e-4:
        return "under 0.01 %"
    return f"{float(f'{100 * share:.2g}'):g} %"


def _choice(expected: Sequence[Expected]) -> str | None:
    """Training on clean speech where it is enough; else the best mean that is known."""
    means = {
        setting: float(np.mean([each.ccc for each in expected if each.setting == setting]))
        for setting in {each.setting for each in expected}
    }
    if expected and all(each.enough for each in expected if each.setting == SIMPLEST) and SIMPLEST in means:
        return SIMPLEST
    known = {setting: mean for setting, mean in means.items() if not math.isnan(mean)}
    return max(known, key=lambda setting: known[setting]) if known else None


def _meaning(expected: Sequence[Expected], training: str | None) -> str:
    if not expected:
        return "What that does to emotion recognition is not known: there are no results."
    if training is None:
        return "What that does is not known: no result is defined so far out in the plane."
    scores = _scores([each for each in expected if each.setting == training])
    if training == SIMPLEST and all(each.enough for each in expected if each.setting == SIMPLEST):
        return f"No need to worry: even a network trained on clean speech may be expected to score {scores}."
    may = f"may be expected to score {scores}"
    if not all(each.enough for each in expected if each.setting == training):
        return f"Worry: no training gives what is needed; the best, {title(training)}, {may}."
    clean = _scores([each for each in expected if each.setting == SIMPLEST])
    return f"It can be borne: {title(training)} training {may}, while training on clean speech gives {clean}."


def _scores(expected: Sequence[Expected]) -> str:
    said = [
        f"{each.dimension} {'not known' if math.isnan(each.ccc) else f'{each.ccc:.2f}'} (of {each.clean:.2f})"
        for each in expected
    ]
    return " and ".join(said) or "not known"


def _finite(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
