"""Tracks held against each other: what is there twice, who is in two partitions, and what never moves."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from sercore.corpus.label_causes import few
from sercore.corpus.track import Track
from sercore.reading.names import composed
from sercore.scoring.concordance import never_moves
from sercore.units import DIMENSIONS, PARTITIONS

_SAMPLED = 997  # every so many samples tell most sounds apart; the few others are compared whole
_FEWEST_VALUES = 10  # two courses of fewer values may be alike by chance
_NOBODY = {"", "-", "?", "n/a", "none", "unknown"}


def what_is_twice(tracks: Sequence[Track]) -> list[str]:
    """A sentence for each sound and each gold standard that several recordings, or both dimensions, have."""
    alike = groups_alike((track, track.sound) for track in tracks)
    problems = [_sound_twice(group) for group in alike]
    again = {track.name for group in alike for track in group[1:]}  # their labels may well be the same
    courses = [
        (f"{track.name} {dimension}", course)
        for track in tracks
        for dimension, course in zip(DIMENSIONS, track.gold.T, strict=True)
        if track.name not in again
    ]
    return problems + [
        f"the gold standards of {few(names)} are the same: one was copied to the other"
        for names in groups_alike(courses, _FEWEST_VALUES)
    ]


def _sound_twice(tracks: list[Track]) -> str:
    where = {track.partition: None for track in tracks}
    apart = f", in {' and '.join(where)}: no score on it would mean anything" if len(where) > 1 else ""
    return f"{few(track.name for track in tracks)} hold the same sound{apart}; keep one"


def what_to_know(tracks: Sequence[Track]) -> list[str]:
    """A sentence for each speaker of two partitions, each copied rating, and each label that never moves."""
    return [*speakers_apart(tracks), *_copied_ratings(tracks), *_still_notes(tracks)]


def unmoving(tracks: Sequence[Track]) -> list[str]:
    """The dimensions in which the gold standard of all these tracks has one value: no score says anything.

    Example:
        >>> unmoving([Track("a", np.zeros(6_400), [[0, 0.1], [0, 0.2]], "a", "French", "test")])
        ['arousal']
    """
    if not tracks:
        return []
    still = never_moves(np.concatenate([track.gold for track in tracks]))
    return [dimension for dimension, one in zip(DIMENSIONS, still, strict=True) if one]


def groups_alike(named: Iterable[tuple[Any, Any]], fewest_values: int = 2) -> list[list[Any]]:
    """Those whose arrays are equal, in groups of two and more; what has fewer values is like nothing.

    Shape of each array, or of what can be read as one: (n,).

    Example:
        >>> groups_alike([("a", np.arange(5)), ("b", np.zeros(5)), ("c", np.arange(5)), ("d", np.zeros(5))])
        [['a', 'c']]
    """
    sampled: dict[tuple[int, bytes], list[tuple[Any, Any]]] = {}
    for name, array in named:
        some = np.asarray(array)[::_SAMPLED].tobytes()
        sampled.setdefault((len(array), some), []).append((name, array))
    groups = []
    for candidates in (each for each in sampled.values() if len(each) > 1):
        whole: dict[bytes, list[Any]] = {}
        for name, each in candidates:
            array = np.asarray(each)
            if len(np.unique(array)) >= fewest_values:
                whole.setdefault(array.tobytes(), []).append(name)
        groups += [group for group in whole.values() if len(group) > 1]
    return groups


def speakers_apart(tracks: Sequence[Track]) -> list[str]:
    """A sentence if speakers are in several partitions."""
    speakers: dict[str, list[Track]] = {}
    for track in tracks:
        speakers.setdefault(composed(track.speaker), []).append(track)
    shared = []
    for of in speakers.values():
        partitions = list(dict.fromkeys(track.partition for track in of))
        if len(partitions) > 1 and composed(of[0].speaker).lower() not in _NOBODY:
            names = few(track.name for track in of)
            shared.append(f"{few([of[0].speaker])} in {' and '.join(partitions)} ({names})")
    if not shared:
        return []
    listed = few(shared, letters=200)
    return [f"one speaker is in several partitions: {listed}; scores there are not of new voices"]


def _copied_ratings(tracks: Sequence[Track]) -> list[str]:
    copied = []
    for track in tracks:
        ratings = track.ratings or {}
        drawn = [
            (f"{rater} {dimension}", course)
            for rater, of in ratings.items()
            for dimension, course in zip(DIMENSIONS, of.T, strict=True)
        ]
        copied += [f"{track.name} {' and '.join(names)}" for names in groups_alike(drawn, _FEWEST_VALUES)]
    return (
        [f"ratings that are the same: {few(copied, letters=60)}; one was copied to the other"]
        if copied
        else []
    )


def _still_notes(tracks: Sequence[Track]) -> list[str]:
    """On gold standards that never move: of whole partitions, and of single tracks."""
    notes, whole = [], set()
    for partition in PARTITIONS:
        of = [track for track in tracks if track.partition == partition]
        if still := unmoving(of):
            whole |= {(track.name, dimension) for track in of for dimension in still}
            notes.append(
                f"{partition}: the gold standard of {' and '.join(still)} never moves in any of its "
                f"{len(of)} tracks (are labels withheld?): nothing can be learned or scored there"
            )
    alone = [(track.name, d) for track in tracks for d in unmoving([track])]
    if single := [f"{name} {d}" for name, d in alone if (name, d) not in whole]:
        notes.append(f"{few(single)}: the gold standard never moves")
    return notes
