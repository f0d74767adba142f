"""Sentences in four languages: a TOML file for each, and one way to compose them."""
