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
    """A card; None stands for what it does not say."""

    setting: Table | None = None  # name, and the p_n and p_l that were trained on
    corpus: Table | None = None  # name, sha256, training_tracks and training_minutes
    seed: int | None = None  # of the training
    epochs: int | None = None  # passes over the training partition
    steps: int | None = None  # of the optimiser
    optimiser: str | None = None  # its name and numbers
    batch_size: int | None = None  # segments in one step
    segment_seconds: float | None = None  # length of a training piece
    masks_drawn_again: int | None = None  # how many draws of the losses kept too little
    averaging_decay: float | None = None  # share of the weights' running average that survives one step
    chosen: str | None = None  # which of the training's weights these are: last, best or averaged
    chosen_by: str | None = None  # by which score
    best_epoch: int | None = None  # whose weights scored best on devel
    ccc: str | None = None  # how the scores are computed
    candidates: Table | None = None  # scores of last, best and averaged weights
    scores: Table | None = None  # those of the chosen ones; CCC by what was heard and by dimension
    training_hours: float | None = None  # how long it took
    machine: Table | None = None  # where
    git_commit: str | None = None  # of the code
    versions: Table | None = None  # of what it ran on
    limits: str | None = None  # what the network is not for
    annotation_delay_seconds: float | None = None  # by which the labels were advanced, where they were
    post_processing: Table | None = None  # the chain of each dimension, where there is one
    post_processing_gain: Table | None = None  # what the chains gained on devel
    dimensions: Table | None = None  # the sizes of the network (``ModelDimensions``)
    sha256: str | None = None  # of the weights
    seed_choice: str | None = None  # why this seed ships
    devel_score_of_seeds: Table | None = None  # those it was chosen among
    plane: Table | None = None  # scores over the plane of channels
    more: Mapping[str, Any] = field(default_factory=dict)  # whatever else the JSON holds

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
