"""Bands around predictions: as wide as the errors on other speakers were, by what a receiver knows."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sercore import Gilbert, predict
from sercore.network.model import EmotionModel
from sercore.reading import ReadingError, made
from sercore.receiver.drop import Drop
from sercore.recogniser.confidence import SHARES_LOST, Bands, fit_bands, known_in, known_of


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_the_share_lost_and_the_wait_are_those_of_a_loop(rng):
    received = Gilbert(0.9, 0.7).sample(2_400, rng)  # packets of 100 ms, two a frame
    share, since = known_of(received, packet_ms=100)
    waited = 0.0
    for frame in range(1_200):
        window = received[max(0, 2 * (frame - 99)) : 2 * frame + 2]
        waited = 0.0 if received[2 * frame : 2 * frame + 2].any() else waited + 0.2
        assert share[frame] == pytest.approx(1 - window.mean())
        assert since[frame] == pytest.approx(waited)


def test_a_width_is_that_of_crepes(rng):
    """Each frame its own speaker: Mondrian split conformal regression, as Boström's crepes computes it."""
    crepes = pytest.importorskip("crepes")
    errors = rng.normal(size=(3_000, 1)) * 0.2
    shares = rng.choice([0.0, 0.04, 0.33], 3_000)
    bands = fit_bands(errors, shares, np.zeros(3_000))
    witness = crepes.ConformalRegressor().fit(errors[:, 0], bins=shares)
    interval = witness.predict_int(np.zeros(3), bins=np.unique(shares), confidence=0.9)
    widest = np.maximum.accumulate(interval[:, 1])  # a band never narrows
    assert bands.of(np.unique(shares), 0.0)[:, 0] == pytest.approx(widest, abs=2e-4)


def test_a_band_covers_nine_tenths_of_speakers_who_were_not_heard(rng):
    """Speakers differ in how well they are heard, as real ones do; the share is over many draws of both."""
    covered = []
    for _ in range(100):
        spread = rng.gamma(4.0, 0.05, 15 + 1)
        errors = rng.normal(size=(16, 100)) * spread[:, None]
        who = np.repeat(np.arange(15), 100)
        nothing = np.zeros(1_500)
        bands = fit_bands(errors[:15].reshape(-1, 1), nothing, nothing, speakers=who)
        covered.append((np.abs(errors[15]) <= bands.of(0.0, 0.0)[0]).mean())
    assert 0.9 <= np.mean(covered) < 0.98  # at least, for fifteen speakers cannot say more exactly


def test_a_band_never_narrows_as_more_is_lost_or_waited_for(rng):
    share, since = rng.uniform(0, 1, 20_000), rng.choice([0.0, 0.4, 1.0, 5.0], 20_000)
    bands = fit_bands(rng.normal(size=(20_000, 2)), share, since)
    grid = np.array([[bands.of(at, wait) for at in SHARES_LOST[1:]] for wait in (0.0, 0.6, 2.0, 9.0)])
    assert (np.diff(grid, axis=0) >= 0).all()
    assert (np.diff(grid, axis=1) >= 0).all()


def test_it_abstains_beyond_the_tolerance_and_where_too_few_were_heard():
    nothing = np.zeros(20)
    bands = fit_bands(np.full((20, 2), 0.25), nothing, nothing, tolerance=(0.5, None))
    assert bands.of(0.0, 0.0)[0] == 0.25
    assert np.isnan(bands.of(0.0, 0.0)[1])  # it bears no loss at all
    assert np.isnan(bands.of(0.3, 0.0)).all()  # within the tolerance, but no error was seen there
    everywhere = replace(bands, half_widths=((((0.25,) * 12,) * 4),) * 2)
    assert everywhere.of([0.5, 0.51], 9.0)[:, 0] == pytest.approx([0.25, math.nan], nan_ok=True)
    few = fit_bands(np.full((8, 1), 0.25), np.zeros(8), np.zeros(8))  # nine of ten need nine others
    assert np.isnan(few.of(0.0, 0.0)).all()


def test_predict_gives_the_band_of_each_moment(rng):
    model = EmotionModel().eval()
    audio = (0.1 * rng.standard_normal(60 * 3_200)).astype(np.float32)
    received = np.ones(60, dtype=bool)
    received[20:30] = False
    bands = Bands(((((0.1,) + (0.3,) * 11,) * 4),) * 2, (1.0, 1.0))
    plain = predict(model, audio)
    course, widths = predict(model, audio, confidence=bands)
    assert (course == plain).all()
    assert widths == pytest.approx(np.full((60, 2), 0.1))
    _, concealed = predict(model, audio, confidence=bands, received=received)
    assert concealed[:, 0] == pytest.approx(np.where(np.arange(60) < 20, 0.1, 0.3))
    short, cut_out = predict(model, Drop()(audio, received), confidence=bands, received=received)
    assert len(short) == len(cut_out) == 50
    assert cut_out[:, 1] == pytest.approx(concealed[received, 1])
    with pytest.raises(ValueError, match="tells of 60 frames, 50 of which arrived, but 40 are predicted"):
        known_in(40, received)


def test_what_makes_no_band_is_refused():
    some = np.zeros(4)
    with pytest.raises(ValueError, match=r"each frame, got \(4,\)"):
        fit_bands(some, some, some)
    with pytest.raises(ValueError, match="must be finite"):
        fit_bands(np.full((4, 1), np.nan), some, some)
    with pytest.raises(ValueError, match=r"lie in \(0, 1\), got 90"):
        fit_bands(np.zeros((4, 1)), some, some, 90)
    with pytest.raises(ReadingError, match="have a length in"):
        made(Bands, {"half_widths": [[[0.1]]], "tolerance": [1.0]}, "bands")
    with pytest.raises(ReadingError, match="got 1 and 2"):
        made(Bands, {"half_widths": [[[0.1] * 12] * 4], "tolerance": [1.0, 0.5]}, "bands")
