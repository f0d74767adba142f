"""Pictures: figures from numbers."""
