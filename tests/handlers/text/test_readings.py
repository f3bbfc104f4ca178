"""How characters sound, what they consist of, and which stand beside each other."""

import json
from importlib.resources import files

import pytest
from hypothesis import given

from bench.make_readings import ideographs
from bench.make_readings import readings as made_readings
from handlers.text.normalise import normalise
from handlers.text.pairs import everyday, unseen
from handlers.text.pinyin import spelled
from handlers.text.readings import alike, all_sounds, readings, sounds, syllable, syllables
from handlers.text.splits import splits_of
from tests.handlers.text.texts import any_text


def test_a_character_has_a_usual_reading_and_perhaps_others() -> None:
    assert (syllable("妈"), syllable("女"), syllable("a")) == ("ma", "nv", "")
    assert readings("长") == ("zhang", "chang")
    assert {"玛", "马", "吗"} < set(alike("妈"))


def test_what_sounds_alike_is_written_alike() -> None:
    assert sounds("草泥马") == sounds("曹尼玛") != sounds("草泥狗")
    assert sounds("傻b") == sounds("沙比")
    assert sounds("你 3 x")[1:] == " 3 x"


def test_a_term_is_written_in_every_way_it_may_be_read_up_to_a_bound() -> None:
    assert len(all_sounds("长大")) == 2
    assert all_sounds("长长长长长") == {sounds("长长长长长")}


def test_characters_are_taken_apart_into_characters_that_can_be_written() -> None:
    assert "弓虽" in splits_of("强")
    assert splits_of("a") == []
    assert all(normalise(form) == form and char not in form for char in "强你妈死傻" for form in splits_of(char))


def test_ordinary_pairs_are_known_and_odd_ones_are_not() -> None:
    assert unseen("今天天气真好") == 0
    assert unseen("尼麻司") == 2
    assert "出生" in everyday(sounds("畜生"))
    assert everyday(sounds("生")) == everyday(sounds("生日快乐")) == everyday("ab") == frozenset()


def test_a_text_is_spelled_with_the_way_back() -> None:
    line = spelled("你hao 1吧")
    assert line.letters == "nihao|ba"
    assert line.latin == (False, False, True, True, True, False, False, False)
    assert line.starts == (0, 0, 1, 2, 3, 5, 6, 6)


@pytest.mark.parametrize(
    ("norm", "bounds"),
    [("nihao", {0, 2, 4, 5}), ("xian", {0, 2, 4}), ("hello", {0, 5}), ("你a好", {0, 2, 3, 6}), ("", set())],
)
def test_syllables_have_bounds(norm: str, bounds: set[int]) -> None:
    assert spelled(norm).bounds() == bounds


@given(any_text)
def test_any_text_can_be_spelled(text: str) -> None:
    norm = normalise(text)
    line = spelled(norm)
    assert len(line.letters) == len(line.starts) == len(line.ends) == len(line.latin)
    assert list(line.starts) == sorted(line.starts)
    assert line.bounds() <= set(range(len(line.letters) + 1))
    assert len(sounds(norm)) == len(norm)


def test_interjections_are_no_syllables() -> None:
    assert {"ng", "hm", "m", "n"}.isdisjoint(syllables())


@pytest.mark.parametrize(
    ("name", "limit"), [("pinyin.json", 80_000), ("splits.json", 160_000), ("pairs.json.gz", 200_000)]
)
def test_packaged_tables_stay_small(name: str, limit: int) -> None:
    assert len((files("handlers.text") / "data" / name).read_bytes()) <= limit


@pytest.mark.slow
def test_the_packaged_readings_are_what_the_script_makes() -> None:
    packaged = json.loads((files("handlers.text") / "data" / "pinyin.json").read_text(encoding="utf-8"))
    assert made_readings(ideographs()) == packaged
