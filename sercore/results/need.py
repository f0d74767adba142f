"""What is asked of a network in a call, where nobody says otherwise."""

SHARE_OF_CLEAN = 0.9  # of the score of the network trained on clean speech, met without loss
