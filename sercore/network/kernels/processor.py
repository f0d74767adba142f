"""What the kernels are compiled for: LLVM's name of the processor and of what it can do."""

import os
from functools import cache
from typing import Any

from llvmlite import binding as llvm  # type: ignore[import-untyped, unused-ignore]
from numba.core import config as numba_config

config: Any = numba_config  # which reads NUMBA_CPU_NAME and NUMBA_CPU_FEATURES


def name() -> str:
    """LLVM's name, such as znver3 or sapphirerapids."""
    return str(config.CPU_NAME or llvm.get_host_cpu_name())


@cache
def features() -> str:
    """LLVM's list of what is there (+avx2) and what is not (-avx512f); a hypervisor may hide some."""
    given = config.CPU_FEATURES
    return str(llvm.get_host_cpu_features().flatten() if given is None else given)


def lanes() -> int:
    """How many float32 a vector holds: 16 with AVX-512, 8 elsewhere; ``SERCORE_LANES`` forces either.

    Raises:
        ValueError: if it asks for another number.
    """
    forced = os.environ.get("SERCORE_LANES", "")
    if forced not in {"", "8", "16"}:
        raise ValueError(f"SERCORE_LANES must be 8 or 16, got {forced!r}")
    return int(forced or (16 if "+avx512f" in features().split(",") else 8))


def instruction_set() -> str:
    """What people call the widest instructions that the kernels use here."""
    if lanes() == 16:
        return "AVX-512"
    known = {"+avx2": "AVX2", "+sse2": "SSE2", "+neon": "NEON"}
    return next((title for feature, title in known.items() if feature in features().split(",")), "unknown")
