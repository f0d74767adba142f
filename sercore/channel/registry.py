"""Every loss model by its name, and a channel as one word of text."""

from collections.abc import Mapping
from urllib.parse import quote, unquote

from sercore.channel.bernoulli import Bernoulli
from sercore.channel.gilbert import Gilbert
from sercore.channel.gilbert_elliott import GilbertElliott
from sercore.channel.loss_model import LossModel
from sercore.channel.netem import Netem
from sercore.channel.recorded import Recorded
from sercore.channel.three_state import ThreeState
from sercore.reading import first_line, shortened
from sercore.reading.number import number

_ALL = (Gilbert, Bernoulli, GilbertElliott, ThreeState, Netem, Recorded)
LOSS_MODELS: Mapping[str, type[LossModel]] = {model.NAME: model for model in _ALL}
CLEAN = Gilbert(1.0, 0.0)
PACKET_MS = "packet_ms"  # named only where it is not a frame, so that older keys stay as they are
_PLAIN = "/ \\#"  # letters of a path that stay as they are, beside those of names


def models_of_numbers() -> dict[str, type[LossModel]]:
    """The models whose parameters are all numbers: what a stranger may name, for it names no file."""
    every = LOSS_MODELS.items()
    return {name: model for name, model in every if all(each.kind == "number" for each in model.PARAMETERS)}


def parameters_of(channel: LossModel) -> dict[str, float | str]:
    """The channel's values by name, and the length of its packets where that is not the usual one.

    Example:
        >>> parameters_of(Gilbert(0.9, 0.5)), parameters_of(Bernoulli(0.1, packet_ms=20))
        ({'p_n': 0.9, 'p_l': 0.5}, {'loss': 0.1, 'packet_ms': 20})
    """
    values = {each.name: getattr(channel, each.name) for each in channel.PARAMETERS}
    return values if channel.packet_ms == channel.USUAL_MS else values | {PACKET_MS: channel.packet_ms}


def channel_key(channel: LossModel) -> str:
    """One word that names a channel everywhere: in results, on command lines, in addresses.

    Example:
        >>> channel_key(Gilbert(0.9, 0.5))
        'gilbert:p_n=0.9,p_l=0.5'
        >>> channel_key(Gilbert(0.99, 0.5, packet_ms=20))
        'gilbert:p_n=0.99,p_l=0.5,packet_ms=20'
    """
    values = parameters_of(channel)
    said = {n: quote(v, safe=_PLAIN) if isinstance(v, str) else repr(v) for n, v in values.items()}
    return f"{channel.NAME}:{','.join(f'{name}={value}' for name, value in said.items())}"


def channel_of(key: str) -> LossModel:
    """The channel that ``channel_key`` named.

    Raises:
        ValueError: if there is no such model, or these are not its parameters; the message says what is.

    Example:
        >>> channel_of("gilbert:p_n=0.99,p_l=0.5,packet_ms=20")
        Gilbert(p_n=0.99, p_l=0.5, packet_ms=20)
    """
    name, _, text = key.partition(":")
    if name not in LOSS_MODELS:
        raise ValueError(f"there is no loss model {shortened(name)}; choose one of {', '.join(LOSS_MODELS)}")
    model = LOSS_MODELS[name]
    wanted = [parameter.name for parameter in model.PARAMETERS]
    given = dict(word.partition("=")[::2] for word in text.split(",") if word)
    if sorted({*given} - {PACKET_MS}) != sorted(wanted):
        example = f"{name}:{'=...,'.join(wanted)}=..."
        points = ", with decimal points" if any(each.isdigit() for each in given) else ""
        raise ValueError(f"{name} takes {', '.join(wanted)}, got {shortened(key)}; write {example}{points}")
    texts = {each.name for each in model.PARAMETERS if each.kind == "text"}
    try:
        return model(
            **{each: unquote(value) if each in texts else number(value) for each, value in given.items()}
        )
    except ValueError as error:
        raise ValueError(f"{shortened(key)} is no channel: {first_line(error)}") from None
