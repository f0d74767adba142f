"""Which of a training's networks is kept, and what its card says: how it came to be, and how good it is."""

from dataclasses import asdict

from sercore.corpus import Corpus
from sercore.network.card import Card
from sercore.network.model import EmotionModel
from sercore.network.weights import rounded_to_half
from sercore.provenance import git_commit, machine, versions
from sercore.training.plan import TrainingPlan
from sercore.training.selection import score_candidates, with_weights
from sercore.training.state import TrainingState

SYNTHETIC = "Trained on synthetic voices that act by rule."
RECORDED = "Trained on the recordings of one corpus: its licence covers these weights too."
FOR_ALL = "Valence from voice is weak. Not for judging individuals."


def report_training(
    corpus: Corpus, plan: TrainingPlan, state: TrainingState, *, synthetic: bool
) -> tuple[EmotionModel, Card]:
    """Score the weights of the last epoch, the best on devel and their average, and choose one on devel.

    The choice is by the mean CCC of the devel partition heard through fixed draws of the setting itself. Of a
    training with lines the average is kept: devel passes none, and what single epochs lose on some of them,
    averages keep (Izmailov et al. 2018).
    Weights are rounded as they will be stored, so that the scores are those of the stored network.

    Args:
        corpus: what was learned.
        plan: how.
        state: after the last epoch.
        synthetic: whether sercore made the corpus: the card says what a network of such voices is worth.

    Returns:
        The chosen network in eval mode, and its card (without dimensions and SHA-256, which saving adds).
    """
    weights = {"last": state.model.state_dict(), "best": state.best, "averaged": state.averaged}
    models = {name: with_weights(state.model, rounded_to_half(each)) for name, each in weights.items()}
    scores = score_candidates(models, corpus, plan.setting)
    criterion = next(iter(scores["last"]))
    chosen = max(scores, key=lambda name: sum(scores[name][criterion].values()))
    chosen_by = f"highest mean CCC of {' and '.join(scores['last'][criterion])}, {criterion}"
    if plan.lines:
        chosen, chosen_by = "averaged", "the average holds best on lines that devel does not pass"
    train = corpus.partition("train")
    learned = {"name": corpus.name, "sha256": corpus.sha256, "training_tracks": len(train)}
    card = Card(
        setting=asdict(plan.setting),
        corpus=learned | {"training_minutes": round(sum(track.seconds for track in train) / 60, 2)},
        seed=plan.seed,
        epochs=plan.epochs,
        steps=state.steps,
        optimiser=f"Adadelta, learning rate {plan.learning_rate}, rho 0.9, eps 1e-6",
        batch_size=plan.batch_size,
        segment_seconds=plan.segment_seconds,
        lines=plan.lines or None,
        masks_drawn_again=sum(row["redrawn"] for row in state.history),
        averaging_decay=plan.averaging_decay,
        chosen=chosen,
        chosen_by=chosen_by,
        best_epoch=state.best_epoch,
        ccc="population moments, one CCC per dimension over the concatenation of all tracks",
        candidates=scores,
        scores=scores[chosen],
        training_hours=round(sum(row["seconds"] for row in state.history) / 3600, 3),
        machine=machine(),
        git_commit=git_commit(),
        versions=versions(),
        limits=f"{SYNTHETIC if synthetic else RECORDED} {FOR_ALL}",
    )
    return models[chosen], card
