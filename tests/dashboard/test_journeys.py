"""People who come with a question, step by step, as they would tell it."""

import re

from dashboard.words import PROSE
from tests.dashboard.browsing import IN_CHROMIUM, PLAYED, followed, ready

pytestmark = IN_CHROMIUM


def seen_at_once(page, *parts: str) -> bool:
    """Whether all of these are on the screen as it stands."""
    boxes = [page.locator(part).first.bounding_box() for part in parts]
    height = page.viewport_size["height"]
    return all(box["y"] >= 0 and box["y"] + box["height"] <= height for box in boxes)


def test_a_student_on_a_phone_hears_a_loss_and_sees_what_the_network_makes_of_it(visit):
    page = followed(ready(visit("?seed=4", width=390, height=844)))

    # What is this about? One sentence says it, and the way to the lesson is in sight.
    assert "a network hears emotion in what is left" in page.locator("[data-testid=stMain]").inner_text()
    page.get_by_role("button", name=PROSE["explore"]["start"]).wait_for()
    assert seen_at_once(page, ".play")  # it sticks to the screen, wherever one is

    # A thumb's width further down, cause and effect share the screen.
    page.locator(".sliders").evaluate("(sliders) => sliders.scrollIntoView()")
    page.locator("[data-testid=stMain]").evaluate("(main) => main.scrollBy(0, -64)")
    page.wait_for_timeout(300)
    assert seen_at_once(page, ".sliders", ".wave", ".labels", ".transport")

    # A slider is moved: the curves follow, and what is heard has holes.
    before = page.locator(".told").inner_text()
    page.evaluate(PLAYED)
    page.locator("input.p-n").fill("0.5")
    followed(page)
    assert page.locator(".told").inner_text() != before
    page.locator(".play").click()
    assert 0.0 in page.evaluate("() => played[0].slice(0, 16000 * 20)")
    assert "p_n=0.5" in page.url

    # How much of that is luck? It says so in numbers.
    luck = page.locator("p", has_text="A score of 20 s is mostly luck").first
    assert re.search(r"57 excerpts of this recording have a CCC of \S+ to \S+ for arousal", luck.inner_text())

    # Now the lesson, and back again.
    page.get_by_role("button", name=PROSE["explore"]["start"]).click()
    page.wait_for_url(re.compile("/lesson"))
    page.wait_for_selector("text=Step 1 of")
    page.go_back()
    page.wait_for_selector("text=What packet loss does to emotion recognition")


def test_an_engineer_with_3_per_cent_and_80_ms_gets_a_verdict_a_recipe_and_a_sound(visit):
    page = visit("call")
    page.wait_for_selector("[data-testid=stMetric]")
    page.get_by_role("radio", name="Two numbers").click()
    page.wait_for_url(re.compile("call_from="))

    # 3 % in bursts of 80 ms, 20 ms packets, is what the page begins with; it says which channel that is.
    for title, value in (("Packets lost", r"(?<![\d.])3\s*%"), ("Mean burst", r"(?<!\d)80\s*ms")):
        metric = page.locator("[data-testid=stMetric]", has_text=title)
        metric.filter(has_text=re.compile(value)).wait_for()
    spoiled = page.locator("[data-testid=stMetric]", has_text="Frames spoiled").inner_text()
    assert re.search(r"\d", spoiled)
    page.locator("[data-testid=stMetric]", has_text="Training to choose").wait_for()

    # How to rehearse it, with the scripts and on a Linux network.
    code = page.locator("[data-testid=stCode]").inner_text()
    assert "--channel gilbert:" in code
    assert "netem loss" in code

    # And how it sounds, with concealment.
    page.get_by_role("radio", name="Pitch period").click()
    page.wait_for_url(re.compile("call_receiver=pitch"))
    page.locator("audio[data-testid=stAudio]").nth(1).wait_for()


def test_back_leads_to_the_page_before_not_through_every_choice(visit):
    page = followed(ready(visit()))
    steps = "() => history.length"
    before = page.evaluate(steps)
    page.get_by_role("button", name="Poor call").click()
    page.wait_for_url(re.compile("p_n="))
    page.locator(".player .new").click()
    page.wait_for_url(re.compile("seed="))
    assert page.evaluate(steps) == before
    chosen = set(page.url.partition("?")[2].split("&"))
    page.get_by_role("link", name="Your plane").click()
    page.wait_for_selector("text=Where does it break for this recording?")
    assert page.evaluate(steps) == before + 1
    page.go_back()
    ready(page)
    assert chosen <= set(page.url.partition("?")[2].split("&"))
