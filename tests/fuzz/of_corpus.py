"""Corpora: label files, manifests, tables of clips, and whole folders in each layout."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from sercore.corpus.check import check_corpus
from sercore.corpus.clips import ClipsError, read_clips
from sercore.corpus.corpus import DEMO, CorpusError, open_corpus
from sercore.corpus.label_files import read_gold, read_ratings
from sercore.corpus.labels import LabelError
from sercore.corpus.manifest import ManifestError, changed_files, read_manifest
from sercore.synthetic.build import BuildError
from sercore.synthetic.shipping import ship
from tests.corpus.recola_trees import arff, ratings_csv, write_avec, write_consortium, write_public
from tests.fuzz.of_audio import sounds
from tests.fuzz.reader import Files, Reader

_CLIPS = (
    "file,arousal,valence,speaker,emotion\n"
    'a.wav,high,positive,anna,happiness\nb.flac,low,negative,"berta, née B.",anger\nc.ogg,,,,\n'
)


def _gold() -> list[Files]:
    rows = [line.split(",", 1)[1] for line in arff("P16", "valence", 4).split("@data\n\n")[1].splitlines()]
    return [{"a.arff": arff("train_1", "arousal", 4).encode()}, {"a.csv": "\n".join(rows).encode()}]


def _ratings() -> list[Files]:
    whole = ratings_csv("train_1", "arousal", 4)
    header, *rows = whole.splitlines()
    gaps = [header, *(row.rpartition(";")[0] for row in rows[:3]), *rows[3:]]
    return [{"a.csv": whole.encode()}, {"a.csv": "\n".join(gaps).encode()}]


def _folders() -> list[Files]:
    """Each layout, on disk once and read back."""
    made = []
    for write in (write_avec, write_public, write_consortium):
        with tempfile.TemporaryDirectory() as folder:
            made.append(_content(write(Path(folder), seconds=2)))
    return made


def _content(folder: Path) -> Files:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def _manifest() -> list[Files]:
    return [{"manifest.json": (DEMO / "manifest.json").read_bytes(), "a.txt": b"some file"}]


def _corpora() -> list[Files]:
    manifest = json.loads((DEMO / "manifest.json").read_text()) | {"sha256": "0"}
    return [{"manifest.json": json.dumps(manifest).encode()}]


def _clips() -> list[Files]:
    audio = {name: content for files in sounds(0.4) for name, content in files.items()}
    some = {"a.wav": audio["a.wav"], "b.flac": audio["a.flac"], "c.ogg": audio["a.ogg"]}
    return [{"labels.csv": _CLIPS.encode(), **some}]


def _utterances() -> list[Files]:
    lines = ["file,partition,speaker,arousal,valence", "a.wav,train,anna,0.5,-0.25", "b.flac,dev,berta,-1,1"]
    (clips,) = _clips()
    split = [lines[0].replace("partition", "split"), *lines[1:], "c.ogg,test,,0,0"]
    return [{**clips, "labels.csv": "\n".join(each).encode()} for each in (lines, split)]


def _of_one(read: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda folder: read(next(folder.iterdir()))


def _read_manifest(folder: Path) -> object:
    return changed_files(folder, read_manifest(folder))


def _ship(folder: Path) -> object:
    """From a corpus that is not there but for its manifest, into a folder that has one of the same kind."""
    return ship(folder, folder.with_name(f"{folder.name}-shipped"))


def _begun() -> list[Files]:
    entries = json.loads((DEMO / "manifest.json").read_text())["tracks"]
    return [{f".cache/{entry['name']}.json": json.dumps(entry).encode()} for entry in entries[:1]]


def _finished(folder: Path) -> object:
    from sercore.synthetic.build import Size, _finished, plan

    (path,) = (folder / ".cache").iterdir()
    (track,) = [each for each in plan(Size(1, 1, 20, 60.0, 0), 1) if each.name == path.stem]
    return _finished(folder, track)


READERS = (
    Reader("gold standard", "corpus", _gold, _of_one(read_gold), (LabelError,)),
    Reader("ratings", "corpus", _ratings, _of_one(read_ratings), (LabelError,)),
    Reader("manifest", "corpus", _manifest, _read_manifest, (ManifestError,)),
    Reader("clips", "corpus", _clips, lambda f: read_clips(f, f / "labels.csv"), (ClipsError,)),
    Reader("corpus", "corpus", _folders, open_corpus, (CorpusError,), listed=True),
    Reader("utterances", "corpus", _utterances, open_corpus, (CorpusError,), listed=True),
    Reader("checked corpus", "corpus", _folders, lambda folder: check_corpus(folder).as_text()),
    Reader("shipped corpus", "synthetic", _corpora, _ship, (BuildError,)),
    Reader("begun corpus", "synthetic", _begun, _finished),
)
