"""The feed that the page Live speaks to: a route of the same server, behind the same door."""

import os
from functools import partial

import streamlit as st
from starlette.routing import WebSocketRoute

from dashboard.compute import networks
from sercore.live.feed import Offer
from sercore.live.places import Places
from sercore.live.socket import FeedSocket
from sercore.results.four_settings import all_weights_of

NAME = "voice"  # below the page
LIMIT = "SERCORE_LIVE_VOICES"  # in the environment: how many at once, where the operator knows better
EACH_CORE = 4  # of the six that a core follows in time (scripts/bench.py voices): pages need some too


def settings_to_choose() -> dict[str, str]:
    """The settings that have one network whatever the channel, with a sentence for each."""
    there = networks.trained_settings()
    return {name: networks.sentence_of(name) for name in there if len(all_weights_of(name)) == 1}


def offer() -> Offer:
    """What a voice may be followed by."""
    recognisers = {name: partial(networks.load, all_weights_of(name)[0]) for name in settings_to_choose()}
    return Offer(recognisers, bands=networks.known_bands())


def most_voices() -> int:
    """How many are followed at once."""
    said = os.environ.get(LIMIT, "")
    return max(1, int(said)) if said.isdecimal() else EACH_CORE * (os.cpu_count() or 1)


def voice_path() -> str:
    """Where the server has the feed."""
    return f"/{st.get_option('server.baseUrlPath').strip('/')}/live/{NAME}".replace("//", "/")


def voice_route() -> WebSocketRoute:
    """The feed as a route of the server."""
    return WebSocketRoute(voice_path(), FeedSocket(offer, Places(most_voices())).follow)
