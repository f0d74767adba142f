"""Opens a page of the dashboard without a browser, and reads what it says."""

import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]


def show_page(app: AppTest, name: str) -> AppTest:
    return app.switch_page(f"app_pages/{name}.py").run()


def open_page(name: str, **address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard" / "visit.py"), default_timeout=300)
    app.query_params.update(address)
    app.run()
    return show_page(app, name) if name != "explore" else app


def open_parts(app: AppTest, *names: str) -> AppTest:
    """Open some of what Explore shows below its player."""
    for name in names:
        app.session_state[f"open {name}"] = True
    return app.run()


def words_of(app: AppTest) -> str:
    elements = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.title]
    return "\n".join(element.value for element in elements)


def strips_of(app: AppTest) -> str:
    """The tables of what can be borne, as text."""
    said = " ".join(each.proto.body for each in app.get("html"))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", said.replace("</th><td", ": <td"))).replace(" :", ":")


def compute_plane(app: AppTest) -> AppTest:
    return app.button(key="plane_switch").click().run()
