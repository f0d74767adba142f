"""Tests, room by room as in sercore/; what several need lies beside what it serves."""
