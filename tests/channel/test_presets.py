"""Channels with a name lose what their words say."""

import re

import pytest

from sercore.channel.presets import PRESETS


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_loses_what_it_says(preset):
    said = re.search(r"[Aa]bout (\d+) %", preset.meaning)
    if said:
        assert round(preset.channel.loss_rate * 100) == int(said[1])
    else:
        assert preset.name.lower() == preset.channel.environment
