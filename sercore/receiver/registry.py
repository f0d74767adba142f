"""Every receiver by its name."""

from sercore.receiver.drop import Drop
from sercore.receiver.receiver import Receiver
from sercore.receiver.silence import Silence

RECEIVERS: dict[str, Receiver] = {receiver.NAME: receiver for receiver in (Drop(), Silence())}
EARLIER_NAMES = {"removed": Drop.NAME}  # in addresses and settings.json that were written before


def receiver_named(name: str) -> Receiver:
    """The receiver of that name, or of one that it had before.

    Raises:
        ValueError: if there is none; the message lists those that there are.

    Example:
        >>> receiver_named("removed").TITLE
        'Cut out'
    """
    known = EARLIER_NAMES.get(name, name) if isinstance(name, str) else ""
    if known not in RECEIVERS:
        raise ValueError(f"the receiver must be one of {', '.join(RECEIVERS)}, got {name!r}")
    return RECEIVERS[known]
