"""What all scripts share: their options, one sentence and exit code 2 for bad input, 130 when stopped."""

from __future__ import annotations

import os
import sys
from argparse import Action, ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Collection, Sequence
from glob import glob
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

from sercore.files import remove_abandoned, try_writing
from sercore.reading.number import number

if TYPE_CHECKING:  # torch, which --help need not wait for
    import torch


KERNELS = """Environment:
  NUMBA_CACHE_DIR   where kernels are kept that were compiled for this processor, which takes some seconds
                    once (default: the user's folder of caches, on Linux ~/.cache/sercore)
  SERCORE_LANES     8 or 16 floats in a vector (default: 16 where the processor has AVX-512)
"""


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
        sys.exit(_stopped())
    except (ValueError, OSError) as error:
        listed = hasattr(error, "problems")  # one a line; elsewhere only a file's name has line breaks
        sys.stderr.write(f"error: {bounded(str(error) if listed else ' '.join(str(error).split()))}\n")
        sys.exit(2)


def _stopped() -> int:
    sys.stderr.write("\nStopped. What was finished is saved; the same command goes on from there.\n")
    return 130


def _told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """As Python tells what nobody caught; but a script may be stopped while it still imports."""
    if issubclass(kind, KeyboardInterrupt):
        os._exit(_stopped())
    sys.__excepthook__(kind, error, trace)


sys.excepthook = _told


class _Parser(ArgumentParser):
    """Quotes a word of the command line in one line, and a long one in part."""

    def error(self, message: str) -> NoReturn:
        super().error(bounded(" ".join(message.split())))


def bounded(words: str) -> str:
    """What is said, in at most 1,000 letters: the middle of what is longer is left out."""
    return words if len(words) <= 1_000 else f"{words[:600]} ... {words[-390:]}"


def script_parser(manual: str | None) -> ArgumentParser:
    """A parser whose help is the script's docstring."""
    return _Parser(description=manual, formatter_class=RawDescriptionHelpFormatter)


def add_computer(parser: ArgumentParser, threads: int = 0) -> None:
    """``--device`` and ``--threads``; 0 threads leave the choice to PyTorch."""
    parser.epilog = KERNELS
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default: %(default)s)")
    shown = threads or "PyTorch's choice"
    parser.add_argument(
        "--threads", type=at_least(threads), default=threads, help=f"processor threads (default: {shown})"
    )


def use_computer(arguments: Namespace) -> torch.device:
    """The device that ``add_computer`` asked for, after its threads are set."""
    from sercore.network.device import choose_device

    use_threads(arguments)
    return choose_device(arguments.device)


def use_threads(arguments: Namespace) -> None:
    """Set the threads of PyTorch that ``--threads`` asked for, if it did."""
    import torch

    if arguments.threads:
        torch.set_num_threads(arguments.threads)


def add_corpus(parser: ArgumentParser) -> None:
    """``--corpus``."""
    words = "'default', 'demo', or the folder of a corpus such as RECOLA's (default: %(default)s)"
    parser.add_argument("--corpus", default="default", metavar="FOLDER", help=words)


class ManyPaths(Action):
    """Several paths, with the wildcards expanded that a shell has left: those of Windows expand none."""

    def __call__(
        self, parser: ArgumentParser, namespace: Namespace, values: Any, option: str | None = None
    ) -> None:
        """Set the option to all paths that match, in the order of their names."""
        paths: list[Any] = []
        for value in values:
            if not (found := expanded(str(value))):
                parser.error(f"{option} {value} matches no file")
            paths += map(type(value), found)
        setattr(namespace, self.dest, paths)


def expanded(path: str) -> Sequence[str]:
    """The paths that a path with wildcards stands for; itself, if it has none or is there.

    Example:
        >>> expanded("README.*"), expanded("default"), expanded("nothing-*")
        (['README.md'], ['default'], [])
    """
    if not any(sign in path for sign in "*?[") or os.path.lexists(path):
        return [path]
    # Not pathlib's, which takes hidden files too.
    return sorted(glob(path)) or sorted(glob(path.replace("\\", "/")))  # noqa: PTH207


def decimal(text: str) -> float:
    """An argparse type: a number with a decimal point.

    Example:
        >>> decimal("0.9")
        0.9
    """
    try:
        return number(text)
    except ValueError:
        mend = f" (write {text.replace(',', '.')})" if text.count(",") == 1 else ""
        raise ArgumentTypeError(f"must be a number with a decimal point, got {text[:40]!r}{mend}") from None


def print_notes(notes: Sequence[str]) -> None:
    """What one should know of a corpus or of clips."""
    for note in notes:
        print(f"note: {note}")


def at_least(least: int) -> Callable[[str], int]:
    """An argparse type: whole numbers from ``least`` on.

    Example:
        >>> at_least(1)("3")
        3
    """

    def read(text: str) -> int:
        try:
            found = int(text) if text.isascii() and "_" not in text else least - 1
        except ValueError:
            found = least - 1
        if found < least:
            raise ArgumentTypeError(f"must be a whole number of at least {least}, got {text[:40]!r}")
        return found

    return read


def writable_folder(folder: Path, option: str) -> Path:
    """Make a folder before any work is done for it.

    Raises:
        ValueError: if nothing can be written there; the message calls it by its ``option``.
    """
    _try_writing(folder / "any", folder, option)
    return folder


def writable_file(path: Path, option: str, suffixes: Collection[str] = ()) -> None:
    """Check where a file is to go before any work is done for it; its folder is made.

    Raises:
        ValueError: if its name ends in none of ``suffixes``, if there are any; if it is no ordinary file, or
            cannot be written.
    """
    if suffixes and path.suffix not in suffixes:
        raise ValueError(f"{option} must end in {' or '.join(suffixes)}, got {path}")
    _try_writing(path, path, option)
    if path.exists() and not path.is_file():
        raise ValueError(f"{option} {path} is no ordinary file: choose another name")


def _try_writing(path: Path, named: Path, option: str) -> None:
    try:
        try_writing(path)
    except OSError as error:
        reason = "it is a file" if isinstance(error, FileExistsError) else error.strerror or str(error)
        raise ValueError(f"{option} {named} cannot be written to: {reason}") from None
    remove_abandoned(path.parent)
