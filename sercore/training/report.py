"""What the card of a trained network says: how it came to be, and how good it is."""

from dataclasses import replace

from sercore.corpus.corpus import Corpus
from sercore.network.card import Card
from sercore.network.model import EmotionModel
from sercore.provenance import git_commit, machine, versions
from sercore.training.plan import TrainingPlan
from sercore.training.selection import candidates, score_candidates
from sercore.training.state import TrainingState

SYNTHETIC = "Trained on synthetic voices that act by rule."
RECORDED = "Trained on the recordings of one corpus: its licence covers these weights too."
FOR_ALL = "Valence from voice is weak. Not for judging individuals."


def report_training(
    corpus: Corpus, plan: TrainingPlan, state: TrainingState, *, synthetic: bool
) -> tuple[EmotionModel, Card]:
    """Score last, best and averaged weights, choose one on devel, and write what a card says.

    The choice is by the mean CCC of the devel partition heard through fixed draws of the setting itself.

    Args:
        corpus: what was learned.
        plan: how.
        state: after the last epoch.
        synthetic: whether sercore made the corpus: the card says what a network of such voices is worth.

    Returns:
        The chosen network in eval mode, and its card (without dimensions and SHA-256, which saving adds).
    """
    models = dict(candidates(state))
    scores = score_candidates(models, corpus, plan.setting)
    criterion = next(iter(scores["last"]))
    chosen = max(scores, key=lambda name: sum(scores[name][criterion].values()))
    return models[chosen], replace(
        _card(corpus, plan, state),
        chosen=chosen,
        chosen_by=f"highest mean CCC of arousal and valence, {criterion}",
        candidates=scores,
        scores=scores[chosen],
        limits=f"{SYNTHETIC if synthetic else RECORDED} {FOR_ALL}",
    )


def _card(corpus: Corpus, plan: TrainingPlan, state: TrainingState) -> Card:
    train = corpus.partition("train")
    return Card(
        setting={"name": plan.setting.name, "p_n": plan.setting.p_n, "p_l": plan.setting.p_l},
        corpus={
            "name": corpus.name,
            "sha256": corpus.sha256,
            "training_tracks": len(train),
            "training_minutes": round(sum(track.seconds for track in train) / 60, 2),
        },
        seed=plan.seed,
        epochs=plan.epochs,
        steps=state.steps,
        optimiser=f"Adadelta, learning rate {plan.learning_rate}, rho 0.9, eps 1e-6",
        batch_size=plan.batch_size,
        segment_seconds=plan.segment_seconds,
        masks_drawn_again=sum(row["redrawn"] for row in state.history),
        averaging_decay=plan.averaging_decay,
        best_epoch=state.best_epoch,
        ccc="population moments, one CCC per dimension over the concatenation of all tracks",
        training_hours=round(sum(row["seconds"] for row in state.history) / 3600, 3),
        machine=machine(),
        git_commit=git_commit(),
        versions=versions(),
    )
