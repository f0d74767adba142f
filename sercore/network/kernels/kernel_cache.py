# mypy: allow-untyped-calls
"""Compiled kernels are kept for the next process: a folder for each processor, width and state of the source.

Compiling takes seconds, loading what was compiled a quarter of one. numba would keep it beside the source,
where an installed package cannot be written to, and would notice changes of one file alone.
"""

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from numba import njit
from numba.misc.appdirs import AppDirs

from sercore.files import try_writing, write_file
from sercore.network.kernels import processor
from sercore.network.kernels.simd import LANES

HERE = Path(__file__).parent


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function when it is first called, to run without the GIL.

    numba finds again what it compiled by the path of the source: a copy in the folder stands for that, so
    that all checkouts and installations of the same source share one.
    """
    folder = cache_folder()
    if folder is not None:
        copy = folder / Path(function.__code__.co_filename).name
        function.__code__ = function.__code__.replace(co_filename=str(copy))
    return njit(function, nogil=True, cache=folder is not None)


@cache
def cache_folder() -> Path | None:
    """The folder, with a copy of the source; None where nothing can be written, and each process compiles.

    It lies below ``NUMBA_CACHE_DIR`` where that is set, and otherwise in the user's folder of caches
    (``~/.cache/sercore`` on Linux, where ``XDG_CACHE_HOME`` moves it).
    """
    sources = {path.name: path.read_bytes() for path in sorted(HERE.glob("*.py"))}
    decisive = [processor.features().encode(), *sources.values()]
    state = hashlib.sha256(b"\n".join(decisive)).hexdigest()[:12]
    root = Path(os.environ.get("NUMBA_CACHE_DIR") or AppDirs("sercore", appauthor=False).user_cache_dir)
    folder = root / "kernels" / f"{processor.name()}-{LANES}-lanes-{state}"
    try:
        for name, source in sources.items():
            if not (folder / name).exists():
                write_file(folder / name, source)
        try_writing(folder / "compiled")
    except OSError:
        return None
    return folder
