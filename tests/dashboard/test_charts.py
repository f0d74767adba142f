"""What the pictures show: every peak, every loss, every axis, on any page."""

import json
import re

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import plotly.io
import pytest
from hypothesis import given, strategies
from hypothesis.extra.numpy import arrays
from plotly.colors import sample_colorscale

from dashboard.charts import decimate, helps, traces
from dashboard.charts.call import expected_dots
from dashboard.charts.comparisons import score_dots
from dashboard.charts.drawn import Drawn
from dashboard.charts.heatmaps import ccc_heatmap, difference_heatmap
from dashboard.charts.palette import DARK, LIGHT
from dashboard.charts.plane import loss_line, outlines, ring
from dashboard.compute import plane
from dashboard.compute.draws import Scores
from dashboard.widgets import chart
from sercore.channel.gilbert import Gilbert
from sercore.report.curves import lines_by_setting
from sercore.results.expected import Expected
from sercore.units import DIMENSIONS
from tests.dashboard.made_findings import intervals_of

masks = arrays(bool, strategies.integers(1, 300))


def points_of(figure) -> int:
    return sum(len(trace.x) for trace in figure.data if trace.x is not None)


@given(
    arrays(np.float32, strategies.integers(1, 4_000), elements=strategies.floats(-1, 1, width=32)),
    strategies.integers(1, 50),
)
def test_an_envelope_hides_no_peak(audio, bins):
    seconds, low, high = decimate.envelope(audio, bins)
    assert len(seconds) == len(low) == len(high) <= bins
    assert low.min() == audio.min()
    assert high.max() == audio.max()


@given(masks)
def test_lost_runs_tell_exactly_the_lost_frames(received):
    lost = np.zeros(len(received), dtype=bool)
    for start, length in zip(*decimate.lost_runs(received), strict=True):
        lost[round(start * 5) : round((start + length) * 5)] = True
    np.testing.assert_array_equal(lost, ~received)


def test_charts_of_five_minutes_stay_under_4000_points():
    rng = np.random.default_rng(0)
    received = np.arange(1_500) % 2 == 0  # as many bursts as there can be
    line = rng.normal(size=1_500).astype(np.float32)
    lines = dict.fromkeys(("gold standard", "clean", "after loss"), line)
    ribbon = np.sort(rng.normal(size=(3, 1_500)), axis=0).astype(np.float32)
    ribbon[:, ::7] = np.nan
    audio = rng.normal(size=4_800_000).astype(np.float32)
    assert points_of(traces.emotion(lines, received, LIGHT, "arousal", ribbon=ribbon)) < 4_000
    paths = {name: np.stack([line, line], axis=1) for name in lines}
    assert points_of(traces.path(paths, LIGHT)) < 4_000
    assert points_of(traces.waveform(audio, received, LIGHT)) < 4_000


def test_a_prediction_is_missing_where_frames_were_lost():
    received = np.array([True, False, False, True, True])
    after = np.where(received, np.float32(0.3), np.float32(np.nan))
    figure = traces.emotion({"after loss": after}, received, LIGHT, "valence")
    drawn = next(trace for trace in figure.data if trace.name == "after loss")
    np.testing.assert_array_equal(np.isnan(np.asarray(drawn.y, dtype=float)), ~received)
    assert drawn.connectgaps is False


def test_every_axis_says_what_it_shows():
    received = np.ones(50, dtype=bool)
    audio = np.zeros(160_000, dtype=np.float32)
    for figure in (traces.waveform(audio, received, DARK), traces.emotion({}, received, DARK, "arousal")):
        assert "(s)" in figure.layout.xaxis.title.text
        assert "−1 to 1" in figure.layout.yaxis.title.text


