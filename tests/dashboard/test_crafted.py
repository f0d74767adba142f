"""Programs that are no browser: whatever they say a widget holds, a sentence comes back."""

from collections.abc import Callable, Iterator

import pytest
from benchmarks.dashboard import server
from benchmarks.visitors import Visitor
from streamlit.proto.WidgetStates_pb2 import WidgetState

from dashboard.words import PROSE


def holding(**value: object) -> Callable[[str], WidgetState]:
    return lambda widget: WidgetState(id=widget, **value)


def holding_many(kind: str, *values: object) -> Callable[[str], WidgetState]:
    def state(widget: str) -> WidgetState:
        made = WidgetState(id=widget)
        getattr(made, kind).SetInParent()
        getattr(made, kind).data.extend(values)
        return made

    return state


def holding_file(widget: str) -> WidgetState:
    made = WidgetState(id=widget)
    made.file_uploader_state_value.uploaded_file_info.add(file_id="nobody's", name="../../etc/passwd")
    return made


CRAFTED = {
    "pressed": holding(trigger_value=True),
    "a large number": holding(int_value=2**62),
    "a small number": holding(double_value=-1e300),
    "not a number": holding(double_value=float("nan")),
    "infinite": holding(double_value=float("inf")),
    "a word": holding(string_value="nonsense"),
    "a long word": holding(string_value="x" * 10_000),
    "no word": holding(string_value=""),
    "own": holding(string_value="own"),
    "numbers": holding_many("int_array_value", -1, 99, 7),
    "no numbers": holding_many("double_array_value"),
    "ends the wrong way round": holding_many("double_array_value", 9.0, -9.0),
    "words": holding_many("string_array_value", "nonsense", ""),
    "an object": holding(json_value="{}"),
    "a list": holding(json_value="[1]"),
    "no JSON": holding(json_value="nonsense"),
    "deep JSON": holding(json_value="[" * 5_000),
    "a click nowhere": holding(json_value='{"selection": {"points": [{"x": 7, "y": "a"}]}}'),
    "a click on nothing": holding(json_value='{"selection": 7}'),
    "a choice": holding(json_value='{"choice": {"p_n": 9}}'),
    "a file": holding_file,
    "nothing": holding(),
}
PAGES = {
    "explore": ("", ""),
    "own audio": ("", "clip=own"),
    "plane": ("plane", ""),
    "lesson": ("lesson", "lesson=2"),
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with server() as (address, _, _):
        yield address


def widgets_of(visitor: Visitor) -> list[str]:
    """The names of all widgets of the page in hand."""
    found = []
    for delta in (each.delta for each in visitor.answer if each.WhichOneof("type") == "delta"):
        new = delta.new_element if delta.HasField("new_element") else delta.add_block
        found.append(getattr(getattr(new, new.WhichOneof("type") or "empty", None), "id", ""))
    return list(filter(None, found))


@pytest.mark.parametrize(("page", "query"), PAGES.values(), ids=PAGES)
def test_crafted_widgets_get_a_sentence(address, page, query):
    with Visitor(address) as visitor:
        visitor.run(page=page, query=query)
        widgets = widgets_of(visitor)
        assert len(widgets) >= 3
        for name, crafted in CRAFTED.items():
            visitor.run(*map(crafted, widgets))
            assert not visitor.elements("exception"), (name, visitor.words())
            said = [alert.body for alert in visitor.elements("alert")]
            assert visitor.elements("heading") or PROSE["page"]["failed"] in said, name
            assert all("\n" not in body and len(body) < 1_000 for body in said), name


def test_each_crafted_widget_of_the_first_page_gets_a_sentence(address):
    with Visitor(address) as visitor:
        visitor.run(page="")
        for widget in widgets_of(visitor):
            for name, crafted in CRAFTED.items():
                visitor.run(crafted(widget))
                assert not visitor.elements("exception"), (widget, name, visitor.words())


def test_a_choice_that_no_address_could_name_is_the_usual_one(address):
    with Visitor(address) as visitor:
        visitor.run(page="plane", query="hide=files")
        seed = next(each.id for each in visitor.elements("number_input"))
        sliders = [each.id for each in visitor.elements("slider")]
        crafted = [WidgetState(id=seed, double_value=-5e9)]
        visitor.run(*crafted, *(holding_many("double_array_value", 7.0)(each) for each in sliders))
        assert not visitor.elements("alert")
        assert [each.label for each in visitor.elements("number_input")] == ["Seed"]
