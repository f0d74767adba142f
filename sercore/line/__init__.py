"""What carries a call to its receiver: the contract ``Line``, and those that fulfil it."""

from sercore.line.behind import Behind, behind, receiver_of
from sercore.line.line import Line
from sercore.line.registry import LINES, line_named

__all__ = ["LINES", "Behind", "Line", "behind", "line_named", "receiver_of"]
