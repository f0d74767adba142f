"""Which frames arrive (paper section 2.1): the contract ``LossModel``, and the models that fulfil it."""

from sercore.channel.gilbert import Gilbert
from sercore.channel.loss_model import LossModel, Parameter
from sercore.channel.plane import plane
from sercore.channel.registry import CLEAN, LOSS_MODELS, channel_key, channel_of, parameters_of

__all__ = [
    "CLEAN",
    "LOSS_MODELS",
    "Gilbert",
    "LossModel",
    "Parameter",
    "channel_key",
    "channel_of",
    "parameters_of",
    "plane",
]
