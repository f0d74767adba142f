"""Recordings, labels and models for probes."""

import csv
from pathlib import Path

import numpy as np

from sercore.audio import write_wav

LOUDNESS = '''
import numpy as np

calls = []


def loudness(audio, sample_rate):
    """The level of every 100 ms, and the share of samples above 0."""
    calls.append(len(audio))
    steps = audio[: len(audio) // 1600 * 1600].reshape(-1, 1600)
    return np.stack([2 * steps.std(axis=1), (steps > 0).mean(axis=1)], axis=1)


loudness.dimensions = ["arousal", "valence"]
loudness.scale = [0, 1]
'''


def write_recordings(folder: Path, count: int = 5, seconds: float = 3.0) -> dict[str, np.ndarray]:
    """Noise whose level moves, of five speakers; what the files hold, by name."""
    rng = np.random.default_rng(4)
    sounds = {}
    for number in range(count):
        n_samples = round((seconds + 0.2 * number) * 16_000)
        level = np.repeat(rng.uniform(0.02, 0.4, n_samples // 1_600 + 1), 1_600)[:n_samples]
        sound = np.rint(np.clip(level * rng.standard_normal(n_samples), -0.9, 0.9) * 32_768) / 32_768
        sounds[f"{number}.wav"] = sound.astype(np.float32)
        write_wav(folder / f"{number}.wav", sounds[f"{number}.wav"])
    return sounds


def write_table(path: Path, rows: list[dict[str, object]]) -> Path:
    """Rows as CSV."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def labels_over_time(sounds: dict[str, np.ndarray]) -> list[dict[str, object]]:
    """Arousal and valence each 0.2 s, and who speaks."""
    rng = np.random.default_rng(5)
    rows: list[dict[str, object]] = []
    for number, (name, sound) in enumerate(sounds.items()):
        for frame in range(len(sound) // 3_200):
            loud = float(4 * sound[frame * 3_200 : (frame + 1) * 3_200].std() - 1)
            said = {"arousal": round(loud, 4), "valence": round(rng.uniform(-1, 1), 4)}
            rows.append({"file": name, "time": f"{frame * 0.2:.1f}", **said, "sex": "fm"[number % 2]})
    return rows
