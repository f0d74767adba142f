"""The parts of the default corpus that need no voice: moods, words, speakers, cues, raters, rooms, files."""

import itertools
import json
import os
import signal

import numpy as np
import pytest

from sercore.corpus.corpus import DEMO, open_corpus
from sercore.corpus.gold_standard import gold_standard
from sercore.synthetic import build, cues, latents, layout, ratings, sentences, speakers, spectrum
from sercore.synthetic.build import BuildError, Size, plan
from sercore.synthetic.sentences import compose
from sercore.synthetic.shipping import ship


@pytest.mark.parametrize(("tau", "sd"), [(4.0, 0.2), (30.0, 0.45)])
def test_a_latent_has_the_sd_and_the_correlation_time_it_was_asked_for(tau, sd):
    path = latents.ornstein_uhlenbeck(400_000, tau, sd, np.random.default_rng(1), rate=20)
    assert path.std() == pytest.approx(sd, rel=0.1)
    steps = round(tau * 20)
    assert np.corrcoef(path[:-steps], path[steps:])[0, 1] == pytest.approx(np.exp(-1), abs=0.06)


def test_a_latent_starts_in_its_stationary_law():
    rng = np.random.default_rng(2)
    starts = [latents.ornstein_uhlenbeck(2, 30.0, 0.45, rng)[0] for _ in range(1500)]
    assert np.std(starts) == pytest.approx(0.45, rel=0.08)


def test_the_filter_agrees_with_one_that_takes_a_step_at_a_time():
    pushes = np.random.default_rng(3).normal(size=1000)
    slow, value = [], 0.0
    for push in pushes:
        value = 0.97 * value + push
        slow.append(value)
    assert np.allclose(latents.first_order(pushes, 0.97), slow)


def test_the_calm_are_sad_more_often_and_moods_stay_in_bounds():
    both = latents.draw_latents(24_000.0, np.random.default_rng(4))
    assert np.abs(both).max() <= 1
    arousal, valence = both[::1000].T
    for some, slope in ((arousal < 0, latents.GLOOM), (arousal > 0, 0.0)):
        assert np.polyfit(arousal[some], valence[some], 1)[0] == pytest.approx(slope, abs=0.1)
    assert arousal.std() == pytest.approx(latents.AROUSAL.sd, rel=0.08)
    assert valence[arousal > 0].std() == pytest.approx(latents.VALENCE.sd, rel=0.08)


@pytest.mark.parametrize(
    ("tau", "sd", "word"), [(0.0, 1.0, "tau"), (float("nan"), 1.0, "tau"), (1.0, -1.0, "sd")]
)
def test_an_impossible_latent_is_refused(tau, sd, word):
    with pytest.raises(ValueError, match=word):
        latents.ornstein_uhlenbeck(10, tau, sd, np.random.default_rng(0))


@pytest.mark.parametrize("language", sentences.LANGUAGES)
def test_no_sentence_is_said_in_two_partitions(language):
    pools = [set(sentences.sentences(language, partition)) for partition in sentences.PARTITIONS]
    assert all(len(pool) == sentences.SENTENCES_PER_POOL for pool in pools)
    assert not any(one & other for one, other in itertools.combinations(pools, 2))
    assert all(text[-1] in ".?!" and "{" not in text for pool in pools for text in pool)


# Written by hand: each needs an agreement that a careless template would miss.
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "Je ne vois pas pourquoi les allumettes seraient moins utiles que le briquet."),
        ("fr", "La hache, je la mettrais plutôt à la fin de la liste."),
        ("fr", "Les allumettes sont plus importantes que le briquet, tu ne crois pas ?"),
        ("it", "Ci servono i fiammiferi, altrimenti come facciamo ad accendere il fuoco?"),
        ("it", "Va bene, le corde le teniamo, è deciso."),
        ("de", "Mit den Streichhölzern können wir Feuer machen, das ist sicher."),
        ("de", "Ich würde den Kompass an die erste Stelle setzen, damit wir Norden finden können."),
        ("de", "Warte mal, mit der Decke geht das doch: sich warm halten!"),
        ("es", "La brújula es necesaria para encontrar el norte."),
        ("es", "Bueno, los abrigos los guardamos, está decidido."),
    ],
)
def test_the_grammar_agrees_in_gender_number_and_case(language, sentence):
    everything = set(compose(language))
    assert sentence in everything


def test_an_unknown_language_or_partition_is_refused_by_name():
    with pytest.raises(ValueError, match="'pt'"):
        sentences.sentences("pt", "train")
    with pytest.raises(ValueError, match="'dev'"):
        sentences.sentences("fr", "dev")


