"""What a stranger should know of trained weights: the JSON card beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

Table = Mapping[str, Any]
_KINDS: Mapping[Any, tuple[Any, str]] = {
    str | None: (str, "text"),
    int | None: (int, "a whole number"),
    float | None: ((int, float), "a number"),
    Table | None: (Mapping, "a table of names and values"),
}


@dataclass(frozen=True)
class Card:
    """A card; None stands for what it does not say.

    Args:
        setting: name, and the p_n and p_l that were trained on.
        corpus: name, sha256, training_tracks and training_minutes.
        seed: of the training.
        epochs: passes over the training partition.
        steps: of the optimiser.
        optimiser: its name and numbers.
        batch_size: segments in one step.
        segment_seconds: length of a training piece.
        masks_drawn_again: how many draws of the losses kept too little.
        averaging_decay: share of the running average of the weights that survives one step.
        chosen: which of the training's weights these are: last, best or averaged.
        chosen_by: by which score.
        best_epoch: whose weights scored best on devel.
        ccc: how the scores are computed.
        candidates: scores of last, best and averaged weights.
        scores: those of the chosen ones; CCC by what was heard and by dimension.
        training_hours: how long it took.
        machine: where.
        git_commit: of the code.
        versions: of what it ran on.
        limits: what the network is not for.
        annotation_delay_seconds: by how much the labels were advanced; absent where they were not.
        post_processing: the chain of each dimension, where there is one.
        post_processing_gain: what the chains gained on devel.
        dimensions: the sizes of the network (``ModelDimensions``).
        sha256: of the weights.
        seed_choice: why this seed ships.
        devel_score_of_seeds: those it was chosen among.
        plane: scores over the plane of channels.
        more: whatever else the JSON holds.
    """

    setting: Table | None = None
    corpus: Table | None = None
    seed: int | None = None
    epochs: int | None = None
    steps: int | None = None
    optimiser: str | None = None
    batch_size: int | None = None
    segment_seconds: float | None = None
    masks_drawn_again: int | None = None
    averaging_decay: float | None = None
    chosen: str | None = None
    chosen_by: str | None = None
    best_epoch: int | None = None
    ccc: str | None = None
    candidates: Table | None = None
    scores: Table | None = None
    training_hours: float | None = None
    machine: Table | None = None
    git_commit: str | None = None
    versions: Table | None = None
    limits: str | None = None
    annotation_delay_seconds: float | None = None
    post_processing: Table | None = None
    post_processing_gain: Table | None = None
    dimensions: Table | None = None
    sha256: str | None = None
    seed_choice: str | None = None
    devel_score_of_seeds: Table | None = None
    plane: Table | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, entries: Any) -> "Card":
        """A card from what its JSON holds.

        Raises:
            ValueError: if it is no table, or an entry is of another kind; one sentence says which.

        Example:
            >>> Card.from_json({"seed": 3, "mood": "good"}).seed
            3
        """
        if not isinstance(entries, Mapping):
            raise ValueError(f"a card must be {_KINDS[Table | None][1]}, got {type(entries).__name__}")
        known = {each.name: _KINDS[each.type] for each in fields(cls) if each.name != "more"}
        for name, (kind, words) in known.items():
            value = entries.get(name)
            if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
                raise ValueError(f"{name} must be {words}, got {value!r}")
        mine = {name: value for name, value in entries.items() if name in known}
        return cls(**mine, more={name: value for name, value in entries.items() if name not in known})

    def to_json(self) -> dict[str, Any]:
        """What the JSON holds, in the order above.

        Example:
            >>> Card(seed=3, more={"mood": "good"}).to_json()
            {'seed': 3, 'mood': 'good'}
        """
        said = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "more"}
        return {name: value for name, value in said.items() if value is not None} | dict(self.more)

    @property
    def setting_name(self) -> str | None:
        """How the network was trained, in one word."""
        return (self.setting or {}).get("name")

    @property
    def corpus_sha256(self) -> str | None:
        """Of the corpus it was trained on."""
        return (self.corpus or {}).get("sha256")
