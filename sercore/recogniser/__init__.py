"""What turns audio into arousal and valence."""
