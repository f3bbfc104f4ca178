"""From a complaint to a case, and the member's last word on it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actions import AppendToCase, Author, CaseState, OpenCase, RateCase, ResolveCase, Say, SendClass, SetTimer
from domain.events import Quote
from domain.facts import RoomFacts
from domain.incoming import MessageKind
from domain.policy import EscalationPolicy, HoursPolicy, Policy
from handlers.escalation import Escalation
from tests.handlers.facts_builder import (
    AGENT,
    ANN,
    BEN,
    CHAT,
    DESK,
    MORNING,
    NIGHT,
    NOON,
    OTHER_ROOM,
    ROOM,
    Stage,
    a_book,
    a_case,
    a_world,
    fired,
    held,
    of_type,
    said,
    words,
)


def _stage(**escalation: object) -> Stage:
    book = a_book(Policy(escalation=EscalationPolicy(**escalation)))  # type: ignore[arg-type]
    return Stage(Escalation(book), book)


COMPLAINT = "我要投诉，三天了没人理"


# ---- opening ---------------------------------------------------------------------------------------------------------


def test_a_complaint_opens_a_case_acknowledges_it_and_tells_the_agents() -> None:
    stage = _stage()
    stage.play(said("我买的杯子碎了", at=MORNING - timedelta(minutes=2)))
    stage.play(said("", kind=MessageKind.IMAGE, at=MORNING - timedelta(minutes=1)))
    opinion = stage.play(said(COMPLAINT))
    (case,) = of_type(opinion, OpenCase)
    assert (case.number, case.member, case.room_id) == (1, ANN, ROOM)
    assert "投诉" in case.reason
    ack = next(say for say in of_type(opinion, Say) if say.room_id == ROOM)
    assert (ack.text, ack.mentions) == ("已记下，编号 1。同事看到就来，不用重复说。", (ANN,))
    assert ack.guard is not None
    notice = next(say for say in of_type(opinion, Say) if say.room_id == DESK)
    assert (notice.notice_of, notice.send_class, notice.expires_at) == (1, SendClass.STAFF, None)
    for part in ("【#1】", "演示群", "阿花", "09:58 我买的杯子碎了", "09:59 [图片]", f"10:00 {COMPLAINT}"):
        assert part in notice.text
    kept = [(m.author, m.text) for m in of_type(opinion, AppendToCase)]
    assert kept[:3] == [
        (Author.MEMBER, "我买的杯子碎了"),
        (Author.MEMBER, "[图片]"),
        (Author.MEMBER, COMPLAINT),
    ]
    assert kept[3][0] is Author.BOT
    assert opinion.final


@pytest.mark.parametrize(
    ("at", "phrase"), [(NOON, "今天 13:30"), (NIGHT, "明天 9:00"), (MORNING - timedelta(hours=2), "今天 9:00")]
)
def test_off_hours_the_acknowledgement_names_the_real_hour(at: object, phrase: str) -> None:
    opinion = _stage().play(said(COMPLAINT, at=at))  # type: ignore[arg-type]
    assert words(opinion, ROOM) == [f"已记下，编号 1。同事{phrase}上班后先看您的，不用重复说。"]


def test_where_nobody_is_ever_there_no_hour_is_promised() -> None:
    opinion = _stage(hours=HoursPolicy(open={})).play(said(COMPLAINT))
    assert words(opinion, ROOM) == ["已记下，编号 1。同事看到后会回复您，不用重复说。"]
    assert of_type(opinion, SetTimer) == []


def test_without_an_agents_room_the_case_is_opened_all_the_same() -> None:
    stage = _stage()
    stage.world = a_world(staff_rooms=())
    opinion = stage.play(said(COMPLAINT))
    assert of_type(opinion, OpenCase)
    assert [say.room_id for say in of_type(opinion, Say)] == [ROOM]


@pytest.mark.parametrize("text", ["人工", "转人工", "找客服", "我要人工客服！", "轉人工", "有人工吗？", "@小管家 人工"])
def test_calling_for_a_person_always_works(text: str) -> None:
    opinion = _stage(escalate_at=0.999).play(said(text))
    assert of_type(opinion, OpenCase)[0].reason == "要找真人"


def test_in_a_private_chat_the_answer_needs_no_at() -> None:
    opinion = _stage().play(said("人工", room=CHAT))
    assert next(say for say in of_type(opinion, Say) if say.room_id == CHAT).mentions == ()
    assert "私聊" in words(opinion, DESK)[0]


def test_a_notice_recalls_the_case_of_yesterday() -> None:
    stage = _stage().with_cases(a_case(11, state=CaseState.RESOLVED, resolved_at=MORNING - timedelta(hours=3)))
    opinion = stage.play(said(COMPLAINT))
    assert "此前 #11 已处理过" in words(opinion, DESK)[0]


def test_agents_and_the_agents_room_open_no_cases_but_get_their_finding() -> None:
    for event in (said(COMPLAINT, AGENT), said(COMPLAINT, BEN, DESK)):
        opinion = _stage().play(event)
        assert opinion.findings[0].level == "escalate"
        assert opinion.actions == ()


def test_switched_off_it_judges_and_does_nothing() -> None:
    opinion = _stage(enabled=False).play(said(COMPLAINT))
    assert opinion.findings[0].level == "escalate"
    assert opinion.actions == ()


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind is not MessageKind.TEXT])
def test_every_kind_of_message_gets_a_finding(kind: MessageKind) -> None:
    opinion = _stage().play(said(COMPLAINT, kind=kind))
    assert [(f.rule, f.level) for f in opinion.findings] == [("complaint", "none")]


def test_the_level_depends_on_the_message_alone() -> None:
    stage = _stage()
    first = stage.play(said(COMPLAINT)).findings[0]
    again = stage.play(said(COMPLAINT)).findings[0]
    other = stage.play(said(COMPLAINT, room=OTHER_ROOM, by=BEN)).findings[0]
    assert first == again == other


def test_words_of_a_quoted_message_are_not_the_members() -> None:
    quote = Quote("小明", "我要投诉，没人理", BEN.id)
    assert _stage().play(said("哈哈哈", quote=quote)).actions == ()


# ---- while it is open ------------------------------------------------------------------------------------------------


def test_one_member_has_one_open_case_in_a_room() -> None:
    stage = _stage()
    stage.play(said(COMPLAINT))
    again = stage.play(said("等了五天还没发货，没人处理", at=MORNING + timedelta(minutes=1)))
    assert of_type(again, OpenCase) == []
    assert of_type(again, AppendToCase)[0].number == 1
    assert words(again, ROOM) == []
    assert of_type(stage.play(said(COMPLAINT, BEN)), OpenCase)[0].number == 2
    assert of_type(stage.play(said(COMPLAINT, room=OTHER_ROOM)), OpenCase)[0].number == 3


def test_a_later_complaint_is_acknowledged_but_not_each_one() -> None:
    stage = _stage()
    stage.play(said(COMPLAINT))
    later = [stage.play(said("还没人处理，我要投诉", at=MORNING + timedelta(minutes=m))) for m in (20, 21, 31)]
    assert [words(opinion, ROOM) for opinion in later] == [
        ["也记到编号 1 里了，同事会一起看。"],
        [],
        ["也记到编号 1 里了，同事会一起看。"],
    ]


def test_what_follows_within_minutes_belongs_to_the_case() -> None:
    stage = _stage()
    stage.play(said(COMPLAINT))
    soon = stage.play(said("订单尾号 3391", at=MORNING + timedelta(minutes=2)))
    assert of_type(soon, AppendToCase)[0].text == "订单尾号 3391"
    assert words(soon, DESK) == ["【#1】阿花：订单尾号 3391"]
    assert not soon.final
    assert stage.play(said("今天吃什么", at=MORNING + timedelta(minutes=30))).actions == ()
    assert stage.play(said("帮我看下", mentions=(BEN,), at=MORNING + timedelta(minutes=2))).actions == ()


def test_calling_again_tells_how_it_stands_and_tells_the_agents() -> None:
    stage = _stage().with_cases(a_case())
    opinion = stage.play(said("人工", at=MORNING + timedelta(hours=1)))
    assert words(opinion, ROOM) == ["编号 12 在排队，同事看到就来，不用重复说。"]
    assert words(opinion, DESK) == ["【#12】阿花：人工"]


def test_while_an_agent_holds_it_nothing_is_said_unasked() -> None:
    stage = _stage().with_cases(held(a_case()))
    assert stage.play(said("再不处理我要投诉了")).actions == ()
    assert words(stage.play(said("人工"))) == ["编号 12 由李静在跟进，请稍等。"]


def test_a_case_that_waits_too_long_is_brought_to_mind() -> None:
    stage = _stage()
    (timer,) = of_type(stage.play(said(COMPLAINT)), SetTimer)
    assert (timer.name, timer.due_at) == ("case.late", MORNING + timedelta(minutes=30))
    late = stage.play(fired("case.late", "1", at=timer.due_at))
    assert words(late) == ["【#1】阿花 已等了 30 分钟，还没有同事接手。"]
    stage.world = replace(stage.world, cases={1: held(stage.world.cases[1])})
    assert stage.play(fired("case.late", "1", at=timer.due_at)).actions == ()


# ---- the end ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["不用了", "不用了，谢谢", "已经解决了", "没事了谢谢大家", "算了，不投诉了"])
def test_the_member_may_close_their_own_case(text: str) -> None:
    stage = _stage().with_cases(a_case())
    opinion = stage.play(said(text))
    (resolved,) = of_type(opinion, ResolveCase)
    assert (resolved.by, resolved.ask) == (f"member:{ANN.id}", False)
    assert words(opinion, ROOM) == ["好的，编号 12 就先不跟进了。有需要随时再说～"]
    assert words(opinion, DESK) == ["#12 阿花 说不用了，已结束。"]
    assert stage.play(said(text)).actions == ()


@pytest.mark.parametrize("text", ["解决了吗", "不用了解这个", "还没解决", "你们解决了什么"])
def test_words_that_only_sound_alike_close_nothing(text: str) -> None:
    assert of_type(_stage().with_cases(a_case()).play(said(text)), ResolveCase) == []


def test_nobody_closes_anothers_case() -> None:
    assert _stage().with_cases(a_case()).play(said("不用了", BEN)).actions == ()
    assert of_type(_stage().with_cases(a_case()).play(said("不用了", mentions=(BEN,))), ResolveCase) == []


def _resolved(**changes: object) -> Stage:
    case = a_case(state=CaseState.RESOLVED, resolved_at=MORNING, asked_at=MORNING)
    return _stage().with_cases(replace(case, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "score"), [("5", 5), ("4分", 4), ("一星", 1), ("满意度3", 3)])
def test_the_asked_member_rates_once(text: str, score: int) -> None:
    stage = _resolved()
    opinion = stage.play(said(text, at=MORNING + timedelta(hours=1)))
    assert of_type(opinion, RateCase)[0].score == score
    assert len(words(opinion, ROOM)) == 1
    assert words(opinion, DESK) == [f"#12 阿花 打了 {score} 分。"]
    assert stage.play(said("5", at=MORNING + timedelta(hours=2))).actions == ()


def test_a_number_from_others_or_too_late_or_unasked_is_no_rating() -> None:
    assert _resolved().play(said("5", BEN)).actions == ()
    assert _resolved().play(said("5", room=OTHER_ROOM)).actions == ()
    assert _resolved().play(said("5", at=MORNING + timedelta(hours=25))).actions == ()
    assert _resolved(asked_at=None).play(said("5")).actions == ()
    assert _resolved(score=3).play(said("5")).actions == ()
    assert _resolved().play(said("6")).actions == ()


def test_unreadable_service_hours_are_refused_when_the_book_is_built() -> None:
    with pytest.raises(ValueError, match="mon-fri"):
        Escalation(a_book(Policy(escalation=EscalationPolicy(hours=HoursPolicy(open={"workdays": ("9:00-12:00",)})))))


def test_rooms_may_have_hours_of_their_own() -> None:
    night_shift = Policy(escalation=EscalationPolicy(hours=HoursPolicy(open={"mon-sun": ("0:00-24:00",)})))
    book = a_book(rooms={"web:demo": night_shift})
    stage = Stage(Escalation(book), book)
    assert words(stage.play(said(COMPLAINT, at=NIGHT)), ROOM) == ["已记下，编号 1。同事看到就来，不用重复说。"]
    stage.world = replace(stage.world, rooms={**stage.world.rooms, ROOM: RoomFacts(ROOM, "web:x", "别群")})
    assert "明天 9:00" in words(stage.play(said(COMPLAINT, BEN, at=NIGHT)), ROOM)[0]
