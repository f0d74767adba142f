"""What a corpus folder holds, right or wrong, for a person to read."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sercore.audio.header import AudioError, opened
from sercore.corpus.corpus import Corpus, CorpusError, corpus_folder
from sercore.corpus.find_files import Found
from sercore.corpus.folder import load_folder
from sercore.corpus.gold_standard import RATING_RATE
from sercore.corpus.manifest import ManifestError, changed_files, read_manifest
from sercore.units import PARTITIONS


@dataclass(frozen=True)
class CorpusCheck:
    """What is there. Counts are of whole tracks, those with nothing wrong.

    Attributes:
        layout: how its files lie; empty if that is not clear.
        tracks: how many of each partition.
        minutes: of each partition.
        sample_rates: how many files of each rate in Hz.
        label_rates: labels per second on disk and once read; empty if there are no tracks.
        raters: how many tracks each rater rated.
        languages: how many tracks of each.
        sha256: hash of the content; empty if there are problems.
        notes: what one should know, one sentence each.
        problems: what is wrong, one sentence each.
    """

    folder: str
    layout: str
    tracks: dict[str, int]
    minutes: dict[str, float]
    sample_rates: dict[int, int]
    label_rates: dict[str, int]
    raters: dict[str, int]
    languages: dict[str, int]
    speakers: int
    sha256: str
    notes: tuple[str, ...]
    problems: tuple[str, ...]

    def as_text(self) -> str:
        """The same for the terminal, a line for each thing."""
        parts = [f"{p} {self.tracks[p]} ({self.minutes[p]:.1f} min)" for p in PARTITIONS if self.tracks[p]]
        rates = [f"{rate:,} Hz ({count} files)" for rate, count in self.sample_rates.items()]
        labels = [f"{rate} Hz {where.replace('_', ' ')}" for where, rate in self.label_rates.items()]
        lines = {
            "folder": self.folder,
            "layout": self.layout or "unknown",
            "tracks": ", ".join(parts) or "none",
            "audio": ", ".join(rates) or "none",
            "labels": ", ".join(labels) or "none",
            "raters": _listed(self.raters) or "none; gold standard only",
            "languages": _listed(self.languages) or "none",
            "speakers": str(self.speakers),
            "SHA-256": self.sha256 or "none, for there are problems",
        }
        text = [f"{name + ':':<11}{value}" for name, value in lines.items()]
        text += [f"note:      {note}" for note in self.notes]
        text += [f"problem:   {problem}" for problem in self.problems]
        return "\n".join([*text, f"{len(self.problems)} problems" if self.problems else "no problems"])


def check_corpus(name: str | Path) -> CorpusCheck:
    """Read all of a corpus (a folder, "demo" or "default") and say what is there, and what is wrong with it.

    Where a manifest lists hashes, the files are compared with them.

    Raises:
        CorpusError: if it is not a folder.
    """
    root = corpus_folder(name)
    if not root.is_dir():
        raise CorpusError(str(name), [f"{root} is not a folder"])
    content = load_folder(root, PARTITIONS)
    problems = list(content.problems)
    with suppress(ManifestError):  # load_folder has reported it
        problems += changed_files(root, read_manifest(root))
    tracks = content.tracks
    if not tracks and not problems:
        problems.append("it holds no track that has labels")
    return CorpusCheck(
        folder=str(root),
        layout=content.layout,
        tracks={p: sum(track.partition == p for track in tracks) for p in PARTITIONS},
        minutes={p: sum(t.seconds for t in tracks if t.partition == p) / 60 for p in PARTITIONS},
        sample_rates=_sample_rates(content.found),
        label_rates={"on_disk": RATING_RATE, "once_read": tracks[0].label_rate} if tracks else {},
        raters=_count(rater for track in tracks for rater in track.ratings or ()),
        languages=_count(track.language for track in tracks),
        speakers=len({track.speaker for track in tracks}),
        sha256="" if problems else Corpus(root.name, tracks).sha256,
        notes=content.notes,
        problems=tuple(problems),
    )


def _sample_rates(found: Found) -> dict[int, int]:
    rates: Counter[int] = Counter()
    for recording in found.recordings:
        with suppress(AudioError), opened(recording.audio) as (file, _):  # reported where it is read
            rates[file.samplerate] += 1
    return dict(sorted(rates.items()))


def _count(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names).most_common())


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
