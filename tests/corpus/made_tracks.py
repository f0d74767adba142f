"""Tracks of noise."""

import numpy as np

from sercore.corpus.track import Track
from sercore.units import SAMPLES_PER_FRAME


def track(name: str = "a", partition: str = "test", frames: int = 3, **changes) -> Track:
    rng = np.random.default_rng(sum(map(ord, name)))
    values = {
        "name": name,
        "audio": rng.uniform(-1, 1, frames * SAMPLES_PER_FRAME),
        "gold": rng.uniform(-1, 1, (frames, 2)),
        "speaker": "somebody",
        "language": "French",
        "partition": partition,
    }
    return Track(**{**values, **changes})
