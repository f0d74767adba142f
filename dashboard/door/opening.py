"""What the server says at its start: who can reach it, with which code; and the link for a class."""

import asyncio
import io
import socket
import sys
import textwrap
from urllib.parse import urlsplit

import segno
import streamlit as st
from streamlit import cli_util

from dashboard.door.class_code import CODE
from dashboard.door.hosts import is_loopback, is_opened
from dashboard.words import PROSE

SAY = PROSE["door"]
ELSEWHERE = ("192.0.2.1", 9)  # of nobody (RFC 5737); nothing is sent


def address_of_the_class(seen: str | None) -> str:
    """The address under which a class reaches this server.

    Args:
        seen: the address under which the page is seen now; it counts where it is not the machine's own.
    """
    parts = urlsplit(seen or f"http://localhost:{st.get_option('server.port')}")
    if is_opened() and is_loopback(parts.hostname or "localhost"):
        return f"{parts.scheme}://{_own_number()}:{parts.port or st.get_option('server.port')}"
    return f"{parts.scheme}://{parts.netloc}"


def is_for_this_machine(address: str) -> bool:
    """Whether an address leads nobody but who sits at this machine to this server."""
    return is_loopback(urlsplit(address).hostname or "localhost")


def qr_code(address: str) -> str:
    """The address as a picture that a phone reads: SVG, dark on white whatever the theme."""
    picture = io.BytesIO()
    look = {"scale": 6, "border": 4, "dark": "#000", "light": "#fff"}
    segno.make(address, micro=False).save(picture, kind="svg", xmldecl=False, **look)
    return picture.getvalue().decode()


def _own_number() -> str:
    """The address of this machine in the network that leads to others, or its name where none does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def what_is_said() -> str:
    """Who can reach the server, as the terminal shows it."""
    here = f"http://localhost:{st.get_option('server.port')}"
    words: str = SAY["opened" if is_opened() else "closed"]
    return words.format(here=here, there=address_of_the_class(None), code=CODE)


async def open_up() -> None:
    """Say who can reach the server, and open its page in a browser, where there is one."""
    lines = textwrap.wrap(what_is_said(), 76, break_long_words=False, break_on_hyphens=False)
    sys.stdout.write("\n" + "".join(f"  {line}\n" for line in lines) + "\n")
    if is_opened():
        segno.make(f"{address_of_the_class(None)}/?code={CODE}", micro=False).terminal(compact=True)
    sys.stdout.flush()
    if not st.get_option("server.headless"):
        await asyncio.to_thread(cli_util.open_browser, f"http://localhost:{st.get_option('server.port')}")
