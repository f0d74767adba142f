"""Where a result comes from: versions, commit and machine, for cards and results."""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import sercore

_GIT_SECONDS = 10.0  # on a slow disk git may look for changes longer than anybody wants to wait


def versions() -> dict[str, str]:
    """Versions of this package, of Python and of what the numbers depend on."""
    found = {"sercore": sercore.__version__, "python": platform.python_version()}
    return found | {package: version_of(package) for package in ("torch", "numpy", "numba", "soxr")}


def version_of(package: str) -> str:
    """The version of an installed package; ``absent`` if it is not."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def git_commit() -> str:
    """The commit of the source tree, ``+changes`` added if not clean; ``unknown`` if git does not tell."""
    try:
        commit = _git("rev-parse", "HEAD")
        return f"{commit}+changes" if _git("status", "--porcelain", "--", ".") else commit
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return "unknown"


def machine() -> dict[str, Any]:
    """Processor, cores and system, as far as Python can tell."""
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown"


def _git(*words: str) -> str:
    command = ["git", "-C", str(Path(sercore.__file__).parent), *words]
    answer = subprocess.run(command, capture_output=True, check=True, text=True, timeout=_GIT_SECONDS)
    return answer.stdout.strip()
