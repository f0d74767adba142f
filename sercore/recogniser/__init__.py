"""What turns audio into arousal and valence: the contract ``Recogniser``, and the paper's network."""
