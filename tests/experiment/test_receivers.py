"""All receivers behind all lines: the same scores as one by one, nothing twice, tables that are read back."""

import numpy as np
import pytest
import torch

from sercore.channel import CLEAN
from sercore.corpus import open_corpus
from sercore.corpus.clips import LabelledClip
from sercore.experiment import receivers as of_receivers
from sercore.experiment import voices as of_voices
from sercore.experiment.cells import job_name, list_jobs, run_jobs
from sercore.experiment.receiver_cost import estimate
from sercore.experiment.receiver_tables import finished_rows, save_rows, write_receiver_tables
from sercore.experiment.receivers import calls, frames, missing, places, run_places
from sercore.line import receiver_of
from sercore.network.card import Card
from sercore.network.feature_concealer import FeatureConcealer
from sercore.network.model import EmotionModel
from sercore.network.spliced_features import TrackFeatures
from sercore.receiver import RECEIVERS
from sercore.recogniser.concealed import Concealed
from sercore.recogniser.paper_network import PaperNetwork
from sercore.results.outcome import read_outcome, write_findings
from sercore.results.table import RECEIVER, results_table, write_results
from tests.corpus.noise_tree import write_layout_1
from tests.results.made_ways import made

SOME = [CLEAN, *calls((0.1,))]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    names = ["dev_1", "dev_2", "test_1", "test_2"]
    return open_corpus(write_layout_1(tmp_path_factory.mktemp("tiny"), names, seconds=6))


@pytest.fixture(scope="module")
def networks():
    made = []
    for seed, name in enumerate(("mismatched", "multi_condition", "matched_high_low")):
        torch.manual_seed(seed)
        model = EmotionModel().eval()
        model.card = Card({"name": name}, seed=seed, sha256=f"weights {seed}")
        made.append(PaperNetwork(model))
    return made


def some_places(*, lines):
    """Of all places those with few channels, and frames of one."""
    wanted = {*SOME, frames()[1]}
    return [place for place in places(lines=lines) if place.channel in wanted]


@pytest.fixture(scope="module")
def left(networks, corpus):
    return missing(some_places(lines=False), networks, corpus, [])


@pytest.fixture(scope="module")
def rows(left, networks, corpus):
    return [row for found in run_places(left, networks, corpus, workers=2) for row in found]


def test_scores_are_those_of_each_network_alone(rows, networks, corpus):
    channel = calls((0.1,))[1]
    how = {"partitions": ["test"], "channels": [channel], "seeds": [0], "receiver": "pitch"}
    (alone,) = run_jobs(list_jobs(networks[:1], corpus, **how), networks[:1], corpus, workers=1)
    by_name = {(job_name(row), row["dimension"]): row for row in rows}
    for row in alone:
        mine = by_name[job_name(row), row["dimension"]]
        assert np.array_equal(mine["moments"], row["moments"])
        assert mine[RECEIVER] == "pitch"


def test_each_receiver_hears_each_track_once_for_all_networks(networks, corpus, monkeypatch):
    heard = []

    class Counted(type(RECEIVERS["silence"])):
        def __call__(self, audio, received, **how):
            heard.append(len(audio))
            return super().__call__(audio, received, **how)

    monkeypatch.setitem(RECEIVERS, "silence", Counted())
    place = of_receivers.Place("test", "silence", calls((0.1,))[0], ("mismatched", "multi_condition"))
    list(run_places(missing([place], networks, corpus, []), networks, corpus, workers=1))
    assert len(heard) == len(corpus.partition("test"))


def test_a_network_that_is_told_hears_each_track_once_for_all_channels(networks, corpus, monkeypatch):
    told = Concealed(networks[0].network, untrained_concealer())
    channels, heard = (frames()[1], frames()[2]), []
    whole = TrackFeatures.__init__
    monkeypatch.setattr(TrackFeatures, "__init__", lambda mine, *what: heard.append(1) or whole(mine, *what))
    wanted = [of_receivers.Place("test", "drop", each, (told.name,)) for each in channels]
    (one, other) = run_places(missing(wanted, [told], corpus, []), [told], corpus, workers=1)
    assert len(heard) == len(corpus.partition("test"))
    how = {"partitions": ["test"], "channels": channels, "seeds": [0]}
    alone = [row for rows in run_jobs(list_jobs([told], corpus, **how), [told], corpus) for row in rows]
    assert all(np.array_equal(a["moments"], b["moments"]) for a, b in zip([*one, *other], alone, strict=True))


def untrained_concealer():
    torch.manual_seed(0)
    concealer = FeatureConcealer().eval()
    concealer.card = Card(sha256="weights of a concealer")
    return concealer


