"""scripts/probe.py, corrupt.py and score.py: other people's models on other people's recordings."""

import csv
import importlib
import re
import sys
from pathlib import Path

import audmetric
import numpy as np
import pytest
import torch

import sercore.trace.examples
from sercore.audio import read_audio
from sercore.experiment.probe.opening import opened
from sercore.line import LINES
from sercore.results.probed import read_probed
from tests.experiment.probed_clips import LOUDNESS, labels_over_time, write_recordings, write_table
from tests.recogniser.made_models import save_wav2vec2
from tests.scripts.in_process import run_script

EXAMPLES = Path(sercore.trace.examples.__file__).parent
LOSSES = ["--rising", 0.1, 0.5, "--receivers", "silence", "drop", "--no-ladder"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Recordings with labels, and a folder for models in Python."""
    sounds = write_recordings(tmp_path / "sound", count=4, seconds=2.0)
    write_table(tmp_path / "labels.csv", labels_over_time(sounds))
    monkeypatch.syspath_prepend(str(tmp_path))
    opened.cache_clear()
    yield tmp_path
    opened.cache_clear()
    for name in ("ears", "wrong"):
        sys.modules.pop(name, None)


def model_in(folder, code, name="ears"):
    (folder / f"{name}.py").write_text(code)
    sys.modules.pop(name, None)
    importlib.invalidate_caches()


def labelled(here, *more):
    return [here / "sound", "--labels", here / "labels.csv", *LOSSES, *more]


def test_the_table_route_gives_the_numbers_of_the_direct_route(here):
    model_in(here, LOUDNESS)
    said = run_script("probe", "ears:loudness", *labelled(here, "--out", here / "direct")).stdout
    assert re.search(r"CCC of arousal: 0\.\d\d \[.*\] without loss", said)
    run_script("corrupt", *labelled(here, "--out", here / "corrupted"))
    model = importlib.import_module("ears").loudness
    manifest = list(csv.DictReader((here / "corrupted" / "manifest.csv").read_text().splitlines()))
    assert len(manifest) == 4 * (1 + 2 * 2)
    rows = []
    for each in manifest:
        if each["file"]:
            answer = model(read_audio(here / "corrupted" / each["file"]), 16_000)
            rows += [
                {"file": each["file"], "time": f"{0.1 * at:.1f}", "arousal": str(one), "valence": str(other)}
                for at, (one, other) in enumerate(answer)
            ]
    write_table(here / "predictions.csv", rows)
    run_script(
        "score", here / "corrupted", here / "predictions.csv", "--scale", 0, 1, "--out", here / "table"
    )
    direct, table = (read_probed(here / name / "probe.json") for name in ("direct", "table"))
    for part in ("questions", "at_channels", "receivers", "groups", "channels", "count", "seconds"):
        assert getattr(direct, part) == getattr(table, part), part
    page = (here / "table" / "probe.html").read_text()
    score = direct.at_channels[0].score
    assert f"{score.value:.2f} [{score.low:.2f}, {score.high:.2f}]" in page
    assert "http" not in re.sub(r"<script>.*?</script>", "", page, flags=re.S)


def test_hostile_predictions_are_refused_in_one_sentence(here):
    run_script("corrupt", *labelled(here, "--out", here / "corrupted", "--seconds", 1))
    files = [
        row["file"] for row in csv.DictReader((here / "corrupted" / "manifest.csv").read_text().splitlines())
    ]
    good = [{"file": name, "arousal": 0.5} for name in files if name]
    for rows, sentence in (
        (good[:-1], "lack 1 of the files"),
        ([*good[:-1], {"file": good[-1]["file"], "arousal": "nan"}], "has arousal nan; numbers to 1,000,000"),
        ([*good[:-1], {"file": good[-1]["file"], "arousal": ""}], "has arousal ''; a number is needed"),
        ([{"file": each["file"]} for each in good], "it has no column of numbers"),
        ([{"file": each["file"], "mood": 1} for each in good], "no label fits an output: the model has mood"),
        ([*good, good[0]], "several rows of a file need a column time"),
    ):
        write_table(here / "p.csv", rows)
        opened.cache_clear()
        said = run_script("score", here / "corrupted", here / "p.csv", "--out", here / "out", expect=2).stderr
        assert sentence in said
        assert said.count("\n") == 1
    (here / "corrupted" / "manifest.csv").write_text("file,source\n")
    said = run_script("score", here / "corrupted", here / "p.csv", expect=2).stderr
    assert "its columns must be file, source, frames" in said


WRONG = """
import numpy as np

def nan(audio, rate): return [np.nan, 0.0]
def shape(audio, rate): return np.zeros((2, 3, 4))
def short(audio, rate):
    if len(audio) < rate: raise RuntimeError("Kernel size can't be greater than actual input size")
    return [audio.std(), 0.5]
def rate(audio, rate):
    if rate != 8_000: raise ValueError("I know 8000 Hz alone")
    return [0.0, 0.0]
def thirty(audio, rate):
    if len(audio) > 2 * rate: raise ValueError("at most 2 s, please")
    return [audio.std(), 0.5]
for each in (nan, shape, short, rate, thirty): each.dimensions = ["arousal", "valence"]
"""


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nan", "answers 2.0 s of sound with 1 numbers that are NaN or infinite, in 0.wav"),
        ("shape", r"in the shape \(2, 3, 4\); \(2,\) or \(steps, 2\) is needed, in 0.wav"),
        (
            "short",
            r"fails on 0.\d s of sound: Kernel .*\(if it needs more, say so: shortest\), in \d.wav after",
        ),
        ("rate", r"fails on 2.0 s of sound: I know 8000 Hz alone \(it was given 16,000 Hz\), in 0.wav"),
        ("thirty", r"fails on 2.2 s .* \(if it takes less at once, say so: longest\), in 1.wav"),
    ],
)
def test_a_wrong_model_gets_one_sentence_that_says_what_it_did(here, name, sentence):
    model_in(here, WRONG, "wrong")
    words = [f"wrong:{name}", *labelled(here)[:-1], "--no-ladder", "--rising", 0.9, "--out", here / "out"]
    said = run_script("probe", *words, expect=2).stderr.replace("\r", "\n").splitlines()[-1]
    assert re.search(f"^error: wrong:{name} .*{sentence}", said)


def test_the_ladder_of_the_line_goes_from_the_full_band_to_a_codec(here):
    model_in(here, LOUDNESS)
    run_script("probe", "ears:loudness", *labelled(here)[:-1], "--out", here / "out")
    lines = read_probed(here / "out" / "probe.json").lines
    assert [each.line for each in lines if each.question == 0][:3] == ["pitch", "narrow+pitch", "g711+pitch"]
    sound = read_audio(here / "sound" / "0.wav")
    assert LINES["narrow"](sound).std() == pytest.approx(sound.std() / np.sqrt(2), rel=0.05)
    assert lines[1].fall.value > 0.05  # half of white noise lies above 4 kHz, and with it goes loudness
    assert "<td>Narrow band</td>" in (here / "out" / "probe.html").read_text()


def test_a_recorded_call_is_played_again_here_and_where_its_table_is_scored(here):
    model_in(here, LOUDNESS)
    call = EXAMPLES / "handover.txt"
    words = [
        here / "sound",
        "--labels",
        here / "labels.csv",
        "--call",
        call,
        "--receivers",
        "silence",
        "--no-ladder",
    ]
    run_script("probe", "ears:loudness", *words, "--out", here / "direct")
    run_script("corrupt", *words, "--out", here / "corrupted")
    files = [
        row["file"] for row in csv.DictReader((here / "corrupted" / "manifest.csv").read_text().splitlines())
    ]
    write_table(here / "p.csv", [{"file": name, "arousal": at} for at, name in enumerate(files)])
    run_script("score", here / "corrupted", here / "p.csv", "--out", here / "table")
    direct, table = (read_probed(here / name / "probe.json") for name in ("direct", "table"))
    assert direct.channels == table.channels
    assert direct.channels[0].series == "call"


def test_what_a_model_does_not_say_of_itself_is_said_for_it(here):
    model_in(here, WRONG, "wrong")
    for name, more in (("short", ["--shortest", 1]), ("thirty", ["--longest", 2])):
        run_script("probe", f"wrong:{name}", *labelled(here, *more, "--out", here / name))
    said = run_script("probe", "wrong:rate", *labelled(here, "--sample-rate", 8_000), expect=2).stderr
    assert "wrong:rate is told its rate: say it there, as its attribute sample_rate" in said


def test_a_folder_of_transformers_is_probed_on_classes(here):
    tiny_wav2vec2 = here / "tiny"
    save_wav2vec2(tiny_wav2vec2)
    names = ["angry", "happy", "sad"]
    words = [{"file": f"{at}.wav", "emotion": names[at % 3].title(), "sex": "fm"[at % 2]} for at in range(4)]
    write_table(here / "emotions.csv", words)
    more = ["--labels", here / "emotions.csv", "--rising", 0.5, "--receivers", "silence", "drop"]
    more += ["--no-ladder", "--seconds", 1]
    run_script("probe", tiny_wav2vec2, here / "sound", *more, "--out", here / "out")
    found = read_probed(here / "out" / "probe.json")
    assert [(each.score, each.of, each.chance) for each in found.questions] == [("UAR", "emotion", 1 / 3)]
    from transformers import AutoFeatureExtractor, AutoModelForAudioClassification

    model = AutoModelForAudioClassification.from_pretrained(tiny_wav2vec2).eval()
    listen = AutoFeatureExtractor.from_pretrained(tiny_wav2vec2)
    said = []
    for at in range(4):
        sound = read_audio(here / "sound" / f"{at}.wav")
        inputs = listen(sound[:16_000], sampling_rate=16_000, return_tensors="pt")
        with torch.inference_mode():
            said.append(names[int(model(**inputs).logits[0].argmax())])
    true = [each["emotion"].lower() for each in words]
    expected = audmetric.unweighted_average_recall(true, said)
    assert found.questions[0].clean.value == pytest.approx(expected)
