"""Cards, weights and checkpoints: also with a hash that fits, whatever else they hold."""

import io
import json
import tempfile
import zipfile
from pathlib import Path
from random import Random

import numpy as np
import torch
from safetensors.torch import load as tensors_from_bytes
from safetensors.torch import save as tensors_to_bytes

from sercore.files import sha256_of
from sercore.network.card import Card
from sercore.network.export import to_torchscript
from sercore.network.model import EmotionModel, ModelDimensions
from sercore.network.weights import WeightsError, load_model, read_card, save_model
from sercore.recogniser.post_processing import Chain, describe
from sercore.recogniser.registry import load_recogniser
from sercore.training.plan import TrainingPlan
from sercore.training.state import (
    copy_weights,
    describe_run,
    epochs_done,
    new_state,
    save_run,
    start_or_resume,
)
from tests.fuzz.mutate import altered
from tests.fuzz.mutate_json import json_altered
from tests.fuzz.reader import Files, Reader, write_input

_TRAINED = Path(__file__).parents[2] / "trained"
_SMALL = ModelDimensions((3, 3, 3), (2, 2, 2), (40, 20, 4), 2)
_TYPES = (
    torch.float16,
    torch.bfloat16,
    torch.float64,
    torch.float8_e4m3fn,
    torch.int64,
    torch.uint8,
    torch.bool,
)
_NUMBERS = (float("nan"), float("inf"), 1e30, -1e30, 1e5, -1.0, 0.0, 1e300)
_PLAN = TrainingPlan(epochs=3, segment_seconds=4, dimensions=_SMALL)
_RUN = describe_run(_PLAN, "0" * 64)


def _cards() -> list[Files]:
    names = ("mismatched", "matched_high_low")
    return [{"net.json": (_TRAINED / f"{name}.json").read_bytes()} for name in names]


def small_weights() -> Files:
    """A network of the paper's kind with few units, and its card."""
    return _weights()[0]


def _weights() -> list[Files]:
    torch.manual_seed(0)
    cards = (
        Card(
            {"name": "mismatched", "p_n": None, "p_l": None}, seed=1, scores={"devel_clean": {"arousal": 0.5}}
        ),
        Card(
            {"name": "matched_low_mid", "p_n": [0.05, 0.3], "p_l": [0.3, 0.6]},
            post_processing=describe((Chain(median_frames=5, bias=0.1), Chain(scale=2.0))),
            annotation_delay_seconds=0.4,
        ),
    )
    with tempfile.TemporaryDirectory() as folder:
        seeds = []
        for card in cards:
            save_model(Path(folder) / "net.safetensors", EmotionModel(_SMALL).eval(), card)
            seeds.append({path.name: path.read_bytes() for path in Path(folder).iterdir()})
    return seeds


def altered_tensors(content: bytes, rng: Random) -> bytes:
    """Tensors of other types, shapes, names and numbers, or another header over the same bytes."""
    length = int.from_bytes(content[:8], "little")
    header, data = content[8 : 8 + length], content[8 + length :]
    if rng.random() < 0.5:
        changed = rng.choice((json_altered, lambda text, r: altered(text, "", r)))(header, rng)
        size = len(changed) if rng.random() < 0.9 else rng.choice((0, 1, 2**31, 2**63, 2**64 - 1))
        return size.to_bytes(8, "little") + changed + data
    metadata = json.loads(header).get("__metadata__")
    tensors = dict(tensors_from_bytes(content))
    name = rng.choice(sorted(tensors))
    what = rng.randrange(6)
    if what == 0:
        tensors[name] = torch.zeros(rng.choice(((0,), (1,), (3, 3), (1,) * 40, tensors[name].shape[:-1])))
    elif what == 1:
        tensors[name] = tensors[name].double().to(rng.choice(_TYPES))
    elif what == 2:
        tensors[rng.choice(("more", "x" * 5_000, name.upper(), "norm"))] = tensors.pop(name)
    else:
        changed = tensors[name].clone().double().reshape(-1)
        if len(changed):
            changed[rng.randrange(len(changed))] = rng.choice(_NUMBERS)
        keep = tensors[name].dtype if rng.random() < 0.5 else torch.float64
        tensors[name] = changed.reshape(tensors[name].shape).to(keep)
    return tensors_to_bytes(tensors, metadata)


