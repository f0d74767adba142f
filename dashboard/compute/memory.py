"""What is free goes back to the machine: the C library would keep it for whichever thread had it."""

import asyncio
import ctypes
import sys
from typing import Any

SECONDS = 20  # between two times
AT_ONCE = 4 << 20  # bytes of a block that goes back as soon as it is free
_MMAP_THRESHOLD = -3  # of glibc's malloc.h


def keep_little() -> None:
    """From now on give back large blocks at once, where the C library can (glibc); else nothing happens.

    It would learn to keep blocks of up to 32 MB, of which each thread then has its own store.
    """
    if change := _of_glibc("mallopt"):
        change(_MMAP_THRESHOLD, AT_ONCE)


def give_back() -> None:
    """Return the free memory of this process, where the C library can, and that of Arrow."""
    if arrow := sys.modules.get("pyarrow"):
        arrow.default_memory_pool().release_unused()
    if trim := _of_glibc("malloc_trim"):
        trim(0)


async def give_back_again_and_again() -> None:
    """For as long as the server runs, beside all else."""
    while True:
        await asyncio.sleep(SECONDS)
        await asyncio.to_thread(give_back)


def _of_glibc(name: str) -> Any:
    """A function of it; None where there is none."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
