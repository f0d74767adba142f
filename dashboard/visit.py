"""What a visitor sees: Streamlit runs this script for each of them, at first and after each change."""

import sys
from collections.abc import Iterable
from pathlib import Path

import streamlit as st

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:  # streamlit puts this folder on the path, not the one that holds it
    sys.path.insert(0, str(HERE.parent))

from dashboard import state  # noqa: E402
from dashboard.widgets.connection import go_on_without_the_server  # noqa: E402
from dashboard.widgets.history import keep_steps_apart  # noqa: E402
from dashboard.words import PROSE, text_of  # noqa: E402

# File in app_pages and last part of the address, title, icon (fonts.google.com/icons); the first one opens.
# Were the folder called pages, Streamlit would run its files without this one.
PAGES = (
    ("explore", "Explore", "hearing"),
    ("breaks", "Where it breaks", "grid_on"),
    ("plane", "Your plane", "blur_on"),
    ("call", "Your call", "call"),
    ("helps", "What helps?", "healing"),
    ("live", "Live", "mic"),
    ("lesson", "Lesson", "school"),
    ("about", "About", "info"),
)


# Pages once: what they asked is answered on the first page, which their files show.
FORMER = ("hear", "predict")


def main() -> None:
    """Show the page that the visitor chose; whatever goes wrong becomes a sentence."""
    st.set_page_config("Packet loss and emotion", page_icon=str(HERE / "icon.svg"), layout="wide")
    pages = {
        name: st.Page(f"app_pages/{name}.py", title=title, icon=f":material/{icon}:")
        for name, title, icon in PAGES
    }
    first_page, *_ = pages.values()
    former = [st.Page(f"app_pages/{name}.py", title=name, visibility="hidden") for name in FORMER]
    page = st.navigation([*pages.values(), *former], position=state.position_of_pages())
    st.html(HERE / "page.css")
    keep_steps_apart()
    go_on_without_the_server()
    _row_of(pages.values())
    try:
        first = "page" not in st.session_state
        state.restore(page.url_path)
        if first and not page.url_path and st.session_state["lesson"]:
            st.switch_page(pages["lesson"])  # a link may name the lesson alone: ?lesson=3
        if first and page.url_path in FORMER:
            st.switch_page(first_page)
        if st.session_state["present"]:
            wide = '[data-testid="stMainBlockContainer"] { max-width: 1800px; }'
            large = f"html {{ font-size: {16 * state.type_scale():.1f}px !important; }}"
            st.html(f"<style>{large} {wide}</style>")
        page.run()
        with st.expander(PROSE["page"]["glossary"], icon=":material/menu_book:"):
            st.markdown(text_of("glossary.md"))
        state.remember()
    except Exception as error:
        state.say_sorry(error)


def _row_of(pages: Iterable[st.Page]) -> None:
    """The pages once more, for narrow screens alone (page.css): a thumb moves the row sideways."""
    if state.position_of_pages() == "top":
        with st.container(key="pages", horizontal=True, gap="small"):
            for each in pages:
                st.page_link(each)


if __name__ == "__main__":
    main()
