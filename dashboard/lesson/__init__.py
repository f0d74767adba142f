"""Step by step: predict, then see what the results say, and why."""
