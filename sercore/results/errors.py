"""What goes wrong with a file of results."""


class ResultsError(ValueError):
    """A results file is missing, damaged or of another kind."""
