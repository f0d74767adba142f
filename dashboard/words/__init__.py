"""Words that pages share, and the texts of the page About."""
