"""Every reader that is fuzzed, by name; a new door for strangers' files is one more entry of its room."""

from tests.fuzz import (
    of_audio,
    of_calls,
    of_corpus,
    of_dashboard,
    of_feeds,
    of_networks,
    of_probes,
    of_results,
)

_ROOMS = (
    of_audio,
    of_calls,
    of_corpus,
    of_feeds,
    of_networks,
    of_probes,
    of_results,
    of_probes,
    of_dashboard,
)
READERS = {reader.name: reader for room in _ROOMS for reader in room.READERS}
