"""Tables of scores, and what they say to the paper's claims."""
