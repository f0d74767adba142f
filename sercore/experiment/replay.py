"""A scene: one clip through one draw of one channel, as a file that gives anybody the same numbers."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from sercore.audio import audio_sha256, read_audio, sixteen_bits
from sercore.channel import Gilbert, LossModel, parameters_of
from sercore.channel.coupled import LARGEST_SEED, draw_received
from sercore.channel.packets import frames_received
from sercore.channel.registry import PACKET_MS, models_of_numbers
from sercore.corpus import Corpus
from sercore.reading import (
    Name,
    OneOf,
    ReadingError,
    Within,
    checked,
    first_line,
    made,
    read_json,
    shortened,
    told_as,
)
from sercore.reading.names import on_disk
from sercore.receiver import RECEIVERS, receiver_named
from sercore.receiver.drop import Drop
from sercore.recogniser.recogniser import Recogniser
from sercore.recogniser.run_in import predict_after_run_in
from sercore.scoring.concordance import ccc_received, ccc_timeline
from sercore.units import DIMENSIONS, FRAME_MS, SAMPLES_PER_FRAME

FORMAT = "sercore scene 1"
LONGEST_FRAMES = 180_000  # ten hours; the dashboard shows five minutes
MOST_BYTES = 1_000_000
LONGEST_OWN_SECONDS = 300  # of a visitor's own audio
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
    seed: Annotated[int, Within(0, LARGEST_SEED)]  # of the loss
    given: Name  # name of the receiver, whose audio the network is given
    track: str | None  # None for a visitor's own audio
    first_frame: Annotated[int, Within(0, LONGEST_FRAMES)]  # where the clip begins in its track
    n_frames: Annotated[int, Within(1, LONGEST_FRAMES)]
    sha256: str  # of the clip's samples
    networks: Mapping[str, str] = field(default_factory=dict)  # SHA-256 of the weights that each setting used
    corpus: str = "demo"  # that holds the track
    run_in: Annotated[int, Within(0, LONGEST_FRAMES)] = (
        0  # frames of the track that were heard before the clip
    )

    def __post_init__(self) -> None:
        if self.run_in > (0 if self.track is None else self.first_frame):
            raise ValueError(f"run_in must lie within the track, got {self.run_in} frames before the clip")
        if self.run_in * FRAME_MS % self.channel.packet_ms:
            raise ValueError(f"run_in must be whole packets, got {self.run_in} frames")
        # Files of before have other names for receivers.
        object.__setattr__(self, "given", receiver_named(self.given).NAME)


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
    path = on_disk(path)
    with told_as(SceneError, f"{path} is not a scene that the dashboard wrote"):
        content = dict(checked(Mapping[str, Any], read_json(path, MOST_BYTES), "a scene"))
        if content.get("format") != FORMAT:
            raise ReadingError(f"its format is not {FORMAT!r}")
        rows = checked(tuple[Mapping[str, Any], ...], content.get("scores"), "scores")
        channel = _channel(content)
        scene = made(Scene, content | {"channel": channel}, "a scene")
        known = {"format", "scores", "loss_model", *parameters_of(channel), *vars(scene)} - {"channel"}
        if unknown := sorted(set(content) - known):
            raise ReadingError(f"it has no place for {shortened(unknown[0])}")
    return scene, list(map(dict, rows))


def _channel(content: Mapping[str, Any]) -> LossModel:
    """The channel of a scene: of numbers alone, for a scene may come from anybody and names no file."""
    models = models_of_numbers()
    name = content.get("loss_model", Gilbert.NAME)
    model = models[checked(Annotated[str, OneOf(tuple(models))], name, "loss_model")]
    names = [each.name for each in model.PARAMETERS]
    if missing := [name for name in names if name not in content]:
        raise ReadingError(f"it lacks {missing[0]}")
    given = {name: content[name] for name in (*names, PACKET_MS) if name in content}
    try:
        return model(**{name: checked(float, value, name) for name, value in given.items()})
    except ReadingError:
        raise
    except ValueError as error:
        raise ReadingError(first_line(error)) from None


def scene_clip(
    scene: Scene, corpus: Corpus | None, own_audio: str | Path | None
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """The clip of a scene behind its run-in, from its corpus or its visitor's file; its gold standard if any.

    Shape: ((run_in + n_frames) * 3200,) and (n_frames, 2).

    Raises:
        SceneError: if the clip is not at hand, or not the one of the scene.
    """
    gold: NDArray[np.float32] | None = None
    frames = slice(scene.first_frame, scene.first_frame + scene.n_frames)
    samples = slice((frames.start - scene.run_in) * SAMPLES_PER_FRAME, frames.stop * SAMPLES_PER_FRAME)
    if scene.track is None:
        if own_audio is None:
            raise SceneError("the scene is of a visitor's own audio: name that file with --audio")
        audio = sixteen_bits(read_audio(own_audio, max_seconds=LONGEST_OWN_SECONDS))[samples]
    else:
        tracks = [track for track in corpus or () if track.name == scene.track]
        if not tracks:
            raise SceneError(f"the corpus {shortened(scene.corpus)} holds no track {shortened(scene.track)}")
        audio, gold = tracks[0].audio[samples], tracks[0].gold[frames]
    clip = audio[scene.run_in * SAMPLES_PER_FRAME :]
    found = audio_sha256(clip)
    if found != scene.sha256:
        said = shortened(scene.sha256)
        raise SceneError(f"the audio is another: its SHA-256 is {found}, the scene's {said}")
    if len(clip) != scene.n_frames * SAMPLES_PER_FRAME:
        raise SceneError(
            f"the scene says {scene.n_frames} frames of 3,200 samples, its audio has {len(clip):,}"
        )
    return audio, gold


def score_scene(
    recogniser: Recogniser, scene: Scene, audio: NDArray[np.float32], gold: NDArray[np.float32] | None
) -> Iterator[dict[str, Any]]:
    """The scores of one network in a scene; against its own prediction without loss where gold is absent.

    Audio and gold as ``scene_clip`` gives them.

    Yields:
        One row for each dimension: ccc_clean, ccc and ccc_timeline, None where too few frames arrive.
    """
    packets, packet_ms = draw_received(scene.channel, scene.seed, scene.n_frames), scene.channel.packet_ms
    received = frames_received(packets, packet_ms)
    everything = np.ones_like(received)
    heard, run_in = recogniser.hear(audio), scene.run_in
    (clean,) = predict_after_run_in(recogniser, heard, [everything], RECEIVERS[Drop.NAME], run_in=run_in)
    (after,) = predict_after_run_in(
        recogniser, heard, [packets], RECEIVERS[scene.given], run_in=run_in, packet_ms=packet_ms
    )
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
