"""Sound in and out: any file as one channel of float32 at 16 kHz, and back."""

from sercore.audio.header import AudioError
from sercore.audio.read import read_audio
from sercore.audio.wav import wav_bytes, write_wav

__all__ = ["AudioError", "read_audio", "wav_bytes", "write_wav"]
