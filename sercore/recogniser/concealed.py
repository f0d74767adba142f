"""A network that fills in, among its own features, what is lost: clean training, concealment learned."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from sercore.network.feature_concealer import FeatureConcealer
from sercore.network.inference import decode_each
from sercore.network.weights import WeightsError, load_concealer, load_model
from sercore.receiver.receiver import Receiver
from sercore.recogniser.annotation_delay import delayed
from sercore.recogniser.features_in_time import features_in_time
from sercore.recogniser.paper_network import Heard, PaperNetwork
from sercore.recogniser.post_processing import finish
from sercore.units import FRAME_MS

FOLDER = "concealers"  # beside the networks
LEARNED = {"learned": False, "learned_both": True}
"""What these are called where receivers are named, and whether they wait for what comes after a loss."""


@dataclass(frozen=True, eq=False)
class Concealed(PaperNetwork):
    """A network and the concealer of its features; of a call without loss it says what the network says.

    Behind a receiver that fills the holes, it improves what that has put into them.
    """

    concealer: FeatureConcealer

    @property
    def receiver(self) -> str:
        """What its concealment is called, as a receiver."""
        both = self.concealer.dimensions.both_ways
        return next(name for name, both_ways in LEARNED.items() if both_ways == both)

    @property
    def name(self) -> str:
        """The network's setting and the concealment."""
        return f"{self.network.card.setting_name}_{self.receiver}"

    @property
    def key(self) -> str:
        """SHA-256 of the concealer's weights, whose card names the network's."""
        return str(self.concealer.card.sha256)

    @property
    def told(self) -> bool:
        """Yes."""
        return True

    def predict_heard(
        self,
        heard: Sequence[tuple[Heard, NDArray[np.bool_]]],
        receiver: Receiver,
        *,
        packet_ms: float = FRAME_MS,
    ) -> list[NDArray[np.float32]]:
        """As of ``Recogniser``."""
        if all(received.all() for _, received in heard):
            return super().predict_heard(heard, receiver, packet_ms=packet_ms)
        with torch.inference_mode():
            calls = [
                features_in_time(self.network, each, received, receiver, packet_ms)
                for each, received in heard
            ]
            filled = self.concealer([call[:, :-2] for call in calls], [call[:, -2] for call in calls])
        courses = decode_each(self.network, filled)
        return [delayed(finish(course, self._chains), self._delay) for course in courses]


def concealed(path: str | Path, device: Any = "cpu") -> Concealed:
    """The concealer in a file with the network that it belongs to, from the folder above.

    Raises:
        WeightsError: if one of them is missing, damaged, or does not belong to the other.
    """
    path = Path(path)
    concealer = load_concealer(path, device)
    about = concealer.card.conceals or {}
    beside = path.resolve().parent.parent / f"{about['setting']}.safetensors"
    network = load_model(beside, device)
    if network.card.sha256 != about["sha256"]:
        raise WeightsError(f"the concealer {path} was trained for another network than {beside}")
    return Concealed(network, concealer)
