"""What an experiment might say of itself."""

from sercore.results.about import About

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
