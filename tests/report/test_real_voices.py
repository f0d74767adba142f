"""The model card's table of real voices, from a file as scripts/score_clips.py writes it."""

import json

import pytest

from sercore.reading import ReadingError
from sercore.report.real_voices import FOLDER, MARKS, with_real_voices

NETWORK = "0123abcd"
TEXT = f"before\n{MARKS.begin}\nold\n{MARKS.end}\nafter"


def row(contrast, auc, compared="pooled", line=None, **more):
    """A row as the script writes it; what the table does not show is left out."""
    shifts = {"arousal": 0.25, "valence": -0.5} if line else {"arousal": 0.0, "valence": 0.0}
    found = {
        "contrast": contrast,
        "compared": compared,
        "auc": auc,
        "ci_low": auc - 0.1,
        "ci_high": auc + 0.1,
    }
    return (
        found
        | {"loss_rate": 0.0, "moved": shifts, "weights_sha256": NETWORK}
        | ({"line": line} if line else {})
        | more
    )


def write(tmp_path, found, name="Some voices"):
    (tmp_path / FOLDER).mkdir(exist_ok=True)
    (tmp_path / FOLDER / f"{name}.json").write_text(json.dumps(found))


def test_each_line_is_a_row_with_intervals_and_what_it_moves(tmp_path):
    rows = [
        row("arousal: high against low", 0.9),
        row("arousal: high against low", 0.88, "within speaker"),
        row("valence: happiness against anger", 0.7, ci_low=None, ci_high=None),
        row("arousal: high against low", 0.8, line="telephone"),
        row("arousal: high against low", 0.5, loss_rate=0.5),
    ]
    write(
        tmp_path,
        {"one": [row("arousal: high against low", 0.1, weights_sha256="of another")], "shipped": rows},
    )
    lines = with_real_voices(TEXT, tmp_path, [NETWORK]).splitlines()
    assert (lines[0], lines[-1], "old" in lines) == ("before", "after", False)
    whole, telephone = ([cell.strip() for cell in line.split("|")[1:-1]] for line in lines if "Some" in line)
    assert whole == [
        "Some voices",
        "as it is",
        "0.900 [0.80, 1.00]",
        "0.880 [0.78, 0.98]",
        "0.700",
        "",
        "",
        "",
    ]
    assert telephone == ["Some voices", "telephone", "0.800 [0.70, 0.90]", "", "", "", "+0.250", "-0.500"]


@pytest.mark.parametrize("text", [TEXT, "no marks"])
def test_without_scores_or_marks_the_text_stays(text, tmp_path):
    if text != TEXT:
        write(tmp_path, {"mismatched": [row("arousal: high against low", 0.9)]})
    assert with_real_voices(text, tmp_path, [NETWORK]) == text


@pytest.mark.parametrize(
    "found",
    [[], {"mismatched": 3}, {"mismatched": "abc"}, {"mismatched": [{}]}, {"mismatched": [row("x", 7.0)]}],
)
def test_what_is_no_file_of_scores_is_one_sentence(found, tmp_path):
    write(tmp_path, found)
    with pytest.raises(ReadingError, match=r"the scores of clips .*Some voices\.json cannot be read"):
        with_real_voices(TEXT, tmp_path, [NETWORK])
