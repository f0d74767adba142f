"""What sounds best, and what that is worth to a network."""

import numpy as np
import pandas as pd
import pytest

from sercore.results.claims import FAILS, HOLDS, OPEN, UNTRAINED
from sercore.results.table import ResultsError, write_results
from sercore.results.voices import VOICES, examine_sound, read_voices, sounds_and_reads


def table(mos):
    rows = [
        {
            **dict.fromkeys(VOICES, 0.5), "receiver": name,
            "burst_ms": 30.0, "plcmos": score, "dimension": dimension, "contrast": "high against low",
            "clips": 40, "weights_sha256": "w",
        }
        for name, score in mos.items()
        for dimension in ("arousal", "valence")
    ]  # fmt: skip
    return pd.DataFrame(rows).astype(VOICES)


def moved(**share):
    """Of 40 clips the share that stays, the others moving far."""
    kept = {name: np.where(np.arange(40) < 40 * value, 0.01, 0.3) for name, value in share.items()}
    return {name: np.broadcast_to(values[None, :, None], (2, 40, 2)) for name, values in kept.items()}


@pytest.mark.parametrize(
    ("stays", "verdict"),
    [
        ({"pitch": 0.9, "silence": 0.2}, HOLDS),
        ({"pitch": 0.2, "silence": 0.9}, FAILS),
        ({"pitch": 0.5, "silence": 0.5}, OPEN),
    ],
)
def test_the_claim_follows_what_stays_of_the_best_sounding_one(stays, verdict):
    findings = examine_sound(table({"pitch": 4.0, "silence": 3.0}), moved(**stays))
    assert {each.verdict for each in findings} == {verdict}
    assert findings[0].value == pytest.approx(stays["pitch"] - stays["silence"])
    assert findings[0].low <= findings[0].value <= findings[0].high


def test_one_receiver_alone_says_nothing():
    assert {each.verdict for each in examine_sound(table({"pitch": 4.0}), moved(pitch=0.5))} == {UNTRAINED}


def test_the_best_sounding_one_comes_first():
    assert sounds_and_reads(table({"silence": 3.0, "pitch": 4.0}))["receiver"].tolist() == [
        "pitch",
        "pitch",
        "silence",
        "silence",
    ]


def test_it_is_read_back_as_it_was_written_and_nonsense_is_refused(tmp_path):
    whole = table({"pitch": 4.0})
    write_results(tmp_path / "voices.csv", whole)
    assert read_voices(tmp_path / "voices.csv").equals(whole)
    write_results(tmp_path / "voices.csv", whole.assign(unchanged=1.5))
    with pytest.raises(ResultsError, match="unchanged must"):
        read_voices(tmp_path / "voices.csv")
    write_results(tmp_path / "voices.csv", whole.assign(receiver="tin can"))
    with pytest.raises(ResultsError, match="the receiver must be one of drop"):
        read_voices(tmp_path / "voices.csv")
