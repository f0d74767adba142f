"""What packet loss does to speech emotion recognition, and what can be done about it.

The names below are the public interface. They are imported when they are first used, so that
``import sercore`` costs nothing and torch is loaded only by what needs it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sercore.channel.gilbert import Gilbert as Gilbert
    from sercore.corpus.corpus import Corpus as Corpus
    from sercore.corpus.corpus import Track as Track
    from sercore.corpus.corpus import open_corpus as open_corpus
    from sercore.network.model import EmotionModel as EmotionModel
    from sercore.network.model import ModelDimensions as ModelDimensions
    from sercore.network.weights import load_model as load_model
    from sercore.receiver.drop import drop_lost as drop_lost
    from sercore.recogniser.prediction import predict as predict
    from sercore.scoring.concordance import ccc as ccc

__version__ = "0.2.0"

_HOME = {
    "Corpus": "sercore.corpus.corpus",
    "EmotionModel": "sercore.network.model",
    "Gilbert": "sercore.channel.gilbert",
    "ModelDimensions": "sercore.network.model",
    "Track": "sercore.corpus.corpus",
    "ccc": "sercore.scoring.concordance",
    "drop_lost": "sercore.receiver.drop",
    "load_model": "sercore.network.weights",
    "open_corpus": "sercore.corpus.corpus",
    "predict": "sercore.recogniser.prediction",
}
__all__ = sorted(_HOME)  # noqa: PLE0605  (one list of names, not two)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sercore' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
