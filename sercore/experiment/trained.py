"""The networks of an experiment: those that are finished, and how one more is trained."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from sercore.corpus import Corpus
from sercore.corpus.partition import is_synthetic
from sercore.experiment.plan import Experiment, Network, with_delay
from sercore.network.card import Card
from sercore.network.inference import raw_prediction
from sercore.network.model import EmotionModel
from sercore.network.weights import WeightsError, read_card, save_model
from sercore.recogniser.post_processing import describe, fit_chain
from sercore.training.loop import train
from sercore.training.report import report_training
from sercore.training.state import TrainingState, describe_run, save_run, start_or_resume
from sercore.units import DIMENSIONS


def finished(
    experiment: Experiment, corpus: Corpus, networks: Iterable[Network] | None = None
) -> dict[Network, Card]:
    """The cards of the networks that are there, whether this experiment or ``scripts/train.py`` began them.

    ``networks`` are those of the experiment if left out.

    Raises:
        WeightsError: if one was trained otherwise than the experiment says.
    """
    asked = experiment.networks if networks is None else networks
    paths = {network: experiment.weights(network) for network in asked}
    return {
        network: checked_card(experiment, network, path, corpus)
        for network, path in paths.items()
        if is_there(path)
    }


def is_there(weights: Path) -> bool:
    """The card is written last: weights without one are those of a run that was killed between the two.

    So are those with an empty one, which a disk may leave that lost its power.
    """
    card = weights.with_suffix(".json")
    return weights.exists() and card.exists() and card.stat().st_size > 0


def of_shared_seeds(cards: Mapping[Network, Card]) -> dict[Network, Card]:
    """The networks of those seeds that all settings have, for only they compare like with like.

    All of them where no seed is shared.
    """
    seeds: dict[str, set[int]] = {}
    for network in cards:
        seeds.setdefault(network.setting.name, set()).add(network.seed)
    shared = set.intersection(*seeds.values()) if seeds else set()
    return {network: card for network, card in cards.items() if not shared or network.seed in shared}


def checked_card(
    experiment: Experiment, network: Network, path: Path, corpus: Corpus, option: str = "--runs"
) -> Card:
    """The card of the weights at ``path``, if they are this network, trained on the whole ``corpus``.

    ``option`` is how the user names another folder.

    Raises:
        WeightsError: if they were trained otherwise.
    """
    card, plan = read_card(path), experiment.plan_of(network)
    compared = {
        "corpus": (card.corpus_sha256, with_delay(corpus, experiment.delay).sha256),
        "setting": (card.setting_name, plan.setting.name),
        "seed": (card.seed, plan.seed),
        "epochs": (card.epochs, plan.epochs),
        "batch size": (card.batch_size, plan.batch_size),
        "segment seconds": (card.segment_seconds, plan.segment_seconds),
        "delay": (card.annotation_delay_seconds or 0.0, experiment.delay),
        "post-processing": (card.post_processing is not None, experiment.post_processing),
    }
    for what, (found, wanted) in compared.items():
        if found != wanted:
            raise WeightsError(
                f"{path} holds weights of another training "
                f"({what} {'unknown' if found is None else found} instead of {wanted}): "
                f"choose another folder ({option}) or delete them"
            )
    return card


def train_network(
    experiment: Experiment,
    network: Network,
    corpus: Corpus,
    device: torch.device,
    *,
    after_epoch: Callable[[TrainingState], None] = lambda _: None,
    target: Path | None = None,
) -> Card:
    """Train one network, or go on where a killed training stopped, and keep its best weights on devel.

    Args:
        experiment: where and how.
        network: which.
        corpus: the whole, its labels as they are.
        device: where to compute.
        after_epoch: called after each epoch, once it is saved.
        target: where the finished network goes; to those of the experiment if left out.

    Returns:
        The card as written.

    Raises:
        WeightsError: if the checkpoint is damaged or belongs to another plan or corpus.
    """
    learned, plan = with_delay(corpus, experiment.delay), experiment.plan_of(network)
    folder, description = experiment.folder(network), describe_run(plan, learned.sha256)

    def save(state: TrainingState) -> None:
        save_run(folder, state, description)
        after_epoch(state)

    state = train(learned, plan, start_or_resume(folder, plan, description, device), after_epoch=save)
    model, card = report_training(learned, plan, state, synthetic=is_synthetic(experiment.corpus))
    if experiment.delay:
        card = replace(card, annotation_delay_seconds=experiment.delay)
    if experiment.post_processing:
        chains, gains = _fitted_chains(model, learned)
        card = replace(card, post_processing=chains, post_processing_gain=gains)
    return save_model(target or experiment.weights(network), model, card)


def _fitted_chains(model: EmotionModel, corpus: Corpus) -> tuple[dict[str, Any], dict[str, Any]]:
    """AVEC's chain for each dimension, fitted on devel without loss, and what it gains there."""
    tracks = corpus.partition("devel")
    predicted = [raw_prediction(model, track.audio) for track in tracks]
    fits = [
        fit_chain([track.gold[:, d] for track in tracks], [each[:, d] for each in predicted])
        for d in range(len(DIMENSIONS))
    ]
    gains = {
        dimension: {"devel_before": round(before, 4), "devel_after": round(after, 4)}
        for dimension, (_, before, after) in zip(DIMENSIONS, fits, strict=True)
    }
    return describe([chain for chain, _, _ in fits]), gains


def devel_score(card: Card) -> float:
    """By which a network was chosen: mean CCC on devel, heard through its own channels if it has any."""
    scores = card.scores or {}
    of = scores.get("devel_own_channels", scores["devel_clean"])
    defined = [score for score in of.values() if score is not None]
    return float(sum(defined) / len(defined))