def _with_fitting_hash(files: dict[str, bytes], rng: Random) -> dict[str, bytes]:
    """Most cards get the hash of their weights: who alters one can alter the other."""
    try:
        card = json.loads(files["net.json"])
    except (ValueError, RecursionError):
        return files
    if isinstance(card, dict) and rng.random() < 0.9:
        card["sha256"] = sha256_of(files["net.safetensors"])
        files["net.json"] = json.dumps(card).encode()
    return files


def _load(folder: Path) -> object:
    """What is taken must predict, and finite numbers."""
    recogniser = load_recogniser(folder / "net.safetensors")
    audio = np.random.default_rng(0).uniform(-1, 1, 16_000).astype(np.float32)
    predicted = recogniser.predict(audio)
    assert predicted.shape == (5, 2), predicted.shape
    assert np.isfinite(predicted).all()
    return recogniser.seed, recogniser.key, recogniser.name


def _runs() -> list[Files]:
    state = new_state(_PLAN, torch.device("cpu"))
    state.epoch, state.steps, state.best_epoch, state.best_score = 2, 8, 1, 0.25
    state.best = copy_weights(state.model)
    loss = state.model(torch.ones(1, 6_400)).sum()
    loss.backward()
    state.optimizer.step()
    row = {"objective": 0.9, "received": 1.0, "redrawn": 0, "seconds": 1.5, "devel_arousal": 0.2}
    state.history = [{"epoch": number, **row} for number in (1, 2)]
    with tempfile.TemporaryDirectory() as folder:
        save_run(Path(folder), state, _RUN)
        return [{path.name: path.read_bytes() for path in Path(folder).glob("*.safetensors")}]


def altered_notes(content: bytes, rng: Random) -> bytes:
    """A checkpoint whose description or progress says something else."""
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    name = rng.choice(("description", "progress", "progress"))
    changed = json_altered(header["__metadata__"][name].encode(), rng)
    header["__metadata__"][name] = changed.decode(errors="replace")
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + content[8 + length :]


def _altered_checkpoint(content: bytes, rng: Random) -> bytes:
    return rng.choice((altered_notes, altered_tensors))(content, rng)


def _resume(folder: Path) -> object:
    """What is taken must be able to go on and to be saved."""
    epochs_done(folder)
    state = start_or_resume(folder, _PLAN, _RUN, torch.device("cpu"))
    assert 0 <= state.epoch <= _PLAN.epochs
    state.model(torch.ones(1, 6_400)).sum().backward()
    state.optimizer.step()
    sum(row["redrawn"] + row["seconds"] for row in state.history)
    save_run(folder, state, _RUN)
    return state


def _scripts() -> list[Files]:
    with tempfile.TemporaryDirectory() as folder:
        network = load_model(write_input(Path(folder), small_weights()) / "net.safetensors")
        return [{"net.pt": to_torchscript(network)}]


def altered_archive(content: bytes, rng: Random) -> bytes:
    """What a script says of itself, altered; its program is whole, for PyTorch runs what it is given."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            inner = source.read(name)
            archive.writestr(name, json_altered(inner, rng) if name.endswith("about.json") else inner)
    return target.getvalue()


def _run_script(folder: Path) -> object:
    return load_recogniser(folder / "net.pt").predict(np.zeros(16_000, dtype=np.float32))


READERS = (
    Reader(
        "script", "recogniser", _scripts, _run_script, (ValueError,), {".pt": altered_archive}, weight=0.3
    ),
    Reader("card", "network", _cards, lambda folder: read_card(folder / "net.safetensors"), (WeightsError,)),
    Reader(
        "weights",
        "network",
        _weights,
        _load,
        (WeightsError,),
        {".safetensors": altered_tensors},
        _with_fitting_hash,
    ),
    Reader("checkpoint", "training", _runs, _resume, (WeightsError,), {".safetensors": _altered_checkpoint}),
)
