"""Hear packet loss and see what it does to emotion recognition: ``streamlit run dashboard/app.py``.

Streamlit finds the server here; what a visitor sees is in ``visit.py``.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:  # streamlit puts this folder on the path, not the one that holds it
    sys.path.insert(0, str(HERE.parent))

from dashboard import state  # noqa: E402
from dashboard.compute import memory, own_clips, warm_up  # noqa: E402
from dashboard.compute.operators import folder_named, offer  # noqa: E402
from dashboard.door.class_code import ClassCode  # noqa: E402
from dashboard.door.hosts import KnownHosts  # noqa: E402
from dashboard.door.opening import open_up  # noqa: E402
from dashboard.door.uploads import Uploads  # noqa: E402
from dashboard.door.visits import Visits  # noqa: E402
from dashboard.live import route  # noqa: E402
from dashboard.visit import main  # noqa: E402
from dashboard.widgets import controls  # noqa: E402


@asynccontextmanager
async def opened(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """From the server's start to its end."""
    memory.keep_little()
    if folder := folder_named(sys.argv[1:]):
        for sentence in await asyncio.to_thread(offer, folder):
            sys.stdout.write(f"  {sentence}\n")
    await open_up()
    warm_up.begin(controls.usual_clip)
    housekeeping = asyncio.create_task(memory.give_back_again_and_again())
    yield {}
    housekeeping.cancel()


# From the outermost: what one refuses, the next never sees.
VISITS = Middleware(Visits, on_left=own_clips.forget, beside=route.paths())
DOOR = [Middleware(KnownHosts), Middleware(ClassCode), Middleware(Uploads), VISITS]
app = st.App(
    HERE / "visit.py",
    routes=route.routes(),
    middleware=DOOR,
    lifespan=opened,
    on_script_error=state.say_sorry,
)

if __name__ == "__main__":  # run as the script of a page, as Streamlit's own tests do
    main()
