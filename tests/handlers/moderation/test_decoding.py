"""Whole sentences that are written as they sound or in pieces are read as they are meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.book import WordList
from handlers.moderation.lexicon import Lexicon
from handlers.text.facts import read
from tests.handlers.moderation.test_abuse import judged, shipped

OWN = WordList("脏话", "warn", ("坏透了的瓜",), frames=("你(就|)是(个|)(坏瓜|烂瓜)",))


def views(text: str) -> list[str]:
    """Through which views the list above finds something."""
    return [hit.view for hit in Lexicon.compile([OWN]).hits(read(text))]


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("你就是个坏瓜", "frame"),
        ("ni jiu shi ge huai gua", "pinyin"),
        ("nijiushigehuaigua", "pinyin"),
        ("你就是个huai gua", "pinyin"),
    ],
)
def test_a_frame_is_found_however_it_is_spelled(text: str, view: str) -> None:
    assert views(text) == [view]


@pytest.mark.parametrize("text", ["ni jiu shi wo ma", "hello world", "iphone 15 pro", "你就是我妈", "wifi密码多少"])
def test_other_letters_mean_nothing(text: str) -> None:
    assert views(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "ni ge gua pi",
        "she hui du liu",
        "ren pin dou wei gou le ni",
        "nishibushinaozijinshuile",
        "你这个人zhen xia jian",
    ],
)
def test_an_insult_in_pinyin_is_one(text: str) -> None:
    assert judged(text).level == "warn"


@pytest.mark.parametrize(
    "text", ["jin tian chi shen me", "wo xian xia le", "ming tian jian", "kuai di dao le ma", "zhe ge duo shao qian"]
)
def test_everyday_pinyin_is_none(text: str) -> None:
    assert judged(text).level in ("none", "review")


@given(st.text(alphabet="你我是个坏瓜的了nihuagm shi，。 ", max_size=40))
def test_what_is_found_lies_in_the_text(text: str) -> None:
    facts = read(text)
    for hit in Lexicon.compile([OWN]).hits(facts):
        assert 0 <= hit.span[0] < hit.span[1] <= len(text)


def test_a_text_as_it_is_written_needs_no_reading() -> None:
    assert shipped().meant(read("今天天气不错")) == ""
    assert shipped().meant(read("ni ge gua pi")) == "你个瓜批"
