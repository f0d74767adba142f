"""The feeds that the page Live speaks to: routes of the same server, behind the same door.

One hears what the browser sends. The other hears the microphone of the machine itself: it is for a page of
this server alone, seen by who sits there.
"""

import os
from functools import partial

import streamlit as st
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from dashboard.compute import networks
from dashboard.door.hosts import is_own_page_at_the_machine
from sercore.live.feed import Offer
from sercore.live.messages import POLICY
from sercore.live.own_microphone import OwnMicrophone
from sercore.live.places import Places
from sercore.live.socket import FeedSocket
from sercore.results.four_settings import all_weights_of

VOICE, MACHINE = "voice", "machine"  # below the page
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


def paths() -> frozenset[str]:
    """Where the server has the feeds."""
    return frozenset(map(_path_of, (VOICE, MACHINE)))


def routes() -> list[WebSocketRoute]:
    """The feeds as routes of the server; both let in from the same places."""
    places = Places(most_voices())
    own = FeedSocket(offer, places, microphone=OwnMicrophone())

    async def follow_here(socket: WebSocket) -> None:
        if is_own_page_at_the_machine(socket.scope):
            await own.follow(socket)
        else:
            await socket.close(POLICY)  # which answers 403

    return [
        WebSocketRoute(_path_of(VOICE), FeedSocket(offer, places).follow),
        WebSocketRoute(_path_of(MACHINE), follow_here),
    ]


def _path_of(name: str) -> str:
    return f"/{st.get_option('server.baseUrlPath').strip('/')}/live/{name}".replace("//", "/")
