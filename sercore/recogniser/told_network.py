"""A network that follows the whole timeline: features at their own time, and what is told of the losses."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sercore.network.inference import decode_each
from sercore.receiver.receiver import Receiver
from sercore.recogniser.annotation_delay import delayed
from sercore.recogniser.features_in_time import features_in_time
from sercore.recogniser.paper_network import Heard, PaperNetwork
from sercore.recogniser.post_processing import finish
from sercore.units import FRAME_MS


class ToldNetwork(PaperNetwork):
    """A network that is told which packets are lost; nothing depends on what was in them."""

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
        """As of ``Recogniser``; all recordings are decoded at once."""
        with torch.inference_mode():
            calls = [
                features_in_time(self.network, each, received, receiver, packet_ms)
                for each, received in heard
            ]
            decoded = self._to_decode(calls)
        courses = decode_each(self.network, decoded)
        return [delayed(finish(course, self._chains), self._delay) for course in courses]

    def _to_decode(self, calls: list[Tensor]) -> Sequence[Tensor]:
        """What the recurrent half gets of ``features_in_time`` of each call."""
        return calls
