"""The planes that the browser draws: what it is sent, and what comes back."""

import base64

import numpy as np
import pandas as pd
import pytest

from dashboard import planes
from dashboard.charts.strips import strips_table
from dashboard.compute.little_loss import LOSSES, STAYS, little_loss, stays_received
from dashboard.planes import boards
from sercore.channel.gilbert import Gilbert
from sercore.channel.plane import plane
from sercore.results.expected import between
from tests.dashboard.made_findings import made_findings


def cells_of(points: int) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    cells = pd.DataFrame([(c.p_n, c.p_l) for c in plane(points)], columns=["p_n", "p_l"])
    cells["ccc"] = rng.uniform(-0.5, 1, len(cells))
    return cells.assign(ccc=cells["ccc"].mask(cells["p_l"] == 1), low=cells["ccc"] - 0.1, high=np.nan)


@pytest.mark.parametrize("points", [3, 11, 21])
def test_little_loss_is_read_off_as_a_call_is(points):
    cells = cells_of(points)
    grid = cells.pivot_table(index="p_n", columns="p_l", values="ccc", dropna=False)
    found = little_loss(cells, "ccc")
    for i in range(0, len(LOSSES), 4):
        for j, p_l in enumerate(STAYS):
            expected = between(grid, float(stays_received(LOSSES[i], p_l)), float(p_l))
            np.testing.assert_allclose(found[i, j], expected, atol=1e-9)


def test_a_place_of_little_loss_loses_what_it_says():
    for loss in LOSSES:
        for p_l in STAYS:
            assert Gilbert(float(stays_received(loss, p_l)), p_l).loss_rate == pytest.approx(loss)


def unpacked(text: str) -> np.ndarray:
    numbers = np.frombuffer(base64.b64decode(text), dtype="<i2").astype(float)
    return np.where(numbers == planes.NOT_DEFINED, np.nan, numbers / 10_000)


def test_every_cell_is_sent():
    cells = cells_of(21)
    sent = planes.Picture("t", "alt", cells, "ccc").sent()
    np.testing.assert_allclose(unpacked(sent["whole"]["value"]), cells["ccc"], atol=5.1e-5)
    np.testing.assert_allclose(unpacked(sent["whole"]["low"]), cells["low"], atol=5.1e-5)
    assert np.isnan(unpacked(sent["whole"]["high"])).all()


def test_most_cells_lie_within_the_scale_and_its_end_says_that_some_do_not():
    found = made_findings(lambda s, t, n, p: 0.75 - 0.3 * Gilbert(n, p).loss_rate ** 3, trainings=1)
    row = boards.scores_of(found, "test", "ccc").rows[0]
    scores = np.concatenate([unpacked(each["whole"]["value"]) for each in row["pictures"]])
    low, high = row["scale"]["low"], row["scale"]["high"]
    assert low > 0
    assert high >= scores.max() > high - 0.1
    assert (scores < low).mean() <= 0.1
    assert row["scale"]["ticks"][0] == f"≤ {low:.1f}"


def test_the_measured_channels_of_little_loss_are_marked():
    picture = planes.Picture("", "", cells_of(21), "ccc")
    sent = planes.board("x", [planes.Row("", boards.score_scale([]), [picture])])
    little = sent.views["little"]
    loses = [c for c in plane(21) if 0 < round(c.loss_rate, 9) <= 0.1 and c.p_l <= 0.8]
    assert f"{len(loses)} channels" in little["sentence"]
    assert sum(loss > 0 for loss, _ in little["measured"]) == len(loses)


@pytest.mark.parametrize(
    "nonsense", [None, 3, [], {}, {"p_n": 2, "p_l": 0}, {"p_n": "nan", "p_l": 0}, {"p_n": 1}]
)
def test_what_makes_no_channel_is_ignored(nonsense):
    assert planes.read_channel(nonsense) is None


def test_a_strip_without_channels_stays_empty():
    table = strips_table({"matched": np.array([0.25] + 9 * [np.nan])}, "a <b>")
    assert "a &lt;b&gt;" in table
    assert table.count("<td></td>") == 9
