"""Sound that libsndfile does not read, by its first bytes: what to call it, and what to do about it."""

# The name of a format by bytes that its files have at a place.
SIGNS = {
    (4, b"ftyp"): "MPEG-4, as phones record it (.m4a, .mp4, .3gp)",
    (0, b"\x1a\x45\xdf\xa3"): "Matroska, as browsers record it (.webm, .mka)",
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"): "Windows Media (.wma)",
    (0, b"#!AMR"): "AMR, as telephones record it",
    (0, b"\xff\xf1"): "AAC (.aac)",
    (0, b"\xff\xf9"): "AAC (.aac)",
    (28, b"Speex   "): "Speex (.spx)",
    (0, b"wvpk"): "WavPack (.wv)",
    (0, b"MAC "): "Monkey's Audio (.ape)",
    (0, b"TTA1"): "True Audio (.tta)",
    (0, b"MThd"): "MIDI, which holds notes and no sound",
}


def foreign_sound(start: bytes) -> str:
    """What a file is that begins with these bytes, at least 36, and the cure; empty if they do not tell.

    Example:
        >>> foreign_sound(bytes.fromhex("0000001c667479704d344120") + bytes(24))
        'it is MPEG-4, as phones record it (.m4a, .mp4, .3gp): convert it to WAV or FLAC'
    """
    names = [name for (place, sign), name in SIGNS.items() if start[place:].startswith(sign)]
    return f"it is {names[0]}: convert it to WAV or FLAC" if names else ""
