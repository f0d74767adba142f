"""The pages: each answers one question, reads widgets, makes a call, draws."""
