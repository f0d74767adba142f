"""The compiled half of the convolutions."""