def test_the_cast_is_recolas():
    drawn = speakers.cast({"train": 16, "devel": 15, "test": 15}, seed=1)
    everyone = list(itertools.chain.from_iterable(drawn.values()))
    assert len({speaker.name for speaker in everyone}) == 46
    counts = [
        sum(speaker.language == language for speaker in everyone) for language in ("fr", "it", "de", "es")
    ]
    assert counts == [33, 8, 4, 1]
    for partition in drawn.values():
        assert {speaker.sex for speaker in partition} == {"female", "male"}
        assert {"fr", "it", "de"} <= {speaker.language for speaker in partition}


def test_no_two_speakers_sound_or_express_alike():
    everyone = list(
        itertools.chain.from_iterable(speakers.cast({"train": 30, "devel": 0, "test": 0}, 1).values())
    )
    assert len({speaker.strengths for speaker in everyone}) == 30
    assert (
        max(s.f0 for s in everyone if s.sex == "male") < min(s.f0 for s in everyone if s.sex == "female") + 60
    )


def plain_speaker():
    return speakers.Speaker(
        "S", "fr", "female", 190.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, (1.0,) * len(speakers.CUES)
    )


CORNERS = {
    "angry": (0.7, -0.7, 0.0), "afraid": (0.7, -0.7, 1.0), "happy": (0.7, 0.7, 0.0),
    "sad": (-0.7, -0.7, 0.0), "calm": (-0.7, 0.7, 0.0),
}  # fmt: skip


def in_the_corners(read):
    """What a function of the cues says in each corner of the plane."""
    return {
        name: read(cues.cues(np.array([a]), np.array([v]), plain_speaker(), fear))
        for name, (a, v, fear) in CORNERS.items()
    }


def colour(c):
    amounts = np.stack([c.tilt, c.effort, c.pressed, c.mellow, c.lax])
    shapes = (spectrum.TILT, spectrum.EFFORT, spectrum.PRESSED, spectrum.MELLOW, spectrum.LAX)
    return (amounts.T @ np.stack(shapes))[0]


def between(low, high):
    return (low <= spectrum.FREQUENCIES) & (high > spectrum.FREQUENCIES)


def test_anger_is_brighter_than_joy_and_joy_than_sadness_in_a_telephones_band():
    bright = in_the_corners(
        lambda c: colour(c)[between(1000, 2000)].mean() - colour(c)[between(300, 1000)].mean()
    )
    assert bright["angry"] > bright["happy"] + 3.0
    assert bright["happy"] > bright["sad"] + 1.0
    dull = in_the_corners(
        lambda c: colour(c)[between(300, 500)].mean() - colour(c)[between(500, 1000)].mean()
    )
    assert dull["sad"] > max(dull["calm"], dull["happy"], dull["angry"])


def test_melody_onset_and_steadiness_tell_joy_from_anger_fear_and_sadness_whatever_the_line():
    melody = in_the_corners(lambda c: float(c.excursion[0]))
    assert melody["happy"] > 1.3 * max(melody["angry"], melody["afraid"], melody["sad"])
    onset = in_the_corners(lambda c: float(c.onset[0]))
    assert onset["happy"] > 2.0
    assert onset["angry"] < 0.0
    roughness = in_the_corners(lambda c: float(c.tremor[0] - 4.0 * c.steadiness[0]))
    assert roughness["sad"] > roughness["calm"] > roughness["happy"]
    assert roughness["afraid"] > roughness["angry"]
    devoiced = in_the_corners(lambda c: float(c.devoiced[0]))
    assert max(devoiced, key=lambda corner: devoiced[corner]) == "sad"


def test_fear_is_as_high_as_anger_but_neither_loud_nor_lively():
    pitch = in_the_corners(lambda c: float(c.pitch[0]))
    assert pitch["afraid"] > pitch["angry"] > pitch["sad"] + 12.0
    effort = in_the_corners(lambda c: float(c.effort[0]))
    assert effort["afraid"] < effort["angry"] - 3.0


def test_each_cue_is_there_in_most_speakers_and_absent_in_some():
    drawn = np.array([speakers.draw_strengths(np.random.default_rng(seed)) for seed in range(600)])
    loudest = drawn.max(axis=1, keepdims=True)
    absent = (drawn < 0.35 * loudest).mean(axis=0)
    assert absent == pytest.approx(np.array(list(speakers.ABSENT.values())), abs=0.08)
    assert (drawn > 0.35 * loudest).sum(axis=1).min() >= len(speakers.CUES) // 3  # nobody is left without
    assert np.ptp(np.median(drawn, axis=1)) > 0.5  # from mild to acted


