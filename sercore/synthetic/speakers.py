"""The cast: who speaks in each track, with which voice, and how strongly they show what they feel.

Languages follow RECOLA's 46 speakers: 33 French, 8 Italian, 4 German and one Portuguese, for whom a
Spanish voice stands in, because no free Portuguese one was at hand.
"""

from dataclasses import dataclass

import numpy as np

from sercore.units import PARTITIONS

# Of 46 speakers; the order in which the rarer languages are dealt to the partitions.
SHARES = {"fr": 33, "it": 8, "de": 4, "es": 1}
ABSENT = {
    "pitch": 0.05,
    "excursion": 0.15,
    "rate": 0.2,
    "mellow": 0.2,
    "effort": 0.25,
    "quality": 0.15,
    "formants": 0.2,
    "breath": 0.2,
    "jitter": 0.2,
    "tremor": 0.2,
    "onset": 0.2,
    "devoicing": 0.2,
}
"""Share of the speakers in whom each cue is all but absent."""

CUES = tuple(ABSENT)
FAINT = 0.2  # of a cue that is absent


@dataclass(frozen=True)
class Speaker:
    """A voice and its habits.

    Attributes:
        name: ``S01`` and so on, unique in the corpus.
        language: ``fr``, ``it``, ``de`` or ``es``.
        sex: ``female`` or ``male``.
        f0: habitual pitch in Hz.
        formants: scale of the formant frequencies against the language's stock voice.
        liveliness: scale of the pitch excursions; the stock voices have half of what people have.
        rate: scale of the speech rate.
        tilt: habitual spectral tilt in dB per octave above 250 Hz, added to the stock voice's.
        effort: habitual vocal effort in dB, added to the stock voice's.
        breath: habitual aperiodicity in dB, added to the stock voice's.
        bend: how much further the upper formants are scaled than the lower: an exponent around 1.
        strengths: how strongly each of ``CUES`` follows the emotion, around 1.
    """

    name: str
    language: str
    sex: str
    f0: float
    formants: float
    liveliness: float
    rate: float
    tilt: float
    effort: float
    breath: float
    bend: float
    strengths: tuple[float, ...]

    def strength(self, cue: str) -> float:
        """How strongly this speaker uses one of ``CUES``."""
        return self.strengths[CUES.index(cue)]


def draw_strengths(rng: np.random.Generator) -> tuple[float, ...]:
    """How strongly a speaker uses each cue: all from mild, as at home, to acted; some cues all but absent.

    Example:
        >>> len(draw_strengths(np.random.default_rng(0))) == len(CUES)
        True
    """
    intensity = rng.uniform(0.75, 1.4)
    own = np.exp(rng.normal(0.0, 0.2, len(CUES)))
    absent = rng.random(len(CUES)) < np.array(list(ABSENT.values()))
    return tuple(float(strength) for strength in intensity * np.where(absent, FAINT, own))


def draw_speaker(name: str, language: str, sex: str, rng: np.random.Generator) -> Speaker:
    """Draw a voice: men near 112 Hz with longer vocal tracts, women near 200 Hz, young and old.

    Example:
        >>> draw_speaker("S01", "fr", "male", np.random.default_rng(0)).f0 < 180
        True
    """
    male = sex == "male"
    f0 = (112.0 if male else 200.0) * 2.0 ** rng.uniform(-0.45, 0.45)
    return Speaker(
        name=name,
        language=language,
        sex=sex,
        f0=float(f0),
        formants=float((0.855 if male else 1.0) * np.exp(rng.uniform(-0.08, 0.08))),
        liveliness=float(1.8 * np.exp(rng.normal(0.0, 0.2))),
        rate=float(np.exp(rng.normal(0.08, 0.15))),
        tilt=float(rng.normal(0.0, 0.8)),
        effort=float(rng.normal(0.0, 1.5)),
        breath=float(rng.normal(0.0, 3.0)),
        bend=float(rng.uniform(0.96, 1.04)),
        strengths=draw_strengths(rng),
    )


def languages(counts: dict[str, int]) -> dict[str, list[str]]:
    """Deal languages to partitions in ``SHARES``, the rarer ones spread as evenly as they go.

    Args:
        counts: speakers wanted in each partition.

    Returns:
        A language for each speaker of each partition.

    Example:
        >>> dealt = languages({"train": 16, "devel": 15, "test": 15})
        >>> [dealt["test"].count(language) for language in SHARES]
        [11, 3, 1, 0]
    """
    total = sum(counts.values())
    seats = {partition: ["fr"] * count for partition, count in counts.items()}
    filled = dict.fromkeys(counts, 0)
    # Test is served first, so that it has each of the languages that ship.
    order = [partition for partition in reversed(PARTITIONS) if counts.get(partition, 0)]
    for language in ("it", "de", "es"):
        for _ in range(round(SHARES[language] * total / sum(SHARES.values()))):
            partition = min(order, key=lambda p: (filled[p] / counts[p], order.index(p)))
            if filled[partition] < counts[partition]:
                seats[partition][-1 - filled[partition]] = language
                filled[partition] += 1
    return seats


def cast(counts: dict[str, int], seed: int) -> dict[str, tuple[Speaker, ...]]:
    """Draw every speaker of a corpus; sexes alternate within each language of a partition.

    Args:
        counts: speakers wanted in each partition.
        seed: seed of the corpus.

    Example:
        >>> drawn = cast({"train": 2, "devel": 2, "test": 2}, seed=1)
        >>> sorted(speaker.sex for speaker in drawn["train"])
        ['female', 'male']
    """
    drawn: dict[str, tuple[Speaker, ...]] = {}
    number = 0
    for p, (partition, seats) in enumerate(languages(counts).items()):
        speakers, seen = [], dict.fromkeys(SHARES, 0)
        for seat, language in enumerate(seats):
            number += 1
            sex = ("female", "male")[(seen[language] + (p if language != "fr" else 0)) % 2]
            seen[language] += 1
            rng = np.random.default_rng((seed, 1, p, seat))
            speakers.append(draw_speaker(f"S{number:02d}", language, sex, rng))
        drawn[partition] = tuple(speakers)
    return drawn


def more_speakers(count: int, first_number: int, seed: int) -> tuple[Speaker, ...]:
    """Speakers beyond a cast, who leave it as it is: languages and sexes in turn, all alike often.

    Args:
        count: speakers wanted.
        first_number: number of the first one; it makes the name.
        seed: seed of the corpus.

    Example:
        >>> [(s.name, s.language, s.sex) for s in more_speakers(2, 47, seed=1)]
        [('S47', 'fr', 'female'), ('S48', 'it', 'male')]
    """
    dealt = list(SHARES)
    return tuple(
        draw_speaker(
            f"S{first_number + seat:02d}",
            dealt[seat % len(dealt)],
            ("female", "male")[(seat + seat // len(dealt)) % 2],
            np.random.default_rng((seed, 1, len(PARTITIONS), seat)),
        )
        for seat in range(count)
    )
