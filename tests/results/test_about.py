"""What about.json says, and what is refused."""

import pytest

from sercore.reading import ReadingError
from sercore.results.about import About


@pytest.mark.parametrize(
    ("machine", "wrong"),
    [
        ({"cores": 2}, "lacks processor"),
        ({"processor": "Xeon"}, "lacks cores"),
        ({"processor": 7, "cores": 2}, r"machine\.processor must be text"),
        ({"processor": "Xeon", "cores": "2"}, r"machine\.cores must be"),
    ],
)
def test_the_machine_of_the_tables_says_its_processor_and_its_cores(machine, wrong):
    with pytest.raises(ReadingError, match=wrong):
        About.from_json({"machine": machine})


@pytest.mark.parametrize(
    ("machine", "wrong"), [({}, "lacks processor"), ({"processor": 7}, r"machine\.processor must be text")]
)
def test_that_of_a_training_says_its_processor(machine, wrong):
    with pytest.raises(ReadingError, match=wrong):
        About.from_json({"networks": [{"setting": "mismatched", "seed": 0, "machine": machine}]})


def test_without_a_machine_it_is_unknown():
    assert About.from_json({}).machine == {"processor": "an unknown processor", "cores": 0}
