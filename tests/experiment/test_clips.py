"""Scoring of labelled clips, against scipy's Mann-Whitney statistic."""

import csv
import re
from dataclasses import replace

import numpy as np
import pytest
import soundfile
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from sercore.channel.gilbert import Gilbert
from sercore.channel.presets import RISING_LOSS
from sercore.corpus.clips import ClipsError, LabelledClip, clips_alike, read_clips, trim_silence
from sercore.experiment.clips import auc, mean_predictions, moved, receive, score_clips
from sercore.network.model import EmotionModel
from sercore.recogniser.paper_network import PaperNetwork, predict

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
    means = mean_predictions(PaperNetwork(model), clips)
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


def numbered_clips(count, n_frames):
    """Clips whose every sample is the number of its frame, with an unfinished frame at the end."""
    audio = np.append(np.repeat(np.arange(n_frames, dtype=np.float32), 3_200), np.full(100, -1.0, np.float32))
    return [LabelledClip(f"{i}.wav", audio, "", {"arousal": "high"}) for i in range(count)]


def test_channels_of_rising_loss_lose_what_eq_1_says_and_ever_more():
    clips = numbered_clips(200, 40)
    assert [round(channel.loss_rate, 2) for channel in RISING_LOSS] == [0.09, 0.27, 0.5, 0.75, 0.9]
    before = [set(range(40))] * len(clips)
    for channel in RISING_LOSS:
        arrived = receive(clips, channel, seed=3)
        kept = [set(clip.audio) for clip in arrived]
        assert all(len(clip.audio) == 3_200 * len(frames) for clip, frames in zip(arrived, kept, strict=True))
        assert all(now <= earlier for now, earlier in zip(kept, before, strict=True))
        lost = 1 - np.mean([len(frames) for frames in kept]) / 40
        assert lost == pytest.approx(channel.loss_rate, abs=0.06)
        before = kept
    assert len({tuple(sorted(frames)) for frames in before}) > 50  # each clip has a fate of its own


def test_clips_of_which_nothing_arrives_are_left_out():
    rng = np.random.default_rng(0)
    high, low = (
        [
            LabelledClip(f"{level}{i}.wav", rng.normal(0, 0.1, 6_400).astype("f4"), "", {"arousal": level})
            for i in range(9)
        ]
        for level in ("high", "low")
    )
    arrived = receive([*high, *low], Gilbert(0.3, 0.7), seed=1)
    gone = [not len(clip.audio) for clip in arrived]
    assert 0 < sum(gone[:9]) < 9
    assert 0 < sum(gone[9:]) < 9
    torch.manual_seed(0)
    means = mean_predictions(PaperNetwork(EmotionModel().eval()), arrived)
    assert np.isnan(means).any(axis=1).tolist() == gone
    (pooled,) = score_clips(arrived, means, resamples=20)
    assert pooled["clips_up"] == 9 - sum(gone[:9])
    assert pooled["clips_down"] == 9 - sum(gone[9:])
    left = [clip for clip, none in zip(arrived, gone, strict=True) if not none]
    assert pooled["auc"] == score_clips(left, means[~np.array(gone)], resamples=20)[0]["auc"]


def test_silence_is_trimmed_to_nothing():
    assert len(trim_silence(np.zeros(100, dtype=np.float32))) == 0


@pytest.mark.parametrize("level", [0, 1])
def test_a_clip_of_a_muted_microphone_is_refused_with_the_cause(folder, level):
    rounding = level * np.random.default_rng(0).integers(-1, 2, 32_000) / 32_768
    soundfile.write(folder / "2.wav", rounding, 16_000, subtype="PCM_16")
    with pytest.raises(ClipsError, match=r"2\.wav: the audio holds no sound: all of its 2\.0 s are silent"):
        read_clips(folder, folder / "labels.csv")


def test_a_clip_without_sound_has_no_prediction_and_is_not_made_loud():
    rounding = np.random.default_rng(0).integers(-1, 2, 32_000).astype("f4") / 32_768
    clips = [LabelledClip("a.wav", rounding, "", {}), LabelledClip("b.wav", 0 * rounding, "", {})]
    torch.manual_seed(0)
    assert np.isnan(mean_predictions(PaperNetwork(EmotionModel().eval()), clips)).all()


