"""The part of a page from which a visitor takes predictions and settings along."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import state
from dashboard.compute import export, networks
from dashboard.compute.clips import Clip
from dashboard.compute.draws import Draws
from dashboard.widgets.controls import one_of
from dashboard.words import PROSE
from sercore.channel.packets import frames_received
from sercore.experiment.replay import Scene, scene_json
from sercore.results.four_settings import weights_of
from sercore.units import DIMENSIONS, FRAME_MS


def named(name: str, clip: Clip) -> str:
    """A file's name with what it is of, so that two downloads do not overwrite each other.

    Example: ``received.csv`` of a draw becomes ``received-test_1-195s-p_n0.9-p_l0.5-seed1.csv``.
    """
    stem, _, suffix = name.rpartition(".")
    of = [clip.track or "own", f"{clip.start:g}s", *(f"{k}{v:g}" for k, v in _numbers().items())]
    return f"{'-'.join([stem, *of, f'seed{state.seed()}'])}.{suffix}"


def _numbers() -> dict[str, float]:
    channel = state.channel()
    packets = {} if channel.packet_ms == FRAME_MS else {"packet": channel.packet_ms}
    return {each.name: getattr(channel, each.name) for each in channel.PARAMETERS} | packets


def download(label: str, content: str | bytes, name: str, kind: str, help_text: str | None = None) -> None:
    """A button that gives the visitor a file; the page does not run again."""
    look: dict[str, Any] = {"icon": ":material/download:", "help": help_text, "on_click": "ignore"}
    st.download_button(label, content, name, kind, key=f"get {label} {name.partition('-')[0]}", **look)


def show_downloads(clip: Clip, received: NDArray[np.bool_], answers: Mapping[str, Draws]) -> None:
    """Predictions, settings and pictures as files; the losses of packets. Shape: (packets,)."""
    tables, pictures = st.columns(2, gap="large")
    with tables, st.container(horizontal=True):
        courses = {"after_" + name: draws.shown for name, draws in answers.items()}
        courses |= {"clean_" + name: draws.clean for name, draws in answers.items()}
        packet_ms = state.channel().packet_ms
        table = export.predictions_csv(clip, frames_received(received, packet_ms), courses)
        download("Predictions", table, named("predictions.csv", clip), "text/csv")
        losses = export.received_csv(received, clip.start, packet_ms)
        download("Losses", losses, named("received.csv", clip), "text/csv")
        download("Trace", export.trace_text(received, packet_ms), named("trace.txt", clip), "text/plain")
        download("Settings", _settings(clip, answers), named("settings.json", clip), "application/json")
    with_file = " (with `--audio` and your file)" if clip.track is None else ""
    tables.caption(f"{PROSE['downloads']['tables']}{with_file}.")
    with pictures:
        one_of("Pictures are saved as", {"svg": "SVG", "png": "PNG"}, "picture")
        st.caption(PROSE["downloads"]["pictures"])


def _settings(clip: Clip, answers: Mapping[str, Draws]) -> str:
    channel = state.channel()
    sent = {name: getattr(clip, name) for name in ("track", "first_frame", "n_frames", "sha256")}
    hashes = {name: str(networks.card_of(weights_of(name, channel)).get("sha256")) for name in answers}
    scene = Scene(channel, state.seed(), state.given(), networks=hashes, run_in=clip.run_in_frames, **sent)
    rows = [row for setting, draws in answers.items() for row in _rows(clip, setting, draws)]
    return scene_json(scene, rows)


def _rows(clip: Clip, setting: str, draws: Draws) -> list[dict[str, Any]]:
    """As ``sercore.experiment.replay.score_scene`` gives them."""
    ccc, timeline = (draws.scores(clip.gold, kind) for kind in state.SCORES)
    names = ("setting", "dimension", "ccc_clean", "ccc", "ccc_timeline")
    values = zip(DIMENSIONS, ccc.clean, ccc.after, timeline.after, strict=True)
    return [dict(zip(names, (setting, *row), strict=True)) for row in values]
