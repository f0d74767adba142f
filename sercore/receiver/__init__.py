"""What is done about a loss: the contract ``Receiver``, and those that fulfil it."""

from sercore.receiver.drop import drop_lost
from sercore.receiver.receiver import Receiver
from sercore.receiver.registry import RECEIVERS, conceal, receiver_named
from sercore.receiver.samples import sample_mask

__all__ = ["RECEIVERS", "Receiver", "conceal", "drop_lost", "receiver_named", "sample_mask"]
