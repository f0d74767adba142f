"""Every loss model by its name, and a channel as one word of text."""

from collections.abc import Mapping

from sercore.channel.gilbert import Gilbert
from sercore.channel.loss_model import LossModel

LOSS_MODELS: Mapping[str, type[LossModel]] = {model.NAME: model for model in (Gilbert,)}
CLEAN = Gilbert(1.0, 0.0)


def parameters_of(channel: LossModel) -> dict[str, float]:
    """The channel's numbers by name.

    Example:
        >>> parameters_of(Gilbert(0.9, 0.5))
        {'p_n': 0.9, 'p_l': 0.5}
    """
    return {parameter.name: float(getattr(channel, parameter.name)) for parameter in channel.PARAMETERS}


def channel_key(channel: LossModel) -> str:
    """One word that names a channel everywhere: in results, on command lines, in addresses.

    Example:
        >>> channel_key(Gilbert(0.9, 0.5))
        'gilbert:p_n=0.9,p_l=0.5'
    """
    values = ",".join(f"{name}={value!r}" for name, value in parameters_of(channel).items())
    return f"{channel.NAME}:{values}"


def channel_of(key: str) -> LossModel:
    """The channel that ``channel_key`` named.

    Raises:
        ValueError: if there is no such model, or these are not its parameters; the message says what is.

    Example:
        >>> channel_of("gilbert:p_n=0.9,p_l=0.5")
        Gilbert(p_n=0.9, p_l=0.5)
    """
    name, _, text = key.partition(":")
    if name not in LOSS_MODELS:
        raise ValueError(f"there is no loss model {name!r}; choose one of {', '.join(LOSS_MODELS)}")
    model = LOSS_MODELS[name]
    wanted = [parameter.name for parameter in model.PARAMETERS]
    given = dict(word.partition("=")[::2] for word in text.split(",") if word)
    if sorted(given) != sorted(wanted):
        example = f"{name}:{'=...,'.join(wanted)}=..."
        raise ValueError(f"{name} takes {', '.join(wanted)}, got {key!r}; write {example}")
    try:
        return model(**{parameter: float(given[parameter]) for parameter in wanted})
    except ValueError as error:
        raise ValueError(f"{key!r} is no channel: {error}") from None
