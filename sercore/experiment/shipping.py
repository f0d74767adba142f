"""The networks that ship: of each setting one seed, and how a fresh clone goes on from them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sercore.corpus import Corpus
from sercore.experiment.plan import Experiment, Network
from sercore.experiment.trained import checked_card, devel_score, is_there
from sercore.files import write_file
from sercore.network.card import Card
from sercore.network.tensor_file import read_tensor_file
from sercore.network.weights import load_model, read_card, save_model, write_card
from sercore.results.clip_scores import mean_aucs

_SAME_TRAINING = ("corpus", "epochs", "batch_size", "segment_seconds")


def adopt_shipped(experiment: Experiment, corpus: Corpus) -> list[Network]:
    """Count the networks in ``trained`` as finished: a fresh clone, which has no runs, goes on from them.

    Returns:
        Those that were taken; those that are there already are not.

    Raises:
        WeightsError: if one is damaged, or was trained otherwise than the experiment says.
    """
    taken = []
    for network in experiment.networks:
        target = experiment.weights(network)
        source = _path(experiment, network.setting.name)
        if is_there(target) or not source.exists() or read_card(source).seed != network.seed:
            continue
        card = checked_card(experiment, network, source, corpus)
        of_any_seed = replace(card, seed_choice=None, devel_score_of_seeds=None, plane=None)
        save_model(target, load_model(source), of_any_seed)
        taken.append(network)
    return taken


def _path(experiment: Experiment, setting: str) -> Path:
    return experiment.trained / f"{setting}.safetensors"


def ship(experiment: Experiment, compared: Mapping[Network, Card]) -> dict[str, int]:
    """Copy one network of each setting to ``trained``: the median by devel score, not the best.

    But where real voices were heard by all of a setting's, it is the one that tells them apart best. One that
    is there already as one of more seeds of the same training stays. ``compared`` are the networks that the
    tables are made of.

    Returns:
        The seed that was taken, for each setting.
    """
    shipped = {}
    for name in experiment.settings:
        mine = {network: card for network, card in compared.items() if network.setting.name == name}
        if mine:
            shipped[name] = ship_one(experiment, mine)
    return shipped


def ship_one(experiment: Experiment, mine: Mapping[Network, Card]) -> int:
    """As ``ship``, of the networks of one setting, which need be none of the experiment's; the seed."""
    (setting,) = {network.setting.name for network in mine}
    target = _path(experiment, setting)
    if (kept := _one_of_more(target, mine)) is not None:
        return kept
    scores = {network.seed: devel_score(card) for network, card in mine.items()}
    seed, why = median_seed(scores), f"the median of {len(mine)} by devel score, not the best"
    heard = mean_aucs(experiment.voices)
    aucs = {network.seed: heard[str(card.sha256)] for network, card in mine.items() if card.sha256 in heard}
    if len(aucs) == len(mine):
        seed = max(aucs, key=lambda one: aucs[one])
        each = ", ".join(f"{auc:.3f} (seed {one})" for one, auc in sorted(aucs.items()))
        why = (
            f"of {len(mine)} the one that tells real voices apart best, as they are and by telephone: {each}"
        )
    network = next(network for network in mine if network.seed == seed)
    chosen = replace(
        mine[network],
        seed_choice=why,
        devel_score_of_seeds={str(one): round(score, 4) for one, score in sorted(scores.items())},
    )
    write_file(target, read_tensor_file(experiment.weights(network)))
    write_card(target, chosen)
    return seed


def _one_of_more(target: Path, mine: Mapping[Network, Card]) -> int | None:
    """The seed of the network at ``target``, if it was chosen from these trainings and others."""
    if not is_there(target):
        return None
    there = read_card(target)
    if not set(there.devel_score_of_seeds or ()) > {str(network.seed) for network in mine}:
        return None
    card = next(iter(mine.values()))
    same = all(getattr(there, what) == getattr(card, what) for what in _SAME_TRAINING)
    return there.seed if same else None


def median_seed(scores: Mapping[int, float]) -> int:
    """The seed whose score is the median; of an even number, the lower of the two in the middle.

    Example:
        >>> median_seed({0: 0.3, 1: 0.5, 2: 0.4}), median_seed({0: 0.3, 1: 0.5})
        (2, 0)
    """
    return sorted(scores, key=lambda seed: (scores[seed], seed))[(len(scores) - 1) // 2]
