"""Step by step: first the visitor's prediction, then what the results say."""

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts import decimate
from dashboard.compute import findings
from dashboard.lesson import evidence, remedy, steps
from dashboard.lesson.answers import evidence_of
from dashboard.words.channels import percent
from dashboard.words.glossary import MEANINGS, explained
from sercore.channel.coupled import draw_received
from sercore.channel.gilbert import Gilbert
from sercore.results.advice import ADVICE, RATES_OF_ADVICE
from sercore.results.claims import OPEN
from sercore.results.table import write_results
from tests.dashboard.made_findings import intervals_of, made_findings
from tests.dashboard.opened import ROOT, open_page, show_page, words_of


@pytest.mark.parametrize("number", range(1, 7))
def test_a_step_asks_first_and_tells_after_a_prediction(results, number):
    app = open_page("lesson", lesson=str(number))
    step = steps.STEPS[number - 1]
    assert app.title[0].value == step.title
    assert explained(step.reason) not in words_of(app)
    assert app.button(key=f"reveal {number}").disabled
    app.radio[0].set_value(0).run()
    app.button(key=f"reveal {number}").click().run()
    assert not app.error
    assert explained(f":material/lightbulb: **Why?** {step.reason}") in words_of(app)
    assert [*app.success, *app.info, *app.warning]


@pytest.mark.parametrize("number", range(2, 7))
def test_without_results_the_lesson_cannot_tell(trained, number):
    app = open_page("lesson", lesson=str(number))
    app.radio[0].set_value(0).run()
    app.button(key=f"reveal {number}").click().run()
    assert "cannot be told yet" in words_of(app)
    assert "cannot decide" in app.info[-1].value


def test_a_link_to_a_step_keeps_its_channel_even_where_it_is_the_usual_one(trained):
    app = AppTest.from_file(str(ROOT / "dashboard" / "visit.py"), default_timeout=60)
    app.query_params.update(lesson="3", p_n="0.9", p_l="0.8", score="ccc_timeline")
    app.run()
    chosen = [app.session_state[name] for name in ("p_n", "p_l", "score", "lesson")]
    assert chosen == [0.9, 0.8, "ccc_timeline", 3]
    (link,) = [code.value for code in app.code if "lesson=3" in code.value]
    assert {"p_n=0.9", "p_l=0.8", "score=ccc_timeline"} <= set(link.partition("?")[2].split("&"))


def test_the_address_of_a_step_names_even_the_usual_channel_and_opens_with_it(trained):
    app = open_page("lesson", lesson="3", p_n="0.9", p_l="0.5")
    assert [app.query_params[name] for name in ("p_n", "p_l", "score")] == ["0.9", "0.5", "ccc"]
    assert [app.session_state[name] for name in ("p_n", "p_l")] == [0.9, 0.5]
    show_page(app, "explore")
    assert "p_n" not in app.query_params


def test_a_channel_that_came_with_a_link_to_another_page_is_not_the_steps(trained):
    app = open_page("lesson", p_n="0.33", p_l="0.44")
    first = next(iter(steps.STEPS[0].channels.values()))
    assert [app.session_state[name] for name in ("p_n", "p_l")] == [first.p_n, first.p_l]


def test_a_link_may_name_the_lesson_alone_and_hide_controls(trained):
    app = AppTest.from_file(str(ROOT / "dashboard" / "visit.py"), default_timeout=300)
    app.query_params.update(lesson="3", hide="seed,clip,nonsense")
    app.run()
    assert app.title[0].value == steps.STEPS[2].title
    assert app.session_state["hide"] == "clip,seed"
    assert "clip" not in [box.key for box in app.selectbox]
    show_page(app, "explore")
    assert not app.number_input
    assert "lesson" not in app.query_params  # a link from here leads here


def test_large_type_is_in_the_address(trained):
    app = open_page("lesson", present="1")
    assert app.session_state["present"]
    app.toggle(key="present").set_value(False).run()
    assert "present" not in app.query_params


