"""The experiment, whole: train and evaluate what is missing, compare, write every table, ship networks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from tqdm import tqdm

from sercore.corpus import Corpus
from sercore.experiment.about import about_experiment
from sercore.experiment.plan import Experiment, Network
from sercore.experiment.shipping import ship
from sercore.experiment.tables import (
    evaluate_network,
    evaluation_hours,
    gather,
    set_aside_old_sheets,
    write_tables,
)
from sercore.experiment.trained import finished, of_shared_seeds, train_network
from sercore.files import locked
from sercore.network.card import Card
from sercore.results.outcome import write_about
from sercore.training.state import TrainingState, epochs_done


@dataclass(frozen=True)
class LeftOut:
    """Which networks the tables are not made of."""

    untrained: list[Network]
    waiting: list[Network]  # trained, but with a seed that another setting lacks


def reproduce(
    experiment: Experiment, corpus: Corpus, device: torch.device, *, training: bool = True
) -> LeftOut:
    """Do what is not done yet, and write tables and the networks that ship where the experiment says.

    Without ``training``, score what is trained and leave the rest.

    Raises:
        ValueError: if no network is trained and none is to be.
        WeightsError: if one was trained otherwise than the experiment says.
    """
    cards = finished(experiment, corpus)
    missing = [network for network in experiment.networks if network not in cards]
    if not training:
        missing = [network for network in missing if _is_trained(experiment, network)]
    cards |= train_each(experiment, missing, corpus, device)
    cards = {network: cards[network] for network in experiment.networks if network in cards}
    if not cards:
        raise ValueError(f"no network is in {experiment.runs / 'networks'}: leave out --no-training")
    compared = of_shared_seeds(cards)
    set_aside_old_sheets(experiment)
    _evaluate_missing(experiment, corpus, device, compared)
    with locked(experiment.results):  # tables, networks and what is said of them are those of one run
        write_tables(experiment, *gather(experiment, corpus, compared.values()))
        shipped = ship(experiment, compared)
        hours = evaluation_hours(experiment, [str(card.sha256) for card in compared.values()])
        about = about_experiment(experiment, corpus, compared, shipped=shipped, evaluation_hours=hours)
        write_about(experiment.results, about)
    untrained = [network for network in experiment.networks if network not in cards]
    return LeftOut(untrained, [network for network in cards if network not in compared])


def train_each(
    experiment: Experiment, networks: Sequence[Network], corpus: Corpus, device: torch.device
) -> dict[Network, Card]:
    """Train networks one after another, each from where it was stopped; their cards."""
    cards = {}
    for number, network in enumerate(networks, 1):
        label = f"{network.name} ({number} of {len(networks)})"
        with tqdm(total=experiment.plan_of(network).epochs, unit="epoch", desc=label) as bar:

            def shown(state: TrainingState, bar: tqdm = bar) -> None:
                bar.update(state.epoch - bar.n)

            cards[network] = train_network(experiment, network, corpus, device, after_epoch=shown)
    return cards


def _is_trained(experiment: Experiment, network: Network) -> bool:
    """Whether a training has ended, and was only never scored."""
    return epochs_done(experiment.folder(network)) == experiment.plan_of(network).epochs


def _evaluate_missing(
    experiment: Experiment, corpus: Corpus, device: torch.device, networks: Iterable[Network]
) -> None:
    """Evaluate all cells that are not there yet."""
    jobs = [(network, name) for network in networks for name in experiment.partitions_of(corpus)]
    for number, (network, partition) in enumerate(jobs, 1):
        with tqdm(unit="cell", desc=f"{network.name} on {partition} ({number} of {len(jobs)})") as bar:
            for done, total in evaluate_network(experiment, network, partition, corpus, device):
                bar.total = total
                bar.update(done - bar.n)
