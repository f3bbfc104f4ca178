"""Masks do not hide a strong term, and ordinary talk that looks or sounds like one is left alone."""

import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.evasions import KINDS, variants
from domain.book import WordList
from handlers.moderation.evasions import strong_terms
from handlers.moderation.lexicon import Hit, Lexicon
from handlers.text.facts import read
from tests.handlers.moderation.test_abuse import shipped
from tests.handlers.text.texts import any_text

STRONG = WordList("辱骂", "warn", ("坏蛋瓜", "滚回老家", "煞星货", "你妈死了"), ("坏蛋瓜子", "滚回老家属院"))
MILD = WordList("蔑称", "review", ("呆头鹅",))
EXACT = WordList("原样", "warn", ("绿毛龟",), as_written=True)
LEXICON = Lexicon.compile((STRONG, MILD, EXACT))


def seen(text: str, lexicon: Lexicon = LEXICON) -> list[tuple[str, str, str]]:
    """View, term and the characters of the original, of every hit."""
    return [(hit.view, hit.term, text[slice(*hit.span)]) for hit in lexicon.hits(read(text))]


@pytest.mark.parametrize(
    ("text", "view", "term", "surface"),
    [
        ("你个土不疋虫瓜", "split", "坏蛋瓜", "土不疋虫瓜"),
        ("滚回老 宀豕！", "split", "滚回老家", "滚回老 宀豕"),
        ("亻尔女马歹匕了", "split", "你妈死了", "亻尔女马歹匕了"),
        ("坏蛋蛋蛋蛋瓜", "repeat", "坏蛋瓜", "坏蛋蛋蛋蛋瓜"),
        ("坏坏蛋蛋瓜瓜呀", "repeat", "坏蛋瓜", "坏坏蛋蛋瓜瓜"),
        ("怀旦刮一个", "homophone", "坏蛋瓜", "怀旦刮"),
        ("棍回老佳", "homophone", "滚回老家", "棍回老佳"),
        ("尼麻司了", "homophone", "你妈死了", "尼麻司了"),
        ("huaidangua", "pinyin", "坏蛋瓜", "huaidangua"),
        ("huai dan gua!", "pinyin", "坏蛋瓜", "huai dan gua"),
        ("nǐ mā sǐ le", "pinyin", "你妈死了", "nǐ mā sǐ le"),
        ("nishigehuaidanguaba", "pinyin", "坏蛋瓜", "huaidangua"),
        ("坏dan瓜", "pinyin", "坏蛋瓜", "坏dan瓜"),
        ("Ｈｕａｉ蛋瓜", "pinyin", "坏蛋瓜", "Ｈｕａｉ蛋瓜"),
        ("h u a i dan gua", "pinyin", "坏蛋瓜", "h u a i dan gua"),
    ],
)
def test_a_strong_term_is_found_behind_a_mask(text: str, view: str, term: str, surface: str) -> None:
    assert (view, term, surface) in seen(text)


@pytest.mark.parametrize(
    "text",
    [
        "怀旦刮子",  # the allow-phrase by its sound
        "huai旦刮zi和坏蛋瓜子",
        "坏旦。呱呱叫",
        "huaidanguan",
        "thuaidangua",
        "rehuaidanguax",
        "huai 1 dan gua",
        "滚回老 家属院",
        "呆tou鹅",
        "dai tou e",
        "lv mao gui",
        "绿毛贵",
        "",
    ],
)
def test_what_only_resembles_a_term_is_no_hit(text: str) -> None:
    assert seen(text) == []


def test_a_plain_hit_is_told_once_and_not_again_by_its_sound() -> None:
    assert seen("坏蛋瓜") == [("plain", "坏蛋瓜", "坏蛋瓜")]


def test_a_list_that_is_mild_or_wants_it_so_is_found_as_written_only() -> None:
    assert seen("绿毛龟和呆头鹅") == [("plain", "绿毛龟", "绿毛龟"), ("plain", "呆头鹅", "呆头鹅")]
    assert [term.text for terms in strong_terms((STRONG, MILD, EXACT)).values() for term in terms] == list(STRONG.terms)


@cache
def strong() -> list[str]:
    """The strong terms that are shipped and consist of Chinese characters."""
    return [form for form in strong_terms(shipped_lists()) if all("\u4e00" <= char <= "\u9fff" for char in form)]


def shipped_lists() -> tuple[WordList, ...]:
    """The lists behind the shipped lexicon."""
    held = shipped().plain.meanings.terms.values()
    return tuple({id(term.words): term.words for terms in held for term in terms}.values())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nineteen_of_twenty_masked_terms_are_found(kind: str) -> None:
    rng = random.Random(20)
    chosen = rng.sample(strong(), 150)
    written = [variant for term in chosen for variant in variants(term, kind, rng, 2)]
    missed = [text for text in written if not any(grave(hit) for hit in shipped().hits(read(f"你这{text}吧")))]
    assert len(missed) <= len(written) / 20, missed


def grave(hit: Hit) -> bool:
    """Whether a hit is one of the lists that bring consequences."""
    return (hit.words.rule == "abuse" and "warn" in (hit.words.severity, hit.words.to_somebody)) or (
        hit.words.severity == "remove"
    )


@given(any_text)
def test_spans_lie_in_the_text_and_are_never_empty(text: str) -> None:
    for mixed in (text, f"{text}怀旦刮{text}", f"huai{text}dan gua", f"土不{text}疋虫瓜", f"坏坏坏{text}蛋蛋瓜"):
        for hit in LEXICON.hits(read(mixed)):
            assert 0 <= hit.span[0] < hit.span[1] <= len(mixed)
            assert 0 <= hit.start < hit.end


@given(any_text, any_text, st.sampled_from(STRONG.allow))
def test_within_an_allow_phrase_nothing_is_hit_whatever_stands_around_it(before: str, after: str, phrase: str) -> None:
    text = f"{before}，{phrase}，{after}"
    inside = range(len(before) + 1, len(before) + 1 + len(phrase))
    for hit in LEXICON.hits(read(text)):
        assert not (hit.view == "plain" and hit.span[0] in inside and hit.span[1] - 1 in inside)


@given(any_text)
def test_masking_the_spans_leaves_no_plain_hit_there(text: str) -> None:
    mixed = f"{text}坏蛋瓜，{text}"
    masked = list(mixed)
    for hit in LEXICON.hits(read(mixed)):
        masked[slice(*hit.span)] = "　" * (hit.span[1] - hit.span[0])
    assert not any(hit.view == "plain" for hit in LEXICON.hits(read("".join(masked))))


@settings(deadline=None)
@given(st.sampled_from(["坏蛋瓜", "怀旦刮", "huaidangua", "疋虫", "女马", "坏坏", "a", "nima", "😀", "v1", "哈"]))
def test_a_giant_text_has_no_more_hits_than_characters_that_are_judged(unit: str) -> None:
    hits = LEXICON.hits(read(unit * (100_000 // len(unit))))
    assert len(hits) <= 8192
