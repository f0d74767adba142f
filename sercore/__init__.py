"""What packet loss does to speech emotion recognition, and what can be done about it.

The names below are the public interface. They are imported when they are first used, so that
``import sercore`` costs nothing and torch is loaded only by what needs it.
"""

# ruff: noqa: I001  (the names below, a line a module)

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the same names for type checkers and editors, which do not run what follows
    from sercore.audio import AudioError as AudioError, read_audio as read_audio
    from sercore.channel import CLEAN as CLEAN, LOSS_MODELS as LOSS_MODELS, Bernoulli as Bernoulli
    from sercore.channel import Gilbert as Gilbert, GilbertElliott as GilbertElliott, LossModel as LossModel
    from sercore.channel import Netem as Netem, Recorded as Recorded, ThreeState as ThreeState
    from sercore.channel import channel_of as channel_of
    from sercore.channel.call import read_call as read_call
    from sercore.channel.fit import fit_call as fit_call
    from sercore.corpus import Corpus as Corpus, Track as Track, open_corpus as open_corpus
    from sercore.experiment.plan import Experiment as Experiment
    from sercore.line import LINES as LINES, Line as Line, behind as behind
    from sercore.live import Live as Live, Prediction as Prediction
    from sercore.network.model import EmotionModel as EmotionModel, ModelDimensions as ModelDimensions
    from sercore.network.weights import load_model as load_model
    from sercore.receiver import RECEIVERS as RECEIVERS, Receiver as Receiver
    from sercore.receiver import conceal as conceal, drop_lost as drop_lost
    from sercore.receiver.packet_loss import PacketLoss as PacketLoss
    from sercore.recogniser.confidence import Bands as Bands, fit_bands as fit_bands
    from sercore.recogniser.confidence import known_of as known_of
    from sercore.recogniser.paper_network import predict as predict
    from sercore.recogniser.recogniser import Recogniser as Recogniser
    from sercore.recogniser.registry import load_recogniser as load_recogniser
    from sercore.results.confidence import read_bands as read_bands
    from sercore.scoring.concordance import ccc as ccc
    from sercore.scoring.timeline import hold as hold
    from sercore.trace import Statistics as Statistics, Trace as Trace, TraceError as TraceError
    from sercore.training.loop import train as train
    from sercore.training.plan import TrainingPlan as TrainingPlan
    from sercore.training.settings import Setting as Setting, setting_named as setting_named


__version__ = "0.4.0"

_NAMES = {
    "audio": ("AudioError", "read_audio"),
    "channel": (
        *("CLEAN", "LOSS_MODELS", "LossModel", "channel_of"),
        *("Bernoulli", "Gilbert", "GilbertElliott", "Netem", "Recorded", "ThreeState"),
    ),
    "channel.call": ("read_call",),
    "channel.fit": ("fit_call",),
    "corpus": ("Corpus", "Track", "open_corpus"),
    "experiment.plan": ("Experiment",),
    "line": ("LINES", "Line", "behind"),
    "live": ("Live", "Prediction"),
    "network.model": ("EmotionModel", "ModelDimensions"),
    "network.weights": ("load_model",),
    "receiver": ("RECEIVERS", "Receiver", "conceal", "drop_lost"),
    "receiver.packet_loss": ("PacketLoss",),
    "recogniser.confidence": ("Bands", "fit_bands", "known_of"),
    "recogniser.paper_network": ("predict",),
    "recogniser.recogniser": ("Recogniser",),
    "recogniser.registry": ("load_recogniser",),
    "results.confidence": ("read_bands",),
    "scoring.concordance": ("ccc",),
    "scoring.timeline": ("hold",),
    "trace": ("Statistics", "Trace", "TraceError"),
    "training.loop": ("train",),
    "training.plan": ("TrainingPlan",),
    "training.settings": ("Setting", "setting_named"),
}
_HOME = {name: f"sercore.{module}" for module, names in _NAMES.items() for name in names}
__all__ = sorted(_HOME)  # noqa: PLE0605  (one list of names, not two)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sercore' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
