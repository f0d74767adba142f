"""What is free goes back to the machine: the C library would keep it for whichever thread had it."""

import asyncio
import ctypes
import sys

SECONDS = 20  # between two times


def give_back() -> None:
    """Return the free memory of this process, where the C library can (glibc); else nothing happens."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)


async def give_back_again_and_again() -> None:
    """For as long as the server runs, beside all else."""
    while True:
        await asyncio.sleep(SECONDS)
        await asyncio.to_thread(give_back)
