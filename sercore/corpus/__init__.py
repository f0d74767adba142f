"""Recordings with their gold standard: RECOLA, AVEC, or a corpus that sercore made."""

from sercore.corpus.corpus import Corpus, CorpusError, Track, open_corpus

__all__ = ["Corpus", "CorpusError", "Track", "open_corpus"]
