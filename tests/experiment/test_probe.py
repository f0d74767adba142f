"""A probe's numbers, held against a loop that shares nothing with it but the channel and the model."""

import importlib
import pickle
import sys
import zlib

import audmetric
import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from sercore.channel import Gilbert
from sercore.experiment.probe.conditions import Condition, NamedChannel, rising_loss
from sercore.experiment.probe.opening import Said, Wanted, jobs_of, opened, run_job, scale_of
from sercore.experiment.probe.summary import summarised
from sercore.scoring.moments import resamples
from tests.experiment.probed_clips import LOUDNESS, labels_over_time, write_recordings, write_table

HALF = rising_loss([0.5])[0]
CONDITIONS = tuple(Condition(HALF.channel, name, seed) for name in ("silence", "drop") for seed in (0, 1))


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with recordings, labels over time, and a model in Python."""
    sounds = write_recordings(tmp_path / "sound")
    write_table(tmp_path / "labels.csv", labels_over_time(sounds))
    (tmp_path / "ears.py").write_text(LOUDNESS)
    monkeypatch.syspath_prepend(str(tmp_path))
    sys.modules.pop("ears", None)
    importlib.invalidate_caches()
    opened.cache_clear()
    yield tmp_path, sounds
    sys.modules.pop("ears", None)
    opened.cache_clear()


def wanted_in(folder, **more):
    more = {"labels": folder / "labels.csv", "conditions": CONDITIONS} | more
    return Wanted("ears:loudness", str(folder / "sound"), folder / "finished", **more)


def probed(wanted, channels=(HALF,)):
    for job in jobs_of(wanted):
        run_job(job)
    scale = scale_of(opened(wanted))
    for job in jobs_of(wanted, scale):
        run_job(job)
    return summarised(opened(wanted), scale, channels)


def course_by_hand(model, sound, received, receiver):
    """What a model says at every frame behind 20 ms packets, one after the other."""
    frames = len(sound) // 3_200
    packets = [sound[at : at + 320] for at in range(0, frames * 3_200, 320)]
    if receiver == "silence":
        heard = np.concatenate([p if ok else 0 * p for p, ok in zip(packets, received, strict=True)])
    else:
        heard = np.concatenate([np.empty(0), *(p for p, ok in zip(packets, received, strict=True) if ok)])
    full = len(heard) // 3_200
    answer = model(heard[: full * 3_200].astype(np.float32), 16_000) if full else []
    course = []
    for frame in range(frames):
        arrived = 320 * sum(received[: 10 * (frame + 1)]) if receiver == "drop" else 3_200 * (frame + 1)
        of = min(-(-arrived // 3_200), full) - 1
        # Two answers a frame: the newest in its middle is the second; before the first, the scale's middle.
        course.append(answer[2 * of + 1] if of >= 0 else [0.5, 0.5])
    return np.array(course)


def by_hand(here, receiver, seed, column):
    """Gold standard and prediction of every recording."""
    folder, sounds = here
    model = importlib.import_module("ears").loudness
    rows = (folder / "labels.csv").read_text().splitlines()[1:]
    found = []
    for name, sound in sounds.items():
        numbers = np.random.default_rng([seed, zlib.crc32(name.encode())]).random(len(sound) // 3_200 * 10)
        received = HALF.channel.run(numbers).tolist()
        gold = [float(row.split(",")[2 + column]) for row in rows if row.split(",")[0] == name]
        said = course_by_hand(model, sound, received, receiver)[:, column] * 2 - 1
        found.append((np.array(gold), said))
    return found


def concordance(pairs):
    gold, said = (np.concatenate(each) for each in zip(*pairs, strict=True))
    return audmetric.concordance_cc(gold, said)


@pytest.mark.parametrize("receiver", ["silence", "drop"])
def test_scores_and_intervals_are_those_of_a_loop_over_recordings(here, receiver):
    found = probed(wanted_in(here[0]))
    for column, dimension in enumerate(("arousal", "valence")):
        assert (found.questions[column].score, found.questions[column].of) == ("CCC", dimension)
        (row,) = [each for each in found.at_channels if (each.question, each.receiver) == (column, receiver)]
        draws = [by_hand(here, receiver, seed, column) for seed in (0, 1)]
        assert row.score.value == pytest.approx(np.mean([concordance(each) for each in draws]), abs=1e-6)
        drawn = [
            np.mean([concordance([of[at] for at in np.repeat(range(5), times)]) for of in draws])
            for times in resamples(5)
        ]
        low, high = np.quantile(drawn, [0.025, 0.975])
        assert row.score.low == pytest.approx(low, abs=1e-6)
        assert row.score.high == pytest.approx(high, abs=1e-6)


def test_what_is_done_is_not_done_again_and_what_was_stopped_goes_on(here, monkeypatch):
    wanted = wanted_in(here[0])
    model = importlib.import_module("ears")
    whole = probed(wanted)
    model.calls.clear()
    assert probed(wanted) == whole
    assert not model.calls
    for path in (here[0] / "finished").rglob("*.json"):
        path.unlink()
    job = jobs_of(wanted, scale_of(opened(wanted)))[0]
    steps = job.steps()
    assert [next(steps) for _ in range(3)] == [0, 1, 2]
    steps.close()
    done = len(model.calls)
    assert next(jobs_of(wanted, job.scale)[0].steps()) == 2
    assert probed(wanted) == whole
    assert len(model.calls) == done + 5 * len(CONDITIONS) - 2


def test_a_job_travels_and_does_the_same_elsewhere(here):
    wanted = wanted_in(here[0])
    whole = probed(wanted)
    for path in (here[0] / "finished").rglob("*.*"):
        path.unlink()
    opened.cache_clear()
    for job in jobs_of(wanted):
        run_job(pickle.loads(pickle.dumps(job)))  # noqa: S301
    for job in jobs_of(wanted, scale_of(opened(wanted))):
        run_job(pickle.loads(pickle.dumps(job)))  # noqa: S301
    assert summarised(opened(wanted), scale_of(opened(wanted)), (HALF,)) == whole


def test_a_model_without_labels_is_held_against_itself(here):
    found = probed(wanted_in(here[0], use_labels=False))
    assert [(each.score, each.clean.value) for each in found.questions] == [("agreement", 1.0)] * 2
    model = importlib.import_module("ears").loudness
    unchanged, changes, pairs = [], [], []
    for seed in (0, 1):
        for name, (_, said) in zip(here[1], by_hand(here, "silence", seed, 0), strict=True):
            sound = here[1][name]
            clean = course_by_hand(model, sound, [True] * (len(sound) // 3_200 * 10), "silence")[:, 0] * 2 - 1
            changes += np.abs(said - clean).tolist()
            unchanged += (np.abs(said - clean) <= 0.05).tolist()
            pairs.append((clean, said))
    row = next(each for each in found.at_channels if (each.question, each.receiver) == (0, "silence"))
    assert row.unchanged == pytest.approx(np.mean(unchanged), abs=1e-9)
    assert row.change == pytest.approx(np.mean(changes), abs=1e-6)
    assert row.score.value == pytest.approx((concordance(pairs[:5]) + concordance(pairs[5:])) / 2, abs=1e-6)


def test_a_scale_that_is_not_declared_is_learned_from_what_is_said_without_loss(here):
    said = Said(outputs=("arousal", "level"))
    declared = probed(wanted_in(here[0], said=said))
    code = (here[0] / "ears.py").read_text().replace("loudness.scale = [0, 1]", "")
    (here[0] / "ears.py").write_text(code)
    sys.modules.pop("ears")
    opened.cache_clear()
    learned = probed(wanted_in(here[0], said=said))
    assert "no scale" in learned.scale
    pairs = [(gold, said) for gold, said in _clean(here)]
    gold, said = (np.concatenate(each) for each in zip(*pairs, strict=True))
    assert learned.questions[0].clean.value == pytest.approx(np.corrcoef(gold, said)[0, 1], abs=1e-6)
    assert declared.questions[0].clean.value == pytest.approx(audmetric.concordance_cc(gold, said), abs=1e-6)


def _clean(here):
    model = importlib.import_module("ears").loudness
    golds = [gold for gold, _ in by_hand(here, "silence", 0, 0)]
    for gold, sound in zip(golds, here[1].values(), strict=True):
        received = [True] * (len(sound) // 3_200 * 10)
        yield gold, course_by_hand(model, sound, received, "silence")[:, 0] * 2 - 1


def test_labels_on_another_scale_are_brought_to_the_models_or_refused(here):
    rows = labels_over_time(here[1])
    before = probed(wanted_in(here[0]))
    write_table(
        here[0] / "seven.csv", [each | {"arousal": 4 + 3 * each["arousal"], "valence": 4} for each in rows]
    )
    wanted = wanted_in(here[0], labels=here[0] / "seven.csv")
    with pytest.raises(ValueError, match=r"the labels run from .* must lie in -1 to 1 where nothing is said"):
        opened(wanted)
    found = probed(wanted_in(here[0], labels=here[0] / "seven.csv", label_scale=(1.0, 7.0)))
    assert found.questions[0].clean.value == pytest.approx(before.questions[0].clean.value, abs=1e-9)


def test_a_call_that_is_a_channel_of_its_own_is_not_mixed_into_the_loss_that_is_borne(here):
    call = NamedChannel("call", "a call", Gilbert(0.5, 0.5))
    conditions = (*CONDITIONS, *(Condition(call.channel, name) for name in ("silence", "drop")))
    found = probed(wanted_in(here[0], conditions=conditions), (HALF, call))
    alone = probed(wanted_in(here[0]))
    assert [each.bears for each in found.receivers] == [each.bears for each in alone.receivers]
    assert {each.channel for each in found.at_channels} == {0, 1}


def test_two_kinds_are_told_apart_as_by_mann_and_whitney(here):
    kinds = ["high", "low", "high", "low", ""]
    rows = [{"file": f"{at}.wav", "arousal": kind} for at, kind in enumerate(kinds)]
    write_table(here[0] / "kinds.csv", rows)
    found = probed(wanted_in(here[0], labels=here[0] / "kinds.csv"))
    (asked,) = found.questions
    assert (asked.score, asked.recordings, asked.chance) == ("AUC", 4, 0.5)
    means = [said.mean() for _, said in _clean(here)]
    expected = mannwhitneyu(means[0:4:2], means[1:4:2], method="asymptotic").statistic / 4
    assert asked.clean.value == pytest.approx(expected)
