"""Sheets of receivers that tests make up: each way has the skill that it is given."""

from functools import cache

import numpy as np

from sercore.channel import channel_key, channel_of
from sercore.results.cell_table import sheet
from sercore.results.ways import as_ways
from sercore.scoring.moments import ccc_of_tracks, track_moments

TRACKS, FRAMES = 8, 300


def made(skills, channels, partition="test"):
    """Rows of networks behind receivers. ``skills``: {(network, receiver): CCC}, or a function of a channel.

    The same gold standard and the same noise for all, so that differences are those of the skills alone.
    """
    rows = []
    for (network, receiver), skill in skills.items():
        for key in map(channel_key, channels):
            for dimension in ("arousal", "valence"):
                wanted = skill(channel_of(key)) if callable(skill) else skill
                moments = [_moments(track, dimension, wanted) for track in range(TRACKS)]
                both = np.array([moments, moments])
                score = float(ccc_of_tracks(both[1]))
                rows.append(
                    {
                        "setting": network, "model_seed": 0, "channel": key, "p_n": None, "p_l": None,
                        "expected_loss_rate": 0.1, "loss_rate": 0.1, "dimension": dimension, "ccc": score,
                        "ccc_timeline": score, "status": "defined", "n_frames": 2_400, "seed": 0,
                        "partition": partition, "corpus": "tiny", "corpus_sha256": "c", "receiver": receiver,
                        "weights_sha256": network, "moments": both, "packet_ms": channel_of(key).packet_ms,
                        "packet_loss_rate": 0.1,
                    }
                )  # fmt: skip
    return sheet(rows)


def made_ways(*given, **more):
    return as_ways(made(*given, **more))


@cache
def _moments(track, dimension, skill):
    rng = np.random.default_rng([track, dimension == "valence"])
    gold, noise = rng.normal(size=(2, FRAMES, 1))
    return track_moments(gold, gold + np.sqrt(2 / skill - 2) * noise)[0]