def test_the_two_channels_of_step_2_lose_the_same_share():
    rates = [channel.loss_rate for channel in steps.STEPS[1].channels.values()]
    assert rates == pytest.approx([0.5, 0.5])


def test_the_answer_of_step_1_is_the_mean_burst_of_many_draws():
    received = draw_received(steps.BURSTS, 3, 200_000)
    _, lengths = decimate.lost_runs(received)
    told = evidence_of(steps.STEPS[0], findings.Findings(pd.DataFrame()), "test", "ccc")
    assert steps.STEPS[0].options[told.answer] == "800 ms"
    assert lengths.mean() == pytest.approx(0.8, rel=0.02)


@pytest.mark.parametrize(
    ("intervals", "answer"),
    [
        (intervals_of(0.1, 0.2), 0),
        (intervals_of(-0.2, -0.1), 1),
        (intervals_of(-0.1, 0.1), None),
        (intervals_of(-0.2, -0.1, "mismatched", "matched"), 0),  # the pair in the other order
        (intervals_of(0.1, 0.2)[:60] + intervals_of(-0.2, -0.1)[60:], 2),
        (None, None),
    ],
)
def test_two_trainings_are_compared_by_their_intervals(intervals, answer):
    found = made_findings(lambda *_: 0.5, intervals=intervals)
    told = evidence.against("matched", "mismatched", found, "test", "ccc")
    assert told.answer == answer
    assert (evidence.CANNOT_TELL in told.words) == (answer is None)


def test_a_channel_counts_only_where_no_training_contradicts():
    agree = made_findings(lambda s, t, n, p: 0.5 + 0.1 * (s == "matched"), intervals=intervals_of(0.1, 0.2))
    assert evidence.against("matched", "mismatched", agree, "test", "ccc").answer == 0
    mixed = made_findings(
        lambda s, t, n, p: 0.5 + (0.3 if t else -0.1) * (s == "matched"), intervals=intervals_of(0.1, 0.2)
    )
    told = evidence.against("matched", "mismatched", mixed, "test", "ccc")
    assert told.answer is None
    assert "all 3 trainings" in told.words


@pytest.mark.parametrize("trainings", [1, 2, 3])
def test_what_few_trainings_say_comes_with_its_caveat(trainings):
    found = made_findings(
        lambda s, t, n, p: 0.5 - 0.2 * p + 0.1 * (s == "matched"),
        settings_=("mismatched", "matched", "augmentation"),
        intervals=intervals_of(0.1, 0.2) + intervals_of(0.1, 0.2, "augmentation"),
        trainings=trainings,
    )
    caveat = {1: evidence.ONE_TRAINING, 2: evidence.TWO_TRAININGS, 3: ""}[trainings]
    for step in steps.STEPS[1:6]:  # of the paper's plane; the last rests on receivers
        told = evidence_of(step, found, "test", "ccc")
        assert told.answer is not None
        assert told.caveat == caveat


def test_a_verdict_from_one_training_says_that_it_may_be_luck(results):
    app = open_page("lesson", lesson="6")
    app.radio[0].set_value(0).run()
    app.button(key="reveal 6").click().run()
    (verdict,) = [*app.success, *app.warning]
    assert evidence.ONE_TRAINING in verdict.value


def test_a_knob_matters_more_only_if_all_trainings_say_so():
    for sign, answer in ((1, 0), (-1, 1)):
        found = made_findings(
            lambda s, t, n, p, sign=sign: (
                0.3 + (0.3 if sign > 0 else 0.1) * n - (0.1 if sign > 0 else 0.3) * p
            )
        )
        assert evidence.channel_parameters(found, "test", "ccc").answer == answer
    mixed = made_findings(lambda s, t, n, p: 0.3 + (0.3 if t else 0.1) * n - (0.1 if t else 0.3) * p)
    assert evidence.channel_parameters(mixed, "test", "ccc").answer is None
    single = made_findings(lambda s, t, n, p: 0.3 * n, trainings=1)
    assert evidence.channel_parameters(single, "test", "ccc").answer is None


