"""The default corpus, made for real in small: it needs the extra packages ttspico, pyworld and scipy."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sercore.corpus.corpus import open_corpus
from sercore.synthetic import microphones, recording, speakers
from sercore.synthetic.build import BuildError, Size, build
from sercore.synthetic.rendering import render
from sercore.synthetic.sentences import sentences
from sercore.synthetic.voices import speak, utterance

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "make_corpus.py"
MISSING = [name for name in ("ttspico", "pyworld", "scipy") if find_spec(name) is None]
needs_voices = pytest.mark.skipif(bool(MISSING), reason=f"pip install -e .[corpus]: {MISSING} missing")
TINY = Size(train=1, devel=1, test=1, seconds=8.0)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus") / "tiny"
    build(folder, TINY, seed=3, jobs=1)
    return folder


def hashes(folder):
    return {
        entry["name"]: entry["sha256"]
        for entry in json.loads((folder / "manifest.json").read_text())["tracks"]
    }


def pitch(audio):
    """Median F0 in Hz by the autocorrelation of loud 40 ms pieces: another method than the vocoder's."""
    pieces = audio[: len(audio) // 640 * 640].reshape(-1, 640)
    loud = pieces[pieces.std(axis=1) > 0.3 * pieces.std(axis=1).max()]
    lags = np.arange(32, 267)  # 500 to 60 Hz
    found = []
    for piece in loud:
        own = np.correlate(piece, piece, "full")[639:] / np.arange(640, 0, -1)
        strength = own[lags] / own[0]
        if strength.max() > 0.6:
            # The first peak nearly as high as the highest: not an octave below.
            first = np.flatnonzero(strength > 0.9 * strength.max())[0]
            found.append(16_000 / lags[first])
    return float(np.median(found))


@needs_voices
@pytest.mark.parametrize("sex", ["female", "male"])
def test_pitch_rises_with_arousal(sex, tmp_path):
    stock = utterance(sentences("fr", "train")[0], "fr", tmp_path)
    speaker = speakers.draw_speaker("S", "fr", sex, np.random.default_rng(1))

    def said(arousal):
        mood = np.tile([arousal, 0.0], (3000, 1))
        return pitch(render(stock, speaker, mood, 0, np.random.default_rng(1)))

    calm, excited = said(-0.7), said(0.7)
    asked = speaker.strength("pitch") * 11.0 * 1.4  # semitones
    assert 12 * np.log2(excited / calm) == pytest.approx(asked, abs=3.0)


@needs_voices
def test_aroused_speech_is_brighter_and_no_louder_than_the_level_cue(tmp_path):
    stock = utterance(sentences("fr", "train")[0], "fr", tmp_path)
    speaker = speakers.draw_speaker("S", "fr", "female", np.random.default_rng(1))

    def spectrum(arousal):
        audio = render(stock, speaker, np.tile([arousal, 0.0], (3000, 1)), 0, np.random.default_rng(1))
        return np.abs(np.fft.rfft(audio)) ** 2 / len(audio), np.fft.rfftfreq(len(audio), 1 / 16_000)

    shares, levels = [], []
    for arousal in (-0.7, 0.7):
        power, frequency = spectrum(arousal)
        shares.append(power[frequency > 1000].sum() / power.sum())
        levels.append(10 * np.log10(power.sum() / 1.0))
    assert shares[1] > 2 * shares[0]
    assert abs(levels[1] - levels[0]) < 8


@needs_voices
def test_how_loud_somebody_speaks_does_not_reach_the_recording():
    rng = np.random.default_rng(6)
    speech = rng.normal(size=48_000) * np.repeat(rng.uniform(0, 1, 30), 1600)
    place = replace(microphones.draw_microphone(rng), codec="")  # whose steps rounding may cross
    quiet, loud = (recording.record(speech * gain, place, np.random.default_rng(7)) for gain in (0.01, 1.0))
    assert np.allclose(quiet, loud, atol=1e-5)
    assert np.abs(loud).max() <= 1


def places(number=300):
    return [microphones.draw_microphone(np.random.default_rng(seed)) for seed in range(number)]


def response(impulse, *hertz):
    """Gain in dB around each frequency, of an impulse response."""
    power = np.abs(np.fft.rfft(impulse)) ** 2
    frequency = np.fft.rfftfreq(len(impulse), 1 / 16_000)
    return [10 * np.log10(power[np.abs(frequency - f) < f / 8].mean()) for f in hertz]


def test_a_third_of_the_places_are_telephones_and_colours_are_as_wide_as_microphones_are():
    found = places()
    calls = [place for place in found if place.codec]
    assert len(calls) / len(found) == pytest.approx(microphones.TELEPHONES, abs=0.08)
    assert {place.codec for place in calls} == set(microphones.CODECS)
    for place in calls[:20]:
        low, mid, high = response(place.impulses[0], 80, 1000, 6000)
        assert max(low, high) < mid - 15
    tilts = np.array([np.subtract(*response(place.impulses[0], 2000, 500)) / 2 for place in found])
    assert np.quantile(np.abs(tilts), 0.9) > 3.0  # dB per octave
    assert abs(tilts.mean()) < 0.5


def test_colour_drifts_within_a_track_and_between_two_impulses_only():
    changes = [
        np.subtract(*np.diff([response(i, 500, 2000) for i in place.impulses], axis=1))
        for place in places(100)
    ]
    assert np.std(changes) > 3.0


@needs_voices
def test_a_call_has_nothing_beyond_its_band_and_is_still_speech():
    rng = np.random.default_rng(2)
    speech = rng.normal(size=160_000) * np.repeat(rng.uniform(0, 1, 100), 1600)
    for codec in microphones.CODECS:
        place = replace(next(p for p in places() if p.codec), codec=codec)
        heard = recording.record(speech, place, np.random.default_rng(7))
        power = np.abs(np.fft.rfft(heard)) ** 2
        frequency = np.fft.rfftfreq(len(heard), 1 / 16_000)
        assert len(heard) == len(speech)
        assert power[frequency > 4300].sum() < 1e-3 * power.sum()
        loud = [np.square(x.reshape(-1, 1600)).mean(axis=1) for x in (heard, speech)]
        assert np.corrcoef(np.log(loud[0] + 1e-9), np.log(loud[1] + 1e-9))[0, 1] > 0.8


@needs_voices
def test_a_sad_voice_is_rougher_than_a_happy_one_in_every_sentence(tmp_path):
    speaker = replace(
        speakers.draw_speaker("S", "fr", "female", np.random.default_rng(1)),
        strengths=(1.0,) * len(speakers.CUES),
    )
    stocks = [utterance(sentence, "fr", tmp_path) for sentence in sentences("fr", "train")[:6]]

    def roughness(stock, arousal, valence):
        """SD in dB of the level between 8 and 30 Hz, from its spectrum."""
        moods = np.tile([arousal, valence], (3000, 1))
        audio = render(stock, speaker, moods, 0, np.random.default_rng(1))
        level = 10 * np.log10(
            np.square(audio[: len(audio) // 160 * 160].reshape(-1, 160)).mean(axis=1) + 1e-7
        )
        spectrum = np.fft.rfft(level - level.mean())
        frequency = np.fft.rfftfreq(len(level), 0.01)
        spectrum[(frequency < 8) | (frequency > 30)] = 0
        return np.fft.irfft(spectrum, len(level)).std()

    for stock in stocks:
        assert roughness(stock, -0.7, -0.7) > roughness(stock, 0.7, 0.7)


@needs_voices
def test_the_cache_gives_what_analysis_gave(tmp_path):
    fresh, kept = (utterance("Oui, d'accord.", "fr", tmp_path) for _ in range(2))
    assert np.array_equal(fresh.f0, kept.f0)
    assert np.array_equal(fresh.envelope, kept.envelope)
    path = next(tmp_path.glob("*.npz"))
    for damaged in (b"cut off", b"", path.read_bytes()[:-40], bytes(path.stat().st_size)):
        path.write_bytes(damaged)
        mended = utterance("Oui, d'accord.", "fr", tmp_path)
        assert np.array_equal(fresh.aperiodicity, mended.aperiodicity)


@needs_voices
@pytest.mark.parametrize("language", ["fr", "it", "de", "es"])
def test_every_language_has_a_voice(language):
    assert len(speak(sentences(language, "test")[0], language)) > 16_000


@needs_voices
def test_the_corpus_opens_like_recola(tiny):
    corpus = open_corpus(tiny)
    assert [track.name for track in corpus] == ["train_1", "dev_1", "test_1"]
    assert len({track.speaker for track in corpus}) == 3
    assert all(track.n_frames == 40 and len(track.audio) == 128_000 for track in corpus)
    assert not corpus.notes
    assert soundfile.info(tiny / "recordings_audio" / "dev_1.wav").samplerate == 16_000


@needs_voices
def test_the_same_seed_gives_the_same_files_however_many_processes_make_them(tiny, tmp_path):
    build(tmp_path / "again", TINY, seed=3, jobs=2)
    assert hashes(tmp_path / "again") == hashes(tiny)
    build(tmp_path / "other", Size(1, 0, 0, 8.0), seed=4, jobs=1)
    assert hashes(tmp_path / "other")["train_1"] != hashes(tiny)["train_1"]


@needs_voices
@pytest.mark.skipif(os.name == "nt", reason="process groups are killed another way on Windows")
def test_a_corpus_killed_on_the_way_ends_like_one_that_was_not(tiny, tmp_path):
    out = tmp_path / "killed"
    words = ["--seed", "3", "--jobs", "1", "--train", "1", "--devel", "1", "--test", "1"]
    command = [sys.executable, str(SCRIPT), "--out", str(out), "--minutes", str(8 / 60), *words]
    first = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True, cwd=ROOT)
    try:
        patience = time.monotonic() + 300  # a busy machine may be slow
        while first.poll() is None and not (out / ".cache" / "train_1.json").exists():
            assert time.monotonic() < patience
            time.sleep(0.02)
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    assert not (out / "manifest.json").exists()
    before = (out / "recordings_audio" / "train_1.wav").stat().st_mtime_ns
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    assert hashes(out) == hashes(tiny)
    assert (out / "recordings_audio" / "train_1.wav").stat().st_mtime_ns == before
    assert not list(out.rglob("*.tmp"))


@needs_voices
def test_a_finished_folder_is_not_overwritten_by_another_corpus(tiny):
    with pytest.raises(BuildError, match="another seed, size or version"):
        build(tiny, TINY, seed=4, jobs=1)


@needs_voices
def test_a_damaged_file_is_made_again(tiny):
    wanted = hashes(tiny)
    (tiny / "ratings_individual" / "valence" / "dev_1.csv").write_text("gone")
    build(tiny, TINY, seed=3, jobs=1)
    assert hashes(tiny) == wanted
    assert open_corpus(tiny)


@needs_voices
def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    command = [sys.executable, str(SCRIPT), "--out", str(tmp_path / "file" / "corpus")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert answer.returncode == 2
    assert "cannot be written to" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_missing_voice_is_one_sentence_that_tells_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda *_: None)
    from sercore.synthetic import voices

    voices.world.cache_clear()
    with pytest.raises(BuildError, match=r"pyworld is missing.*pip install -e '\.\[corpus\]'"):
        build(tmp_path / "corpus", TINY, seed=1)
    assert not (tmp_path / "corpus").exists()
