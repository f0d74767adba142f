"""The picture of Figure 3."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from sercore.report.figure_3 import figure_3_svg


def test_the_picture_is_svg_that_names_its_corpus_and_its_lines(outcome):
    root = ET.fromstring(figure_3_svg(outcome.figure_3, "default <corpus>"))  # noqa: S314  (our own)
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "arousal, default <corpus>" in texts
    assert {"mismatched", "multi-condition", "augmentation", "matched"} <= set(texts)
    strokes = [p for p in root.iter("{http://www.w3.org/2000/svg}path") if p.get("stroke-width")]
    assert len(strokes) == 4 * 2 + 4  # lines in both panels, and the legend


def test_a_point_of_the_picture_lies_where_its_axes_say(outcome):
    root = ET.fromstring(figure_3_svg(outcome.figure_3, "default"))  # noqa: S314
    path = "{http://www.w3.org/2000/svg}path"
    grid = [p.get("d") for p in root.iter(path) if p.get("stroke") == "#ddd"]
    heights = sorted({float(d.split("H")[0].split()[-1]) for d in grid}, reverse=True)
    steps = np.diff(heights)
    assert np.allclose(steps, steps[0], atol=0.15)  # equal steps of 0.2 CCC, from 0 upwards
    line = next(p for p in root.iter(path) if p.get("stroke") == "#0072B2" and "L" in p.get("d"))
    _, y = line.get("d")[1:].split("L")[0].split()
    mine = outcome.figure_3.query("score == 'ccc' and setting == 'mismatched' and dimension == 'arousal'")
    assert float(y) == pytest.approx(heights[0] + steps[0] * mine.ccc.iloc[0] / 0.2, abs=0.5)
