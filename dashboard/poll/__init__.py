"""What a class predicts, gathered without names, for its teacher to show before the answer."""
