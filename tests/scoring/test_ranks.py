"""AUC and recall of clips, against scipy and audmetric, also where clips are drawn several times."""

import audmetric
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from sercore.scoring.ranks import auc_of, uar_of

clips = st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 3)), min_size=2, max_size=15)


@given(clips)
def test_the_auc_of_drawn_clips_is_the_mann_whitney_statistic_of_the_repeated_clips(drawn):
    values, up, times = map(np.array, zip(*drawn, strict=True))
    values, kinds = np.repeat(values, times), np.repeat(up, times)
    (found,) = auc_of(*map(np.array, list(zip(*drawn, strict=True))[:2]), [times])
    if kinds.all() or not kinds.any():
        assert np.isnan(found)
        return
    pairs = kinds.sum() * (~kinds).sum()
    expected = mannwhitneyu(values[kinds], values[~kinds], method="asymptotic").statistic / pairs
    assert found == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=20), st.integers(0, 99))
def test_the_recall_of_drawn_clips_is_that_of_the_repeated_clips_counted_one_by_one(pairs, seed):
    true, said = map(np.array, zip(*pairs, strict=True))
    times = np.random.default_rng(seed).multinomial(len(true), np.full(len(true), 1 / len(true)))
    repeated = list(zip(np.repeat(true, times).tolist(), np.repeat(said, times).tolist(), strict=True))
    recalls = []
    for kind in {one for one, _ in repeated}:
        answers = [other for one, other in repeated if one == kind]
        recalls.append(answers.count(kind) / len(answers))
    expected = sum(recalls) / len(recalls)
    assert uar_of(true, said, [times])[0] == pytest.approx(expected, abs=1e-12)


def test_a_recall_of_all_classes_is_audmetrics():
    true, said = np.random.default_rng(0).integers(0, 4, (2, 60))
    expected = audmetric.unweighted_average_recall(true, said)
    assert uar_of(true, said) == pytest.approx(expected, abs=1e-12)


def test_one_who_says_nothing_recognises_nothing():
    assert uar_of([0, 1], [-1, -1]) == 0
