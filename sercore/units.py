"""The rates and names that everything else counts in."""

SAMPLE_RATE = 16_000  # Hz, of all audio inside the project
LABEL_RATE = 5  # Hz, of the emotion labels
SAMPLES_PER_FRAME = SAMPLE_RATE // LABEL_RATE  # 3,200; the paper's r
FRAME_MS = 1000 // LABEL_RATE  # 200: what the paper loses at a time

DIMENSIONS = ("arousal", "valence")  # in this order wherever an axis holds both
PARTITIONS = ("train", "devel", "test")
