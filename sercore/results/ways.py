"""Ways to deal with a loss, whole: how the network was trained, and which receiver feeds it.

A way takes the place of the setting in a sheet, so that whatever compares settings compares ways.
"""

from functools import cache

import pandas as pd

from sercore.channel import LossModel, channel_of
from sercore.line import receiver_of
from sercore.receiver.drop import Drop
from sercore.recogniser import learned
from sercore.results.table import RECEIVER
from sercore.training.settings import AUGMENTATION, MATCHED, matched_for
from sercore.units import FRAME_MS

SHORT, LONG = 1.5, 10.0  # packets of 20 ms in a burst, on average: 30 and 200 ms
RATES = (0.01, 0.03, 0.05, 0.1, 0.2, 0.4)  # of packets lost in a call
LADDER = ("g711+silence", "g711+pitch", "opus-16", "opus-16-fec", "opus-24", "opus-24-fec")  # of the line
CLEAN_NETWORK = "mismatched"  # the one that learned from clean speech
LEARNED = {"learned": "Learned", "learned_both": "Learned, both ways"}
"""Concealment within a network (``recogniser.learned``), with a title."""
_WHEN = {True: "causal", False: "waits for what follows"}
_NINE = {setting.name for setting in MATCHED.values()}


def way(setting: str, receiver: str = Drop.NAME) -> str:
    """How a network was trained and what feeds it, in one word.

    Example:
        >>> way("mismatched", "pitch")
        'mismatched behind pitch'
    """
    return f"{setting} behind {receiver}"


def in_words(name: str) -> str:
    """A way for people.

    Example:
        >>> in_words("multi_condition behind drop"), in_words("mismatched behind opus-24")
        ('multi-condition that cuts out', 'mismatched behind opus-24')
    """
    return name.replace("_", "-").replace(f"behind {Drop.NAME}", "that cuts out")


def receiver_title(name: str) -> str:
    """What a receiver is called for people, maybe behind a line, or learned.

    Example:
        >>> receiver_title("pitch"), receiver_title("learned_both")
        ('Pitch period', 'Learned, both ways')
    """
    return LEARNED.get(name) or receiver_of(name).TITLE


def receiver_in_words(name: str) -> str:
    """A receiver within a sentence, and whether it can answer while somebody speaks.

    Example:
        >>> receiver_in_words("pitch"), receiver_in_words("linear")
        ('pitch period (causal)', 'straight line (waits for what follows)')
    """
    if name in LEARNED:
        how = LEARNED[name].removeprefix("Learned")
        return f"learned concealment{how} ({_WHEN[not learned.LEARNED[name]]})"
    receiver = receiver_of(name)
    return f"{receiver.TITLE.lower()} ({_WHEN[receiver.CAUSAL]})"


def as_ways(sheet: pd.DataFrame) -> pd.DataFrame:
    """Rows of networks behind receivers as rows of ways.

    ``matched`` takes each channel from the network that was trained in its ninth of the plane, which for
    packets of another length is that of the frames that they lose; ``augmentation`` is one of the nine.
    A network that conceals by itself counts as its training behind a receiver, one of ``LEARNED``.
    One more column, ``training``, has the name of the setting alone.
    """
    receivers = sheet[RECEIVER].fillna(Drop.NAME) if RECEIVER in sheet else Drop.NAME
    rows = sheet.assign(**{RECEIVER: receivers})
    for name in LEARNED:
        mine = rows["setting"].str.endswith(f"_{name}") & (rows[RECEIVER] == Drop.NAME)
        rows.loc[mine, RECEIVER] = name
        rows.loc[mine, "setting"] = rows.loc[mine, "setting"].str.removesuffix(f"_{name}")
    own = pd.Series([_matched(key) for key in rows["channel"]], index=rows.index, dtype="string")
    parts = [
        rows[~rows["setting"].isin(_NINE)],
        rows[rows["setting"] == AUGMENTATION.name].assign(setting="augmentation"),
        rows[rows["setting"] == own].assign(setting="matched"),
    ]
    every = pd.concat(parts, ignore_index=True)
    names = [way(*each) for each in zip(every["setting"], every[RECEIVER], strict=True)]
    ways = pd.Series(names, index=every.index, dtype="string")
    return every.assign(training=every["setting"], setting=ways)


def is_call(channel: LossModel) -> bool:
    """Whether a channel is one of calls: it loses packets of 20 ms and not frames."""
    return channel.packet_ms != FRAME_MS


@cache
def _matched(key: str) -> str:
    return matched_for(channel_of(key)).name
