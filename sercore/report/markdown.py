"""What all reports share: tables, numbers, and the sentence that says whose numbers they are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

SCORE_TITLES = {"ccc": "frames that arrive", "ccc_timeline": "whole timeline"}
Table = tuple[list[str], list[list[str]]]  # header and rows


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table.

    Example:
        >>> print(markdown_table(["a", "b"], [["1", "2"]]))
        | a | b |
        |---|---|
        | 1 | 2 |
    """
    lines = ["| " + " | ".join(line) + " |" for line in (header, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(header), *lines[1:]])


def number(value: float | None, *, signed: bool = False) -> str:
    """Three decimals, or that there is none.

    Example:
        >>> number(0.12345), number(0.1, signed=True), number(None)
        ('0.123', '+0.100', 'none')
    """
    if value is None or math.isnan(value):
        return "none"
    return f"{value:+.3f}" if signed else f"{value:.3f}"


def provenance_sentence(about: Mapping[str, Any]) -> str:
    """Whose numbers these are, and that they are not RECOLA's where they are not."""
    corpus = about["corpus"]
    whose = (
        "synthetic speech; not comparable with RECOLA" if corpus["synthetic"] else "not sercore's own corpus"
    )
    missing = f" {missing_sentence(about)}" if about["missing"] else ""
    delay = about["annotation_delay_seconds"]
    options = f" Annotation delay {delay:g} s compensated." if delay else ""
    options += (
        " Predictions post-processed (AVEC's chain, fitted on devel)." if about["post_processing"] else ""
    )
    return (
        f"Corpus **{corpus['name']}** ({whose}; SHA-256 {corpus['sha256'][:12]}), "
        f"{about['partition']} partition, {about['grid']} x {about['grid']} channels, "
        f"{about['loss_seeds']} {'draw' if about['loss_seeds'] == 1 else 'draws'} of the losses each, "
        f"{about['epochs']} epochs.{options}{missing}"
    )


def missing_sentence(about: Mapping[str, Any]) -> str:
    """How many trainings are done, and which settings have none at all.

    Example:
        >>> missing_sentence({"networks": [{"setting": "a"}], "missing": ["a-seed1", "b-seed0", "b-seed1"]})
        '1 of 4 trainings are done; not trained yet: b.'
    """
    done, missing = about["networks"], about["missing"]
    there = {each["setting"] for each in done}
    none = sorted({name.rpartition("-seed")[0] for name in missing} - there)
    untrained = f"; not trained yet: {', '.join(none)}" if none else ""
    return f"{len(done)} of {len(done) + len(missing)} trainings are done{untrained}."


def trainings_sentence(about: Mapping[str, Any]) -> str:
    """How often each setting was trained, and what one training cannot tell.

    Example:
        >>> trainings_sentence({"networks": [{"setting": "a"}, {"setting": "b"}]})
        'Each setting was trained once: what is luck of one training is not known.'
        >>> trainings_sentence({"networks": [{"setting": "a"}, {"setting": "b"}] * 3})
        'Each setting was trained 3 times.'
    """
    counts = Counter(each["setting"] for each in about["networks"]).values()
    fewest, most = min(counts, default=0), max(counts, default=0)
    if most <= 1:
        return "Each setting was trained once: what is luck of one training is not known."
    if fewest == most == 2:
        return "Each setting was trained twice."
    return f"Each setting was trained {most if fewest == most else f'{fewest} to {most}'} times."


def luck_sentence(about: Mapping[str, Any]) -> str:
    """What verdicts of few trainings are worth; "" where there are three or more of each setting.

    Example:
        >>> luck_sentence({"networks": [{"setting": "a"}, {"setting": "b"}]})
        'One training of each: differences may be luck; intervals are over speakers, not over trainings.'
    """
    fewest = min(Counter(each["setting"] for each in about["networks"]).values(), default=0)
    if not 1 <= fewest <= 2:
        return ""
    times = "One training" if fewest == 1 else "Two trainings"
    return f"{times} of each: differences may be luck; intervals are over speakers, not over trainings."


def hours_sentence(about: Mapping[str, Any]) -> str:
    """How long it all took, and on what.

    Example:
        >>> machine = {"processor": "A chip", "cores": 2}
        >>> hours_sentence({"training_hours": 2.04, "evaluation_hours": 0.31, "machine": machine})
        'All trainings took 2.0 hours one after another, all scores 0.3 hours (A chip, 2 cores).'
    """
    machine = f"{about['machine']['processor']}, {about['machine']['cores']} cores"
    return (
        f"All trainings took {about['training_hours']:.1f} hours one after another, all scores "
        f"{about['evaluation_hours']:.1f} hours ({machine})."
    )
