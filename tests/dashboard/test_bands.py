"""How sure a network is, on the page: the bands of the results, by what the receiver of the clip knows."""

import json

import numpy as np
import pytest

from dashboard.compute import networks, predictions
from dashboard.compute.clips import excerpt
from dashboard.widgets.controls import shipped_track
from sercore import Bands, known_of
from sercore.channel import Gilbert
from sercore.results.confidence import CONFIDENCE, Confidence, write_confidence
from tests.dashboard.opened import open_page, words_of

CHANNEL = Gilbert(0.9, 0.8)


@pytest.fixture
def bands(weights) -> Bands:
    """Of the mismatched network where frames are cut out: as wide as the share lost, up to a half."""
    by_share = tuple(0.1 + at / 20 for at in range(12))
    found = Bands(((by_share,) * 4,) * 2, (0.5, None))
    of = ("mismatched", networks.load("mismatched").key, "drop")
    write_confidence(
        weights / "results" / CONFIDENCE, [Confidence(*of, "0", 9, 0, "devel", "test", found, (), {})]
    )
    return found


def ask(given="drop", channel=CHANNEL, weights="mismatched"):
    clip = excerpt(shipped_track("test_1"), 10, 20)
    how = {"weights": weights, "given": given, "on_wait": lambda _: None}
    return clip, predictions.draws_of(clip, channel, 3, n_draws=1, **how)


def test_the_band_is_that_of_what_was_lost_before_and_within_the_clip(bands):
    clip, draws = ask()
    lost = ~draws.received[0]
    lost_before = np.concatenate([np.zeros(clip.run_in_frames), np.cumsum(lost)])
    for frame in (0, 40, 99):
        seen = min(clip.run_in_frames + frame + 1, 100)
        before = lost_before[clip.run_in_frames + frame - seen] if seen <= clip.run_in_frames + frame else 0
        share = (lost_before[clip.run_in_frames + frame] - before) / seen
        expected = bands.of(share, known_of(~lost)[1][frame])
        assert draws.half_widths[frame] == pytest.approx(expected, nan_ok=True)
    low, high = draws.band
    assert (low[:, 0] <= draws.predicted[0, :, 0]).all()
    assert high.max(where=~np.isnan(high), initial=-1) <= 1
    assert np.isnan(low[:, 1]).all()  # valence bears no loss


def test_without_fitted_bands_nothing_is_said(bands):
    for others in ({"given": "silence"}, {"weights": "matched_high_low"}):
        assert ask(**others)[1].band is None
    assert ask(channel=Gilbert(0.9, 0.8, packet_ms=20))[1].band is None
    assert "How sure" in words_of(open_page("explore", setting="mismatched"))
    assert "How sure" not in words_of(open_page("explore", setting="augmentation"))


def test_a_damaged_file_of_bands_shows_none(bands, weights):
    (weights / "results" / CONFIDENCE).write_text(json.dumps({"networks": 3}))
    assert networks.bands_of("mismatched", "drop") is None
