"""Compute again what the dashboard showed, from the settings that it wrote.

Examples:
  python scripts/replay.py settings.json
  python scripts/replay.py settings.json --audio my_recording.wav --models my_weights/*.safetensors

The exit code is 0 if the numbers are equal, 1 if they differ, 2 if something is missing or damaged.
"""

import argparse
from pathlib import Path

from command_line import add_computer, run, script_parser
from networks_and_channels import add_networks, load_networks

from sercore.corpus import open_corpus


def replay(arguments: argparse.Namespace) -> int:
    """The scores that the dashboard showed, computed again; 1 where they differ."""
    from sercore.experiment.replay import SceneError, differing, read_scene, scene_clip, score_scene

    arguments.models = arguments.models or sorted(Path("trained").glob("*.safetensors"))
    if not arguments.models:
        raise ValueError("there are no weights in trained: name some (--models FILE ...)")
    by_hash = {recogniser.key: recogniser for recogniser in load_networks(arguments).values()}
    scene, shown = read_scene(arguments.scene)
    if not scene.networks:
        raise SceneError(f"{arguments.scene} names no network, so there is nothing to compute again")
    audio, gold = scene_clip(scene, open_corpus(scene.corpus) if scene.track else None, arguments.audio)
    found = []
    for setting, sha256 in scene.networks.items():
        if sha256 not in by_hash:
            told = f"no weights of {setting} have the scene's SHA-256 {sha256}"
            raise SceneError(f"{told}: name them (--models)")
        rows = score_scene(by_hash[sha256], scene, audio, gold)
        found += [{"setting": setting, **row} for row in rows]
    for row in found:
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    if wrong := differing(found, shown):
        print(f"differs from the scene: {', '.join(wrong)}")
        return 1
    print("equal to the scene's numbers")
    return 0


def add_replay(parser: argparse.ArgumentParser) -> None:
    """``--audio``."""
    words = "a replay's own audio, where it had some"
    parser.add_argument("--audio", type=Path, metavar="FILE", help=words)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    parser.add_argument("scene", type=Path, metavar="JSON", help="the settings that the dashboard wrote")
    add_replay(parser)
    add_networks(parser)
    add_computer(parser)
    return parser.parse_args()


if __name__ == "__main__":
    run(lambda: replay(parse()))
