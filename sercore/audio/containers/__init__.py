"""Where the sound lies in a file, by the bytes of its container, and what its declared length is worth."""
