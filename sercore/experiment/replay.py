"""A scene: one clip through one draw of one channel, as a file that gives anybody the same numbers."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.audio import audio_sha256, read_audio, sixteen_bits
from sercore.channel import LOSS_MODELS, Gilbert, LossModel, parameters_of
from sercore.channel.coupled import draw_received
from sercore.corpus import Corpus
from sercore.receiver import RECEIVERS, receiver_named
from sercore.receiver.drop import Drop
from sercore.recogniser.recogniser import Recogniser
from sercore.scoring.concordance import ccc_received, ccc_timeline
from sercore.units import DIMENSIONS, SAMPLES_PER_FRAME

FORMAT = "sercore scene 1"
_TOLERANCE = 1e-4  # processors add up in different orders


class SceneError(ValueError):
    """A scene cannot be read, or what it was made of is not at hand."""


@dataclass(frozen=True)
class Scene:
    """What was shown, without the sound itself.

    Raises:
        ValueError: if a value is impossible.
    """

    channel: LossModel  # what it was sent through
    seed: int  # of the loss
    given: str  # name of the receiver, whose audio the network is given
    track: str | None  # None for a visitor's own audio
    first_frame: int  # where the clip begins in its track
    n_frames: int
    sha256: str  # of the clip's samples
    networks: Mapping[str, str] = field(default_factory=dict)  # SHA-256 of the weights that each setting used
    corpus: str = "demo"  # that holds the track

    def __post_init__(self) -> None:
        # Files of before have other names for receivers.
        object.__setattr__(self, "given", receiver_named(self.given).NAME)
        for name in ("sha256", "corpus") if self.track is None else ("sha256", "corpus", "track"):
            if not isinstance(getattr(self, name), str):
                raise ValueError(f"{name} must be text, got {getattr(self, name)!r}")
        used = self.networks
        if not isinstance(used, Mapping) or not all(isinstance(each, str) for each in used.values()):
            raise ValueError(f"networks must give the SHA-256 of each setting's weights, got {used!r}")
        for name in ("seed", "first_frame", "n_frames"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise ValueError(f"{name} must be a whole number of at least 0, got {value!r}")


def scene_json(scene: Scene, scores: Sequence[Mapping[str, Any]]) -> str:
    """The scene with the scores that were shown, for ``read_scene``."""
    others = {name: value for name, value in vars(scene).items() if name != "channel"}
    model = {} if scene.channel.NAME == Gilbert.NAME else {"loss_model": scene.channel.NAME}
    content = {"format": FORMAT, **model, **parameters_of(scene.channel), **others, "scores": scores}
    return json.dumps(content, indent=2, allow_nan=False) + "\n"


def read_scene(path: str | Path) -> tuple[Scene, list[dict[str, Any]]]:
    """The scene, and the scores that were shown when it was written.

    Raises:
        SceneError: if the file is missing or no scene.
    """
    path = Path(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.pop("format") != FORMAT:
            raise ValueError(f"its format is not {FORMAT!r}")
        scores = content.pop("scores")
        if not isinstance(scores, list) or not all(isinstance(row, dict) for row in scores):
            raise ValueError("its scores are no list of rows")
        model = LOSS_MODELS[content.pop("loss_model", Gilbert.NAME)]
        numbers = {parameter.name: content.pop(parameter.name) for parameter in model.PARAMETERS}
        return Scene(model(**numbers), **content), scores
    except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise SceneError(f"{path} is not a scene that the dashboard wrote: {error}") from None


def scene_clip(
    scene: Scene, corpus: Corpus | None, own_audio: str | Path | None
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """The clip of a scene, from its corpus or its visitor's file, and its gold standard where there is one.

    Shape: (n_frames * 3200,) and (n_frames, 2).

    Raises:
        SceneError: if the clip is not at hand, or not the one of the scene.
    """
    gold: NDArray[np.float32] | None = None
    frames = slice(scene.first_frame, scene.first_frame + scene.n_frames)
    samples = slice(frames.start * SAMPLES_PER_FRAME, frames.stop * SAMPLES_PER_FRAME)
    if scene.track is None:
        if own_audio is None:
            raise SceneError("the scene is of a visitor's own audio: name that file with --audio")
        audio = sixteen_bits(read_audio(own_audio))[samples]
    else:
        tracks = [track for track in corpus or () if track.name == scene.track]
        if not tracks:
            raise SceneError(f"the corpus {scene.corpus} holds no track {scene.track}")
        audio, gold = tracks[0].audio[samples], tracks[0].gold[frames]
    found = audio_sha256(audio)
    if found != scene.sha256:
        raise SceneError(f"the audio is another: its SHA-256 is {found}, the scene's {scene.sha256}")
    return audio, gold


def score_scene(
    recogniser: Recogniser, scene: Scene, audio: NDArray[np.float32], gold: NDArray[np.float32] | None
) -> Iterator[dict[str, Any]]:
    """The scores of one network in a scene; against its own prediction without loss where gold is absent.

    Yields:
        One row for each dimension: ccc_clean, ccc and ccc_timeline, None where too few frames arrive.
    """
    received = draw_received(scene.channel, scene.seed, scene.n_frames)
    everything = np.ones_like(received)
    heard = recogniser.hear(audio)
    (clean,) = recogniser.predict_heard([(heard, everything)], RECEIVERS[Drop.NAME])
    (after,) = recogniser.predict_heard([(heard, received)], RECEIVERS[scene.given])
    reference = clean if gold is None else gold
    before = ccc_received(reference, clean, everything)
    then, timeline = ccc_received(reference, after, received), ccc_timeline(reference, after, received)
    for values in zip(DIMENSIONS, before, then, timeline, strict=True):
        yield dict(zip(("dimension", "ccc_clean", "ccc", "ccc_timeline"), values, strict=True))


def differing(found: Sequence[Mapping[str, Any]], shown: Sequence[Mapping[str, Any]]) -> list[str]:
    """Which scores of a replay are not those that were shown, to within rounding of the networks' sums.

    Example:
        >>> differing([{"setting": "a", "ccc": 0.5}], [{"setting": "a", "ccc": 0.4}])
        ['a ccc 0.5 instead of 0.4']
    """
    if len(found) != len(shown):
        return [f"{len(found)} rows instead of {len(shown)}"]
    return [
        f"{now.get('setting')} {name} {now.get(name)} instead of {value}"
        for now, then in zip(found, shown, strict=True)
        for name, value in then.items()
        if not _equal(now.get(name), value)
    ]


def _equal(one: Any, other: Any) -> bool:
    numbers = isinstance(one, float) and isinstance(other, float)
    return math.isclose(one, other, abs_tol=_TOLERANCE) if numbers else bool(one == other)
