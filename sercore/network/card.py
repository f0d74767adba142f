"""What a stranger should know of trained weights: the JSON card beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Annotated, Any

from sercore.reading import Amount, Count, Holds, Name, Share, Within, made

Table = Mapping[str, Any]
Scores = Mapping[str, Mapping[str, float | None]]  # by what was heard, and by dimension
_Range = Annotated[tuple[Share, ...], Within(2, 2)] | None
_Setting = Annotated[Table, Holds({"name": Name, "p_n": _Range, "p_l": _Range}, needed=("name",))]
_Corpus = Annotated[
    Table,
    Holds({"name": Name, "sha256": str, "training_tracks": Count, "training_minutes": Amount}),
]
_Conceals = Annotated[Table, Holds({"setting": Name, "sha256": str}, needed=("setting", "sha256"))]


@dataclass(frozen=True)
class Card:
    """A card; None stands for what it does not say."""

    setting: _Setting | None = None  # name, and the p_n and p_l that were trained on
    conceals: _Conceals | None = None  # the network whose features these weights fill in: setting, sha256
    corpus: _Corpus | None = None  # name, sha256, training_tracks and training_minutes
    seed: Count | None = None  # of the training
    epochs: Count | None = None  # passes over the training partition
    steps: Count | None = None  # of the optimiser
    optimiser: str | None = None  # its name and numbers
    batch_size: Count | None = None  # segments in one step
    segment_seconds: Amount | None = None  # length of a training piece
    lines: bool | None = None  # whether half of them were heard through acoustics of their own
    masks_drawn_again: Count | None = None  # how many draws of the losses kept too little
    averaging_decay: Share | None = None  # share of the weights' running average that survives one step
    chosen: str | None = None  # which of the training's weights these are: last, best or averaged
    chosen_by: str | None = None  # by which score
    best_epoch: Count | None = None  # whose weights scored best on devel
    ccc: str | None = None  # how the scores are computed
    candidates: Mapping[str, Scores] | None = None  # scores of last, best and averaged weights
    scores: Scores | None = None  # those of the chosen ones; CCC by what was heard and by dimension
    training_hours: Amount | None = None  # how long it took
    machine: Table | None = None  # where
    git_commit: str | None = None  # of the code
    versions: Table | None = None  # of what it ran on
    limits: str | None = None  # what the network is not for
    annotation_delay_seconds: Amount | None = None  # by which the labels were advanced, where they were
    post_processing: Table | None = None  # the chain of each dimension, where there is one
    post_processing_gain: Table | None = None  # what the chains gained on devel
    dimensions: Table | None = None  # the sizes of the network (``ModelDimensions``)
    sha256: str | None = None  # of the weights
    seed_choice: str | None = None  # why this seed ships
    devel_score_of_seeds: Mapping[str, float] | None = None  # those it was chosen among
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
        known = {each.name for each in fields(cls)} - {"more"}
        named = (
            {name: entries[name] for name in known & set(entries)}
            if isinstance(entries, Mapping)
            else entries
        )
        card = made(cls, named, "a card")
        return replace(card, more={name: value for name, value in entries.items() if name not in known})

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
