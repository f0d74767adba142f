"""A small corpus on disk, written without the project's own code."""

import re
import wave
from pathlib import Path

import numpy as np


def write_layout_1(folder: Path, names: list[str], seconds: int = 20, seed: int = 0) -> Path:
    """An AVEC tree: noise whose level follows arousal, gold standard in ARFF. Returns the folder."""
    rng = np.random.default_rng(seed)
    (folder / "recordings_audio").mkdir(parents=True, exist_ok=True)
    steps = np.arange(seconds * 25 + 1)
    for name in names:
        speed, phase = rng.uniform(0.05, 0.2, 2), rng.uniform(0, 6, 2)
        gold = 0.5 * np.sin(2 * np.pi * speed * steps[:, None] / 25 + phase)
        level = np.interp(np.arange(seconds * 16_000) / 640, steps, 0.1 + 0.1 * gold[:, 0])
        samples = np.clip(level * rng.normal(size=seconds * 16_000), -1, 1)
        with wave.open(str(folder / "recordings_audio" / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(16_000)
            file.writeframes((samples * 32767).astype("<i2").tobytes())
        for column, dimension in enumerate(("arousal", "valence")):
            target = folder / "ratings_gold_standard" / dimension / f"{name}.arff"
            target.parent.mkdir(parents=True, exist_ok=True)
            rows = "".join(f"{name},{step / 25:.2f},{gold[step, column]:.6f}\n" for step in steps)
            target.write_text(
                "@relation GOLDSTANDARD\n\n@attribute Instance_name string\n@attribute frameTime numeric\n"
                f"@attribute GoldStandard numeric\n\n\n@data\n\n{rows}"
            )
    return folder


def hold_still(folder: Path, *names: str, dimensions: tuple[str, ...] = ("arousal", "valence")) -> Path:
    """Every label of some tracks becomes 0, as where they are withheld. Returns the folder."""
    for dimension in dimensions:
        for name in names:
            path = folder / "ratings_gold_standard" / dimension / f"{name}.arff"
            path.write_text(re.sub(r"(?m)^(\w+,[\d.]+),.*$", r"\1,0", path.read_text()))
    return folder
