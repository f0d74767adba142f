"""Which weights a setting uses in a channel, and which of them are there."""

import logging
from functools import partial
from pathlib import Path

from dashboard.compute.cache import Cache
from sercore.network.card import Card
from sercore.reading import ReadingError, read_json
from sercore.recogniser.confidence import Bands
from sercore.recogniser.foreign import Foreign
from sercore.recogniser.learned import LEARNED, parts_of
from sercore.recogniser.recogniser import Recogniser
from sercore.recogniser.registry import RECOGNISERS, load_recogniser
from sercore.report.looks import setting_title
from sercore.results.confidence import CONFIDENCE, read_bands
from sercore.results.errors import ResultsError
from sercore.results.four_settings import all_weights_of
from sercore.training.settings import AUGMENTATION, LOSS_AWARE
from sercore.units import DIMENSIONS

CONCEALERS = "concealers"  # the folder beside the networks
TRAINED = Path(__file__).resolve().parents[2] / "trained"
OFFERED: dict[str, Path] = {}  # recognisers that the operator named, by name (``operators.offer``)

SETTING_SENTENCES = {
    "mismatched": "Trained on clean speech alone, so loss comes as a surprise.",
    "multi_condition": "Trained on every kind of channel at once.",
    "matched": "Nine networks, each trained on the kind of channel it is then tested on.",
    "augmentation": "Trained on light loss, used everywhere.",
}
SENTENCES_BEYOND = {LOSS_AWARE.name: "One for every channel: told what is lost, it goes on."}
SETTING_TITLES = {name: setting_title(name) for name in SETTING_SENTENCES}


def cell_words(weights: str) -> str:
    """Which ninth of the plane a matched network was trained on, in Markdown.

    Example:
        >>> cell_words("matched_high_mid")
        'high $p_N$, mid $p_L$'
    """
    p_n, p_l = weights.removeprefix("matched_").split("_")
    return f"{p_n} $p_N$, {p_l} $p_L$"


def sentence_of(setting: str) -> str:
    """What a setting is; of a recogniser that is none of the paper's, where it lies."""
    if setting in OFFERED:
        return "None of ours: whoever runs this server offers it."
    if setting in concealers():
        when = "once it is over" if LEARNED.get(parts_of(setting)[1]) else "as it comes"
        return f"Its network, which fills a loss among its own features, {when}."
    return (SETTING_SENTENCES | SENTENCES_BEYOND).get(
        setting, "Not one of the paper's: its file lies in `trained/`."
    )


def _file_of(weights: str) -> Path | None:
    """The file of a recogniser, of whichever kind the registry knows; one that is offered may be a folder."""
    if weights in OFFERED:
        return OFFERED[weights] if OFFERED[weights].exists() else None
    folders = (TRAINED, TRAINED / CONCEALERS)
    files = (folder / f"{weights}{suffix}" for folder in folders for suffix in RECOGNISERS)
    return next(filter(Path.is_file, files), None)


def is_trained(weights: str) -> bool:
    """Whether the weights are there."""
    return _file_of(weights) is not None


def trained_settings() -> list[str]:
    """Settings of which at least one network is there, in the paper's order; then other recognisers.

    The matched setting counts only with a network beside the one that it shares with augmentation.
    """
    shared = ("matched", AUGMENTATION.name)
    pairs = [(setting, name) for setting in SETTING_TITLES for name in all_weights_of(setting)]
    there = {setting for setting, name in pairs if (setting, name) != shared and is_trained(name)}
    files = {path.stem for path in TRAINED.glob("*.*") if path.suffix in RECOGNISERS}
    others = sorted(files - {name for _, name in pairs})
    return [*(setting for setting in SETTING_TITLES if setting in there), *others, *OFFERED]


def concealers() -> list[str]:
    """Networks that conceal among their own features, by name."""
    return sorted(path.stem for path in (TRAINED / CONCEALERS).glob("*.safetensors"))


def when_changed(weights: str) -> float:
    """When the file was last written: a retrained network is another entry in every cache.

    Raises:
        sercore.network.weights.WeightsError: if the weights are not there.
    """
    if (path := _file_of(weights)) is None:
        from sercore.network.weights import WeightsError  # noqa: PLC0415  (torch costs seconds)

        raise WeightsError(f"there are no weights {weights} in trained/")
    return path.stat().st_mtime


def card_of(weights: str) -> dict[str, object]:
    """The card beside the weights, empty where it cannot be read: who loads the weights will say why."""
    path = (_file_of(weights) or TRAINED / weights).with_suffix(".json")
    if not path.is_file():
        return {}
    return _CARDS.find((path, path.stat().st_mtime_ns), lambda: _read_card(path))


def _read_card(path: Path) -> dict[str, object]:
    try:
        return Card.from_json(read_json(path)).to_json()
    except ReadingError:
        return {}


def load(weights: str) -> Recogniser:
    """A network, read once for all visitors.

    Raises:
        sercore.network.weights.WeightsError: if the weights cannot be trusted; one sentence says why.
    """
    make = partial(_load, _file_of(weights) or TRAINED / weights)
    return _NETWORKS.find((weights, when_changed(weights)), make)


def _load(path: Path) -> Recogniser:
    """Of other people's models the outputs that are called as ours are."""
    found = load_recogniser(path)
    return found.only(DIMENSIONS) if isinstance(found, Foreign) else found


def bands_of(weights: str, receiver: str) -> Bands | None:
    """How sure a network is behind a receiver, where ``trained/results`` knows."""
    every = known_bands()
    return every.get((load(weights).key, receiver)) if every else None


def known_bands() -> dict[tuple[str, str], Bands]:
    """All that ``trained/results`` knows of that, by key and receiver."""
    path = TRAINED / "results" / CONFIDENCE
    if not path.is_file():
        return {}
    return _BANDS.find((path, path.stat().st_mtime_ns), lambda: _read_bands(path))


def _read_bands(path: Path) -> dict[tuple[str, str], Bands]:
    try:
        return read_bands(path)
    except ResultsError as error:
        logging.getLogger("sercore.dashboard").warning("no bands are shown: %s", error)
        return {}


_BANDS: Cache[dict[tuple[str, str], Bands]] = Cache(1)
_NETWORKS: Cache[Recogniser] = Cache(16)
_CARDS: Cache[dict[str, object]] = Cache(64)
