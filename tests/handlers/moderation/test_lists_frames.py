"""Frames: terms with choices, found as written, and only where an allow-phrase leaves them."""

from hypothesis import given
from hypothesis import strategies as st

from bot.config.words import spelled_out
from domain.book import WordList
from handlers.moderation.frames import MOST_PER_FRAME, parts_of
from handlers.moderation.lexicon import Lexicon
from handlers.text.facts import read

LISTS = (
    WordList(
        "坏话",
        "warn",
        ("坏蛋瓜",),
        ("飞远点的鸟",),
        frames=("(飞|跑)(远|开|)点", "你(个|这)(死|)(瓜|豆|🍉)", "要是我(，|)早飞"),
    ),
)


def found(text: str) -> list[str]:
    """The characters of the original that a frame covers."""
    return [text[slice(*hit.span)] for hit in Lexicon.compile(LISTS).hits(read(text)) if hit.term != "坏蛋瓜"]


def test_a_frame_stands_for_all_its_choices() -> None:
    assert found("快飞远点") == ["飞远点"]
    assert found("跑点") == ["跑点"]
    assert found("你个死瓜和你这豆") == ["你个死瓜", "你这豆"]
    assert found("你瓜") == []


def test_symbols_do_not_hide_a_frame_and_a_comma_parts_two_clauses() -> None:
    assert found("飞*远*点") == ["飞*远*点"]
    assert found("你个，瓜真甜") == []


def test_a_frame_that_has_a_comma_goes_over_one() -> None:
    assert found("要是我，早飞了") == ["要是我，早飞"]
    assert found("要是我早飞了") == ["要是我早飞"]


def test_an_allow_phrase_wins_over_a_frame() -> None:
    assert found("飞远点的鸟") == []


def test_a_choice_of_symbols_only_is_no_way_to_leave_a_part_out() -> None:
    assert parts_of("你(个|这)(死|)(瓜|🍉)") == (("你",), ("个", "这"), ("死", ""), ("瓜",))


def test_a_giant_text_shows_a_frame_a_few_times() -> None:
    assert len(found("飞远点" * 500)) == MOST_PER_FRAME


def test_terms_of_a_list_are_written_out() -> None:
    assert list(spelled_out("(滚|爬)(远|)点")) == ["滚远点", "滚点", "爬远点", "爬点"]


@given(st.text(max_size=60))
def test_frames_lie_in_the_text_whatever_it_is(text: str) -> None:
    for hit in Lexicon.compile(LISTS).hits(read(text)):
        assert 0 <= hit.span[0] < hit.span[1] <= len(text)
