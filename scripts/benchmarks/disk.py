"""Time training steps from disk, as of a corpus that is larger than memory (for scripts/bench.py)."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.network import (
    BATCH,
    SEGMENT_SECONDS,
    TRACK_SECONDS,
    Report,
    learner,
    measured_alone,
    networks,
    resident_megabytes,
    take_turns,
)
from sercore.audio.wav import to_integers
from sercore.corpus import Track
from sercore.corpus.stored import StoredSound
from sercore.training.memory import keep_freed_memory
from sercore.training.segments import Pieces, batches, cut_segments
from sercore.units import LABEL_RATE, SAMPLE_RATE

HOURS = 100


def bench_disk(arguments: Namespace) -> Report:
    """A training step from 100 hours on disk, against one from memory, in a process of its own."""
    words = ["--repeats", arguments.repeats, "--threads", torch.get_num_threads()]
    found: Report = measured_alone(time_disk, *words)
    return found


def time_disk(arguments: Namespace) -> Report:
    """Both take turns; the segments that are drawn hold noise, and the rest of the file is a hole."""
    keep_freed_memory()
    learn, n_segments = learner(networks()["ours"]), (arguments.repeats + 1) * BATCH
    rng = np.random.default_rng(1)
    with TemporaryDirectory() as folder:
        lying = cut_segments(sparse_tracks(Path(folder) / "hours.i2"), SEGMENT_SECONDS)
        drawn = [lying[i] for i in np.random.default_rng(0).permutation(len(lying))[:n_segments]]
        held = [(fill(segment, rng), gold) for segment, gold in drawn]
        from_disk = batches(lying, np.random.default_rng(0), BATCH)
        from_memory = batches(held, np.random.default_rng(0), BATCH)

        def step(source: Iterator[Pieces]) -> None:
            audio, gold = next(source)
            learn(torch.from_numpy(audio), torch.from_numpy(gold))

        rivals = {"memory": lambda: step(from_memory), "disk": lambda: step(from_disk)}
        medians = take_turns(rivals, arguments.repeats)
    return {
        "hours": HOURS,
        **{f"{name}_seconds": round(value, 4) for name, value in medians.items()},
        "ratio": round(medians["disk"] / medians["memory"], 3),
        "process_megabytes": round(resident_megabytes("VmHWM"), 1),
    }


def sparse_tracks(path: Path) -> list[Track]:
    """Tracks of 300 s in one file that takes no room."""
    samples, frames = TRACK_SECONDS * SAMPLE_RATE, TRACK_SECONDS * LABEL_RATE
    n_tracks = HOURS * 3600 // TRACK_SECONDS
    with path.open("wb") as file:
        file.truncate(2 * n_tracks * samples)
    gold = np.random.default_rng(0).standard_normal((frames, 2))
    sounds = [StoredSound(path, n * samples, (n + 1) * samples) for n in range(n_tracks)]
    who = ("somebody", "none", "train")
    return [Track(f"track {n}", sound, gold, *who) for n, sound in enumerate(sounds)]  # type: ignore[arg-type]


def fill(segment: StoredSound, rng: np.random.Generator) -> NDArray[np.float32]:
    """Write noise where a segment lies, and return it."""
    noise = 0.1 * rng.standard_normal(len(segment))
    with segment.path.open("r+b") as file:
        file.seek(2 * segment.start)
        file.write(to_integers(noise).tobytes())
    return np.asarray(segment)