@pytest.mark.parametrize(("others", "answer"), [(0.3, 0), (-0.3, None)])
def test_one_training_of_each_setting_will_do_if_all_of_them_agree(others, answer):
    names = ("mismatched", "multi_condition", "augmentation")
    found = made_findings(
        lambda s, t, n, p: 0.3 + (0.3 if s == "mismatched" else others) * n - 0.1 * p,
        settings_=names,
        trainings=1,
    )
    if answer is None:  # in the others p_L matters more
        found.rows.loc[found.rows["setting"] != "mismatched", "ccc"] = 0.5 - 0.3 * found.rows["p_l"]
    told = evidence.channel_parameters(found, "test", "ccc")
    assert told.answer == answer
    assert ("all 3 settings say the same" in told.words) == (answer == 0)
    assert (evidence.CANNOT_TELL in told.words) == (answer is None)


def test_long_bursts_hurt_more_where_the_score_falls_along_the_line():
    falling = made_findings(lambda s, t, n, p: 0.5 - 0.2 * p)
    assert evidence.burst_length(falling, "test", "ccc").answer == 0
    rising = made_findings(lambda s, t, n, p: 0.5 + 0.2 * p)
    assert evidence.burst_length(rising, "test", "ccc").answer == 1
    level = made_findings(lambda s, t, n, p: 0.5 + 0.01 * p)
    told = evidence.burst_length(level, "test", "ccc")
    assert steps.STEPS[1].options[told.answer] == "Hardly any difference"
    half = findings.Findings(level.rows[(level.rows["setting"] != "matched") | (level.rows["p_l"] > 0.5)])
    assert "nan" not in evidence.burst_length(half, "test", "ccc").words


@pytest.mark.parametrize(("fall", "answer"), [(0.01, 0), (0.1, 1), (0.3, 2)])
def test_a_call_is_compared_with_no_loss(fall, answer):
    found = made_findings(lambda s, t, n, p: 0.5 if n == 1 else 0.5 - fall)
    assert evidence.real_call(steps.CALL, found, "test", "ccc").answer == answer
    mixed = made_findings(lambda s, t, n, p: 0.5 if n == 1 else 0.5 - (fall if t else 0.05))
    told = evidence.real_call(steps.CALL, mixed, "test", "ccc")
    assert told.answer == (1 if answer == 1 else None)  # else the trainings disagree


def test_each_word_of_a_step_is_explained_before_it_is_used():
    before = ""
    wanted = [
        {"frame", "burst"},
        {"arousal", "CCC"},
        {"mismatched", "matched"},
        {"augmentation"},
        {"$p_N$", "$p_L$"},
        set(),
        {"packets", "receiver", "conceal"},
    ]
    for step, words in zip(steps.STEPS, wanted, strict=True):
        before += step.setup
        assert all(word.lower() in before.lower() for word in words)
        asked = explained(f"{step.setup} {step.question}")
        for word in MEANINGS:
            if word in step.question.lower() and word not in before.lower():
                assert f">{word}</button>" in asked.lower()


def test_every_reason_points_to_what_shows_it():
    for step in steps.STEPS:
        assert any(word in step.reason for word in ("picture", "The bars")), step.title


def test_the_knob_whose_worst_end_loses_most_is_told():
    found = made_findings(lambda s, t, n, p: 0.8 - 0.1 * (1 - n) - 0.6 * p)
    told = evidence.channel_parameters(found, "test", "ccc")
    lost = {
        n: np.mean(
            [Gilbert(n if k == "n" else x / 10, x / 10 if k == "n" else n).loss_rate for x in range(11)]
        )
        for k, n in (("n", 0.0), ("l", 1.0))
    }
    assert f"worst $p_N$ channels lose {percent(lost[0.0])}" in told.words
    assert f"worst $p_L$ {percent(lost[1.0])}" in told.words


