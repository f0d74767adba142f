"""What pages ask for: networks, predictions, planes, results; one computation at a time."""