def test_all_unusable_clips_are_named_at_once(folder):
    soundfile.write(folder / "1.wav", np.zeros(16_000), 16_000)
    (folder / "2.wav").write_text("this is text")
    (folder / "3.wav").unlink()
    with pytest.raises(ClipsError, match=r"3 clips cannot be used: .*1\.wav.*2\.wav.*3\.wav"):
        read_clips(folder, folder / "labels.csv")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            "9.wav,a,anger,hi,negative",
            "labels.csv: arousal must be high or low or empty, got 'hi'",
        ),
        ("9.wav,a,anger,high,-1", "valence must be positive or negative or empty, got '-1'"),
        ("9.wav,a", "line 10 of labels.csv: it has more or fewer cells than the 5 columns"),
        ("9.wav,a,anger,high,negative,again", "it has more or fewer cells than the 5 columns"),
        (",a,anger,high,negative", "line 10 of labels.csv: it names no file"),
        ("0.wav,a,anger,high,negative", "line 10 of labels.csv: 0.wav is in line 2 already"),
    ],
)
def test_a_row_of_labels_that_is_wrong_is_named_with_its_line(folder, row, sentence):
    with (folder / "labels.csv").open("a") as file:
        file.write(row + "\n")
    with pytest.raises(ClipsError, match=f"1 clips cannot be used: .*{re.escape(sentence)}"):
        read_clips(folder, folder / "labels.csv")


def test_labels_are_read_as_people_write_them(folder):
    as_it_is = [dict(clip.labels) for clip in read_clips(folder, folder / "labels.csv")]
    rows = [
        {**row, "arousal": f" {row['arousal'].title()}", "valence": row["valence"] or "Neutral"}
        for row in as_it_is
    ]
    write_labels(folder / "labels.csv", rows)
    assert [dict(clip.labels) for clip in read_clips(folder, folder / "labels.csv")] == as_it_is


def test_clips_of_unknown_speakers_are_compared_pooled_only(folder):
    clips = [replace(clip, speaker="") for clip in read_clips(folder, folder / "labels.csv")]
    means = np.random.default_rng(0).normal(size=(len(clips), 2))
    assert {row["compared"] for row in score_clips(clips, means, resamples=20)} == {"pooled"}


def as_saved(folder, change) -> list[dict[str, str]]:
    """The labels as they are read after a change of the table's bytes."""
    path = folder / "labels.csv"
    path.write_bytes(change(path.read_bytes()))
    return [dict(clip.labels) for clip in read_clips(folder, path)]


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.replace(b",", b";"),
        lambda table: b"sep=;\r\n" + table.replace(b",", b";"),
        lambda table: table.replace(b",", b"\t"),
        lambda table: b"\xef\xbb\xbf" + table,
        lambda table: table.replace(b"\r\n", b"\n"),
        lambda table: table.replace(b"\r\n", b"\r"),
        lambda table: table.replace(b"file,", b"File ,").replace(b"arousal", b"Arousal"),
        lambda table: table + b",,,,\r\n\r\n",
        lambda table: re.sub(rb"(\d\.wav)", rb'"\1"', table),
    ],
)
def test_a_table_that_a_spreadsheet_saved_is_read_alike(folder, change):
    expected = as_saved(folder, lambda table: table)
    assert as_saved(folder, change) == expected


def test_paths_of_windows_and_umlauts_of_a_mac_find_their_clips(folder):
    (folder / "wörter").mkdir()
    (folder / "0.wav").rename(folder / "wörter" / "äh.wav")
    name = "wo\u0308rter\\a\u0308h.wav".encode()
    assert as_saved(folder, lambda table: table.replace(b"0.wav", name))[0]["file"] == name.decode()


@pytest.mark.parametrize("place", [1, 3, -1])
def test_a_quote_that_is_left_open_swallows_no_other_row(folder, place):
    lines = (folder / "labels.csv").read_text().splitlines()
    lines[place] = lines[place].rsplit(",", 1)[0] + ',"negative'
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")
    number = place % len(lines) + 1
    with pytest.raises(ClipsError, match=rf"1 clips cannot be used: line {number} of .*: a quote is left"):
        read_clips(folder, folder / "labels.csv")


def test_a_line_break_within_a_cell_is_no_row(folder):
    text = (folder / "labels.csv").read_text().replace("anger", '"an\nger"', 1)
    (folder / "labels.csv").write_text(text)
    with pytest.raises(ClipsError, match=r"2 clips cannot be used: line 3 .*; line 4 "):
        read_clips(folder, folder / "labels.csv")


