"""The networks of an experiment: those that are finished, and how one more is trained."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError, safe_open

from sercore.checkpoints import (
    WeightsError,
    read_card,
    save_model,
)
from sercore.experiment import Experiment, Network, with_delay
from sercore.gold_standard import DIMENSIONS
from sercore.partitions import is_synthetic
from sercore.post_processing import describe, fit_chain
from sercore.prediction import predict
from sercore.training import TrainingState, train
from sercore.training_report import report_training
from sercore.training_runs import CHECKPOINT, describe_run, save_run, start_or_resume

if TYPE_CHECKING:
    from pathlib import Path

    import torch

    from sercore.corpus import Corpus
    from sercore.model import EmotionModel

Card = dict[str, Any]


def finished(experiment: Experiment, corpus: Corpus) -> dict[Network, Card]:
    """The cards of the networks that are there, whether this experiment or ``scripts/train.py`` began them.

    Raises:
        WeightsError: if one was trained otherwise than the experiment says.
    """
    there = [network for network in experiment.networks if is_there(experiment.weights(network))]
    return {
        network: checked_card(experiment, network, experiment.weights(network), corpus) for network in there
    }


def is_there(weights: Path) -> bool:
    """The card is written last: weights without one are those of a run that was killed between the two."""
    return weights.exists() and weights.with_suffix(".json").exists()


def of_shared_seeds(cards: Mapping[Network, Card]) -> dict[Network, Card]:
    """The networks of those seeds that all settings have, for only they compare like with like.

    All of them where no seed is shared.
    """
    seeds: dict[str, set[int]] = {}
    for network in cards:
        seeds.setdefault(network.setting.name, set()).add(network.seed)
    shared = set.intersection(*seeds.values()) if seeds else set()
    return {network: card for network, card in cards.items() if not shared or network.seed in shared}


def checked_card(experiment: Experiment, network: Network, path: Path, corpus: Corpus) -> Card:
    """The card of the weights at ``path``, if they are this network of this experiment.

    Raises:
        WeightsError: if they were trained otherwise.
    """
    card = read_card(path)
    plan = experiment.plan_of(network)
    wanted = {
        "corpus": with_delay(corpus, experiment.delay).sha256,
        "setting": plan.setting.name,
        "seed": plan.seed,
        "epochs": plan.epochs,
        "batch size": plan.batch_size,
        "segment seconds": plan.segment_seconds,
        "random lines": plan.lines,
        "delay": experiment.delay,
        "post-processing": experiment.post_processing,
    }
    try:
        found = {
            "corpus": card["corpus"]["sha256"],
            "setting": card["setting"]["name"],
            "seed": card["seed"],
            "epochs": card["epochs"],
            "batch size": card["batch_size"],
            "segment seconds": card["segment_seconds"],
            "random lines": not str(card.get("lines", "none")).startswith("none"),
            "delay": card.get("annotation_delay_seconds", 0.0),
            "post-processing": "post_processing" in card,
        }
    except (KeyError, TypeError) as error:
        raise WeightsError(f"the card of {path} does not say how it was trained: no {error}") from None
    for what, value in wanted.items():
        if found[what] != value:
            raise WeightsError(
                f"{path} was trained with the {what} {found[what]}, the experiment wants {value}: "
                "choose another folder (--runs) or delete it"
            )
    return card


def epochs_done(experiment: Experiment, network: Network) -> int:
    """How far the training of a network has come, from its checkpoint; 0 where there is none.

    Raises:
        WeightsError: if the checkpoint is damaged.
    """
    path = experiment.runs / network.name / CHECKPOINT
    if not path.exists():
        return 0
    try:
        with safe_open(path, framework="pt") as file:
            return int(json.loads(file.metadata()["progress"])["epoch"])
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise WeightsError(f"the checkpoint {path} is damaged ({error}); delete it to start again") from None


def train_network(
    experiment: Experiment,
    network: Network,
    corpus: Corpus,
    device: torch.device,
    after_epoch: Callable[[TrainingState], None] | None = None,
) -> Card:
    """Train one network, or go on where a killed training stopped, and keep its best weights on devel.

    Args:
        experiment: where and how.
        network: which.
        corpus: the whole, its labels as they are.
        device: where to compute.
        after_epoch: called after each epoch, once it is saved.

    Returns:
        The card as written.
    """
    plan = experiment.plan_of(network)
    learned = with_delay(corpus, experiment.delay)
    description = describe_run(plan, learned.sha256)
    folder = experiment.runs / network.name

    def save(state: TrainingState) -> None:
        save_run(folder, state, description)
        if after_epoch is not None:
            after_epoch(state)

    state = start_or_resume(folder, plan, description, device)
    train(learned, plan, state, after_epoch=save)
    model, card = report_training(learned, plan, state, synthetic=is_synthetic(experiment.corpus))
    if experiment.delay:
        card["annotation_delay_seconds"] = experiment.delay
    if experiment.post_processing:
        card |= _fitted_chains(model, learned)
    return save_model(experiment.weights(network), model, card)


def _fitted_chains(model: EmotionModel, corpus: Corpus) -> Card:
    """AVEC's chain for each dimension, fitted on devel without loss."""
    tracks = corpus.partition("devel")
    predicted = [predict(model, track.audio) for track in tracks]
    fits = [
        fit_chain([track.gold[:, d] for track in tracks], [each[:, d] for each in predicted])
        for d in range(len(DIMENSIONS))
    ]
    gains = {
        dimension: {"devel_before": round(before, 4), "devel_after": round(after, 4)}
        for dimension, (_, before, after) in zip(DIMENSIONS, fits, strict=True)
    }
    return {"post_processing": describe([chain for chain, _, _ in fits]), "post_processing_gain": gains}


def devel_score(card: Card) -> float:
    """By which a network was chosen: mean CCC on devel, heard through its own channels if it has any."""
    scores = card["scores"]
    of = scores.get("devel_own_channels", scores["devel_clean"])
    return float(sum(of[dimension] for dimension in DIMENSIONS) / len(DIMENSIONS))
