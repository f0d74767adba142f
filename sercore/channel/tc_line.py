"""Channels as lines of ``tc netem``, in which Linux rehearses a network.

netem counts in per cent; the last two numbers of ``gemodel`` are probabilities of loss, in bad and in good.
"""

import re

from sercore.channel.bernoulli import Bernoulli
from sercore.channel.gilbert import Gilbert
from sercore.channel.gilbert_elliott import GilbertElliott
from sercore.channel.loss_model import LossModel
from sercore.channel.netem import Netem
from sercore.units import FRAME_MS

LINE = re.compile(r"\bnetem\b|\b(?:loss|drop)\s+(?:random|state|gemodel)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(\d+(?:\.\d*)?|\.\d+)%?$")
_RULE = "it takes loss [random] P, loss state P13 [P31 [P32 [P23 [P14]]]] or loss gemodel P [R [1-H [1-K]]]"


def channel_of_line(line: str, packet_ms: float = FRAME_MS) -> LossModel:
    """The channel that a line of ``tc netem`` makes.

    What is left out is as tc has it: r = 1 - p, all lost in bad and none in good; p31 = 1 - p13, p32 = 0,
    p23 = 1 and p14 = 0.

    Raises:
        ValueError: with the word and the rule.

    Example:
        >>> channel_of_line("tc qdisc add dev eth0 root netem delay 50ms loss gemodel 1% 30% 80% 0.1%", 20)
        GilbertElliott(p=0.01, r=0.3, h=0.2, k=0.999, packet_ms=20)
        >>> channel_of_line("loss gemodel 1% 25%", 20)
        Gilbert(p_n=0.99, p_l=0.75, packet_ms=20)
    """
    words = line.split()
    places = [place for place, word in enumerate(words) if word.lower() in ("loss", "drop")]
    if len(places) != 1:
        raise ValueError(f"a line of netem names one loss, got {line[:80]!r}; {_RULE}")
    kind, *rest = [word.lower() for word in words[places[0] + 1 :]] or [""]
    if _NUMBER.match(kind):  # netem's first syntax left the word "random" out
        kind, rest = "random", [kind, *rest]
    values = []
    for word in rest:
        if not (found := _NUMBER.match(word)):
            break
        values.append(round(float(found[1]) / 100, 12))
        if values[-1] > 1:
            raise ValueError(f"netem counts in per cent, 0 to 100, got {word!r} in {line[:80]!r}")
    most = {"random": 1, "state": 5, "gemodel": 4}.get(kind)
    if most is None or not values:
        raise ValueError(f"netem knows no loss of the kind {' '.join([kind, *rest])[:40]!r}; {_RULE}")
    if kind == "random" and len(values) > 1:
        said = f"the correlation {rest[1]!r} of loss random has no law that could be played"
        raise ValueError(f"{said}; write loss gemodel")
    if len(values) > most:
        raise ValueError(f"loss {kind} takes at most {most} numbers, got {len(values)} in {line[:80]!r}")
    return _channel(kind, values, packet_ms)


def _channel(kind: str, values: list[float], packet_ms: float) -> LossModel:
    first = values[0]
    if kind == "random" or (kind == "gemodel" and len(values) == 1):
        return Bernoulli(first, packet_ms=packet_ms)
    if kind == "state":
        p13, p31, p32, p23, p14 = values + [0.0, 1 - first, 0.0, 1.0, 0.0][len(values) :]
        return Netem(p13, p31, p32, p23, p14, packet_ms=packet_ms)
    _, r, bad_loses, good_loses = values + [0.0, 0.0, 1.0, 0.0][len(values) :]
    if (bad_loses, good_loses) == (1, 0):
        return Gilbert(round(1 - first, 12), round(1 - r, 12), packet_ms=packet_ms)
    return GilbertElliott(first, r, round(1 - bad_loses, 12), round(1 - good_loses, 12), packet_ms=packet_ms)


def line_of_channel(channel: LossModel) -> str:
    """What to write after ``tc qdisc add dev DEVICE root netem`` to rehearse a channel.

    Raises:
        ValueError: if netem has no such model.

    Example:
        >>> line_of_channel(Gilbert(0.99, 0.75, packet_ms=20))
        'loss gemodel 1% 25%'
        >>> line_of_channel(GilbertElliott(0.01, 0.3, 0.2, 0.999))
        'loss gemodel 1% 30% 80% 0.1%'
    """
    match channel:
        case Bernoulli():
            return f"loss random {_per_cent(channel.loss)}"
        case Gilbert():
            return f"loss gemodel {_per_cent(1 - channel.p_n)} {_per_cent(1 - channel.p_l)}"
        case GilbertElliott():
            values = channel.p, channel.r, 1 - channel.h, 1 - channel.k
            return f"loss gemodel {' '.join(map(_per_cent, values))}"
        case Netem():
            moves = channel.p13, channel.p31, channel.p32, channel.p23, channel.p14
            return f"loss state {' '.join(map(_per_cent, moves))}"
    known = ", ".join(model.NAME for model in (Bernoulli, Gilbert, GilbertElliott, Netem))
    raise ValueError(f"netem has no model {channel.NAME!r}; it has those of {known}")


def _per_cent(probability: float) -> str:
    return f"{round(100 * probability, 7):.7g}%"
