"""Word lists as one automaton: noise does not hide a term, allow-phrases win, Latin terms are whole tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.book import WordList
from handlers.moderation.lexicon import Lexicon
from handlers.text.facts import read

LISTS = (
    WordList("脏话", "warn", ("坏蛋瓜", "去你妈"), ("坏蛋瓜子", "去你妈妈")),
    WordList("缩写", "warn", ("hdg",), whole_token=True),
)
LEXICON = Lexicon.compile(LISTS)


def found(text: str) -> list[str]:
    """The characters of the original that were hit."""
    return [text[slice(*hit.span)] for hit in LEXICON.hits(read(text))]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("你这坏蛋瓜", ["坏蛋瓜"]),
        ("坏 蛋*瓜！", ["坏 蛋*瓜"]),
        ("坏😀蛋​瓜", ["坏😀蛋​瓜"]),
        ("壞蛋瓜", ["壞蛋瓜"]),
        ("炒坏蛋瓜子", []),
        ("坏蛋瓜子和坏蛋瓜", ["坏蛋瓜"]),
        ("好蛋瓜", []),
        ("", []),
    ],
)
def test_a_term_is_found_through_noise_and_an_allow_phrase_covers_it(text: str, hits: list[str]) -> None:
    assert found(text) == hits


def test_a_phrase_over_one_comma_is_two_clauses() -> None:
    assert found("我过去，你妈也来") == []
    assert found("去，你，妈") == ["去，你，妈"]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("HDG 吧", ["HDG"]),
        ("你hdg吧", ["hdg"]),
        ("h.d.g", ["h.d.g"]),
        ("ahdgb", []),
        ("hdg250", []),
        ("ＨＤＧ", ["ＨＤＧ"]),
    ],
)
def test_latin_terms_count_only_as_whole_tokens(text: str, hits: list[str]) -> None:
    assert found(text) == hits


def test_an_empty_lexicon_finds_nothing() -> None:
    assert Lexicon.compile(()).hits(read("坏蛋瓜")) == ()


@given(st.text(max_size=80))
def test_spans_lie_in_the_text_whatever_it_is(text: str) -> None:
    for hit in LEXICON.hits(read(text)):
        start, end = hit.span
        assert 0 <= start < end <= len(text)


@given(st.text(max_size=20), st.text(max_size=20))
def test_an_allowed_phrase_is_never_hit_inside(before: str, after: str) -> None:
    text = f"{before}坏蛋瓜子{after}"
    inside = (len(before), len(before) + 3)
    assert inside not in [hit.span for hit in LEXICON.hits(read(text))]
