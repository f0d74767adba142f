"""A network that fills in, among its own features, what is lost: clean training, concealment learned."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from sercore.network.feature_concealer import FeatureConcealer
from sercore.network.weights import WeightsError, load_concealer, load_model
from sercore.receiver.receiver import Receiver
from sercore.recogniser.learned import learned_name
from sercore.recogniser.paper_network import Heard, PaperNetwork
from sercore.recogniser.told_network import ToldNetwork
from sercore.units import FRAME_MS

FOLDER = "concealers"  # beside the networks


@dataclass(frozen=True, eq=False)
class Concealed(ToldNetwork):
    """A network and the concealer of its features; of a call without loss it says what the network says.

    Behind a receiver that fills the holes, it improves what that has put into them.
    """

    concealer: FeatureConcealer

    @property
    def receiver(self) -> str:
        """What its concealment is called, as a receiver."""
        return learned_name(waits=self.concealer.dimensions.both_ways)

    @property
    def name(self) -> str:
        """The network's setting and the concealment."""
        return f"{self.network.card.setting_name}_{self.receiver}"

    @property
    def key(self) -> str:
        """SHA-256 of the concealer's weights, whose card names the network's."""
        return str(self.concealer.card.sha256)

    def predict_heard(
        self,
        heard: Sequence[tuple[Heard, NDArray[np.bool_]]],
        receiver: Receiver,
        *,
        packet_ms: float = FRAME_MS,
    ) -> list[NDArray[np.float32]]:
        """As of ``Recogniser``; without a loss it is the network's own."""
        alone = all(received.all() for _, received in heard)
        kind = PaperNetwork if alone else ToldNetwork
        return kind.predict_heard(self, heard, receiver, packet_ms=packet_ms)

    def _to_decode(self, calls: list[Tensor]) -> Sequence[Tensor]:
        filled: Sequence[Tensor] = self.concealer(
            [call[:, :-2] for call in calls], [call[:, -2] for call in calls]
        )
        return filled


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