def test_what_is_saved_is_not_scored_again(tmp_path, rows, left, networks, corpus):
    wanted = some_places(lines=False)
    names = [job.name for jobs in left for job in jobs]
    assert len(set(names)) == len(names) == len(rows) / 2
    save_rows(tmp_path, corpus, rows[: len(rows) // 2 // 2 * 2])
    rest = missing(wanted, networks, corpus, finished_rows(tmp_path, corpus))
    found = [job.name for jobs in rest for job in jobs]
    assert set(found) == set(names) - {job_name(row) for row in rows[: len(rows) // 2 // 2 * 2]}
    save_rows(tmp_path, corpus, rows)
    assert not missing(wanted, networks, corpus, finished_rows(tmp_path, corpus))


def test_tables_are_written_and_read_back(tmp_path, rows, networks, corpus):
    save_rows(tmp_path / "runs", corpus, rows)
    keys = [each.key for each in networks]
    write_receiver_tables(tmp_path, tmp_path / "runs", corpus, keys)
    outcome = read_outcome(tmp_path)
    assert not outcome.problems
    test = [row for row in rows if row["partition"] == "test"]
    assert outcome.receivers.equals(results_table(test))
    assert set(outcome.receivers[RECEIVER]) == set(RECEIVERS)
    assert set(outcome.advice["packet_loss_rate"]) == {0.1}
    assert set(outcome.advice["rival"]) <= {"multi_condition", "augmentation", "loss_aware"}
    assert {each.claim for each in outcome.receiver_claims} == {8, 9, 10}
    assert not outcome.tables  # no page takes them for results of the paper's receiver
    write_findings(tmp_path, [])
    assert len(read_outcome(tmp_path).receiver_claims)


def test_a_concealer_in_a_network_is_among_the_receivers_that_may_be_advised(tmp_path, corpus):
    skills = {("mismatched", name): 0.5 for name in RECEIVERS} | {("multi_condition", "drop"): 0.6}
    skills |= {("mismatched_learned", "drop"): 0.8, ("mismatched_learned_both", "drop"): 0.7}
    for partition in ("devel", "test"):
        rows = made(skills, calls((0.1,)), partition=partition)
        save_rows(tmp_path / "runs", corpus, rows.to_dict("records"))
    write_receiver_tables(tmp_path, tmp_path / "runs", corpus, [network for network, _ in skills])
    outcome = read_outcome(tmp_path)
    assert set(outcome.advice["receiver"]) == {"learned"}
    assert set(outcome.advice["helps"]) == set(outcome.advice["beats_training"]) == {"yes"}
    assert {each.verdict for each in outcome.receiver_claims if each.claim == 9} == {"holds"}


def test_the_whole_plan_asks_for_every_receiver_in_every_channel():
    every = places()
    scored = {(place.receiver, place.channel) for place in every if place.partition == "test"}
    assert {(name, each) for name in RECEIVERS for each in calls() + frames()} <= scored
    assert {name for name, _ in scored} >= {"g711+pitch", "opus-24", "opus-24-fec", "narrow+drop"}
    assert len(set(every)) == len(every)
    assert len(calls()) == 12
    assert 20 <= len(frames()) <= 33
    for place in every:
        assert place.receiver == receiver_of(place.receiver).NAME
        assert "mismatched" in place.settings


def test_the_cost_of_nothing_is_nothing_and_that_of_something_is_told(left, networks, corpus):
    assert estimate([], networks, corpus) == "nothing is left to score"
    said = estimate(left[:3], networks, corpus)
    assert said.startswith(f"{sum(map(len, left[:3]))} cells in 3 places are left: about ")


@pytest.fixture(scope="module")
def clips():
    rng = np.random.default_rng(0)
    kinds = [("high", "positive"), ("low", "negative")]
    return [
        LabelledClip(
            f"{i}.wav",
            (0.1 * rng.standard_normal(9_600)).astype(np.float32),
            f"speaker {i % 2}",
            {"arousal": kinds[i % 2][0], "valence": kinds[i % 2][1]},
        )
        for i in range(6)
    ]


def test_real_voices_are_scored_once_and_the_claim_rests_on_them(tmp_path, clips, networks, monkeypatch):
    judged = []
    monkeypatch.setattr(of_voices, "plcmos_of", lambda audio, rate: judged.append(rate) or 3.0)
    monkeypatch.setattr(of_voices, "stoi_of", lambda one, other, rate: float(np.array_equal(one, other)))
    asked = [of_voices.Condition(name, calls((0.1,))[0]) for name in ("drop", "pitch")]
    table = of_voices.Voices(networks[0], clips, tmp_path).table(asked)
    assert len(judged) == 2 * len(clips)
    again = of_voices.Voices(networks[0], clips, tmp_path)
    assert again.table(asked).equals(table)
    assert len(judged) == 2 * len(clips)
    write_results(tmp_path / "voices.csv", table)
    assert read_outcome(tmp_path).voices.equals(table)
    assert table["stoi"].isna().tolist() == (table["receiver"] == "drop").tolist()
    changes = again.moved(asked)["pitch"][0]
    lossless = of_voices.Condition("pitch", CLEAN)
    assert (again.heard(lossless).change == 0).all()
    assert changes.shape == (6, 2)


@pytest.mark.parametrize("receiver", ["silence", "pitch"])
def test_intelligibility_and_listeners_agree_that_a_loss_is_heard(receiver):
    pytest.importorskip("speechmos", reason="comes with the extra 'quality'")
    pytest.importorskip("pystoi", reason="comes with the extra 'quality'")
    from sercore.scoring.quality import plcmos_of, stoi_of

    clean = open_corpus("demo").tracks[0].audio[: 4 * 16_000]
    received = np.random.default_rng(0).random(200) > 0.3
    heard = RECEIVERS[receiver](clean, received, packet_ms=20)
    assert stoi_of(clean, clean, 16_000) == pytest.approx(1)
    assert stoi_of(clean, heard, 16_000) < 0.98
    np.random.seed(3)  # noqa: NPY002
    expected = np.random.random()  # noqa: NPY002
    np.random.seed(3)  # noqa: NPY002
    assert plcmos_of(heard, 16_000) == plcmos_of(heard, 16_000)
    assert np.random.random() == expected  # noqa: NPY002  (nobody else's chance is touched)
