"""Channels with a name lose what their words say."""

import re

import pytest

from sercore.channel.frames import frame_law
from sercore.channel.presets import CALLS_OF_PACKETS, PRESETS


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_loses_what_it_says(preset):
    said = re.search(r"[Aa]bout (\d+) %", preset.meaning)
    if said:
        assert round(preset.channel.loss_rate * 100) == int(said[1])
    else:
        assert preset.name.lower() == preset.channel.environment


@pytest.mark.parametrize("call", CALLS_OF_PACKETS, ids=lambda call: call.name)
def test_a_call_of_packets_loses_what_it_says_and_says_whose_figures_it_rests_on(call):
    said = re.search(r"About ([\d.]+) %", call.meaning)[1]
    assert call.channel.loss_rate * 100 == pytest.approx(float(said), rel=0.35)
    burst = re.search(r"bursts of about (\d+) ms", call.meaning)
    if burst:
        assert call.channel.mean_burst_length * 20 == pytest.approx(int(burst[1]), rel=0.05)
    elif "at once" not in call.meaning:
        assert call.channel.mean_burst_length < 1.1
    assert call.source.endswith(".")
    assert call.derived.endswith(".")
    assert frame_law(call.channel).loss_rate < call.channel.loss_rate


@pytest.mark.parametrize("call", CALLS_OF_PACKETS, ids=lambda call: call.name)
def test_sliders_can_show_a_call_of_packets_as_it_is(call):
    for parameter in call.channel.PARAMETERS:
        value = getattr(call.channel, parameter.name)
        assert round(value, parameter.decimals) == value


def test_a_handover_takes_what_its_source_says_and_comes_as_often_as_we_say():
    channel = next(call.channel for call in CALLS_OF_PACKETS if call.name == "LTE handover")
    assert 20 / channel.r == pytest.approx(60, rel=0.02)  # ms
    assert 0.02 / channel.p == pytest.approx(20)  # s


def test_what_does_not_fit_a_narrow_link_is_lost():
    channel = next(call.channel for call in CALLS_OF_PACKETS if call.name == "Low bandwidth")
    needs = 16 + 40 * 8 / 20  # kbit/s: Opus, and 40 bytes of headers every 20 ms
    assert channel.loss_rate == pytest.approx(1 - 30 / needs * 0.98, abs=0.005)
