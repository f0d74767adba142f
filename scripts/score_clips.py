"""Score trained networks on short labelled clips of real voices, whole or through lossy channels.

Examples:
  python scripts/score_clips.py --models trained/*.safetensors --clips FOLDER
  python scripts/score_clips.py --models trained/mismatched.safetensors --clips FOLDER --labels labels.csv
  python scripts/score_clips.py --models trained/mismatched.safetensors --clips FOLDER --rising-loss
"""

import argparse
import json
from collections.abc import Mapping
from math import isnan
from pathlib import Path
from typing import Any

from command_line import add_computer, at_least, print_notes, run, script_parser, writable_file
from networks_and_channels import (
    add_channels,
    add_networks,
    add_receiver,
    channels_of,
    load_networks,
    receiver_from,
)

from sercore.channel import LossModel, channel_key
from sercore.channel.frames import frame_law, loss_in_words
from sercore.channel.plane import place_in_plane
from sercore.channel.presets import RISING_LOSS
from sercore.channel.registry import PACKET_MS
from sercore.corpus.clips import clips_alike, read_clips
from sercore.files import write_file
from sercore.line.acoustic import ACOUSTIC
from sercore.units import FRAME_MS

KINDS = "high and low arousal, positive and negative valence, or the emotion happiness and another"


def score_clips(arguments: argparse.Namespace) -> int:
    """AUC of each network on labelled clips."""
    from sercore.experiment.clips import contrasts, mean_predictions, moved, receive, sent_through
    from sercore.experiment.clips import score_clips as scores_of

    if arguments.out:
        writable_file(arguments.out, "--out", (".json",))
    recognisers = load_networks(arguments)
    through: list[LossModel | None] = [None]  # clips as they are, an unfinished last frame included
    through += [channel for channel in channels_of(arguments) if channel.loss_rate > 0]
    through += RISING_LOSS if arguments.rising_loss else ()
    found = read_clips(arguments.clips, arguments.labels or arguments.clips / "labels.csv")
    if not contrasts(found):
        raise ValueError(f"the labels of the {len(found)} clips name no two kinds to tell apart: {KINDS}")
    print_notes(clips_alike(found))
    how = (arguments.seed, receiver_from(arguments))
    whole = sent_through(found, arguments.line)
    arrived = [whole if channel is None else receive(found, channel, *how) for channel in through]
    about = [_through(channel, arguments.seed) for channel in through]
    where = ["no loss" if each is None else f"{loss_in_words(each)}, {each}" for each in through]
    for line in ACOUSTIC if arguments.lines else ():
        arrived.append(sent_through(whole, line))
        about.append(_through(None, arguments.seed) | {"line": line.NAME})
        where.append(line.TITLE.lower())
    report: dict[str, list[dict[str, Any]]] = {str(path): [] for path in recognisers}
    for path, recogniser in recognisers.items():
        as_they_are = None
        for known, words, clips in zip(about, where, arrived, strict=True):
            means = mean_predictions(recogniser, clips)
            as_they_are = means if as_they_are is None else as_they_are
            rows, shifts = scores_of(clips, means), moved(means, as_they_are)
            more = {"weights_sha256": recogniser.key, "moved": shifts}
            report[str(path)] += [known | row | more for row in rows]
            gone = f" (of {n} nothing arrived)" if (n := sum(map(isnan, means[:, 0]))) else ""
            print(f"{path}, {words}: {len(found)} clips{gone}, 95 % bootstrap intervals over clips")
            print("\n".join(map(in_words, rows)) or "  not defined: no two kinds of clips arrived")
            if means is not as_they_are:
                by = ", ".join(f"{dimension} by {shift:+.2f}" for dimension, shift in shifts.items() if shift)
                print(f"  means move, in their standard deviations: {by}")
    if arguments.out:
        write_file(arguments.out, json.dumps(report, indent=2) + "\n")
    return 0


def in_words(row: Mapping[str, Any]) -> str:
    """One comparison in a line; too few clips have no interval."""
    interval = "no interval" if row["ci_low"] is None else f"[{row['ci_low']:.3f}, {row['ci_high']:.3f}]"
    clips = f"{row['clips_up']} to {row['clips_down']} clips"
    return f"  {row['contrast']:38} {row['compared']:15} AUC {row['auc']:.3f} {interval}, {clips}"


def _through(channel: LossModel | None, seed: int) -> dict[str, Any]:
    if channel is None:
        return {"channel": None, "p_n": None, "p_l": None, "loss_rate": 0.0, "seed": None}
    place, rates = place_in_plane(channel), {"loss_rate": frame_law(channel).loss_rate}
    if channel.packet_ms != FRAME_MS:
        rates |= {PACKET_MS: channel.packet_ms, "packet_loss_rate": channel.loss_rate}
    return {"channel": channel_key(channel), **place, **rates, "seed": seed}


def add_clips(parser: argparse.ArgumentParser) -> None:
    """``--labels``, ``--rising-loss`` and ``--seed``."""
    add = parser.add_argument
    words = "labels of the clips: file, arousal, valence[, speaker, emotion] (labels.csv in the folder)"
    add("--labels", type=Path, metavar="CSV", help=words)
    words = "clips also through five channels that lose 9 to 90 %% of the frames"
    add("--rising-loss", action="store_true", help=words)
    words = f"clips also, without a loss, through each of {', '.join(line.NAME for line in ACOUSTIC)}"
    add("--lines", action="store_true", help=words)
    words = "decides what of the clips is lost (default: %(default)s)"
    add("--seed", type=at_least(0), default=0, help=words)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add_networks(parser)
    parser.add_argument("--clips", type=Path, required=True, metavar="FOLDER", help="where the clips are")
    add_clips(parser)
    add_channels(parser)
    add_receiver(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="where results go, as .json")
    add_computer(parser)
    arguments = parser.parse_args()
    if not arguments.models:
        parser.error("name the weights to score: --models FILE ...")
    return arguments


if __name__ == "__main__":
    run(lambda: score_clips(parse()))
