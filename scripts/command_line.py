"""What all scripts share: their options, one sentence and exit code 2 for bad input, 130 when stopped."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Collection
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # torch, which --help need not wait for
    from argparse import _ArgumentGroup

    import torch

    from sercore.experiment.plan import Experiment
    from sercore.training.plan import TrainingPlan


def run(main: Callable[[], int | None]) -> None:
    """Run a script's ``main``; a user's mistake becomes one sentence on standard error and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names of files need not be text
    try:
        sys.exit(main() or 0)
    except BrokenPipeError:  # what reads the output, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. What was finished is saved; the same command goes on from there.\n")
        sys.exit(130)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(2)


def script_parser(manual: str | None) -> ArgumentParser:
    """A parser whose help is the script's docstring."""
    return ArgumentParser(description=manual, formatter_class=RawDescriptionHelpFormatter)


def add_computer(parser: ArgumentParser, threads: int = 0) -> None:
    """``--device`` and ``--threads``; 0 threads leave the choice to PyTorch."""
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default: %(default)s)")
    shown = "%(default)s" if threads else "PyTorch's choice"
    parser.add_argument(
        "--threads", type=at_least(threads), default=threads, help=f"processor threads (default: {shown})"
    )


def use_computer(arguments: Namespace) -> torch.device:
    """The device that ``add_computer`` asked for, after its threads are set."""
    import torch

    from sercore.network.device import choose_device

    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    return choose_device(arguments.device)


def add_corpus(parser: ArgumentParser) -> None:
    """``--corpus``."""
    parser.add_argument(
        "--corpus",
        default="default",
        metavar="FOLDER",
        help="'default', 'demo', or the folder of a corpus such as RECOLA's (default: %(default)s)",
    )


def add_training(parser: ArgumentParser | _ArgumentGroup) -> None:
    """``--epochs`` and what else ``plan_of`` needs; the defaults are the paper's."""
    add = parser.add_argument
    add("--epochs", type=int, default=200, help="passes over the training tracks (default: %(default)s)")
    add("--batch-size", type=int, default=16, help="segments in one step (default: %(default)s)")
    add("--segment-seconds", type=float, default=20.0, help="of a training piece (default: %(default)s)")
    add("--devel-every", type=int, default=10, help="epochs between devel scores (default: %(default)s)")


def plan_of(arguments: Namespace) -> TrainingPlan:
    """How to train, from ``add_training``."""
    from sercore.training.plan import TrainingPlan

    return TrainingPlan(
        epochs=arguments.epochs,
        batch_size=arguments.batch_size,
        segment_seconds=arguments.segment_seconds,
        devel_every=arguments.devel_every,
    )


def add_experiment(parser: ArgumentParser) -> None:
    """``--settings``, ``--seeds`` and what else ``experiment_of`` needs; the defaults are the paper's."""
    size = parser.add_argument_group("size; the defaults are the paper's")
    add = size.add_argument
    add("--settings", nargs="+", metavar="NAME", help="train these only (default: all eleven)")
    add("--seeds", type=at_least(1), default=3, help="trainings of each setting (default: %(default)s)")
    add_training(size)
    add("--grid", type=at_least(2), default=21, help="channels a side of the plane (default: %(default)s)")
    add("--loss-seeds", type=at_least(1), default=3, help="draws per channel (default: %(default)s)")
    add(
        "--partition",
        choices=["devel", "test"],
        help="which tracks the plane is scored on (default: test; devel for RECOLA, as in the paper)",
    )


def experiment_of(arguments: Namespace, corpus: str, **folders: Path | None) -> Experiment:
    """What ``add_experiment`` asks for on one corpus; ``folders`` as of ``experiment_for``."""
    from sercore.experiment.plan import experiment_for
    from sercore.training.settings import TRAINED_SETTINGS, setting_named

    names = TRAINED_SETTINGS if arguments.settings is None else arguments.settings
    return replace(
        experiment_for(corpus, partition=arguments.partition, **folders),
        settings=tuple(dict.fromkeys(setting_named(name).name for name in names)),
        seeds=arguments.seeds,
        plan=plan_of(arguments),
        grid=arguments.grid,
        loss_seeds=arguments.loss_seeds,
    )


def at_least(least: int) -> Callable[[str], int]:
    """An argparse type: whole numbers from ``least`` on.

    Example:
        >>> at_least(1)("3")
        3
    """

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least:
            raise ArgumentTypeError(f"must be a whole number of at least {least}, got {text!r}")
        return number

    return read


def writable_folder(folder: Path, option: str) -> Path:
    """Make a folder before any work is done for it.

    Args:
        folder: where files will be written.
        option: what the user calls it, for the message.

    Raises:
        ValueError: if nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = "it is a file" if folder.is_file() else error.strerror or str(error)
        raise ValueError(f"{option} {folder} cannot be written to: {reason}") from None
    return folder


def writable_file(path: Path, option: str, suffixes: Collection[str]) -> Path:
    """Check where a file is to go before any work is done for it; its folder is made.

    Args:
        path: the file.
        option: what the user calls it, for the message.
        suffixes: how its name may end.

    Raises:
        ValueError: if the name ends otherwise, if it is no ordinary file, or if it cannot be written.
    """
    if path.suffix not in suffixes:
        raise ValueError(f"{option} must end in {' or '.join(suffixes)}, got {path}")
    if path.exists() and not path.is_file():
        raise ValueError(f"{option} {path} is no ordinary file: choose another name")
    writable_folder(path.parent, option)
    return path
