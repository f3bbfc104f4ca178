"""Why a text is hit or left alone, and how else people write a word."""

import pytest
from hypothesis import given

from domain.book import WordList
from handlers.moderation.explain import Spotted, explained
from handlers.moderation.lexicon import Lexicon
from handlers.moderation.twins import Twin, candidates, twins_in
from handlers.text.facts import read
from tests.handlers.text.texts import any_text

LISTS = (
    WordList("脏话", "warn", ("坏蛋瓜", "去你妈"), ("坏蛋瓜子",), frames=("(坏|烂)透了的(瓜|果)",)),
    WordList("号码", "warn", (), patterns=("[a-z]{2}[0-9]{3}号",), allow=("ok100号",)),
)
LEXICON = Lexicon.compile(LISTS)


def spotted(text: str) -> list[tuple[str, str, str]]:
    """The original characters, the view, and why it is spared."""
    facts = read(text)
    return [(text[slice(*one.hit.span)], one.hit.view, one.spared) for one in explained(LEXICON, facts)]


def test_everything_that_counts_and_everything_that_was_passed_over_is_told_in_order() -> None:
    assert spotted("坏-蛋瓜，坏蛋瓜子，怀旦刮") == [
        ("坏-蛋瓜", "plain", ""),
        ("坏蛋瓜", "plain", "在 allow 的“坏蛋瓜子”里"),
        ("怀旦刮", "homophone", ""),
    ]


def test_a_phrase_over_a_comma_says_so() -> None:
    assert spotted("我去，你妈也来") == [("去，你妈", "plain", "中间只隔着一个标点，算两句话")]


def test_what_sounds_alike_and_is_ordinary_says_so() -> None:
    lexicon = Lexicon.compile((WordList("脏话", "warn", ("畜牲",)),))
    assert explained(lexicon, read("我出生在海边"))[0].spared == "读音像，但这是平常的话"


def test_frames_and_patterns_have_names_of_their_own() -> None:
    assert spotted("烂透了的果，AB 123 号，ok100号") == [("烂透了的果", "frame", ""), ("AB 123 号", "pattern", "")]


@given(any_text)
def test_what_counts_is_what_the_lexicon_says(text: str) -> None:
    facts = read(f"{text}坏蛋瓜{text}")
    counted = [one.hit for one in explained(LEXICON, facts) if not one.spared]
    assert sorted(counted, key=repr) == sorted(LEXICON.hits(facts), key=repr)
    assert all(isinstance(one, Spotted) for one in explained(LEXICON, facts))


def test_a_word_has_twins_in_pinyin_by_initials_and_in_pieces() -> None:
    found = candidates("坏蛋")
    assert found["pinyin"] == ("huaidan", "huai dan")
    assert found["initials"] == ("hd",)
    assert "坏疋虫" in found["split"]


@pytest.mark.parametrize("word", ["nmsl", "傻b", ""])
def test_a_word_with_letters_has_no_candidates(word: str) -> None:
    assert candidates(word) == {} or word == ""


def test_twins_are_counted_with_what_would_count() -> None:
    texts = ["怀旦刮！", "你个 怀旦刮", "huai dan gua", "坏蛋瓜", "hdg 走开", "今天天气好"]
    assert twins_in("坏蛋瓜", texts) == {
        Twin("怀旦刮", "homophone", counts=True): 2,
        Twin("huai dan gua", "pinyin", counts=True): 1,
        Twin("坏蛋瓜", "plain", counts=True): 1,
        Twin("hdg", "initials", counts=False): 1,
    }
