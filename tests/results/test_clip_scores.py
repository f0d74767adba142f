"""By which of several networks real voices are told apart best."""

import json

import pytest

from sercore.reading import ReadingError
from sercore.results.clip_scores import AROUSAL, HAPPY_ANGRY, HAPPY_SAD, mean_aucs


def rows(network, *, less=0.0, telephone=0.0, skipped=()):
    """Every comparison, of .9, .8 and .7, as clips are and through two lines."""
    made = [
        {"contrast": contrast, "compared": compared, "auc": auc - less - (telephone if line else 0)}
        | {"ci_low": None, "ci_high": None, "loss_rate": loss, "moved": {}, "weights_sha256": network}
        | ({"line": line} if line else {})
        for line, loss in (("", 0.0), ("telephone", 0.0), ("room", 0.0), ("", 0.5))
        for contrast, auc in ((AROUSAL, 0.9), (HAPPY_ANGRY, 0.8), (HAPPY_SAD, 0.7), ("other", 0.7))
        for compared in ("pooled", "within speaker")
    ]
    return [row for row in made if (row["contrast"], row.get("line", "")) not in skipped]


def write(path, found):
    path.write_text(json.dumps(found))
    return path


def test_it_is_the_mean_of_three_comparisons_as_they_are_and_by_telephone_over_all_sets(tmp_path):
    one = write(tmp_path / "one.json", {"first": rows("ab"), "second": rows("cd", less=0.1)})
    two = write(tmp_path / "two.json", {"": rows("ab", telephone=0.4), " ": rows("cd"), "third": rows("ef")})
    assert mean_aucs([one, two]) == pytest.approx({"ab": 0.8 - 0.4 / 4, "cd": 0.8 - 0.1 / 2})
    assert mean_aucs([]) == {}


@pytest.mark.parametrize("skipped", [(HAPPY_SAD, ""), (AROUSAL, "telephone")])
def test_a_network_that_lacks_a_comparison_has_none(skipped, tmp_path):
    found = {"first": rows("ab", skipped=[skipped]), "second": rows("cd")}
    assert mean_aucs([write(tmp_path / "one.json", found)]).keys() == {"cd"}


def test_what_is_no_file_of_scores_is_one_sentence(tmp_path):
    with pytest.raises(ReadingError, match=r"the scores of clips .*gone\.json cannot be read"):
        mean_aucs([tmp_path / "gone.json"])
