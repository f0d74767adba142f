"""Plans that cannot be."""

import pytest

from sercore.training.plan import TrainingPlan


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        ({"epochs": 0}, "epochs must be at least 1, got 0"),
        ({"learning_rate": 0}, "learning_rate must be above 0"),
        ({"averaging_decay": 1.0}, r"averaging_decay must lie in \[0, 1\)"),
        ({"seed": -1}, "seed must be at least 0"),
        ({"segment_seconds": float("nan")}, r"segment_seconds must be 0\.2 s to an hour, got nan"),
        ({"segment_seconds": float("inf")}, "got inf"),
        ({"segment_seconds": 0.0}, "got 0 s"),
    ],
)
def test_impossible_plans_are_refused(plan, sentence):
    with pytest.raises(ValueError, match=sentence):
        TrainingPlan(**plan)
