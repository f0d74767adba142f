"""A card says the same after a journey through JSON."""

import json
from pathlib import Path

import pytest

from sercore.network.card import Card
from sercore.network.weights import read_card, write_card

TRAINED = Path(__file__).parents[2] / "trained"


@pytest.mark.parametrize("path", sorted(TRAINED.glob("*.json")), ids=lambda path: path.stem)
def test_the_shipped_cards_are_written_as_they_were_read(path, tmp_path):
    write_card(tmp_path / path.name, read_card(path))
    assert (tmp_path / path.name).read_text() == path.read_text()


def test_what_is_not_known_is_kept():
    entries = {"seed": 3, "scores": {"devel_clean": {"arousal": None}}, "mood": ["good"]}
    assert Card.from_json(json.loads(json.dumps(entries))).to_json() == entries


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ([1], "a card must be a table of names and values, got list"),
        ({"seed": "three"}, "seed must be a whole number, got 'three'"),
        ({"seed": True}, "seed must be a whole number, got True"),
        ({"training_hours": "long"}, "training_hours must be a number, got 'long'"),
        ({"setting": "mismatched"}, "setting must be a table of names and values, got 'mismatched'"),
        ({"chosen": 3}, "chosen must be text, got 3"),
        ({"seed": 1e30}, r"seed must be a whole number, got 1e\+30"),
        ({"seed": 0.5}, "seed must be a whole number, got 0.5"),
        ({"seed": 10**30}, "seed must lie in"),
        ({"epochs": -1}, r"epochs must lie in \[0, .*\], got -1"),
        ({"setting": {"p_n": None}}, "setting lacks name"),
        ({"setting": {"name": ["mismatched"]}}, r"setting\.name must be text, got \['mismatched'\]"),
        ({"setting": {"name": "a", "p_n": [0, 2]}}, r"setting\.p_n\[1\] must lie in \[0, 1\], got 2"),
        ({"scores": {"devel_clean": [1]}}, r"scores\.devel_clean must be a table of names and values"),
        ({"training_hours": float("nan")}, "training_hours must be finite, got nan"),
    ],
)
def test_a_field_of_another_kind_is_refused_in_one_sentence(entries, sentence):
    with pytest.raises(ValueError, match=sentence):
        Card.from_json(entries)
