"""The options with which scripts say what is trained and evaluated; the defaults are the paper's."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _ArgumentGroup
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from command_line import at_least, decimal

if TYPE_CHECKING:  # torch, which --help need not wait for
    from sercore.experiment.plan import Experiment
    from sercore.training.plan import TrainingPlan


def add_training(parser: ArgumentParser | _ArgumentGroup) -> None:
    """``--epochs`` and what else ``plan_of`` needs."""
    add = parser.add_argument
    add("--epochs", type=int, default=200, help="passes over the training tracks (default: %(default)s)")
    add("--batch-size", type=int, default=16, help="segments in one step (default: %(default)s)")
    add("--segment-seconds", type=decimal, default=20.0, help="of a training piece (default: %(default)s)")
    words = "that many of clean speech, and with loss as much longer as fewer frames arrive: all hear as many"
    add("--equal-frames", action="store_true", help=words)
    words = "send half of the segments through a microphone, room, noise or telephone each, unlike the paper"
    add("--lines", action="store_true", help=words)
    add("--devel-every", type=int, default=10, help="epochs between devel scores (default: %(default)s)")


def plan_of(arguments: Namespace) -> TrainingPlan:
    """How to train, from ``add_training``."""
    from sercore.training.plan import TrainingPlan

    names = ("epochs", "batch_size", "segment_seconds", "devel_every", "lines")
    return TrainingPlan(**{name: getattr(arguments, name) for name in names})


def add_experiment(parser: ArgumentParser) -> None:
    """``--settings``, ``--seeds`` and what else ``experiment_of`` needs."""
    size = parser.add_argument_group("size; the defaults are the paper's")
    add = size.add_argument
    add("--settings", nargs="+", metavar="NAME", help="train these only (default: all eleven)")
    add("--seeds", type=at_least(1), default=3, help="trainings of each setting (default: %(default)s)")
    add_training(size)
    add("--grid", type=at_least(2), default=21, help="channels a side of the plane (default: %(default)s)")
    add("--loss-seeds", type=at_least(1), default=3, help="draws per channel (default: %(default)s)")
    words = "which tracks the plane is scored on (default: test; devel for RECOLA, as in the paper)"
    add("--partition", choices=["devel", "test"], help=words)


def experiment_of(arguments: Namespace, corpus: str, **folders: Path | None) -> Experiment:
    """What ``add_experiment`` asks for on one corpus; ``folders`` as of ``experiment_for``."""
    from sercore.experiment.plan import experiment_for
    from sercore.training.settings import TRAINED_SETTINGS, setting_named

    named = TRAINED_SETTINGS if arguments.settings is None else arguments.settings
    settings = tuple(dict.fromkeys(setting_named(name).name for name in named))
    sizes = {name: getattr(arguments, name) for name in ("seeds", "grid", "loss_seeds")}
    experiment = experiment_for(corpus, partition=arguments.partition, **folders)
    plan = {"plan": plan_of(arguments), "equal_frames": arguments.equal_frames}
    return replace(experiment, settings=settings, **plan, **sizes)
