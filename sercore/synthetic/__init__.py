"""The default corpus: RECOLA's shape, made by code, free to share.

Text goes through SVOX Pico, WORLD's parameters, the cue table, a room and a microphone to 16 kHz audio;
hidden arousal and valence go through six raters to the gold standard. In reading order: ``latents``,
``sentences``, ``speakers``, ``cues``, ``voices``, ``rendering``, ``microphones``, ``recording``,
``ratings``, ``tracks``, ``layout``, ``build``.
"""