def test_labels_in_utf_16_are_called_so(folder):
    with pytest.raises(ClipsError, match="it is UTF-16, as spreadsheets save"):
        as_saved(folder, lambda table: table.decode().encode("utf-16"))


def test_no_message_on_clips_is_long(folder):
    rows = "".join(f"{'x' * 300}{n}.wav,s,{'y' * 500},{'z' * 500},\n" for n in range(100))
    with pytest.raises(ClipsError) as caught:
        as_saved(folder, lambda table: table + rows.encode())
    assert "100 clips cannot be used" in str(caught.value)
    assert len(str(caught.value)) < 1_000


def test_clips_of_one_sound_are_told_and_so_are_labels_that_contradict(folder):
    assert clips_alike(read_clips(folder, folder / "labels.csv")) == []
    for twin, other in (("1", "0"), ("4", "3")):
        (folder / f"{twin}.wav").write_bytes((folder / f"{other}.wav").read_bytes())
    assert clips_alike(read_clips(folder, folder / "labels.csv")) == [
        "0.wav, 1.wav hold the same sound, with different labels",
        "3.wav, 4.wav hold the same sound, with different labels",
    ]


# Intervals of few.


def labelled(*levels: str) -> list[LabelledClip]:
    clip = np.ones(3_200, dtype=np.float32)
    return [LabelledClip(f"{n}.wav", clip, "s", {"arousal": level}) for n, level in enumerate(levels)]


@pytest.mark.parametrize(
    "levels", [("high", "low"), ("high", "high", "high", "low"), ("low",) * 9 + ("high",)]
)
def test_one_clip_of_a_kind_has_a_score_and_no_interval(levels):
    clips = labelled(*levels)
    means = np.random.default_rng(1).normal(size=(len(clips), 2))
    for row in score_clips(clips, means, resamples=100):
        assert 0 <= row["auc"] <= 1
        assert row["ci_low"] is row["ci_high"] is None


def test_resamples_that_are_all_alike_make_no_interval():
    clips = labelled("high", "low", "high", "low", "high", "low")
    apart = np.array([[1.0 if clip.labels["arousal"] == "high" else 0.0, 0.0] for clip in clips])
    assert [(row["auc"], row["ci_low"]) for row in score_clips(clips, apart, resamples=100)] == [
        (1, None)
    ] * 2


def test_with_more_clips_the_interval_is_that_of_the_resamples():
    clips = labelled(*["high", "low"] * 10)
    means = np.random.default_rng(1).normal(size=(20, 2))
    (pooled, _) = score_clips(clips, means, resamples=200)
    drawn = []
    for pick in np.random.default_rng(0).integers(20, size=(200, 20)):
        up, down = (
            [means[i, 0] for i in pick if clips[i].labels["arousal"] == kind] for kind in ("high", "low")
        )
        drawn.append(np.mean([(a > b) + 0.5 * (a == b) for a in up for b in down]))
    assert [pooled["ci_low"], pooled["ci_high"]] == pytest.approx(np.percentile(drawn, [2.5, 97.5]).tolist())


def test_an_auc_of_nothing_is_refused_and_nan_stays_nan():
    for up, down in (([], [1.0]), ([1.0], []), ([], [])):
        with pytest.raises(ValueError, match="an AUC needs a value of each kind"):
            auc(up, down)
    assert np.isnan(auc([np.nan, 1.0], [0.5]))


def test_labels_without_the_columns_or_rows_are_refused(folder):
    (folder / "labels.csv").write_text("file,mood\n0.wav,good\n")
    with pytest.raises(ClipsError, match="lack the columns arousal, valence"):
        read_clips(folder, folder / "labels.csv")
    (folder / "labels.csv").write_text("file,arousal,valence\n")
    with pytest.raises(ClipsError, match="name no clip"):
        read_clips(folder, folder / "labels.csv")
    with pytest.raises(ClipsError, match="cannot be read"):
        read_clips(folder, folder / "none.csv")


def test_means_that_move_together_are_told_in_their_standard_deviations():
    before = np.random.default_rng(0).normal(0, 0.2, (500, 2))
    means = before + np.array([0.1, -0.3])
    means[3] = np.nan
    shifts = moved(means, before)
    assert shifts["arousal"] == pytest.approx(0.1 / before[:, 0].std(), rel=0.02)
    assert shifts["valence"] == pytest.approx(-0.3 / before[:, 1].std(), rel=0.02)
