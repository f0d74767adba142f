"""Real PortAudio without a sound card: ALSA's plug-ins for nothing and for files."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sercore.channel.gilbert import Gilbert
from sercore.live import sound_card
from sercore.live.losses import Losses
from sercore.live.sound_card import BLOCK, Loudspeaker, Microphone, SoundError

ROOT = Path(__file__).parents[2]
SYSTEM = Path("/usr/share/alsa/alsa.conf")
DEVICES = """<{system}>
pcm.nothing {{ type null }}
pcm.tone {{ type file slave.pcm nothing file "/dev/null" infile "{folder}/tone.raw" format raw }}
pcm.ears {{ type file slave.pcm nothing file "{folder}/ears.raw" format raw }}
"""
SECONDS, SEED = 4, 3
CHANNEL = Gilbert(0.95, 0.8, packet_ms=20)


def has_portaudio() -> bool:
    try:
        sound_card.portaudio()
    except SoundError:
        return False
    return True


real = pytest.mark.skipif(
    not (sys.platform == "linux" and SYSTEM.is_file() and has_portaudio()),
    reason="needs Linux with ALSA and PortAudio: apt install libportaudio2",
)


def live(folder: Path, *words: object, configuration: str = DEVICES) -> subprocess.CompletedProcess:
    """``scripts/live.py`` on a machine with these devices."""
    path = folder / "asoundrc"
    path.write_text(configuration.format(system=SYSTEM, folder=folder))
    return subprocess.run(
        [sys.executable, "scripts/live.py", *map(str, words)],
        cwd=ROOT,
        env=os.environ | {"ALSA_CONFIG_PATH": str(path), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def tone() -> np.ndarray:
    return (0.25 * np.sin(2 * np.pi * 440 * np.arange(SECONDS * 16_000) / 16_000)).astype("<f4")


@real
def test_a_tone_goes_in_and_comes_out_with_its_losses(tmp_path):
    tone().tofile(tmp_path / "tone.raw")
    channel = "gilbert:p_n=0.95,p_l=0.8,packet_ms=20"
    sound = ["--device", "tone", "--output", "ears", "--monitor", "--seconds", SECONDS]
    how = ["--channel", channel, "--receiver", "silence", "--seed", SEED, "--record", tmp_path / "kept.wav"]
    answer = live(tmp_path, *sound, *how)
    assert answer.returncode == 0, answer.stderr
    assert not answer.stderr
    received = Losses(CHANNEL, np.random.default_rng(SEED)).draw(SECONDS * 50)
    wanted = tone() * np.repeat(received, 320)
    heard = np.fromfile(tmp_path / "ears.raw", dtype="<f4")[: len(wanted)]
    np.testing.assert_allclose(heard, wanted, atol=1e-6)
    np.testing.assert_allclose(soundfile.read(tmp_path / "kept.wav")[0], wanted, atol=1 / 32_768)
    np.testing.assert_allclose(soundfile.read(tmp_path / "kept.clean.wav")[0], tone(), atol=1 / 32_768)
    lost = f"{1 - received.mean():.0%} of packets lost"
    assert lost in answer.stdout
    assert "0 overruns, 0 underruns, 0 skipped" in answer.stdout
    assert len([line for line in answer.stdout.splitlines() if " arousal " in line]) >= SECONDS - 1


@real
def test_devices_are_listed_and_one_that_is_none_is_refused_in_a_sentence(tmp_path):
    assert "tone, ALSA" in live(tmp_path, "--list-devices").stdout
    answer = live(tmp_path, "--device", "nowhere")
    assert answer.returncode == 2
    assert answer.stderr.startswith("error: the device nowhere is no microphone that can be used")
    assert answer.stderr.count("\n") == 1


@real
def test_without_any_device_one_sentence_says_so(tmp_path):
    answer = live(tmp_path, configuration="<{system}>\n")
    assert answer.returncode == 2
    assert answer.stderr.startswith("error: no microphone that can be used")
    assert answer.stderr.count("\n") == 1


def test_without_portaudio_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(SoundError, match="apt install libportaudio2"):
        Microphone()


class Stream:
    """A microphone's stream that gives two blocks, then no more, or fails."""

    def __init__(self, fails: bool) -> None:
        self.left, self.fails = 2, fails

    def start(self):
        pass

    @property
    def read_available(self):
        return BLOCK if self.left or self.fails else 0

    def read(self, frames):
        if not self.left:
            raise sound_card.portaudio().PortAudioError("Unanticipated host error")
        self.left -= 1
        return np.ones((frames, 1), np.float32), self.left == 1  # the first comes too late

    def close(self):
        pass


@pytest.mark.skipif(not has_portaudio(), reason="needs PortAudio: apt install libportaudio2")
@pytest.mark.parametrize(("fails", "said"), [(True, "Unanticipated"), (False, "was it unplugged")])
def test_a_microphone_that_is_unplugged_ends_in_a_sentence(monkeypatch, fails, said):
    monkeypatch.setattr(sound_card, "_opened", lambda sd, kind, device: (Stream(fails), 16_000))
    monkeypatch.setattr(sound_card, "PATIENCE", 0.05)
    microphone = Microphone()
    blocks = microphone.listen()
    assert len(next(blocks)) == len(next(blocks)) == BLOCK
    with pytest.raises(SoundError, match=said):
        next(blocks)
    assert microphone.overruns == 1
    microphone.close()


@pytest.mark.skipif(not has_portaudio(), reason="needs PortAudio: apt install libportaudio2")
def test_a_loudspeaker_plays_later_what_it_has_no_room_for(monkeypatch):
    class Small(Stream):
        write_available, played = 700, ()

        def write(self, sound):
            self.played = (*self.played, *sound[:, 0].tolist())
            return not self.played

    stream = Small(fails=False)
    monkeypatch.setattr(sound_card, "_opened", lambda sd, kind, device: (stream, 16_000))
    loudspeaker = Loudspeaker()
    loudspeaker.play(np.arange(3_200, dtype=np.float32))  # a packet of 200 ms
    for _ in range(4):
        loudspeaker.play(np.empty(0, np.float32))
    assert stream.played == tuple(range(3_200))
    assert (loudspeaker.skipped, loudspeaker.underruns) == (0, 0)
    loudspeaker.play(np.zeros(17_000, np.float32))
    assert loudspeaker.skipped == 1


@pytest.mark.skipif(not has_portaudio(), reason="needs PortAudio: apt install libportaudio2")
def test_a_microphone_of_another_rate_is_resampled(monkeypatch):
    class Fast(Stream):
        read_available = 48_000

        def read(self, frames):
            self.count = getattr(self, "count", 0)
            time = (self.count + np.arange(frames)) / 48_000
            self.count += frames
            return np.sin(2 * np.pi * 440 * time, dtype=np.float32)[:, None], False

    monkeypatch.setattr(sound_card, "_opened", lambda sd, kind, device: (Fast(False), 48_000))
    blocks = Microphone().listen()
    heard = np.concatenate([next(blocks) for _ in range(50)])
    assert abs(len(heard) - 2 * 16_000) < 2 * BLOCK
    spectrum = np.abs(np.fft.rfft(heard[:16_000]))
    assert spectrum.argmax() == 440  # hertz, for it is a second
