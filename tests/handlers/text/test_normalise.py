"""The normaliser: what it makes equal, what it keeps apart, and that it always knows the way back."""

import json
import unicodedata
from importlib.resources import files

import pytest
from hypothesis import given

from bench.make_tables import build
from handlers.text.normalise import JUDGED_CHARS, compact, forms, normalise, offsets, trace
from tests.handlers.text.texts import any_text

_TABLE = json.loads((files("handlers.text") / "data" / "fold.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Ｈｅｌｌｏ　ＷＯＲＬＤ", "hello world"),
        ("後來我們乾杯", "后来我们干杯"),
        ("裡面隻有一臺", "里面只有一台"),
        ("看著你", "看着你"),
        ("①③⑧⑩", "13810"),
        ("❶❷⓿", "120"),
        ("⑴⒉㈢", "12三"),
        ("1️⃣", "1"),
        ("٣५", "35"),
        ("𝓢𝔟 ⓢⒷ 🆂🅱 ＳＢ 🇸🇧 ꜱʙ", "sb sb sb sb sb sb"),
        ("加ν信 ѕb", "加v信 sb"),
        ("nǐ hǎo lǜ", "ni hao lv"),
        ("傻\u200b\u2060\ufeff子", "傻子"),
        ("傻\u0489\u0336子", "傻子"),
        ("\u202e反\u202c过来\u200f", "反过来"),
        ("😀\ufe0f👍🏽", "😀👍"),
        ("￥100，真的！？", "¥100,真的!?"),
        ("一\n二\t三   四", "一 二 三 四"),
        ("  签到  ", "签到"),
        ("哈哈哈哈哈", "哈哈"),
        ("在吗？？？？", "在吗??"),
        ("好\ud800的", "好的"),
        ("二〇二四", "二零二四"),
        ("½杯", "1/2杯"),
    ],
)
def test_different_writings_of_one_thing_become_equal(written: str, meant: str) -> None:
    assert normalise(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "生日快乐",
        "妈妈",
        "他妈妈来接他",
        "路口交通",
        "10000元",
        "13800001111",
        "www.example.com",
        "皇后在里面",
        "c++",
        "a",
        "",
    ],
)
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert normalise(text) == text


def test_a_mother_is_not_a_syllable() -> None:
    assert normalise("妈妈") != normalise("妈")
    assert normalise("妈妈妈妈") == "妈妈"


def test_a_span_over_a_shortened_run_covers_the_whole_run() -> None:
    found = trace("啊傻傻傻傻啊")
    assert found.text == "啊傻傻啊"
    assert found.offsets == (0, 1, 4, 5)


def test_one_sign_for_several_letters_is_the_source_of_each() -> None:
    assert trace("第⑩号").offsets == (0, 1, 1, 2)


def test_the_compact_form_drops_what_is_put_between_characters() -> None:
    found = compact(trace("傻😀-- * 子!"))
    assert (found.text, found.offsets) == ("傻子", (0, 7))


def test_the_compact_form_shortens_runs_that_noise_had_split() -> None:
    assert compact(trace("哈.哈.哈.哈")).text == "哈哈"


def test_only_the_beginning_of_an_endless_text_is_judged() -> None:
    found = trace("一二" * 50_000)
    assert len(found.text) == JUDGED_CHARS
    assert trace("😀" * 10_000).text == "😀😀"


def test_no_character_of_unicode_grows_more_than_fourfold() -> None:
    for start in range(0, 0x110000, JUDGED_CHARS):
        text = "".join(map(chr, range(start, start + JUDGED_CHARS)))
        assert len(trace(text).text) <= 4 * len(text)


@given(any_text)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(any_text)
def test_the_quick_way_to_both_forms_is_the_traced_one(text: str) -> None:
    assert forms(text) == (trace(text).text, compact(trace(text)).text)
    assert tuple(map(len, forms(text))) == tuple(map(len, offsets(text)))


@given(any_text)
def test_offsets_rise_and_stay_inside(text: str) -> None:
    for found in (trace(text), compact(trace(text))):
        assert len(found.offsets) == len(found.text)
        assert list(found.offsets) == sorted(found.offsets)
        assert all(0 <= at < len(text) for at in found.offsets)


@given(any_text)
def test_each_kept_character_comes_from_where_its_offset_points(text: str) -> None:
    found = trace(text)
    for char, at in zip(found.text, found.offsets, strict=True):
        assert char == " " or char in normalise(text[at]) or not normalise(text[at])


@given(any_text)
def test_the_result_can_be_stored_and_holds_nothing_invisible(text: str) -> None:
    found = normalise(text)
    json.dumps(found, ensure_ascii=False).encode()
    assert not any(unicodedata.category(char) in ("Cc", "Cs") or char in "\u200b\u200d\u202e\ufe0f" for char in found)


@pytest.mark.slow
@pytest.mark.skipif(_TABLE["unicode"] != unicodedata.unidata_version, reason="made with another version of Unicode")
def test_the_packaged_table_is_what_the_script_makes() -> None:
    assert build() == _TABLE
