"""What a probe reads: tables of labels and predictions, manifests of corrupted files, its own results."""

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

from sercore.corpus.table_of_files import TableError, read_table_of_files
from sercore.experiment.probe.tables import OfTable, open_corrupted
from sercore.results.probed import Asked, Interval, OfReceiver, Probed, ProbedChannel, read_probed
from sercore.results.table import ResultsError
from tests.fuzz.reader import Files, Reader

_LABELS = (
    "file,time,arousal,valence,sex\na.wav,0.0,0.1,-0.5,female\na.wav,0.2,,0.5,female\nb.wav,0,1,1,male\n"
)
_MANIFEST = """file,source,frames,channel,receiver,seed,series,title
1.wav,a.wav,5,"gilbert:p_n=1.0,p_l=0.0",drop,0,,
2.wav,a.wav,5,"gilbert:p_n=0.9,p_l=0.5,packet_ms=20",drop,0,rising loss,17% lost
,a.wav,5,"gilbert:p_n=0.0,p_l=1.0",drop,1,plane,all
"""
_PREDICTIONS = "file,time,arousal\n1.wav,0,0.5\n1.wav,0.5,-0.5\n2.wav,0,0.1\n"


@cache
def corrupted() -> Files:
    """A folder of files that a model elsewhere heard, without their sound."""
    texts = {"manifest.csv": _MANIFEST, "labels.csv": _LABELS, "p.csv": _PREDICTIONS}
    return {f"corrupted/{name}": text.encode() for name, text in texts.items()}


def _score(folder: Path) -> object:
    of = open_corrupted(folder / "corrupted")
    return OfTable(folder / "corrupted" / "p.csv", of, None).outputs


def _probed() -> list[Files]:
    asked = Asked("CCC", "arousal", 0.0, 4, Interval(0.7, 0.6, 0.8), 0.63, "drop")
    behind = OfReceiver(0, "drop", Interval(0.6), Interval(0.0), 0.1)
    channel = ProbedChannel("rising loss", "10% lost", "gilbert:p_n=0.9,p_l=0.5", 0.1, 20.0)
    told = ("m", "k", ("arousal",), "A scale.", "demo", 4, 80.0, 1)
    found = Probed(*told, channels=(channel,), questions=(asked,), at_channels=(), receivers=(behind,))
    return [{"probe.json": json.dumps(asdict(found)).encode()}]


READERS = (
    Reader(
        "table of files",
        "corpus",
        lambda: [{"t.csv": _LABELS.encode()}],
        lambda f: read_table_of_files(f / "t.csv"),
        (TableError,),
    ),
    Reader("corrupted files", "experiment", lambda: [corrupted()], _score, (TableError,)),
    Reader("probed", "results", _probed, lambda f: read_probed(f / "probe.json"), (ResultsError,)),
)
