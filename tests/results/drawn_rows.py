"""Rows of results whose moments are drawn anew for each name."""

import numpy as np

from sercore.channel.gilbert import Gilbert
from sercore.scoring.fewest_frames import MIN_FRAMES_FOR_CCC
from sercore.scoring.moments import ccc_of_tracks, track_moments

TRACKS = 4


def make_row(
    setting, p_n, p_l, *, model_seed=0, seed=0, dimension="arousal", frames=40, skill=0.5, tracks=TRACKS
):
    """A row whose moments come from frames that are drawn anew for each name."""
    rng = np.random.default_rng([model_seed, seed, round(100 * p_n), round(100 * p_l), len(setting)])
    moments = []
    for _ in range(2):
        gold = [rng.normal(size=(frames, 1)) for _ in range(tracks)]
        moments.append([track_moments(g, skill * g + 0.5 * rng.normal(size=g.shape))[0] for g in gold])
    moments = np.array(moments)
    defined = frames * tracks >= MIN_FRAMES_FOR_CCC
    return {
        "setting": setting, "model_seed": model_seed, "p_n": p_n, "p_l": p_l,
        "expected_loss_rate": Gilbert(p_n, p_l).loss_rate, "loss_rate": 0.5, "dimension": dimension,
        "ccc": float(ccc_of_tracks(moments[0])) if defined else np.nan,
        "ccc_timeline": float(ccc_of_tracks(moments[1])), "status": "defined" if defined else "not defined",
        "n_frames": frames * tracks, "seed": seed, "partition": "test", "corpus": "tiny",
        "corpus_sha256": "c", "weights_sha256": f"{setting}{model_seed}", "moments": moments,
    }  # fmt: skip
