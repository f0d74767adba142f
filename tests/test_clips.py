"""Scoring of labelled clips, against scipy's Mann-Whitney statistic."""

import csv

import numpy as np
import pytest
import soundfile
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from sercore.clips import ClipsError, auc, mean_predictions, read_clips, score_clips, trim_silence
from sercore.model import EmotionModel
from sercore.prediction import predict

values = st.lists(st.integers(0, 5).map(float), min_size=1, max_size=20)


@given(values, values)
def test_auc_is_the_mann_whitney_statistic(up, down):
    expected = mannwhitneyu(up, down, method="asymptotic").statistic / (len(up) * len(down))
    assert auc(up, down) == pytest.approx(expected, abs=1e-12)


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    rows = []
    for i in range(8):
        clip = np.concatenate([np.zeros(4000), rng.normal(0, 0.05 * (1 + i), 16_000), np.zeros(8000)])
        soundfile.write(tmp_path / f"{i}.wav", np.clip(clip, -1, 1), 16_000, subtype="FLOAT")
        emotion, arousal, valence = [
            ("happiness", "high", "positive"),
            ("anger", "high", "negative"),
            ("neutral", "low", ""),
            ("sadness", "low", "negative"),
        ][i % 4]
        rows.append(
            {
                "file": f"{i}.wav",
                "speaker": "ab"[i // 4],
                "emotion": emotion,
                "arousal": arousal,
                "valence": valence,
            }
        )
    write_labels(tmp_path / "labels.csv", rows)
    return tmp_path


def write_labels(path, rows):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def test_padding_is_trimmed_and_level_is_equalised(folder):
    torch.manual_seed(0)
    model = EmotionModel().eval()
    clips = read_clips(folder, folder / "labels.csv")
    assert all(len(clip.audio) == pytest.approx(16_000, abs=50) for clip in clips)
    means = mean_predictions(model, clips)
    clip = clips[3].audio
    repeated = np.tile(clip, 21)[:320_000]  # 20 s, as long as a training segment
    expected = predict(model, (repeated / np.sqrt(np.mean(clip**2))).astype(np.float32)).mean(axis=0)
    assert means[3] == pytest.approx(expected, abs=1e-5)  # an untrained batch norm expects variance 1


def test_every_contrast_is_scored_pooled_and_within_speaker(folder):
    clips = read_clips(folder, folder / "labels.csv")
    means = np.array([[1.0 if c.labels["arousal"] == "high" else 0.0, 0.5] for c in clips])
    rows = {(r["contrast"], r["compared"]): r for r in score_clips(clips, means, resamples=50)}
    assert len(rows) == 8
    arousal = rows["arousal: high against low", "pooled"]
    assert (arousal["auc"], arousal["clips_up"], arousal["clips_down"]) == (1.0, 4, 4)
    assert rows["valence: happiness against anger", "within speaker"]["auc"] == 0.5


def test_only_pairs_of_one_speaker_count_within_speaker(folder):
    clips = read_clips(folder, folder / "labels.csv")
    offset = {"a": 0.0, "b": 10.0}
    means = np.array([[offset[c.speaker] + (c.labels["arousal"] == "high"), 0.0] for c in clips])
    rows = {(r["contrast"], r["compared"]): r["auc"] for r in score_clips(clips, means, resamples=20)}
    assert rows["arousal: high against low", "within speaker"] == 1.0
    assert rows["arousal: high against low", "pooled"] == 0.75


def test_silence_is_trimmed_to_nothing():
    assert len(trim_silence(np.zeros(100, dtype=np.float32))) == 0


def test_all_unusable_clips_are_named_at_once(folder):
    soundfile.write(folder / "1.wav", np.zeros(16_000), 16_000)
    (folder / "2.wav").write_text("this is text")
    (folder / "3.wav").unlink()
    with pytest.raises(ClipsError, match=r"3 clips cannot be used: .*1\.wav.*2\.wav.*3\.wav"):
        read_clips(folder, folder / "labels.csv")


def test_labels_without_the_columns_or_rows_are_refused(folder):
    (folder / "labels.csv").write_text("file,mood\n0.wav,good\n")
    with pytest.raises(ClipsError, match="lack the columns arousal, valence"):
        read_clips(folder, folder / "labels.csv")
    (folder / "labels.csv").write_text("file,arousal,valence\n")
    with pytest.raises(ClipsError, match="name no clip"):
        read_clips(folder, folder / "labels.csv")
    with pytest.raises(ClipsError, match="cannot be read"):
        read_clips(folder, folder / "none.csv")
