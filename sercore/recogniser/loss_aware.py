"""The network that is told what is lost, as a recogniser: one set of weights for every channel."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from sercore.network.inference import decode_each
from sercore.receiver.receiver import Receiver
from sercore.recogniser.annotation_delay import delayed
from sercore.recogniser.features_in_time import features_in_time
from sercore.recogniser.paper_network import Heard, PaperNetwork
from sercore.recogniser.post_processing import finish
from sercore.units import FRAME_MS


class LossAware(PaperNetwork):
    """A ``LossAwareModel`` in eval mode; where others hold their last word during a loss, it goes on.

    It was trained with the receiver that cuts out. Behind one that fills the holes it hears the filling, and
    is told all the same what is lost.
    """

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
        """As of ``Recogniser``; nothing depends on what was in lost packets."""
        with torch.inference_mode():
            calls = [
                features_in_time(self.network, each, received, receiver, packet_ms)
                for each, received in heard
            ]
        courses = decode_each(self.network, calls)
        return [delayed(finish(course, self._chains), self._delay) for course in courses]
