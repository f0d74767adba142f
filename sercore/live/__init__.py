"""A recogniser that follows a voice while it speaks."""

from sercore.live.engine import Live, Prediction

__all__ = ["Live", "Prediction"]
