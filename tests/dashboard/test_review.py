"""What three people stumbled over when they tried the pages: each is held by tests, or was refuted.

A teacher, a student on a phone and an engineer; their remarks have the numbers of their list.
"""

import re

import pytest

from tests.dashboard.opened import ROOT

HELD = {  # number: (what they found, the tests that hold what is so today)
    1: (
        "own audio became another voice when the page changed",
        "own_audio_outlasts_the_player_and_the_page",
        "the_recording_outlasts_the_player_and_the_page",
    ),
    2: ("Reveal showed its answer out of sight", "question_prediction_answer_and_reason_stand_on_one_screen"),
    3: ("Next left the page scrolled down", "question_prediction_answer_and_reason_stand_on_one_screen"),
    4: (
        "on a phone the menu had no name and stayed over the page",
        "on_a_phone_the_pages_are_a_row_that_leaves_the_page_uncovered",
    ),
    5: (
        "20 s told the opposite of the results",
        "the_usual_excerpt_is_predicted_as_within_its_whole_track",
        "the_corpus_stands_beside_the_score_of_a_clip",
    ),
    6: (
        "the loss that is borne hung on four cells",
        "a_strip_shows_what_the_largest_bearable_loss_hides",
        "where_it_breaks_readme_and_your_call_tell_one_tolerance",
    ),
    7: ("an axis read 0.8, 0.7, 0.7", "no_tick_is_rounded_to_another_number"),
    8: (
        "the teacher's link led to localhost",
        "the_lessons_link_leads_a_class_in",
        "a_link_that_leads_nobody_here_says_so",
    ),
    9: (
        "the microphone failed without a reason",
        "where_a_browser_gives_no_microphone_that_is_said_before",
        "why_there_is_no_microphone_is_told_before_one_asks_for_it",
    ),
    10: (
        "voice memos were refused without words",
        "what_a_phone_records_is_decoded_by_the_browser",
        "of_what_is_too_long_a_part_is_chosen",
    ),
    11: ("the first Play had no loss", "the_first_play_sounds_the_losses"),
    12: (
        "one's own voice, or silence, got an emotion without a warning",
        "what_is_in_hand_is_said_and_what_speaks_against_it",
        "nothing_is_predicted_from_a_muted_microphone",
    ),
    13: (
        "a square that one could hear on another page only",
        "a_cell_that_is_chosen_becomes_the_channel_and_plays_it_there_and_then",
    ),
    14: ("a finger that scrolled moved sliders", "a_finger_that_scrolls_moves_neither_position_nor_slider"),
    15: ("holes were called what a listener hears", "a_receiver_is_chosen_for_ears_and_for_the_network"),
    16: (
        "the lesson used words before it gave them",
        "each_word_of_a_step_is_explained_before_it_is_used",
        "every_reason_points_to_what_shows_it",
    ),
    17: (
        "words without an explanation in reach of a thumb",
        "a_term_explains_itself_to_keys_fingers_and_a_pointer",
        "every_page_explains_its_words",
    ),
    18: (
        "slider, waveform and Play never shared a phone's screen",
        "a_student_on_a_phone_hears_a_loss_and_sees_what_the_network_makes_of_it",
    ),
    19: (
        "nothing played where one followed a voice",
        "one_tap_records_and_the_voice_is_seen_heard_and_followed",
    ),
    20: (
        "slow first predictions and pages",
        "after_the_warm_up_the_first_visitor_waits_for_no_network",
        "the_player_is_there_before_torch_and_pandas_which_take_seconds",
    ),
    21: ("Back went back through every slider", "back_leads_to_the_page_before_not_through_every_choice"),
    22: ("the lesson took over the channel of all pages", "the_lessons_channels_stay_in_the_lesson"),
    23: (
        "a projector cut words and shrank pictures",
        "a_projector_gets_large_type",
        "a_hall_gets_larger_type_and_the_same_data",
    ),
    24: (
        "names, focus and contrast",
        "a_page_has_no_serious_barrier",
        "the_sliders_have_names_that_can_be_read_aloud",
        "an_answer_is_announced",
    ),
    25: (
        "own audio that nobody told of, and that a reload dropped",
        "what_is_in_hand_is_said_and_what_speaks_against_it",
        "a_page_that_is_loaded_anew_says_that_the_own_audio_is_gone",
    ),
    26: ("Play did nothing where all is lost", "where_nothing_arrives_the_player_says_so"),
    27: (
        "foreign voices, and no sign that they are made",
        "recordings_are_called_synthetic_and_their_words_need_not_be_understood",
    ),
    28: (
        "two charts side by side with two axes, neither from zero",
        "charts_of_arousal_and_valence_side_by_side_have_one_axis_that_holds_zero",
    ),
    29: (
        "colours and planes that ignore real calls",
        "most_cells_lie_within_the_scale_and_its_end_says_that_some_do_not",
        "keys_walk_over_the_plane_and_look_closer_at_little_loss",
    ),
    30: ("no table of what a receiver costs over the corpus", "it_shows_advice_pictures_and_verdicts"),
    31: ("a student could undo what is hidden", "a_link_may_hide_the_other_pages_and_the_teachers_box"),
    32: (
        "the title of the time axis over its numbers",
        "no_number_of_the_time_axis_lies_under_another_or_under_the_title",
    ),
    33: ("lost was red here and gold there", "received_and_lost_have_one_colour_each_wherever_they_stand"),
    34: ("two downloads had one name", "two_downloads_do_not_overwrite_each_other"),
    35: (
        "print cut the pictures",
        "a_printed_page_is_as_wide_as_its_paper_and_goes_on_below_the_screen",
        "a_teachers_twenty_minutes",
    ),
    36: ("0.955 was shown as 0.96", "a_slider_shows_the_number_that_is_computed"),
    37: ("a channel that loses nothing had a mean burst", "a_channel_that_loses_nothing_has_no_burst"),
    38: ("p_N and p_L raw", "letters_of_the_channel_are_set_as_in_the_paper"),
    39: (
        "a new seed over the old losses, and a dialog that froze the player",
        "without_the_server_the_player_goes_on_and_other_draws_wait",
    ),
    40: (
        "a long sound without progress",
        "a_long_sound_comes_in_pieces_and_its_share_is_told",
        "play_says_how_much_of_the_sound_is_there",
    ),
    41: ("titles with tags in tags", "a_difference_is_outlined_where_its_interval_excludes_zero"),
    43: ("empty space under every page", "no_page_ends_in_emptiness"),
    44: ("outlines without an inside", "a_difference_that_may_be_chance_is_paler_than_one_that_is_not"),
    46: (
        "About without an author, a link or an overview of the networks",
        "about_names_authors_the_paper_and_every_network_in_one_table",
    ),
}
REFUTED = {  # number: (what they found, why it stays as it is, the tests that hold that)
    42: (
        "a reload loses a prediction in the lesson",
        "a page loaded anew is a new visit, for which nothing is kept unasked; an address that held the "
        "prediction would tell it to whom the link is given. What a class's poll has counted stays counted.",
        "votes_outlast_the_server_and_go_when_the_teacher_clears",
    ),
    45: (
        "a decoder's warnings in the server's log for a good mp3",
        "one line without a name; only the log of all others could be shut with it.",
        "a_good_mp3_with_a_tag_behind_it_is_read_whole_whatever_its_decoder_remarks",
    ),
}
TESTS = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py")))


@pytest.mark.parametrize("number", range(1, 47))
def test_what_was_found_is_held_by_a_test_or_refuted(number):
    assert (number in HELD) != (number in REFUTED)
    names = HELD[number][1:] if number in HELD else REFUTED[number][2:]
    assert names
    for name in names:
        assert re.search(rf"^def test_{name}\(", TESTS, re.MULTILINE), name