def test_more_speakers_change_none_of_the_others():
    few = build.plan(build.Size(2, 1, 1, 10.0), seed=1)
    more = build.plan(build.Size(2, 1, 1, 10.0, extra=8), seed=1)
    assert [track for track in more if track in few] == list(few)
    added = [track for track in more if track not in few]
    assert [track.name for track in added] == [f"train_{n}" for n in range(3, 11)]
    assert [track.speaker.name for track in added][:2] == ["S05", "S06"]
    assert {(t.speaker.language, t.speaker.sex) for t in added} == {
        (language, sex) for language in ("fr", "it", "de", "es") for sex in ("female", "male")
    }
    assert len({track.seed for track in more}) == len(more)


def test_pleasure_widens_the_melody_and_steadies_the_voice():
    c = cues.cues(np.zeros(2), np.array([-0.8, 0.8]), plain_speaker())
    assert c.excursion[1] > c.excursion[0]
    assert c.jitter[1] < c.jitter[0]
    assert c.shimmer[1] < c.shimmer[0]


def test_raters_lag_by_three_seconds_and_agree_moderately():
    rng = np.random.default_rng(5)
    delays, agreements = [], []
    for _ in range(4):
        moods = latents.draw_latents(300.0, rng)
        traces = ratings.ratings(moods, rng)[:, :, 0]
        agreements.append(np.corrcoef(traces)[np.triu_indices(6, 1)].mean())
        seen, felt = gold_standard(traces), moods[::8, 0]
        late = [np.corrcoef(seen[d:], felt[: len(felt) - d])[0, 1] for d in range(200)]
        delays.append(np.argmax(late) / ratings.RATING_RATE)
    assert 2.5 < np.mean(delays) < 4.5
    assert 0.4 < np.mean(agreements) < 0.8


@pytest.mark.parametrize(("shown", "turn"), [(0, 1), (1, -1)])
def test_the_lively_seem_happier_and_the_displeased_more_aroused(shown, turn):
    rng = np.random.default_rng(7)
    moods = np.zeros((300 * latents.FRAME_RATE + 1, 2))
    moods[:, shown] = latents.draw_latents(300.0, rng)[:, shown]
    seen = np.mean([ratings.ratings(moods, rng) for _ in range(10)], axis=(0, 1))
    slope = np.polyfit(seen[:, shown], seen[:, 1 - shown], 1)[0]
    assert slope == pytest.approx(turn * np.tan(ratings.TURN), abs=0.06)


def test_the_files_of_a_track_are_those_of_avec_2016(tmp_path):
    traces = np.zeros((6, 51, 2))
    traces[2, 7, 1] = -0.25
    layout.write_track(tmp_path, "dev_3", np.zeros(32_000, np.float32), np.full((51, 2), -0.022925), traces)
    arff = (tmp_path / "ratings_gold_standard/arousal/dev_3.arff").read_text().split("\n")
    assert arff[0] == "@relation GOLDSTANDARD"
    assert arff[5:9] == ["", "", "@data", ""]
    assert arff[10] == "dev_3,0.04,-0.022925"
    csv = (tmp_path / "ratings_individual/valence/dev_3.csv").read_text().split("\n")
    assert csv[0] == "time;FM1 ;FM2 ;FM3 ;FF1 ;FF2 ;FF3"
    assert csv[8] == "0.28;0.00;0.00;-0.25;0.00;0.00;0.00"
    assert not list(tmp_path.rglob("*.tmp"))


@pytest.mark.parametrize(
    ("size", "seed", "sentence"),
    [
        ({"train": -1}, 1, "train must be 0 or more tracks, got -1"),
        ({"train": 0, "devel": 0, "test": 0}, 1, "at least one track"),
        ({"seconds": 0.5}, 1, "got 0.5 seconds"),
        ({"seconds": float("nan")}, 1, "got nan seconds"),
        ({}, -1, "seed must be 0 or more, got -1"),
    ],
)
def test_an_impossible_corpus_is_refused_in_one_sentence(size, seed, sentence):
    with pytest.raises(BuildError, match=sentence):
        plan(Size(**size), seed)


def test_the_same_seed_plans_the_same_corpus_and_another_one_another():
    assert plan(Size(), 1) == plan(Size(), 1)
    assert {p.speaker.rate for p in plan(Size(), 1)}.isdisjoint(p.speaker.rate for p in plan(Size(), 2))


