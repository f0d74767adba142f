"""How much the moods of an excerpt decide: what a network scores on all excerpts of a recording."""

import numpy as np
from numpy.typing import NDArray

from dashboard.compute import networks, predictions
from dashboard.compute.cache import Cache
from sercore.corpus.corpus import Track
from sercore.scoring.concordance import ccc_received
from sercore.units import LABEL_RATE

STEP = 5 * LABEL_RATE  # frames from one excerpt to the next
_SCORES: Cache[NDArray[np.float64]] = Cache(200)


def scores_of_excerpts(
    track: Track, n_frames: int, weights: str, on_wait: predictions.OnWait
) -> NDArray[np.float64]:
    """CCC without loss on every excerpt that begins at a multiple of 5 s. Shape: (excerpts, 2).

    Excerpts are cut from the prediction of the whole recording; NaN where a score is not defined.
    """
    key = (track.name, n_frames, weights, networks.when_changed(weights))
    if (found := _SCORES.get(key)) is None:
        with predictions.QUEUE.turn(on_wait):
            found = _SCORES.find(key, lambda: _scores(track, n_frames, weights))
    return found


def _scores(track: Track, n_frames: int, weights: str) -> NDArray[np.float64]:
    predicted = networks.load(weights).predict(track.audio)
    parts = [slice(first, first + n_frames) for first in range(0, track.n_frames - n_frames + 1, STEP)]
    everything = np.ones(n_frames, dtype=bool)
    scores = [ccc_received(track.gold[part], predicted[part], everything) for part in parts]
    return np.array(scores, dtype=float)