def advice_of(*differences, wide=0.01):
    """As if concealment kept so much more of arousal than training at each loss; of valence, less."""
    rows = [
        {
            "packet_loss_rate": rate, "dimension": dimension, "receiver": "pitch", "ccc": 0.7,
            "over_drop": 0.0, "over_drop_low": -0.1, "over_drop_high": 0.1, "helps": OPEN,
            "rival": "augmentation", "over_rival": value,
            "over_rival_low": value - wide, "over_rival_high": value + wide,
            "beats_training": OPEN,
        }
        for rate, given in zip(RATES_OF_ADVICE, differences, strict=True)
        for dimension, value in (("arousal", given), ("valence", -0.9))
    ]  # fmt: skip
    return pd.DataFrame(rows).astype(ADVICE)


@pytest.mark.parametrize(
    ("differences", "wide", "answer"),
    [
        ((0.1, 0.1, 0.1, 0.0, 0.0), 0.01, "Concealment"),
        ((-0.1, -0.1, -0.1, 0.0, 0.0), 0.01, "Training with loss"),
        ((0.1, 0.1, 0.0, -0.1, -0.1), 0.01, "It depends on the loss"),
        ((0.01, 0.0, -0.01, 0.0, 0.02), 0.02, "Hardly any difference"),
        ((0.04, 0.0, 0.0, 0.0, 0.04), 0.2, None),
        ((0.1, 0.1, 0.0, 0.0, 0.0), 0.09, None),  # sure at two of five losses only
    ],
)
def test_conceal_or_train_is_told_from_the_advice(differences, wide, answer):
    told = remedy.conceal_or_train(advice_of(*differences, wide=wide))
    step = steps.STEPS[-1]
    assert (answer if told.answer is None else step.options[told.answer]) == answer
    assert (evidence.CANNOT_TELL in told.words) == (answer is None)
    assert told.caveat == evidence.ONE_TRAINING
    assert f"{differences[0]:+.2f}".replace("-", "−") in told.words
    assert "−0.9" not in told.words  # which is of valence
    assert "conceals nothing" not in told.words


def test_the_last_step_says_where_the_best_receiver_conceals_nothing():
    advice = advice_of(0.0, 0.0, 0.0, 0.0, 0.0)
    advice.loc[advice["packet_loss_rate"] > 0.03, "receiver"] = "drop"
    assert "At 3 of them, the receiver that was best on devel conceals nothing" in (
        remedy.conceal_or_train(advice).words
    )


def test_the_last_step_is_there_once_receivers_were_scored_and_not_before(results):
    app = open_page("lesson", lesson="6")
    assert "Step 6 of 6" in words_of(app)
    assert "step on" not in [button.key for button in app.button]
    assert open_page("lesson", lesson="7").session_state["lesson"] == 1
    write_results(results / "results" / "advice.csv", advice_of(0.1, 0.1, 0.1, 0.1, 0.1))
    app = open_page("lesson", lesson="7", p_n="0.9", p_l="0.5")
    assert "Step 7 of 7" in words_of(app)
    assert [app.session_state[name] for name in ("p_n", "p_l")] == [0.9, 0.5]
    app.radio[0].set_value(0).run()
    app.button(key="reveal 7").click().run()
    assert not app.exception
    assert app.success[0].value.startswith("You said: Concealment. These results say so, too. One training")
    assert remedy.SOURCE in words_of(app)
    app.button(key="step back").click().run()
    assert "Step 6 of 7" in words_of(app)


def test_the_lessons_channels_stay_in_the_lesson(trained):
    app = open_page("explore", loss_model="gilbert", p_n="0.85", p_l="0.6")
    show_page(app, "lesson")
    assert app.session_state["p_n"] != 0.85
    show_page(app, "plane")
    assert (app.session_state["p_n"], app.session_state["p_l"]) == (0.85, 0.6)
    assert (app.query_params["p_n"], app.query_params["p_l"]) == ("0.85", "0.6")