def shippable(folder, kinds):
    """A corpus of hums of 8 s, one for each (language, sex), with a manifest that names them."""
    time = np.arange(8 * 16_000) / 16_000
    for number, _ in enumerate(kinds, start=1):
        hum = sum(np.sin(2 * np.pi * 150 * number * k * time) / k for k in range(1, 6)) / 10
        traces = np.random.default_rng(number).uniform(-0.5, 0.5, (1, 201, 2)).round(2)
        layout.write_track(
            folder, f"test_{number}", hum.astype("f4"), traces[0], np.repeat(traces, 6, axis=0)
        )
    entries = [
        {"name": f"test_{n}", "partition": "test", "speaker": f"S{n}", "language": language, "sex": sex}
        for n, (language, sex) in enumerate(kinds, start=1)
    ]
    (folder / "manifest.json").write_text(json.dumps({"sha256": "0" * 64, "tracks": entries}))
    return folder


def test_tracks_to_ship_are_small_and_open_like_the_rest(tmp_path):
    kinds = [("fr", "male"), ("de", "female"), ("fr", "male"), ("it", "female"), ("fr", "female")]
    corpus = shippable(tmp_path / "corpus", kinds)
    for _ in range(2):  # the second run replaces what the first one wrote
        ship(corpus, tmp_path / "shipped")
    shipped = open_corpus(tmp_path / "shipped")
    assert [track.name for track in shipped] == ["test_1", "test_2", "test_4", "test_5"]
    original = {track.name: track for track in open_corpus(corpus)}
    for track in shipped:
        assert np.array_equal(track.gold, original[track.name].gold)
        error = track.audio - original[track.name].audio
        assert (error**2).mean() < 0.01 * (track.audio**2).mean()


def test_what_cannot_be_shipped_is_refused(tmp_path):
    with pytest.raises(BuildError, match="holds no finished corpus"):
        ship(tmp_path, tmp_path / "shipped")
    with pytest.raises(BuildError, match="no test track in 'it'"):
        ship(shippable(tmp_path, [("fr", "female"), ("fr", "male")]), tmp_path / "shipped")


def die(_):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_is_one_sentence(monkeypatch):
    monkeypatch.setattr(build, "_make", die)
    with pytest.raises(BuildError, match=r"one of 2 processes that make tracks was killed.* use fewer"):
        list(build._made([1, 2], 2))


KINDS = [("fr", "female"), ("fr", "male"), ("it", "female"), ("de", "male")]


@pytest.mark.parametrize("where", ["corpus", "corpus/inside", ".", "mine", "mine/file.txt", "other"])
def test_shipping_never_removes_what_it_did_not_write(where, tmp_path):
    corpus = shippable(tmp_path / "corpus", KINDS)
    (tmp_path / "mine" / "recordings_audio").mkdir(parents=True)
    (tmp_path / "mine" / "file.txt").write_text("mine")
    (tmp_path / "mine" / "recordings_audio" / "test_1.wav").write_text("mine")
    shippable(tmp_path / "other", KINDS[:1])
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(BuildError, match="cannot be shipped to"):
        ship(corpus, tmp_path / where)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_shipment_that_fails_leaves_the_earlier_one(tmp_path):
    corpus = shippable(tmp_path / "corpus", KINDS)
    ship(corpus, tmp_path / "shipped")
    before = {path: path.read_bytes() for path in (tmp_path / "shipped").rglob("*") if path.is_file()}
    (corpus / "recordings_audio" / "test_4.wav").unlink()
    with pytest.raises(BuildError, match=r"cannot be shipped to .*test_4\.wav"):
        ship(corpus, tmp_path / "shipped")
    assert {path: path.read_bytes() for path in (tmp_path / "shipped").rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "shipped"]


def test_the_shipped_tracks_fit_into_eight_megabytes():
    if not (DEMO / "manifest.json").exists():
        pytest.skip("no tracks ship yet")
    files = [path for path in DEMO.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 8_000_000
    demo = open_corpus("demo")
    assert [track.n_frames for track in demo] == [1500] * 4
    assert {track.language for track in demo} == {"fr", "it", "de"}
    assert {track.partition for track in demo} == {"test"}


def test_a_pipe_in_the_place_of_the_plan_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "_check_tools", lambda: None)
    (tmp_path / ".cache").mkdir()
    os.mkfifo(tmp_path / ".cache" / "plan.txt")
    with pytest.raises(BuildError, match=r"plan\.txt cannot be read: it is no ordinary file"):
        build.build(tmp_path, Size(1, 1, 1, 8), seed=1)
