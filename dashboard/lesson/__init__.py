"""Six steps: predict, then see what the results say, and why."""
