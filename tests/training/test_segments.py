"""Segments: each sample once, and tracks that hold none."""

import numpy as np
import pytest

from sercore.corpus.corpus import open_corpus
from sercore.training.segments import batches, cut_segments


def test_segments_cover_each_track_once_and_batches_cover_each_segment_once(tiny_tree):
    tracks = open_corpus(tiny_tree).partition("train")
    segments = cut_segments(tracks, seconds=4)
    assert len(segments) == 10
    audio, golds = zip(*segments, strict=True)
    assert np.array_equal(np.concatenate(audio), np.concatenate([t.audio for t in tracks]))
    assert np.array_equal(np.concatenate(golds), np.concatenate([t.gold for t in tracks]))
    seen = np.concatenate([gold[:, 0] for _, gold in batches(segments, np.random.default_rng(0), 3)])
    first = np.array([gold[0] for gold in golds])
    assert np.array_equal(np.sort(seen, axis=0), np.sort(first, axis=0))


def test_tracks_shorter_than_a_segment_are_refused_with_the_lengths(tiny_tree):
    with pytest.raises(ValueError, match=r"no training track holds a segment of 30 s: .* longest lasts 20 s"):
        cut_segments(open_corpus(tiny_tree).partition("train"), seconds=30)
