"""What all scripts share: one sentence and exit code 2 for bad input, 130 when stopped by hand."""

from __future__ import annotations

import sys
from collections.abc import Callable


def run(main: Callable[[], int | None]) -> None:
    """Run a script's ``main``; a user's mistake becomes one sentence on standard error and exit code 2."""
    try:
        sys.exit(main() or 0)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. What was finished is saved; the same command goes on from there.\n")
        sys.exit(130)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(2)
