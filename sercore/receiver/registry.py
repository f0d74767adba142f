"""Every receiver by its name."""

from collections.abc import Mapping

from sercore.receiver.drop import Drop
from sercore.receiver.receiver import Receiver
from sercore.receiver.silence import Silence

RECEIVERS: Mapping[str, Receiver] = {receiver.NAME: receiver for receiver in (Drop(), Silence())}
