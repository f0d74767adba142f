"""README's section of results."""

from dataclasses import replace

from sercore.report.claims import claims_markdown
from sercore.report.readme import in_short, readme_section
from sercore.report.tables import loss_table_of
from sercore.results.about import About
from sercore.results.outcome import PLANE

ABOUT = About.from_json({
    "corpus": {
        "name": "default", "sha256": "0123456789abcdef", "synthetic": True,
        "partition": ["The partition: 16, 15, 15."], "notes": [], "speakers": 46,
        "languages": {"French": 33, "Italian": 8}, "tracks": {"train": 16, "devel": 15, "test": 15},
    },
    "partition": "test", "grid": 2, "loss_seeds": 1, "epochs": 200, "annotation_delay_seconds": 0,
    "post_processing": False, "missing": [], "shipped_seed": {"mismatched": 1}, "training_hours": 1.5,
    "evaluation_hours": 0.5,
    "networks": [
        {"setting": "mismatched", "seed": seed, "devel_score": 0.4 + seed / 10, "chosen": "averaged",
         "training_hours": 0.5, "machine": {"processor": "another chip"}}
        for seed in (1, 0)
    ],
    "machine": {"processor": "one <chip>", "cores": 2}, "git_commit": "abc", "versions": {"torch": "2"},
})  # fmt: skip


def test_the_answer_in_short_is_made_of_the_same_means(outcome):
    _, rows = loss_table_of(outcome.plane)
    line = next(row for row in rows if row[:2] == ["augmentation", "frames that arrive"])
    said = in_short(outcome.plane)
    assert f"(augmentation) has {line[2]} / {line[4]} under 50 % loss and {line[3]} / {line[5]} over" in said
    assert said in readme_section(outcome, "")
    without = outcome.plane[outcome.plane.setting != "augmentation"]
    assert in_short(without) == ""
    assert "In short" not in readme_section(replace(outcome, tables={PLANE: without}), "")


def test_the_section_names_the_corpus_and_cannot_be_taken_for_recolas(outcome):
    section = readme_section(outcome, "trained/results/")
    assert "synthetic speech; not comparable with RECOLA" in section
    assert "cannot be compared" in section
    assert "(trained/results/figure_3.svg)" in section
    assert "(trained/results/claims.md)" in section
    missing = replace(ABOUT, missing=("mismatched-seed2", "matched_low_low-seed2"))
    text = claims_markdown(outcome.findings, missing)
    assert "2 of 4 trainings are done; not trained yet: matched_low_low." in text
