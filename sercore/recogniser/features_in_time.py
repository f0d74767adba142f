"""A network's features of a call with losses, each at its own time, and what is told of the losses."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sercore.network.inference import features_of
from sercore.network.loss_aware import in_time
from sercore.network.model import EmotionModel
from sercore.receiver.any_rate import receive
from sercore.receiver.receiver import Receiver
from sercore.receiver.told import left_of, told_of
from sercore.recogniser.paper_network import Heard
from sercore.units import FRAME_MS, SAMPLE_RATE


def features_in_time(
    network: EmotionModel, heard: Heard, received: NDArray[np.bool_], receiver: Receiver, packet_ms: float
) -> Tensor:
    """Features of every frame, with what is told of it in the last two columns.

    Where a receiver cuts out, frames of which nothing arrives have zeros, and their neighbours hear each
    other, as in the paper; a frame of which something arrives is silent where it does not. Another receiver
    fills all holes before the network hears them; what is told stays the same.

    Shape: (packets,) -> (frames, channels + 2).
    """
    told = told_of(received, packet_ms)
    if receiver.KEEPS_LENGTH:
        features = features_of(network, receive(heard.audio, SAMPLE_RATE, received, packet_ms, receiver))
        return torch.cat([features, torch.from_numpy(told).to(features.device)], dim=1)
    if not (told[:, 0] < 1).any():
        device = next(network.parameters()).device
        features = torch.zeros(0, network.dimensions.channels[-1], device=device)
    elif packet_ms == FRAME_MS:
        features = heard.features.received(received)
    else:
        features = features_of(network, left_of(heard.audio, received, packet_ms))
    return in_time(features, torch.from_numpy(told).to(features.device))
