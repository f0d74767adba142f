"""What all scripts share: checks of options, one sentence and exit code 2 for bad input, 130 when stopped."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Collection
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryFile


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


def add_channels(parser: ArgumentParser) -> None:
    """The option ``--channel`` of any loss model, whose help lists them all with their parameters."""
    from sercore.channel import LOSS_MODELS

    listed = "; ".join(
        f"{name}, {p.name} in [{p.low:g}, {p.high:g}]: {p.meaning}".replace("%", "%%")
        for name, model in LOSS_MODELS.items()
        for p in model.PARAMETERS
    )
    parser.add_argument(
        "--channel",
        action="append",
        default=[],
        metavar="NAME:PARAMETER=VALUE,...",
        help=f"a channel of any loss model, as often as wanted; models with their parameters: {listed}",
    )


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
