"""What packet loss does to speech emotion recognition, and what can be done about it.

The names below are the public interface. They are imported when they are first used, so that
``import sercore`` costs nothing and torch is loaded only by what needs it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sercore.checkpoints import load_model as load_model
    from sercore.concordance import ccc as ccc
    from sercore.corpus import Corpus as Corpus
    from sercore.corpus import Track as Track
    from sercore.corpus import open_corpus as open_corpus
    from sercore.drop import drop_lost as drop_lost
    from sercore.loss_models import Gilbert as Gilbert
    from sercore.model import EmotionModel as EmotionModel
    from sercore.model import ModelDimensions as ModelDimensions
    from sercore.prediction import predict as predict

__version__ = "0.1.0"

_HOME = {
    "Corpus": "sercore.corpus",
    "EmotionModel": "sercore.model",
    "Gilbert": "sercore.loss_models",
    "ModelDimensions": "sercore.model",
    "Track": "sercore.corpus",
    "ccc": "sercore.concordance",
    "drop_lost": "sercore.drop",
    "load_model": "sercore.checkpoints",
    "open_corpus": "sercore.corpus",
    "predict": "sercore.prediction",
}
__all__ = sorted(_HOME)  # noqa: PLE0605  (one list of names, not two)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sercore' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
