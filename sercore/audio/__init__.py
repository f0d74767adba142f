"""Sound in and out: any file as one channel of float32 at 16 kHz, and back."""

from sercore.audio.header import AudioError
from sercore.audio.read import read_audio
from sercore.audio.wav import audio_sha256, sixteen_bits, wav_bytes, write_wav

__all__ = ["AudioError", "audio_sha256", "read_audio", "sixteen_bits", "wav_bytes", "write_wav"]
