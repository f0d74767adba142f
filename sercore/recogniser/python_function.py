"""A Python function as a recogniser: ``module:function(audio, sample_rate) -> numbers``."""

import importlib
import sys
from pathlib import Path

from sercore.recogniser.foreign import Foreign, ModelError
from sercore.units import SAMPLE_RATE


def python_function(text: str) -> Foreign:
    """The function that ``module:function`` names, as Python would import it from here.

    It may say more of itself by attributes: ``dimensions``, ``sample_rate``, ``longest`` and ``shortest``.

    Raises:
        ModelError: if there is no such module or function, or it fails on two seconds of noise.

    Example:
        >>> python_function("statistics:nonsense")
        Traceback (most recent call last):
        sercore.recogniser.foreign.ModelError: the module statistics has no function nonsense
    """
    module_name, _, name = text.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise ModelError(f"the module {module_name} cannot be imported: {error}") from None
    function = getattr(module, name, None)
    if not callable(function):
        raise ModelError(f"the module {module_name} has no function {name}")
    rate = int(getattr(function, "sample_rate", SAMPLE_RATE))
    said = {
        key: getattr(function, key) for key in ("dimensions", "longest", "shortest") if hasattr(function, key)
    }
    said |= {"dimensions": tuple(said["dimensions"])} if "dimensions" in said else {}
    return Foreign(lambda audio: function(audio, rate), text, text, sample_rate=rate, **said)
