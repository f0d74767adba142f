"""The three layouts of RECOLA, small, written without the project's own code."""

import wave
from pathlib import Path

import numpy as np

DIMENSIONS = ("arousal", "valence")
RATERS = ("FM1", "FM2", "FM3", "FF1", "FF2", "FF3")
ARFF = (
    "@relation GOLDSTANDARD\n\n@attribute Instance_name string\n@attribute frameTime numeric\n"
    "@attribute GoldStandard numeric\n\n\n@data\n\n"
)


def course(name: str, dimension: str, seconds: float) -> np.ndarray:
    """A course in [-0.6, 0.6] at 25 Hz, both ends included, that differs between names and dimensions."""
    rng = np.random.default_rng(sum(map(ord, name + dimension)))
    time = np.arange(round(seconds * 25) + 1) / 25
    return 0.6 * np.sin(2 * np.pi * rng.uniform(0.1, 0.3) * time + rng.uniform(0, 6))


def rated(name: str, dimension: str, seconds: float) -> np.ndarray:
    """What six raters draw, rounded as RECOLA does. Shape: (steps, 6)."""
    rng = np.random.default_rng(1 + sum(map(ord, name + dimension)))
    noise = rng.normal(0, 0.05, (round(seconds * 25) + 1, 6)) + rng.normal(0, 0.1, 6)
    return (course(name, dimension, seconds)[:, None] + noise).round(2)


def samples(name: str, seconds: float, rate: int) -> np.ndarray:
    rng = np.random.default_rng(2 + sum(map(ord, name)))
    return rng.integers(-9000, 9000, round(seconds * rate)).astype("<i2")


def write_audio(path: Path, seconds: float, rate: int = 16_000) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(samples(path.stem, seconds, rate).tobytes())


def write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, newline="")


def arff(name: str, dimension: str, seconds: float) -> str:
    rows = enumerate(course(name, dimension, seconds))
    return ARFF + "".join(f"{name},{step / 25:g},{value:.6f}\n" for step, value in rows)


def ratings_csv(name: str, dimension: str, seconds: float) -> str:
    rows = enumerate(rated(name, dimension, seconds))
    lines = [f"{step / 25:.2f};{';'.join(f'{x:.2f}' for x in row)}\n" for step, row in rows]
    return "time;FM1 ;FM2 ;FM3 ;FF1 ;FF2 ;FF3\n" + "".join(lines)


def write_avec(
    root: Path,
    names: tuple[str, ...] = ("train_1", "dev_1", "test_1"),
    seconds: float = 4,
    *,
    rate: int = 16_000,
    gold: str = "ratings_gold_standard",
    raters: str = "ratings_individual",
) -> Path:
    """Layout 1; an empty folder name leaves that kind of label out."""
    for name in names:
        write_audio(root / "recordings_audio" / f"{name}.wav", seconds, rate)
        for dimension in DIMENSIONS:
            if gold:
                write_text(root / gold / dimension / f"{name}.arff", arff(name, dimension, seconds))
            if raters:
                write_text(root / raters / dimension / f"{name}.csv", ratings_csv(name, dimension, seconds))
    return root


def write_public(root: Path, names: tuple[str, ...] = ("P16", "P19", "P48"), seconds: float = 4) -> Path:
    """Layout 2: ratings alone."""
    for name in names:
        write_audio(root / "RECOLA-Audio-recordings" / f"{name}.wav", seconds, 44_100)
        for dimension in DIMENSIONS:
            path = root / "RECOLA-Annotation" / "emotional_behaviour" / dimension / f"{name}.csv"
            write_text(path, ratings_csv(name, dimension, seconds))
    write_text(root / "RECOLA-Metadata" / "recola_user_info.csv", "User;Group_id\nP16;1\n")
    return root


def write_consortium(root: Path, names: tuple[str, ...] = ("P15", "P14", "P13"), seconds: float = 4) -> Path:
    """Layout 3: gold standards in CSV."""
    for name in names:
        write_audio(root / "Audio_recordings_WAV" / f"{name}.wav", seconds, 44_100)
        for dimension in DIMENSIONS:
            rows = enumerate(course(name, dimension, seconds))
            path = root / "Ratings_affective_behaviour_CCC_centred" / dimension / f"{name}.csv"
            write_text(path, "".join(f"{step / 25:.2f},{value:.6f}\n" for step, value in rows))
    return root
