"""All that decides the outcome of a training, beside the corpus."""

from dataclasses import asdict, dataclass, field
from typing import Any

from sercore.network.model import ModelDimensions
from sercore.training.segments import SEGMENT_SECONDS
from sercore.training.settings import MISMATCHED, Setting
from sercore.units import LABEL_RATE


@dataclass(frozen=True)
class TrainingPlan:
    """How one network is trained. The defaults are the paper's.

    Args:
        setting: what the network hears while it is trained.
        seed: decides initial weights, order of segments, channels and dropout.
        epochs: passes over the training partition.
        batch_size: segments in one step.
        segment_seconds: length of a training piece.
        learning_rate: Adadelta's; rho and eps keep PyTorch's defaults (0.9 and 1e-6).
        devel_every: score the devel partition after this many epochs, and after the last.
        averaging_decay: share of the running average of the weights that survives one step.
        lines: whether half of the segments are heard through a microphone, a room, noise or a telephone of
            their own, drawn anew each time (``line.acoustics``), before anything is lost. Not in the paper.
        dimensions: of the network.

    Raises:
        ValueError: if a number is impossible.
    """

    setting: Setting = MISMATCHED
    seed: int = 0
    epochs: int = 200
    batch_size: int = 16
    segment_seconds: float = SEGMENT_SECONDS
    learning_rate: float = 0.5
    devel_every: int = 10
    averaging_decay: float = 0.998
    lines: bool = False
    dimensions: ModelDimensions = field(default_factory=ModelDimensions)

    def __post_init__(self) -> None:
        for name, least in (("epochs", 1), ("batch_size", 1), ("devel_every", 1), ("seed", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}, got {getattr(self, name)}")
        if not 1 / LABEL_RATE <= self.segment_seconds <= 3600:
            raise ValueError(
                f"segment_seconds must be {1 / LABEL_RATE:g} s to an hour, got {self.segment_seconds:g} s"
            )
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate must be above 0, got {self.learning_rate}")
        if not 0 <= self.averaging_decay < 1:
            raise ValueError(f"averaging_decay must lie in [0, 1), got {self.averaging_decay}")

    def decisive(self) -> dict[str, Any]:
        """All of it as JSON; lines only where there are some, for plans of before knew of none."""
        return {name: value for name, value in asdict(self).items() if name != "lines" or value}
