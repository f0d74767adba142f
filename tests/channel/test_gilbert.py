"""The chain's law, against a step-by-step simulation and the equations of the paper."""

import hashlib
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sercore.channel.gilbert import Gilbert

CHANNELS = [(0.95, 0.5), (0.5, 0.5), (0.1, 0.9), (0.9, 0.05), (0.3, 0.2)]
probabilities = st.floats(0, 1)


def step_by_step(p_n: float, p_l: float, n_frames: int, rng: np.random.Generator) -> list[bool]:
    """The paper's words as a loop: start in N, move, then emit."""
    in_n, emitted = True, []
    for _ in range(n_frames):
        stays = rng.random() < (p_n if in_n else p_l)
        in_n = in_n if stays else not in_n
        emitted.append(in_n)
    return emitted


def runs_of(received: np.ndarray, state: bool) -> np.ndarray:
    """Lengths of the complete runs of one state, the last run left out because it is cut."""
    edges = np.flatnonzero(np.diff(received)) + 1
    lengths = np.diff(np.concatenate([[0], edges]))
    states = received[np.concatenate([[0], edges[:-1]])] if len(edges) else received[:0]
    return lengths[1:][states[1:] == state]


@pytest.mark.parametrize(("p_n", "p_l"), CHANNELS)
def test_sampled_loss_rate_agrees_with_equation_1(p_n, p_l):
    received = Gilbert(p_n, p_l).sample(400_000, np.random.default_rng(1))
    assert 1 - received.mean() == pytest.approx((1 - p_n) / (2 - p_l - p_n), abs=0.01)


@pytest.mark.parametrize(("p_n", "p_l"), CHANNELS)
@pytest.mark.parametrize("state", [True, False])
def test_run_lengths_are_geometric(p_n, p_l, state):
    received = Gilbert(p_n, p_l).sample(300_000, np.random.default_rng(2))
    lengths = runs_of(received, state)
    leave = 1 - (p_n if state else p_l)
    longest = int(stats.geom(leave).ppf(0.995))
    observed = np.bincount(np.minimum(lengths, longest + 1), minlength=longest + 2)[1:]
    law = stats.geom(leave).pmf(np.arange(1, longest + 1))
    expected = np.append(law, 1 - law.sum()) * len(lengths)
    keep = expected >= 5
    observed = np.append(observed[keep], observed[~keep].sum())
    expected = np.append(expected[keep], expected[~keep].sum())
    observed, expected = observed[expected > 0], expected[expected > 0]
    assert stats.chisquare(observed, expected).pvalue > 1e-4


@pytest.mark.parametrize(("p_n", "p_l"), CHANNELS)
def test_transitions_have_the_probabilities_of_the_chain(p_n, p_l):
    received = Gilbert(p_n, p_l).sample(300_000, np.random.default_rng(3))
    for state, p_stay in ((True, p_n), (False, p_l)):
        after = received[1:][received[:-1] == state]
        assert stats.binomtest(int((after == state).sum()), len(after), p_stay).pvalue > 1e-4


def test_every_position_has_the_law_of_the_step_by_step_chain():
    p_n, p_l, n_sequences = 0.7, 0.4, 20_000
    ours = Gilbert(p_n, p_l).sample(6, np.random.default_rng(4), n_sequences=n_sequences)
    rng = np.random.default_rng(5)
    loop = np.array([step_by_step(p_n, p_l, 6, rng) for _ in range(n_sequences)])
    weights = 2 ** np.arange(6)
    table = np.array([np.bincount(x @ weights, minlength=64) for x in (ours, loop)])
    assert stats.chi2_contingency(table).pvalue > 1e-4


def test_the_first_frame_is_lost_with_probability_1_minus_p_n():
    first = Gilbert(0.6, 0.9).sample(1, np.random.default_rng(6), n_sequences=50_000)[:, 0]
    assert 1 - first.mean() == pytest.approx(0.4, abs=0.01)


def test_the_papers_example_01101_can_be_drawn():
    sequences = Gilbert(0.5, 0.5).sample(5, np.random.default_rng(7), n_sequences=2_000)
    assert (sequences == np.array([0, 1, 1, 0, 1], dtype=bool)).all(axis=1).any()


