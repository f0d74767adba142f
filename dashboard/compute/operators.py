"""Recognisers that whoever runs the server offers beside ours; visitors choose among them, and bring none.

``streamlit run dashboard/app.py -- --models FOLDER``, or ``make demo MODELS=FOLDER``.
"""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from dashboard.compute import networks
from sercore.reading import first_line
from sercore.recogniser.recogniser import Recogniser
from sercore.recogniser.registry import RECOGNISERS
from sercore.units import DIMENSIONS, LABEL_RATE, SAMPLE_RATE

_TRIAL_SECONDS = 2
_LONGEST_NAME = 60  # letters: it stands in menus and in addresses


def folder_named(words: Sequence[str]) -> Path | None:
    """The folder that a command line names, if it does.

    Example:
        >>> folder_named(["--models", "mine"]).name, folder_named([]) is None
        ('mine', True)
    """
    parser = ArgumentParser("dashboard/app.py --", add_help=False, allow_abbrev=False)
    parser.add_argument("--models", type=Path, metavar="FOLDER")
    folder: Path | None = parser.parse_known_args(list(words))[0].models
    return folder


def offer(folder: Path) -> list[str]:
    """Make the recognisers of a folder choices, in the place of those that were offered before.

    Returns:
        A sentence for each that cannot be used, which is left out, and one on what is offered.
    """
    networks.OFFERED.clear()
    if not folder.is_dir():
        return [f"--models must name a folder, and {folder} is none"]
    problems: list[str] = []
    for path in _models_in(folder):
        name = path.name if path.is_dir() else path.stem
        if problem := _problem_of(name):
            problems.append(f"{path.name} is left out: {problem}")
            continue
        networks.OFFERED[name] = path
        try:
            _try(networks.load(name))
        except (ValueError, OSError) as error:
            del networks.OFFERED[name]
            problems.append(f"{path.name} is left out: {first_line(error)}")
    return [*problems, f"Recognisers from {folder} beside ours: {', '.join(networks.OFFERED) or 'none'}"]


def _models_in(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        is_model = path.is_dir() and ((path / "config.json").is_file() or any(path.glob("*.y*ml")))
        if not path.name.startswith(".") and (is_model or path.suffix in RECOGNISERS):
            yield path


def _problem_of(name: str) -> str:
    """Why a recogniser cannot be called so; empty if it can."""
    if not name.isprintable() or len(name) > _LONGEST_NAME:
        return f"its name must be 1 to {_LONGEST_NAME} printable letters"
    if name in networks.SETTING_TITLES or networks.is_trained(name):
        return "its name is taken; call it otherwise"
    return ""


def _try(recogniser: Recogniser) -> None:
    """Have it listen to soft noise: one that fails does so now, and not when a visitor looks on."""
    noise = 0.01 * np.random.default_rng(0).standard_normal(_TRIAL_SECONDS * SAMPLE_RATE)
    course = recogniser.predict(noise.astype(np.float32))
    wanted = (_TRIAL_SECONDS * LABEL_RATE, len(DIMENSIONS))
    if course.shape != wanted or not np.isfinite(course).all():
        raise ValueError(f"it must predict {wanted} finite numbers of {_TRIAL_SECONDS} s, got {course.shape}")
