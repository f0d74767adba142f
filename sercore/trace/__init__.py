"""What a real call lost: the values ``Trace`` and ``Statistics``, and a reader for each kind of recording."""

from sercore.trace.read import read_trace
from sercore.trace.trace import Statistics, Trace, TraceError

__all__ = ["Statistics", "Trace", "TraceError", "read_trace"]
