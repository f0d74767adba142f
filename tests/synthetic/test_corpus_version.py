"""What a version of the corpus sounds like and how it is rated: another content needs another number.

Whoever changes samples or labels raises ``CORPUS_VERSION`` and writes the new golden beside the old one.
"""

import importlib.util
import json

import numpy as np
import pytest

from sercore.corpus.corpus import DEMO
from sercore.synthetic.build import CORPUS_VERSION, Size, gold_of, plan
from sercore.synthetic.latents import draw_latents
from sercore.synthetic.tracks import agreeing_ratings, make_track

# By version: level of each second of a track of 8 s, and mean and spread of its arousal and valence.
LEVELS = {
    6: [0.001, 0.0585, 0.0657, 0.0607, 0.0863, 0.1296, 0.1087, 0.0574],
    7: [0.0039, 0.0319, 0.0399, 0.0309, 0.0224, 0.032, 0.0299, 0.0272],
}
GOLD = {6: [0.0303, -0.5918, 0.0768, 0.1879], 7: [0.3826, -0.3141, 0.1, 0.1426]}
HAS_VOICES = all(importlib.util.find_spec(name) for name in ("pyworld", "ttspico"))
MANIFEST = json.loads((DEMO / "manifest.json").read_text())


@pytest.mark.skipif(not HAS_VOICES, reason='the voices are not installed (pip install -e ".[corpus]")')
def test_a_short_track_of_this_version_gives_its_golden(tmp_path):
    made = make_track(plan(Size(1, 0, 0, 8.0), seed=1)[0], tmp_path)
    levels = [float(np.sqrt(np.mean(second**2))) for second in made.audio.reshape(8, 16_000)]
    gold = gold_of(made.ratings)
    assert levels == pytest.approx(LEVELS[CORPUS_VERSION], abs=1e-3)
    assert [*gold.mean(axis=0), *gold.std(axis=0)] == pytest.approx(GOLD[CORPUS_VERSION], abs=1e-3)


@pytest.mark.skipif(MANIFEST["version"] != CORPUS_VERSION, reason="the shipped tracks are of another version")
@pytest.mark.parametrize("entry", MANIFEST["tracks"], ids=lambda entry: entry["name"])
def test_the_shipped_gold_standard_follows_from_the_shipped_seeds(entry):
    seed = tuple(entry["seed"])
    latents = draw_latents(entry["seconds"], np.random.default_rng((*seed, 0)))
    gold = gold_of(agreeing_ratings(latents, seed))
    for column, dimension in enumerate(("arousal", "valence")):
        text = (DEMO / "ratings_gold_standard" / dimension / f"{entry['name']}.arff").read_text()
        lines = text.partition("@data")[2].split()
        shipped = np.array([float(line.rsplit(",", 1)[1]) for line in lines])
        np.testing.assert_allclose(gold[:, column], shipped, atol=1e-4)
