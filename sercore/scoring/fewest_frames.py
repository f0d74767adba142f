"""How many frames of 200 ms, tracks or clips are the fewest for what: with less, an answer says nothing."""

MIN_FRAMES_FOR_CCC = 50  # 10 s over all tracks of a partition: a score that is published and compared
MIN_FRAMES_FOR_CLIP = 10  # 2 s: a score that is shown beside the course it belongs to
MIN_FRAMES_FOR_STEP = 5  # 1 s: a segment's objective, one of sixteen that a step averages
MIN_FRAMES_TO_HEAR = 5  # 1 s: a recording in which there is something to hear
MIN_DRAWN_FOR_INTERVAL = 2  # tracks, or clips of each kind: one alone is drawn as itself again and again
