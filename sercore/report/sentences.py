"""Sentences about an experiment: whose numbers these are, and what they rest on."""

from collections import Counter
from collections.abc import Sequence

from sercore.network.card import Card
from sercore.results.about import About
from sercore.results.claims import UNTRAINED, Finding


def provenance_sentence(about: About) -> str:
    """Whose numbers these are, and that they are not RECOLA's where they are not."""
    corpus = about.corpus
    whose = "synthetic speech; not comparable with RECOLA" if corpus.synthetic else "not sercore's own corpus"
    longer = " of clean speech, and as many more as fewer frames arrive" if about.equal_frames else ""
    draws = f"{about.loss_seeds} {'draw' if about.loss_seeds == 1 else 'draws'}"
    delay = about.annotation_delay_seconds
    return (
        f"Corpus **{corpus.name}** ({whose}; SHA-256 {corpus.sha256[:12]}), "
        f"{about.partition} partition, {about.grid} x {about.grid} channels, "
        f"{draws} of the losses each, {about.epochs} epochs{longer}."
        + (f" Annotation delay {delay:g} s compensated." if delay else "")
        + (" Predictions post-processed (AVEC's chain, fitted on devel)." if about.post_processing else "")
        + (f" {missing_sentence(about)}" if about.missing else "")
    )


def missing_sentence(about: About) -> str:
    """How many trainings are done, and which settings have none at all.

    Example:
        >>> from sercore.results.about import AboutNetwork
        >>> missing = ("a-seed1", "b-seed0", "b-seed1")
        >>> missing_sentence(About(networks=(AboutNetwork("a", 0),), missing=missing))
        '1 of 4 trainings are done; not trained yet: b.'
    """
    done, missing = about.networks, about.missing
    there = {each.setting for each in done}
    none = sorted({name.rpartition("-seed")[0] for name in missing} - there)
    untrained = f"; not trained yet: {', '.join(none)}" if none else ""
    return f"{len(done)} of {len(done) + len(missing)} trainings are done{untrained}."


def trainings_sentence(about: About) -> str:
    """How often each setting was trained, and what one training cannot tell.

    Example:
        >>> from sercore.results.about import AboutNetwork
        >>> trainings_sentence(About(networks=(AboutNetwork("a", 0), AboutNetwork("b", 0))))
        'Each setting was trained once: what is luck of one training is not known.'
        >>> trainings_sentence(About(networks=tuple(AboutNetwork("a", seed) for seed in range(3))))
        'Each setting was trained 3 times.'
    """
    fewest, most = _trainings(about)
    if most <= 1:
        return "Each setting was trained once: what is luck of one training is not known."
    if fewest == most == 2:
        return "Each setting was trained twice."
    return f"Each setting was trained {most if fewest == most else f'{fewest} to {most}'} times."


def beyond_sentence(card: Card) -> str:
    """A network beyond the paper's: which of its seeds ships, and what it scores without loss.

    Example:
        >>> beyond_sentence(Card({"name": "told"}, epochs=9, seed=1, devel_score_of_seeds={"1": 0.6}))
        'told, trained for 9 epochs: of devel scores 0.600 (seed 1) that of seed 1 ships.'
    """
    epochs = f", trained for {card.epochs} epochs" if card.epochs else ""
    each = ", ".join(
        f"{score:.3f} (seed {seed})" for seed, score in (card.devel_score_of_seeds or {}).items()
    )
    which = f": of devel scores {each} that of seed {card.seed} ships" if each else ""
    clean = (card.scores or {}).get("test_clean", {})
    known = [f"{dimension} {score:.3f}" for dimension, score in clean.items() if score is not None]
    scored = f" It scores {' and '.join(known)} on test without loss." if known else ""
    return f"{card.setting_name}{epochs}{which}.{scored}"


def luck_sentence(about: About) -> str:
    """What verdicts of few trainings are worth; "" where there are three or more of each setting.

    Example:
        >>> from sercore.results.about import AboutNetwork
        >>> luck_sentence(About(networks=(AboutNetwork("a", 0), AboutNetwork("b", 0))))
        'One training of each: differences may be luck; intervals are over speakers, not over trainings.'
    """
    times = {1: "One training", 2: "Two trainings"}.get(_trainings(about)[0])
    words = "of each: differences may be luck; intervals are over speakers, not over trainings."
    return f"{times} {words}" if times else ""


def _trainings(about: About) -> tuple[int, int]:
    """How often the settings were trained: the fewest and the most."""
    counts = Counter(each.setting for each in about.networks).values()
    return min(counts, default=0), max(counts, default=0)


def value_sentence(findings: Sequence[Finding]) -> str:
    """What the values of one claim are, and over how many channels; "" where there are none."""
    statistics = "; ".join(dict.fromkeys(f.statistic for f in findings))
    channels = {f.channels for f in findings if f.verdict != UNTRAINED}
    number_of = f", over {'/'.join(map(str, sorted(channels)))} channels" if channels - {1} else ""
    return f"Value: {statistics}{number_of}." if statistics else ""
