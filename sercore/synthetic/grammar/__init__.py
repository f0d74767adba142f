"""Sentences in four languages, from grammars."""
