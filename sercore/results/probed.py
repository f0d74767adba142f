"""What a probe found: how a recogniser bears packet loss on some recordings; a JSON file, read back."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

from sercore.files import write_file
from sercore.reading import Count, OneOf, Share, made, read_json, told_as
from sercore.results.errors import ResultsError

SCORES = {
    "CCC": "concordance with the labels (CCC)",
    "AUC": "area under the curve (AUC)",
    "UAR": "unweighted average recall (UAR)",
    "agreement": "agreement with what the model says without loss (CCC)",
}
_MOST_BYTES = 64_000_000


@dataclass(frozen=True)
class Interval:
    """A value and its 95 % bootstrap interval over recordings; None where it is not defined."""

    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_above(self) -> bool:
        """Whether chance does not explain that it exceeds 0."""
        return self.low is not None and self.low > 0


@dataclass(frozen=True)
class Asked:
    """A question: its score without loss, and how much of it is needed.

    Attributes:
        score: CCC, AUC, UAR or agreement.
        of: of what.
        chance: of a model that hears nothing.
        recordings: how many have a label for it.
        clean: without loss.
        needed: chance and nine tenths of what the model has above it without loss.
        receiver: the one with the highest mean over the channels that lose something.
    """

    score: Annotated[str, OneOf(tuple(SCORES))]
    of: str
    chance: float
    recordings: Count
    clean: Interval
    needed: float | None
    receiver: str


@dataclass(frozen=True)
class AtChannel:
    """The score of one question behind one channel and one receiver, a mean over the draws of the losses.

    ``fall`` is how much it is below the score without loss. Of an agreement, ``unchanged`` is the share of
    frames that changed by no more than .05 on a scale from -1 to 1, ``change`` their mean change.
    """

    question: Count
    channel: Count
    receiver: str
    score: Interval
    fall: Interval
    unchanged: float | None = None
    change: float | None = None


@dataclass(frozen=True)
class OfReceiver:
    """One receiver over all channels that lose something.

    Attributes:
        question: its number.
        receiver: its name.
        mean: of the scores.
        behind: the best receiver's mean minus this one's.
        bears: the largest loss up to which it gives what is needed; None if not even the least.
    """

    question: Count
    receiver: str
    mean: Interval
    behind: Interval
    bears: float | None


@dataclass(frozen=True)
class OfGroup:
    """A group of speakers behind the best receiver: its score without loss, and how much it falls."""

    question: Count
    column: str
    group: str
    recordings: Count
    clean: Interval
    fall: Interval
    harder: Interval  # its fall minus that of all others


@dataclass(frozen=True)
class OnLine:
    """The score of a question on a rung of the ladder of the line: without loss, and with 10 % lost."""

    question: Count
    line: str
    score: Interval
    fall: Interval
    with_loss: Interval


@dataclass(frozen=True)
class Probed:
    """All that a probe found.

    Attributes:
        model: its name.
        model_key: identifies it.
        outputs: what they are called.
        scale: how they were brought to one scale, in a sentence.
        recordings: what they are called together.
        count: how many they are.
        seconds: how long in all.
        loss_seeds: draws of the losses a channel.
        channels: series, title, key, loss rate of packets, and length of a packet.
        questions: what was asked.
        at_channels: scores, by channel and receiver.
        receivers: over all channels.
        groups: of speakers.
        lines: the ladder.
        notes: what one should know, one sentence each.
        versions: of what the numbers depend on.
        git_commit: of the source.
    """

    model: str
    model_key: str
    outputs: tuple[str, ...]
    scale: str
    recordings: str
    count: Count
    seconds: float
    loss_seeds: Count
    channels: tuple["ProbedChannel", ...]
    questions: tuple[Asked, ...]
    at_channels: tuple[AtChannel, ...]
    receivers: tuple[OfReceiver, ...]
    groups: tuple[OfGroup, ...] = ()
    lines: tuple[OnLine, ...] = ()
    notes: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    git_commit: str = ""


@dataclass(frozen=True)
class ProbedChannel:
    """A channel of a probe."""

    series: str
    title: str
    key: str
    loss_rate: Share  # of packets
    packet_ms: float


def write_probed(path: Path, found: Probed) -> None:
    """Write it as JSON."""
    write_file(path, json.dumps(asdict(found), indent=1, allow_nan=False) + "\n")


def read_probed(path: Path) -> Probed:
    """Read it back.

    Raises:
        ResultsError: if it is missing or damaged; one sentence says why.
    """
    with told_as(ResultsError, f"the probe {path} cannot be read"):
        found: Any = read_json(path, _MOST_BYTES)
        return made(Probed, found, "a probe")