@pytest.mark.parametrize(
    ("p_n", "p_l", "expected"),
    [(1, 0, "1111"), (1, 1, "1111"), (0, 1, "0000"), (0, 0, "0101")],
)
def test_corners_are_certain(p_n, p_l, expected):
    received = Gilbert(p_n, p_l).sample(4, np.random.default_rng(8))
    assert "".join(str(int(r)) for r in received) == expected


def test_loss_rate_at_the_undefined_corner_is_0():
    assert Gilbert(1, 1).loss_rate == 0


def test_mean_burst_length_is_that_of_the_geometric_law():
    assert Gilbert(0.5, 0.75).mean_burst_length == 4
    assert math.isinf(Gilbert(0.5, 1).mean_burst_length)


def test_table_1_names_the_four_corners():
    names = [Gilbert(p_n, p_l).environment for p_n, p_l in [(0.9, 0.1), (0.9, 0.9), (0.1, 0.1), (0.1, 0.9)]]
    assert names == ["stable", "sudden breakdown", "low bandwidth", "extremely unstable"]


@pytest.mark.parametrize("bad", [-0.1, 1.1, math.nan, math.inf, "a", None])
@pytest.mark.parametrize("name", ["p_n", "p_l"])
def test_probabilities_outside_the_unit_interval_are_refused_with_their_value(name, bad):
    with pytest.raises(ValueError, match=rf"{name} must .*got {bad!r}"):
        Gilbert(**{"p_n": 0.5, "p_l": 0.5, name: bad})


@pytest.mark.parametrize("bad", [-1, 2.5, "3", True])
def test_lengths_that_are_no_count_are_refused(bad):
    with pytest.raises(ValueError, match="n_packets must be a whole number"):
        Gilbert(0.5, 0.5).sample(bad, np.random.default_rng())


def test_a_seed_in_place_of_a_generator_is_refused():
    with pytest.raises(TypeError, match="rng must be a NumPy Generator, got 3"):
        Gilbert(0.5, 0.5).sample(5, 3)


@given(p_n=probabilities, p_l=probabilities, n_frames=st.integers(0, 300), seed=st.integers(0, 99))
def test_any_channel_gives_that_many_booleans(p_n, p_l, n_frames, seed):
    received = Gilbert(p_n, p_l).sample(n_frames, np.random.default_rng(seed))
    assert received.shape == (n_frames,)
    assert received.dtype == bool


@given(
    uniforms=st.lists(st.floats(0, 1, exclude_max=True), max_size=60),
    p_n=st.floats(0.5, 1),
    better=st.floats(0, 0.5),
)
def test_a_better_channel_keeps_what_a_worse_one_kept(uniforms, p_n, better):
    p_l = 0.6
    worse = Gilbert(p_n, p_l).run(uniforms)
    improved = Gilbert(min(1, p_n + better), p_l).run(uniforms)
    assert not (worse & ~improved).any()


def test_uniforms_drive_the_same_chain():
    p_n, p_l = 0.8, 0.6
    received = Gilbert(p_n, p_l).run(np.random.default_rng(9).random(200_000))
    for state, p_stay in ((True, p_n), (False, p_l)):
        after = received[1:][received[:-1] == state]
        assert (after == state).mean() == pytest.approx(p_stay, abs=0.01)


# SHA-256 of draws that were made before packets had a length: all results of the chain rest on them.
DRAWN = {
    (0.95, 0.5, 1_500): "b46711df2d930669",
    (0.5, 0.5, 50_000): "adde76727775ecae",
    (0.1, 0.9, 300_000): "d9930ff00b947a8b",
    (0.999, 0.999, 100_000): "9695dab6f945ee0b",
    (0.0, 0.3, 9_000): "a3381bfc7af4d895",
}


@pytest.mark.parametrize(("p_n", "p_l", "n_packets"), DRAWN)
def test_draws_are_those_of_before_to_the_bit(p_n, p_l, n_packets):
    drawn = Gilbert(p_n, p_l).sample(n_packets, np.random.default_rng(11))
    assert hashlib.sha256(drawn.tobytes()).hexdigest()[:16] == DRAWN[p_n, p_l, n_packets]
