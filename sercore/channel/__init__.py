"""Which packets arrive (paper section 2.1): the contract ``LossModel``, and the models that fulfil it."""

from sercore.channel.bernoulli import Bernoulli
from sercore.channel.gilbert import Gilbert
from sercore.channel.gilbert_elliott import GilbertElliott
from sercore.channel.loss_model import LossModel, Parameter
from sercore.channel.netem import Netem
from sercore.channel.plane import plane
from sercore.channel.recorded import Recorded
from sercore.channel.registry import CLEAN, LOSS_MODELS, channel_key, channel_of, parameters_of
from sercore.channel.three_state import ThreeState

__all__ = [
    "CLEAN",
    "LOSS_MODELS",
    "Bernoulli",
    "Gilbert",
    "GilbertElliott",
    "LossModel",
    "Netem",
    "Parameter",
    "Recorded",
    "ThreeState",
    "channel_key",
    "channel_of",
    "parameters_of",
    "plane",
]
