"""Floods: many or equal messages of one member; what a whole crowd says is never one."""

from datetime import timedelta

import pytest

from domain.decision import Finding
from domain.events import MessagePosted
from domain.evolve import recent_of
from domain.facts import MemberFacts
from domain.incoming import MessageKind
from domain.policy import FloodPolicy
from handlers.moderation.flood import flood_findings
from handlers.text.facts import read
from tests.handlers.facts_builder import ANN, MORNING, ROOM, said

SECOND = timedelta(seconds=1)


def a_stream(texts: list[str], gap: timedelta = SECOND, kind: MessageKind = MessageKind.TEXT) -> list[Finding]:
    """The findings about the last of these messages of one member."""
    events = [said(text, at=MORNING + gap * number, kind=kind) for number, text in enumerate(texts)]
    *before, last = events
    recent = tuple(recent_of(event, read(event.text).norm) for event in before)
    return findings(last, MemberFacts(ROOM, ANN.id, recent=recent[-16:]))


def findings(event: MessagePosted, member: MemberFacts) -> list[Finding]:
    """The findings by the default policy."""
    return list(flood_findings(event, read(event.text), member, None, FloodPolicy()))


def test_the_eighth_message_within_ten_seconds_is_a_flood() -> None:
    assert a_stream([f"第{n}句话" for n in range(7)]) == []
    assert [f.rule for f in a_stream([f"第{n}句话" for n in range(8)])] == ["flood"]


def test_the_same_number_over_a_longer_time_is_none() -> None:
    assert a_stream([f"第{n}句话" for n in range(8)], gap=2 * SECOND) == []


def test_the_fourth_equal_message_within_a_minute_is_a_duplicate() -> None:
    assert a_stream(["有没有人知道怎么走"] * 3, gap=10 * SECOND) == []
    assert [f.rule for f in a_stream(["有没有人知道怎么走"] * 4, gap=10 * SECOND)] == ["duplicate"]


@pytest.mark.parametrize(
    "text",
    ["签到", "谢谢老板", "谢谢老板大气", "+1", "666", "恭喜恭喜", "哈哈哈哈哈哈", "[鼓掌]", "#接龙 1. 小明 2. 小红"],
)
def test_what_crowds_say_is_no_flood_and_no_duplicate(text: str) -> None:
    assert a_stream([text] * 12) == []


def test_stickers_are_no_flood() -> None:
    assert a_stream(["[表情]"] * 12, kind=MessageKind.STICKER) == []


def test_a_giant_message_is_a_flood_by_itself() -> None:
    assert [f.rule for f in findings(said("长" * 4000), MemberFacts(ROOM, ANN.id))] == ["flood"]


def test_after_a_strike_the_count_begins_anew() -> None:
    events = [said(f"第{n}句话", at=MORNING + SECOND * n) for n in range(9)]
    recent = tuple(recent_of(event, read(event.text).norm) for event in events[:-1])
    member = MemberFacts(ROOM, ANN.id, recent=recent)
    struck = events[-2].at
    assert flood_findings(events[-1], read(events[-1].text), member, struck, FloodPolicy()) == ()


def test_the_same_words_with_a_little_changed_are_the_same_words() -> None:
    texts = [f"今天的团购西瓜还有没有人要一起拼单{end}" for end in ("啊", "呀", "呢", "吗")]
    assert [finding.rule for finding in a_stream(texts, gap=10 * SECOND)] == ["duplicate"]


def test_different_sentences_with_words_in_common_are_different() -> None:
    texts = ["今天的团购西瓜还有没有", "今天的团购鸡蛋几点到货", "明天的团购西瓜几点截止", "昨天的西瓜很甜还会再团吗"]
    assert a_stream(texts, gap=10 * SECOND) == []
