"""The visitor's own recordings: read, refused, predicted, forgotten."""

import io
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from dashboard.compute import clips, own_clips, predictions
from dashboard.widgets import controls, microphone
from sercore.audio import wav_bytes
from sercore.audio.doubts import is_clipped, is_unlike_speech
from sercore.audio.header import AUDIO_SUFFIXES
from sercore.corpus.find_files import find_files
from tests.audio.made_files import caf, encoded, flac, mp3, wav
from tests.corpus.recola_trees import write_avec
from tests.dashboard.opened import ROOT, compute_plane, open_page, open_parts, show_page, words_of


def test_an_own_clip_is_cut_to_whole_frames():
    clip = clips.own_clip("mine", io.BytesIO(wav_bytes(np.zeros(20_000))))
    assert (clip.n_frames, len(clip.audio)) == (6, 19_200)


BAD_FILES = {
    "text called wav": (b"this is not sound at all", "not audio"),
    "nothing": (b"", "not audio"),
    "too short": (wav_bytes(np.zeros(1_600)), "at least 1 s"),
    "too long": (wav_bytes(np.zeros(16_000 * 301)), "at most 300"),
    "half a file": (wav_bytes(np.zeros(32_000))[:20_000], "truncated"),
}


@pytest.mark.parametrize(("content", "reason"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_upload_gives_one_sentence(trained, content, reason):
    app = open_page("explore", clip="own")
    app.file_uploader[0].set_value(("speech.wav", content, "audio/wav")).run()
    assert reason in app.error[0].value
    assert "\n" not in app.error[0].value
    assert not app.exception


MUTED = {
    "zeros": np.zeros(160_000),
    "rounding": np.random.default_rng(0).integers(-1, 2, 160_000) / 32_768,
    "a click": np.where(np.arange(160_000) == 4_000, 0.5, 0.0),
}


@pytest.mark.parametrize("samples", MUTED.values(), ids=MUTED)
@pytest.mark.parametrize(("door", "name"), [("file_uploader", "The file"), ("audio_input", "The recording")])
def test_nothing_is_predicted_from_a_muted_microphone(weights, door, name, samples):
    app = open_page("explore", clip="own")
    getattr(app, door)[0].set_value(("speech.wav", wav_bytes(samples), "audio/wav")).run()
    (error,) = app.error
    assert error.value.startswith(f"{name} holds no sound: ")
    assert error.value.endswith("Is the microphone muted, or another one chosen?")
    assert not app.metric
    assert not app.exception


def test_channels_that_cancel_give_one_sentence(trained):
    noise = 0.1 * np.random.default_rng(0).normal(size=16_000 * 6)
    file = io.BytesIO()
    soundfile.write(file, np.stack([noise, -noise], axis=1), 16_000, format="WAV")
    app = open_page("explore", clip="own")
    app.file_uploader[0].set_value(("speech.wav", file.getvalue(), "audio/wav")).run()
    assert "falls silent when its 2 channels are averaged" in app.error[0].value


def test_a_recording_that_is_half_silent_is_taken_and_told(trained):
    noise = 0.1 * np.random.default_rng(0).normal(size=16_000 * 6)
    app = open_page("explore", clip="own")
    late = np.concatenate([np.zeros(16_000 * 9), noise])
    app.file_uploader[0].set_value(("speech.wav", wav_bytes(late), "audio/wav")).run()
    assert app.warning[0].value == "The file is silent for 9.0 of its 15.0 s."
    assert not app.error
    app.file_uploader[0].set_value(("other.wav", wav_bytes(noise), "audio/wav")).run()
    assert "is silent" not in words_of(app)


OPEN_ENDED = {
    "wav": wav(data=0xFFFFFFFF),
    "flac": flac(total=0),
    "oga": encoded("OGG", "VORBIS") * 2,
    "caf": caf(data=-1),
    "mp3": b"".join(mp3()[1:]),
}


@pytest.mark.parametrize("suffix", OPEN_ENDED)
def test_a_file_that_does_not_say_how_long_it_is_is_taken(trained, suffix):
    app = open_page("explore", clip="own")
    app.file_uploader[0].set_value((f"speech.{suffix}", OPEN_ENDED[suffix], "audio/x")).run()
    assert not app.error
    assert own_clips.clip_of("test session id").n_frames >= 9


def test_a_good_mp3_with_a_tag_behind_it_is_read_whole_whatever_its_decoder_remarks(tmp_path):
    """libmpg123 writes a line of its own to the server's log, without a name.

    Through libsndfile it cannot be told to be silent, and the log of all others is not to be shut for it.
    """
    tagged = tmp_path / "somebody.mp3"
    tagged.write_bytes(b"".join(mp3()) + b"APETAGEX" + bytes(2_000))
    code = (
        "import sys; from dashboard.compute.clips import own_clip; "
        "print(own_clip('mine', open(sys.argv[1], 'rb')).n_frames)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(tagged)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    untagged = clips.own_clip("mine", io.BytesIO(b"".join(mp3())))
    assert int(run.stdout) == untagged.n_frames
    assert "somebody" not in run.stderr
    assert "Traceback" not in run.stderr


def test_an_upload_may_be_called_whatever_a_recording_of_a_corpus_may_be_called(trained, tmp_path):
    app = open_page("explore", clip="own")
    (shown,) = app.file_uploader
    uploads = {f".{each.removeprefix('.')}" for each in shown.proto.type} & set(AUDIO_SUFFIXES)
    write_avec(tmp_path, ("train_1",))
    recording = tmp_path / "recordings_audio" / "train_1.wav"
    assert len(uploads) > 12
    for suffix in uploads:
        recording = recording.rename(recording.with_suffix(suffix.upper()))
        assert find_files(tmp_path).recordings[0].audio == recording


NOISE = 0.1 * np.random.default_rng(0).normal(size=32_000)


def test_a_sound_is_read_in_the_queue(trained, monkeypatch):
    """A small file may take long to read: whoever brings it waits for the others, and they for it."""
    waiting = []

    def read(name, source):
        waiting.append(predictions.QUEUE.waiting)
        return clips.own_clip(name, source)

    monkeypatch.setattr("dashboard.widgets.own_audio.own_clip", read)
    app = open_page("explore", clip="own")
    app.file_uploader[0].set_value(("speech.wav", wav_bytes(NOISE), "audio/wav")).run()
    assert waiting == [1]
    app.run()
    assert waiting == [1]  # once: the file itself is gone, what was read of it stays
    assert own_clips.clip_of("test session id").n_frames == 10


def test_a_sound_that_had_to_make_room_is_asked_for_again(trained):
    app = open_page("explore", clip="own")
    app.file_uploader[0].set_value(("speech.wav", wav_bytes(NOISE), "audio/wav")).run()
    own_clips.forget("test session id")
    app.run()
    assert "bring it again" in words_of(app)
    assert not app.exception


def test_the_sound_that_came_last_counts(weights):
    app = open_page("explore", clip="own")
    noise = 0.1 * np.random.default_rng(0).normal(size=16_000 * 6)
    app.file_uploader[0].set_value(("a.wav", wav_bytes(noise), "audio/wav")).run()
    first = own_clips._HASHES["test session id"]
    app.file_uploader[0].set_value(("b.wav", b"no sound", "audio/wav")).run()
    assert "not audio" in app.error[0].value
    app.run()
    assert "not audio" in app.error[0].value  # it stays until something else comes
    app.file_uploader[0].set_value(("c.wav", wav_bytes(noise[16_000:]), "audio/wav")).run()
    assert not app.error
    assert own_clips._HASHES["test session id"] != first


def test_audio_that_is_removed_is_forgotten_with_all_that_was_computed_of_it(weights):
    app = open_page("explore", clip="own")
    noise = 0.1 * np.random.default_rng(0).normal(size=16_000 * 6)
    app.file_uploader[0].set_value(("speech.wav", wav_bytes(noise), "audio/wav")).run()
    assert all(kept.size for kept in (predictions._PREDICTIONS, predictions._HEARINGS, predictions._CLEAN))
    show_page(app, "plane")  # the page changes, the audio stays
    forget = next(button for button in app.button if button.label == "Forget my audio")
    forget.click().run()
    assert own_clips.clip_of("test session id") is None
    assert not any(
        kept.size for kept in (predictions._PREDICTIONS, predictions._HEARINGS, predictions._CLEAN)
    )
    assert "Choose a file or speak" in words_of(app)


def test_an_upload_is_predicted_and_compared_with_its_clean_prediction(weights):
    app = open_page("explore", clip="own")
    noise = 0.1 * np.random.default_rng(0).normal(size=16_000 * 6)
    app.file_uploader[0].set_value(("speech.wav", wav_bytes(noise), "audio/wav")).run()
    open_parts(app, "luck")
    assert [metric.label for metric in app.metric] == ["Agreement of after loss with clean (CCC)"] * 2
    assert not app.error


def test_an_own_recording_is_compared_with_its_clean_prediction(weights):
    app = open_page("plane", clip="own")
    noise = 0.1 * np.random.default_rng(0).normal(size=16_000 * 6)
    app.file_uploader[0].set_value(("speech.wav", wav_bytes(noise), "audio/wav")).run()
    compute_plane(app)
    assert "prediction without loss" in words_of(app)
    assert len(app.get("plotly_chart")) == 2


def test_what_is_in_hand_is_said_and_what_speaks_against_it(trained):
    app = open_page("explore", clip="own")
    loud = np.clip(2 * np.sin(np.arange(16_000 * 6) / 9), -1, 1)
    app.file_uploader[0].set_value(("hum.wav", wav_bytes(loud), "audio/wav")).run()
    said = words_of(app)
    assert "the file that you brought, 6.0 s" in said
    assert "never heard a person" in said
    assert "the peaks are cut off" in said
    assert "does not go on and off as speech does" in said
    show_page(app, "plane")  # it is said there, too
    assert "the file that you brought, 6.0 s" in words_of(app)


def test_shipped_speech_gives_no_doubt():
    for track in map(controls.shipped_track, controls.track_titles()):
        assert not is_clipped(track.audio)
        assert not is_unlike_speech(track.audio[: 20 * 16_000])


def test_an_address_says_that_the_audio_is_ones_own_and_a_link_of_the_lesson_does_not(trained):
    app = open_page("explore", clip="own")
    assert "loaded anew begins without your own audio" in words_of(app)
    app.file_uploader[0].set_value(("speech.wav", wav_bytes(NOISE), "audio/wav")).run()
    assert "loaded anew begins" not in words_of(app)
    assert app.query_params["clip"] == "own"
    show_page(app, "lesson")
    (link,) = (each.value for each in app.code if "lesson=1" in each.value)
    assert "clip=" not in link


def test_where_it_breaks_says_what_a_square_plays(results):
    app = open_page("breaks")
    assert "A square plays: " in words_of(app)
    app = open_page("breaks", clip="own")
    assert "Your own audio went with another visit" in words_of(app)


def test_where_a_browser_gives_no_microphone_that_is_said_before(trained, monkeypatch):
    assert len(open_page("explore", clip="own").audio_input) == 1
    monkeypatch.setattr(microphone, "may_record", lambda url: False)
    app = open_page("explore", clip="own")
    assert len(app.audio_input) == 0
    assert "https and localhost alone" in words_of(app)
