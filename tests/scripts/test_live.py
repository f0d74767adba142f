"""The terminal that follows a voice, with recordings in place of a microphone."""

import numpy as np
import pytest
import soundfile
from rich.console import Console

from sercore.audio.wav import write_wav
from sercore.live import sound_card
from sercore.live.engine import Prediction
from sercore.live.screen import CLEAN, HEARD, ROWS, Screen, Shown, cells_of
from sercore.live.sound_card import BLOCK, SoundError
from tests.scripts.in_process import run_script


@pytest.fixture
def speech(tmp_path):
    path = tmp_path / "speech.wav"
    write_wav(path, (0.1 * np.random.default_rng(0).standard_normal(3 * 16_000)).astype(np.float32))
    return path


def test_a_recording_is_followed_and_both_versions_are_kept(speech, weights, tmp_path):
    channel = ["--channel", "gilbert:p_n=0.5,p_l=0.5", "--receiver", "silence", "--seed", 1]
    kept = tmp_path / "kept.wav"
    words = ["--model", weights, "--file", speech, "--fast", *channel, "--record", kept]
    answer = run_script("live", *words)
    assert "3.0 s of sound; " in answer.stdout
    assert "of one core" in answer.stdout
    said, (heard, _) = soundfile.read(speech)[0], soundfile.read(kept)
    np.testing.assert_array_equal(soundfile.read(tmp_path / "kept.clean.wav")[0], said)
    frames = heard.reshape(-1, 3_200)
    arrived = (frames == said.reshape(-1, 3_200)).all(axis=1)
    assert 0 < arrived.sum() < len(frames)
    assert not frames[~arrived].any()


def test_a_microphone_that_is_unplugged_leaves_what_was_recorded(weights, tmp_path, monkeypatch):
    class Unplugged:
        overruns = 0

        def __init__(self, device):
            pass

        def listen(self):
            for _ in range(25):
                yield np.full(BLOCK, 0.1, np.float32)
            raise SoundError("the microphone stopped: it is gone")

        def close(self):
            pass

    monkeypatch.setattr(sound_card, "Microphone", Unplugged)
    answer = run_script("live", "--model", weights, "--record", tmp_path / "kept.wav", expect=2)
    assert "error: the microphone stopped: it is gone. 1.0 s of sound" in answer.stdout
    assert len(soundfile.read(tmp_path / "kept.wav")[0]) == 16_000


def test_ctrl_c_is_a_clean_end(weights, tmp_path, monkeypatch):
    class Stopped:
        overruns = 0

        def __init__(self, device):
            pass

        def listen(self):
            yield np.full(16_000, 0.1, np.float32)
            raise KeyboardInterrupt

        def close(self):
            pass

    monkeypatch.setattr(sound_card, "Microphone", Stopped)
    answer = run_script("live", "--model", weights, "--record", tmp_path / "kept.wav")
    assert "Stopped. 1.0 s of sound" in answer.stdout
    assert len(soundfile.read(tmp_path / "kept.wav")[0]) == 16_000
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_what_cannot_be_is_refused_in_a_sentence(weights):
    answer = run_script("live", "--model", weights, "--p-n", "0.9", expect=2)
    assert answer.stderr == "error: --p-n and --p-l name a channel together: give both\n"


def moment(seconds, heard, clean, lost=0.0):
    values = [
        Prediction(seconds, {"arousal": each, "valence": -each}, None, lost, lost, 0.0)
        for each in (heard, clean)
    ]
    return Shown(values[0], values[1], -20.0)


def test_a_trace_has_1_at_the_top_and_what_is_heard_covers_what_was_sent():
    cells = cells_of([moment(0.2, 1.0, -1.0), moment(0.4, 0.05, 0.05)], "arousal")
    assert len(cells) == ROWS
    assert (cells[0][0], cells[-1][0], cells[ROWS // 2][1]) == (HEARD[0], CLEAN[1], HEARD[0])
    assert [row[1] for row in cells].count(" ") == ROWS - 1


@pytest.mark.parametrize("width", [60, 140])
def test_a_terminal_shows_both_traces_losses_and_counts(width):
    console = Console(width=width, force_terminal=True, record=True)
    with Screen("a voice", console) as screen:
        for n in range(30):
            screen.show(moment(0.2 * (n + 1), n / 30, 0.0, lost=float(n % 2)), "5% of packets lost")
        console.print(screen.picture("5% of packets lost"))
    text = console.export_text()
    for words in ("a voice", "arousal +0.97", "valence -0.97", "5% of packets lost", "level", "█ █"):
        assert words in text
