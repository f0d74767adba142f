"""What an experiment tells its readers, gathered from its plan, its corpus and its networks."""

from collections import Counter

from sercore.corpus import Corpus
from sercore.corpus.partition import is_synthetic, partition_report
from sercore.experiment.plan import Experiment, Network
from sercore.experiment.trained import devel_score
from sercore.network.card import Card
from sercore.provenance import git_commit, machine, versions
from sercore.results.about import UNKNOWN, About, AboutCorpus, AboutNetwork
from sercore.scoring.moments import RESAMPLES
from sercore.units import PARTITIONS


def about_experiment(
    experiment: Experiment,
    corpus: Corpus,
    cards: dict[Network, Card],
    *,
    shipped: dict[str, int],
    evaluation_hours: float,
) -> About:
    """All that a reader of the tables should know."""
    return About(
        corpus=_about_corpus(corpus, synthetic=is_synthetic(experiment.corpus)),
        partition=experiment.partition,
        grid=experiment.grid,
        loss_seeds=experiment.loss_seeds,
        resamples_of_tracks=RESAMPLES,
        annotation_delay_seconds=experiment.delay,
        post_processing=experiment.post_processing,
        epochs=experiment.plan.epochs,
        equal_frames=experiment.equal_frames,
        networks=tuple(_about_network(network, card) for network, card in cards.items()),
        missing=tuple(network.name for network in experiment.networks if network not in cards),
        shipped_seed=shipped,
        training_hours=round(sum(card.training_hours or 0.0 for card in cards.values()), 3),
        evaluation_hours=evaluation_hours,
        machine=machine(),
        git_commit=git_commit(),
        versions=versions(),
    )


def _about_corpus(corpus: Corpus, *, synthetic: bool) -> AboutCorpus:
    return AboutCorpus(
        name=corpus.name,
        sha256=corpus.sha256,
        synthetic=synthetic,
        tracks={name: len(corpus.partition(name)) for name in PARTITIONS},
        speakers=len({track.speaker for track in corpus}),
        languages=dict(Counter(track.language for track in corpus).most_common()),
        partition=tuple(partition_report(corpus, synthetic=synthetic)),
        notes=corpus.notes,
    )


def _about_network(network: Network, card: Card) -> AboutNetwork:
    return AboutNetwork(
        setting=network.setting.name,
        seed=network.seed,
        sha256=str(card.sha256),
        chosen=str(card.chosen),
        devel_score=round(devel_score(card), 4),
        training_hours=card.training_hours or 0.0,
        machine=card.machine or UNKNOWN.copy(),
    )
