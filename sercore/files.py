"""Files that appear whole or not at all, outlast a power cut, and take no other run's content with them."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from filelock import FileLock, Timeout

_WORKSHOP = ".sercore-", ".tmp"  # how the name of a folder begins and ends in which a file is being made
_LOCK, _BEFORE = ".sercore.lock", ".sercore.before"
_LOCK_SECONDS = 600  # what is done under a lock takes seconds; whoever holds it for longer hangs


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path that takes the place of ``path``, durably, when the block ends well.

    It may be made a file, or a folder in the place of a folder. The folder of ``path`` is made. A reader
    never meets half a file: the temporary lies in a folder of its own, which only this user may enter, and
    whose name nobody can guess and no reader looks for. What a killed process leaves of it is removed by the
    next that writes there.
    """
    _make_folder(path.parent)
    _clear_once(path.parent.absolute())
    with _workshop(path.parent) as workshop:
        temporary = workshop / path.name
        yield temporary
        _sync(temporary)
        if temporary.is_dir() and path.is_dir():
            path.replace(workshop / _BEFORE)
        temporary.replace(path)
    _sync(path.parent)


def write_file(path: Path, content: bytes | str) -> None:
    """Write a file whole; text as UTF-8, in which names of files that are no text appear escaped."""
    content = content.encode(errors="backslashreplace") if isinstance(content, str) else content
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def try_writing(path: Path) -> None:
    """Make sure that ``path`` can be written, and leave it as it is; its folder is made.

    Raises:
        OSError: if it cannot, for instance because its name is too long or its folder is read-only.
    """
    _make_folder(path.parent)
    with _workshop(path.parent) as workshop:
        (workshop / path.name).touch()


def remove_abandoned(folder: Path) -> None:
    """Remove what killed processes were writing in a folder; what a living one writes stays."""
    prefix, suffix = _WORKSHOP
    for workshop in folder.glob(f"{prefix}*{suffix}"):
        with suppress(OSError):  # somebody else's, or in use
            if not workshop.is_symlink():
                with FileLock(workshop / _LOCK).acquire(blocking=False):
                    shutil.rmtree(workshop, ignore_errors=True)


_clear_once = cache(remove_abandoned)  # in each process: to look for them takes longer the fuller a folder is


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Of all processes that add to the files of a folder, one at a time; no thread may ask for it twice.

    Raises:
        OSError: if another process does not let go for ten minutes.
    """
    _make_folder(folder)
    with FileLock(folder / _LOCK, timeout=_LOCK_SECONDS, mode=0o666):
        yield


def sha256_of(content: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """SHA-256 of an ordinary file of any size.

    Raises:
        OSError: if it is none: pipes and devices need never end.
    """
    if not path.is_file():
        raise OSError(f"{path} is no ordinary file")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A new folder in another, locked for as long as this process lives, and removed at the end."""
    workshop, lock = _new_workshop(folder)
    try:
        yield workshop
    finally:
        lock.release()
        shutil.rmtree(workshop, ignore_errors=True)


def _new_workshop(folder: Path) -> tuple[Path, FileLock]:
    prefix, suffix = _WORKSHOP
    while True:
        workshop = Path(mkdtemp(suffix, prefix, folder))
        lock = FileLock(workshop / _LOCK)
        # Before it is locked, another process may take it for abandoned.
        with suppress(Timeout, FileNotFoundError):
            lock.acquire(blocking=False)
            return workshop, lock


def _make_folder(folder: Path) -> None:
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in new:
        _sync(each.parent)


def _sync(path: Path) -> None:
    """Have the disk hold what a file holds, or which names a folder does, before anything else is done."""
    if os.name != "posix":  # Windows opens no folders, and no files for this without leave to write
        return
    # Some network disks have no such thing for folders, and some folders may be written but not read.
    with suppress(OSError) if path.is_dir() else nullcontext():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
