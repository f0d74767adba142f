"""A Python function as a recogniser: ``module:function(audio, sample_rate) -> numbers``."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

from sercore.files import sha256_of_file
from sercore.recogniser.foreign import Foreign, ModelError
from sercore.units import SAMPLE_RATE


def python_function(text: str) -> Foreign:
    """The function that ``module:function`` names, as Python would import it from here.

    It may say more of itself by attributes: ``dimensions``, ``sample_rate``, ``longest``,
    ``shortest`` and ``scale`` (the lowest and the highest that its outputs may be).

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
    known = ("dimensions", "longest", "shortest", "scale")
    said = {key: getattr(function, key) for key in known if hasattr(function, key)}
    said |= {key: tuple(said[key]) for key in ("dimensions", "scale") if key in said}
    return Foreign(lambda audio: function(audio, rate), text, _key(text, module), sample_rate=rate, **said)


def _key(text: str, module: ModuleType) -> str:
    """Its name, and a hash of the file that it is written in: what was computed with another is not its."""
    source = Path(getattr(module, "__file__", None) or "")
    return f"{text} {sha256_of_file(source)[:12]}" if source.is_file() else text
