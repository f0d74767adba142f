"""Results that tests make up, as the dashboard reads them."""

import pandas as pd

from dashboard.compute import findings
from sercore.channel.gilbert import Gilbert
from sercore.results import outcome
from sercore.results.table import results_table


def made_findings(
    score_of, *, settings_=("mismatched", "matched"), trainings=3, intervals=None
) -> findings.Findings:
    """Results in which ``score_of(setting, training, p_n, p_l)`` is the CCC of each channel."""
    steps = [round(i / 10, 1) for i in range(11)]
    rows = [
        {
            "setting": setting, "model_seed": training, "p_n": n, "p_l": p, "dimension": dimension,
            "expected_loss_rate": Gilbert(n, p).loss_rate, "loss_rate": Gilbert(n, p).loss_rate,
            "ccc": score_of(setting, training, n, p), "n_frames": 100, "seed": 0, "partition": "test",
            "corpus": "default",
        }
        for setting in settings_ for training in range(trainings) for dimension in ("arousal", "valence")
        for n in steps for p in steps
    ]  # fmt: skip
    table = results_table(rows)
    differences = pd.DataFrame(intervals or [], columns=list(outcome.DIFFERENCES_NEEDED))
    return findings.Findings(table, differences)


def intervals_of(low: float, high: float, better="matched", than="mismatched") -> list[dict]:
    steps = [round(i / 10, 1) for i in range(11)]
    return [
        {
            "setting": better, "other": than, "p_n": n, "p_l": p, "dimension": "arousal", "score": "ccc",
            "difference": (low + high) / 2, "low": low, "high": high,
        }
        for n in steps for p in steps
    ]  # fmt: skip
