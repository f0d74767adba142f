"""Which partition a corpus offers, and how it differs from the paper's 16, 15 and 15 RECOLA participants."""

from collections.abc import Sequence
from pathlib import Path

from sercore.audio.silence import is_silent
from sercore.corpus.compare import unmoving
from sercore.corpus.corpus import Corpus, Track, corpus_folder
from sercore.corpus.layouts import PARTICIPANTS, avec_key, participant_key
from sercore.corpus.manifest import ManifestError, read_manifest
from sercore.units import DIMENSIONS, PARTITIONS


def is_synthetic(folder: str | Path) -> bool:
    """True for the corpora that sercore makes, as their manifests say; others may have one too."""
    try:
        return read_manifest(corpus_folder(folder)).corpus.startswith("sercore")
    except ManifestError:
        return False


def scored_partitions(
    corpus: Corpus, asked: Sequence[str] | None = None, option: str = "--partitions"
) -> list[str]:
    """The partitions that are asked for, or those of devel and test that have tracks whose labels move.

    ``option`` is how the user asks for others, for the message.

    Raises:
        ValueError: if one that is asked for has no such track, or neither of the two has, or if none of its
            tracks holds sound.
    """
    there = [name for name in PARTITIONS if corpus.partition(name)]
    still = [name for name in there if len(unmoving(corpus.partition(name))) == len(DIMENSIONS)]
    there = [name for name in there if name not in still]
    usual = [name for name in there if name != "train"] or [name for name in still if name != "train"]
    wanted = list(dict.fromkeys(asked or usual))
    if refused := [name for name in wanted if name in still]:
        raise ValueError(
            f"the gold standard of {' and '.join(refused)} in the corpus {corpus.name} never moves: no score "
            f"on it is defined; score others ({option}): {', '.join(there) or 'none has any'}"
        )
    missing = [name for name in wanted if name not in there]
    if missing or not wanted:
        raise ValueError(
            f"the corpus {corpus.name} has no labelled track in {' and '.join(missing) or 'devel and test'}; "
            f"score others ({option}): {', '.join(there) or 'none has any'}"
        )
    for name in wanted:
        heard_tracks(corpus, name)
    return wanted


def heard_tracks(corpus: Corpus, partition: str) -> tuple[Track, ...]:
    """The tracks of a partition, of which at least one holds sound if there are any.

    Raises:
        ValueError: if all are silent, so that nothing can be learned from them nor scored on them.
    """
    tracks = corpus.partition(partition)
    if tracks and all(is_silent(track.audio) for track in tracks):
        raise ValueError(
            f"the corpus {corpus.name} holds no sound in {partition}: its {len(tracks)} tracks are silent"
        )
    return tracks


def partition_report(corpus: Corpus, *, synthetic: bool) -> list[str]:
    """What could be built of the paper's partition from all that was found, one sentence each."""
    counts = {name: len(corpus.partition(name)) for name in PARTITIONS}
    wanted = {name: len(PARTICIPANTS[name]) for name in PARTITIONS}
    report = [f"The partition: {_listed(counts)} tracks; the paper's: {_listed(wanted)}."]
    if synthetic:
        return [*report, "The voices are synthetic: no score of this corpus is one of RECOLA."]
    if all(participant_key(track.name) for track in corpus):
        return [*report, *_against_participants(corpus)]
    if all(avec_key(track.name) for track in corpus):
        report.append(
            "AVEC numbers its recordings anew: they are 27 of RECOLA's 46 participants in AVEC's own "
            "partition of 9, 9 and 9. The paper's cannot be built from them, nor scores be compared with its."
        )
    if not counts["test"]:
        report.append(
            "No test recording has labels: the devel partition is the only one to score, as in the paper."
        )
    return report


def _against_participants(corpus: Corpus) -> list[str]:
    found = []
    for partition in PARTITIONS:
        here = {track.name.upper() for track in corpus.partition(partition)}
        missing = [f"P{number}" for number in PARTICIPANTS[partition] if f"P{number}" not in here]
        if missing:
            found.append(f"Of the paper's {partition} partition {', '.join(missing)} are missing.")
    if not found:
        return ["It is the paper's partition, whole."]
    return [*found, "It is a part of the paper's partition: scores cannot be compared with the paper's."]


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