def test_a_cell_without_a_score_is_marked_and_has_no_number():
    grid = [(p_n, p_l) for p_n in (0.0, 0.5, 1.0) for p_l in (0.0, 0.5, 1.0)]
    rows = [
        {"p_n": n, "p_l": p, "ccc": np.nan if p == 1 else 0.4, "low": np.nan, "high": np.nan} for n, p in grid
    ]
    figure = ccc_heatmap(pd.DataFrame(rows), LIGHT, title="t", highest=0.8)
    undefined, scored = (trace for trace in figure.data if trace.type == "heatmap")
    top = np.asarray(scored.z, dtype=float)[-1]
    assert np.isnan(top).all()
    assert (np.asarray(undefined.z, dtype=float)[-1] == 1).all()
    crosses = next(trace for trace in figure.select_traces({"mode": "text"}))
    assert set(crosses.y) == {1.0}
    hover = next(trace.hovertext for trace in figure.select_traces({"hoverinfo": "text"}))
    assert sum("not defined" in text for text in hover) == 3


@given(strategies.floats(0.05, 0.95), strategies.floats(0.0, 0.99))
def test_a_line_of_equal_loss_joins_channels_of_equal_loss(rate, p_n):
    p_l = float(loss_line(rate, np.array([p_n]))[0])
    if 0 <= p_l <= 1:
        assert Gilbert(p_n, p_l).loss_rate == pytest.approx(rate)


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_line_stands_out_from_the_page(palette):
    for name in ("sound", "lost", "gold", "clean", "received", "median", "ink"):
        lighter, darker = sorted((luminance(getattr(palette, name)), luminance(palette.paper)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 3, name  # WCAG 2.2, 1.4.11


def test_a_difference_is_outlined_where_its_interval_excludes_zero():
    cells = pd.DataFrame(intervals_of(-0.1, 0.1)[:1] + intervals_of(0.1, 0.2)[1:])
    x, _ = outlines(cells)
    figure = difference_heatmap(cells, LIGHT, title="t", largest=0.2)
    drawn = next(trace for trace in figure.data if trace.name == "interval excludes 0")
    assert len(drawn.x) == len(x) > 0
    assert "<" not in figure.layout.title.text  # plotly draws a title bold by itself
    assert {-0.05, 0.05, 1.05} <= {round(value, 3) for value in x}  # the border goes around the unsure corner
    assert outlines(pd.DataFrame(intervals_of(-0.1, 0.1))) == ([], [])


def test_a_hall_gets_larger_type_and_the_same_data():
    received = np.ones(50, dtype=bool)
    lines = {"clean": np.zeros(50, dtype=np.float32)}
    figure = traces.emotion(lines, received, LIGHT, "arousal")
    small, large = (chart.for_projector(figure.to_dict(), scale) for scale in (1, 1.5))
    sizes = [sent["layout"]["xaxis"]["tickfont"]["size"] for sent in (small, large)]
    assert sizes[1] > sizes[0]
    assert large["layout"]["height"] == pytest.approx(1.5 * small["layout"]["height"])
    assert large["data"][0]["line"]["width"] == 1.5 * small["data"][0]["line"]["width"]
    assert [trace["x"] for trace in large["data"]] == [trace["x"] for trace in small["data"]]
    go.Figure(large)  # plotly finds nothing wrong with it


def test_what_is_sent_is_what_plotly_would_send():
    figure = traces.emotion(
        {"clean": np.zeros(50, dtype=np.float32)}, np.ones(50, dtype=bool), LIGHT, "arousal"
    )
    drawn = Drawn(figure.to_dict())
    assert json.loads(plotly.io.to_json(drawn.to_dict(), validate=False)) == json.loads(figure.to_json())
    ringed = drawn.and_also(*ring(Gilbert(0.25, 0.75)))
    assert [trace["type"] for trace in drawn.to_dict()["data"]] == ["scatter"] * len(figure.data)  # as it was
    checked = go.Figure(ringed.to_dict()).data[-1]
    assert (checked.x, checked.y, checked.mode) == ((0.25,), (0.75,), "markers")


def test_an_unfinished_plane_shows_what_is_computed_and_hatches_the_rest():
    known = {c: (c.p_n, c.p_l, 0.0, 0.0) for row in plane.rounds()[:7] for c in row}
    known[Gilbert(0.0, 1.0)] = (np.nan,) * 4  # computed, but not defined
    table = plane.table(known, 0, "ccc")
    assert len(table) == 441
    assert int((~table["pending"]).sum()) == len(known)
    figure = ccc_heatmap(table, LIGHT, title="t", highest=1.0)
    (hatched,) = [trace for trace in figure.data if trace.name == "not computed yet"]
    assert len(hatched.x) == 441 - len(known)
    (crosses,) = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "text"]
    assert [*zip(crosses.x, crosses.y, strict=True)] == [(0.0, 1.0)]
    *_, coloured = [trace for trace in figure.data if trace.type == "heatmap"]
    assert np.isfinite(np.array(coloured.z, dtype=float)).sum() == len(known) - 1
    said = next(t.hovertext for t in figure.data if t.type == "scatter" and t.hovertext is not None)
    assert sum("not computed yet" in words for words in said) == 441 - len(known)


def test_no_tick_is_rounded_to_another_number():
    table = pd.DataFrame({"burst": [0.2, 0.4, 1.0], "mean": [0.68, 0.75, 0.70]})
    lines = lines_by_setting({"mismatched": table}, "burst", "x", "y")
    plane_ = pd.DataFrame([{"p_n": 1.0, "p_l": 0.0, "ccc": 0.1, "low": np.nan, "high": np.nan}])
    (scale,) = [
        t.colorbar
        for t in ccc_heatmap(plane_, LIGHT, title="t", highest=0.1).select_traces({"showscale": True})
    ]
    for form in (lines.layout.yaxis.tickformat, scale.tickformat):
        digits = re.fullmatch(r"\.(\d)~?f", form)[1]
        assert {float(f"{tick:.{digits}f}") for tick in (0.65, 0.7, 0.75)} == {0.65, 0.7, 0.75}


def test_charts_of_arousal_and_valence_side_by_side_have_one_axis_that_holds_zero():
    scores = {
        "mismatched": Scores((0.9, 0.7), (0.8, -0.12), ((0.7, 0.8, 0.9), (-0.18, 0.1, 0.3)), 20),
        "matched": Scores((0.5, None), (0.4, None), (None, None), 1),
    }
    dots = [score_dots(scores, index, name, LIGHT) for index, name in enumerate(DIMENSIONS)]
    assert [figure.layout.xaxis.range for figure in dots] == [(-0.2, 1.0)] * 2
    expected = [
        Expected("mismatched", name, ccc, ccc - 0.1, ccc + 0.1, 0.5, ())
        for name, ccc in zip(DIMENSIONS, (0.7, 0.5), strict=True)
    ]
    dots = [expected_dots(expected, name, LIGHT) for name in DIMENSIONS]
    assert [figure.layout.xaxis.range for figure in dots] == [(0.0, 1.0)] * 2


def test_a_grid_of_nothing_is_an_empty_picture():
    squares, numbers = helps.grid(pd.DataFrame(), [], LIGHT).data
    assert not len(squares.z)
    assert not len(numbers.text)


def test_every_number_of_the_grid_can_be_read_on_its_colour():
    shares = np.linspace(0, 1, 40)
    squares, numbers = helps.grid(pd.DataFrame([0.2 + shares / 2]), ["drop"], LIGHT).data
    assert list(numbers.text) == [f"{value:.2f}" for value in squares.z[0]]
    scale = sample_colorscale([list(each) for each in squares.colorscale], list(shares), colortype="tuple")
    for ink, parts in zip(numbers.textfont.color, scale, strict=True):
        square = "#" + bytes(round(255 * part) for part in parts).hex()
        darker, lighter = sorted((luminance(ink), luminance(square)))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5  # WCAG 2.2, 1.4.3
