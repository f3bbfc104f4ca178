"""The outbox: strict lanes, urgent first, and every check made when the call begins."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Connection, select

from domain import actions as act
from domain.actions import Say, SendClass
from domain.decision import Decision, Judged
from domain.errors import LeaseLost
from domain.events import Event, MessagePosted
from domain.facts import SendState
from domain.ids import NO_MEMBER, UserId
from domain.outward import Guard, Merge, Mute, Recall
from storage import leases, outbox
from storage.outbox import Call, Outcome, Settlement, Skipped
from storage.tables.path import OUTBOX
from tests.storage.house import INNOCENT, OTHER_ROOM, ROOM, START, TTL, House, message


async def states(house: House) -> list[tuple[str, str]]:
    def read(conn: Connection) -> list[tuple[str, str]]:
        return [(row.text, row.state) for row in conn.execute(select(OUTBOX).order_by(OUTBOX.c.id))]

    return await house.db.read(read)


def texts(begun: list[Call | Skipped]) -> list[str]:
    return [one.text for one in begun if isinstance(one, Call)]


async def test_a_lane_sends_one_after_the_other_in_order(house: House) -> None:
    await house.say("1", "2", "3")
    await house.say("别的群", room=OTHER_ROOM)
    begun = await house.advance()
    assert texts(begun) == ["1", "别的群"]
    assert await house.advance() == []
    assert texts(await house.advance(Settlement(begun[0].id, Outcome.SENT))) == ["2"]
    assert texts(await house.advance(Settlement(begun[1].id, Outcome.REFUSED))) == []


async def test_urgent_classes_go_first_and_do_not_wait_for_others(house: House) -> None:
    for send_class in (SendClass.GREETING, SendClass.ANSWER, SendClass.STAFF, SendClass.MODERATION):
        await house.say(send_class.name, change=lambda say, c=send_class: replace(say, send_class=c))  # type: ignore[misc]
    assert texts(await house.advance(limit=3)) == ["STAFF", "MODERATION", "ANSWER"]
    assert texts(await house.advance()) == ["GREETING"]


async def test_the_actions_of_one_decision_share_its_highest_class(house: House) -> None:
    (event,) = await house.hear(message("笨"))
    assert isinstance(event, MessagePosted)
    recall = Recall(room_id=event.room_id, external_id="m1", member=event.sender, send_class=SendClass.MODERATION)
    warn = Say(room_id=event.room_id, text="有话好好说", send_class=SendClass.GREETING)
    await house.decide(event, recall, warn)
    (first,) = await house.advance()
    assert isinstance(first, Call) and (first.kind, first.reference, first.member) == ("recall", "m1", "wx-小李")
    assert texts(await house.advance(Settlement(first.id, Outcome.SENT))) == ["有话好好说"]


async def test_an_order_names_people_in_the_platforms_ids(house: House) -> None:
    (event,) = await house.hear(message("a"))
    assert isinstance(event, MessagePosted)
    until = START + timedelta(minutes=10)
    say = Say(room_id=event.room_id, text="你好", mentions=(event.sender,), send_class=SendClass.MODERATION)
    await house.decide(event, say, Mute(room_id=event.room_id, member=event.sender, until=until))
    (call,) = await house.advance()
    assert isinstance(call, Call)
    assert (call.room, call.text, call.mentions, call.private) == ("room-1", "你好", (("wx-小李", "小李"),), False)
    (mute,) = await house.advance(Settlement(call.id, Outcome.SENT))
    assert isinstance(mute, Call) and (mute.kind, mute.member, mute.until) == ("mute", "wx-小李", until)


async def test_what_is_too_late_is_recorded_and_not_sent(house: House) -> None:
    late = START + timedelta(seconds=60)
    await house.say("旧", "新", change=lambda say: replace(say, expires_at=late) if say.text == "旧" else say)
    house.after(120)
    (skipped,) = await house.advance()
    assert isinstance(skipped, Skipped) and skipped.state is SendState.EXPIRED
    assert texts(await house.advance()) == ["新"]
    assert await states(house) == [("旧", "expired"), ("新", "calling")]


async def test_a_guard_holds_until_the_case_changes_hands(house: House) -> None:
    (event,) = await house.hear(message("投诉"))
    assert isinstance(event, MessagePosted)
    opened = act.OpenCase(
        number=1, room_id=event.room_id, member=event.sender, reason="", rule="r", at=START, event_id=event.id
    )
    guarded = [Say(room_id=event.room_id, text=text, guard=Guard(1, 0)) for text in ("一", "二")]
    await house.decide(event, opened, *guarded)
    (first,) = await house.advance()
    assert isinstance(first, Call) and first.text == "一"
    (take,) = await house.hear(message("#1 接手", sender="小陈", at=house.after(1)))
    await house.decide(take, act.TakeCase(number=1, epoch=1, user_id=UserId(7), user_name="小陈", at=START))
    (skipped,) = await house.advance(Settlement(first.id, Outcome.SENT))
    assert isinstance(skipped, Skipped) and skipped.state is SendState.CANCELLED


async def test_a_takeover_drops_unasked_words_to_that_member_only(house: House) -> None:
    (event,) = await house.hear(message("投诉"))
    assert isinstance(event, MessagePosted)
    opened = act.OpenCase(
        number=1, room_id=event.room_id, member=event.sender, reason="", rule="r", at=START, event_id=event.id
    )
    await house.decide(event, opened, Say(room_id=event.room_id, text="答小李", unasked=True))
    (other,) = await house.hear(message("问", sender="小王", at=house.after(1)))
    await house.decide(other, Say(room_id=other.room_id, text="答小王", unasked=True))
    (take,) = await house.hear(message("#1 接手", sender="小陈", at=house.after(1)))
    await house.decide(take, act.TakeCase(number=1, epoch=1, user_id=UserId(7), user_name="小陈", at=START))
    assert await house.send_all() == ["答小王"]


async def test_a_recall_or_departure_cancels_what_was_to_be_answered(house: House) -> None:
    for text, external_id in (("问一", "m1"), ("问二", "m2"), ("警告", "m3")):
        (event,) = await house.hear(message(text, external_id=external_id, at=house.after(1)))
        send_class = SendClass.MODERATION if text == "警告" else SendClass.ANSWER
        say = Say(room_id=event.room_id, text=f"答{text}", unasked=text == "问二", send_class=send_class)
        await house.decide(event, say)
    (recall,) = await house.hear(message("撤回", at=house.after(1)))
    assert isinstance(recall, MessagePosted)
    cancel = act.CancelSends(room_id=recall.room_id, member_id=recall.sender.id, external_id="m1")
    await house.decide(recall, cancel, Say(room_id=recall.room_id, text="之后", unasked=True))
    assert [state for _, state in await states(house)] == ["cancelled", "waiting", "waiting", "waiting"]
    (gone,) = await house.hear(message("离开", at=house.after(1)))
    left = act.CancelSends(room_id=recall.room_id, member_id=recall.sender.id, cause=act.Cause.LEFT)
    await house.decide(gone, left)
    assert await house.send_all() == ["答警告"]


async def test_an_answer_on_hold_is_passed_by_others_and_goes_when_its_time_has_come(house: House) -> None:
    later = house.now + timedelta(seconds=5)
    await house.say("等等", "先走", change=lambda say: replace(say, not_before=later) if say.text == "等等" else say)
    assert await house.send_all() == ["先走"]
    assert await house.db.read(outbox.next_due, house.account, house.now) == later
    house.after(5)
    assert await house.send_all() == ["等等"]


async def test_a_warning_that_waits_for_others_is_passed_by_what_is_urgent(house: House) -> None:
    later = house.now + timedelta(seconds=10)

    def warning(say: Say) -> Say:
        waits = later if say.text == "等等" else None
        return replace(say, send_class=SendClass.MODERATION, not_before=waits)

    await house.say("等等", "先走", change=warning)
    assert texts(await house.advance()) == ["先走"]


async def test_people_who_answer_first_cancel_what_is_on_hold_and_nothing_else(house: House) -> None:
    later = START + timedelta(seconds=30)

    def held(say: Say) -> Say:
        return replace(say, unasked=True, not_before=later if say.text == "等等" else None)

    await house.say("等等", "不等", change=held)
    (agent,) = await house.hear(message("我来说", sender="小陈", at=house.after(1)))
    everybody = act.CancelSends(room_id=agent.room_id, member_id=NO_MEMBER, cause=act.Cause.ANSWERED)
    await house.decide(agent, everybody)
    assert await states(house) == [("等等", "cancelled"), ("不等", "waiting")]


def asking(event: Event, once: bool = True, wait: float = 5) -> Say:
    """An unasked answer that others may join."""
    assert isinstance(event, MessagePosted)
    who = event.sender
    share = Merge("faq:x", "三天到", who.name, member=who.id, external_id=event.external_id, addressed=True, once=once)
    later = event.at + timedelta(seconds=wait)
    return Say(room_id=event.room_id, text="三天到", mentions=(who,), merge=share, unasked=True, not_before=later)


async def ask(house: House, *names: str, wait: float = 5) -> list[MessagePosted]:
    """The same question by several people, a second apart."""
    asked: list[MessagePosted] = []
    for name in names:
        (event,) = await house.hear(message("几天到", sender=name, at=house.after(1)))
        assert isinstance(event, MessagePosted)
        await house.decide(event, asking(event, wait=wait))
        asked.append(event)
    return asked


async def test_one_answer_names_three_who_asked_and_counts_the_others(house: House) -> None:
    await ask(house, "甲", "乙", "丙", "丁")
    house.after(5)
    (call,) = await house.advance()
    assert isinstance(call, Call)
    assert ([name for _, name in call.mentions], call.text) == (["甲", "乙", "丙"], "等4位：三天到")
    await house.advance(Settlement(call.id, Outcome.SENT))
    await ask(house, "戊")
    house.after(60)
    assert await house.advance() == []


async def test_one_who_takes_the_question_back_leaves_the_answer_to_the_others(house: House) -> None:
    asked = await ask(house, "甲", "乙")
    (recall,) = await house.hear(message("撤回", sender="甲", at=house.after(0)))
    first = asked[0]
    gone = act.CancelSends(room_id=first.room_id, member_id=first.sender.id, external_id=first.external_id)
    await house.decide(recall, gone)
    house.after(5)
    (call,) = await house.advance()
    assert isinstance(call, Call) and ([name for _, name in call.mentions], call.text) == (["乙"], "三天到")


async def test_what_the_only_asker_took_back_is_answered_to_the_next_one(house: House) -> None:
    (first,) = await ask(house, "甲")
    (recall,) = await house.hear(message("撤回", sender="甲", at=house.after(0)))
    gone = act.CancelSends(room_id=first.room_id, member_id=first.sender.id, external_id=first.external_id)
    await house.decide(recall, gone)
    await ask(house, "乙")
    house.after(5)
    (call,) = await house.advance()
    assert isinstance(call, Call) and [name for _, name in call.mentions] == ["乙"]


async def test_what_people_answered_one_asker_is_answered_to_all(house: House) -> None:
    asked = await ask(house, "甲", "乙")
    (agent,) = await house.hear(message("三天", sender="小陈", at=house.after(0)))
    answered = act.CancelSends(room_id=agent.room_id, member_id=asked[1].sender.id, cause=act.Cause.ANSWERED)
    await house.decide(agent, answered)
    await ask(house, "丙")
    house.after(60)
    assert await house.advance() == []


async def test_one_who_asks_the_bot_itself_makes_the_joint_answer_go_at_once(house: House) -> None:
    await ask(house, "甲")
    await ask(house, "乙", wait=0)
    (call,) = await house.advance()
    assert isinstance(call, Call) and [name for _, name in call.mentions] == ["甲", "乙"]


async def test_in_a_crowd_acknowledgements_are_ten_seconds_apart(house: House) -> None:
    sent: list[tuple[float, str]] = []
    for number in range(200):
        (event,) = await house.hear(message("签到", sender=f"成员{number}", at=house.after(0.3)))
        assert isinstance(event, MessagePosted)
        share = Merge("checkin", "{names} 签到成功！{details}", event.sender.name, member=event.sender.id)
        say = Say(room_id=event.room_id, text="好", merge=share, send_class=SendClass.EVENT)
        await house.decide(event, say)
        for call in await house.advance():
            assert isinstance(call, Call)
            sent.append(((house.now - START).total_seconds(), call.text))
            await house.advance(Settlement(call.id, Outcome.SENT))
    assert 6 <= len(sent) <= 7
    assert all(later - earlier >= 10 for (earlier, _), (later, _) in pairwise(sent))
    assert "等34人" in sent[1][1] or "等33人" in sent[1][1]


async def test_a_retry_holds_its_own_lane_only(house: House) -> None:
    await house.say("一", "二")
    await house.say("警告", change=lambda say: replace(say, send_class=SendClass.MODERATION))
    begun = {one.text: one.id for one in await house.advance() if isinstance(one, Call)}
    again_at = house.now + timedelta(seconds=30)
    assert await house.advance(Settlement(begun["一"], Outcome.RETRY, reason="busy", not_before=again_at)) == []
    assert await house.advance(Settlement(begun["警告"], Outcome.SENT)) == []
    assert await house.db.read(outbox.next_due, house.account, house.now) == again_at
    house.after(30)
    (call,) = await house.advance()
    assert isinstance(call, Call) and (call.text, call.attempts) == ("一", 2)


async def test_a_doubtful_row_holds_its_lane_for_ten_seconds(house: House) -> None:
    await house.say("一", "二")
    (call,) = await house.advance()
    assert await house.advance(Settlement(call.id, Outcome.DOUBTFUL, reason="timeout")) == []
    due = await house.db.read(outbox.next_due, house.account, house.now)
    assert due == house.now + timedelta(seconds=10)
    house.after(10)
    assert texts(await house.advance()) == ["二"]
    (doubtful,) = await house.db.read(outbox.list_doubtful)
    assert (doubtful.id, doubtful.text, doubtful.reason) == (call.id, "一", "timeout")


async def test_repeatable_actions_of_unknown_outcome_are_tried_again(house: House) -> None:
    (event,) = await house.hear(message("a"))
    assert isinstance(event, MessagePosted)
    await house.decide(event, Mute(room_id=event.room_id, member=event.sender, until=START))
    for _ in range(outbox.MOST_REPEATS):
        (call,) = await house.advance()
        assert await house.advance(Settlement(call.id, Outcome.DOUBTFUL)) == []
        house.after(outbox.REPEAT_AFTER.total_seconds())
    assert len(await house.db.read(outbox.list_doubtful, house.account)) == 1


async def test_an_echo_settles_for_good(house: House) -> None:
    await house.say("你好")
    (call,) = await house.advance()
    (echo,) = await house.hear(message("回声", at=house.after(1)))
    await house.decide(echo, act.SettleSend(outbox_id=call.id, external_id="", at=house.now))
    await house.advance(Settlement(call.id, Outcome.DOUBTFUL))
    assert (await states(house))[0] == ("你好", "sent")
    await house.advance(Settlement(call.id, Outcome.SENT, "x1"))
    assert await _external_ids(house) == ["x1"]


async def _external_ids(house: House) -> list[str | None]:
    def read(conn: Connection) -> list[str | None]:
        return list(conn.execute(select(OUTBOX.c.external_id).order_by(OUTBOX.c.id)).scalars())

    return await house.db.read(read)


async def _doubtful(house: House) -> int:
    await house.say("你好", change=lambda say: replace(say, expires_at=START + timedelta(minutes=3)))
    (call,) = await house.advance()
    await house.advance(Settlement(call.id, Outcome.DOUBTFUL))
    house.after(600)
    return call.id


@pytest.mark.parametrize("resend", [True, False])
async def test_staff_answer_a_doubtful_send_once(house: House, resend: bool) -> None:
    number = await _doubtful(house)
    for _ in range(2):
        (event,) = await house.hear(message(f"#重发 {number}", at=house.after(1)))
        await house.decide(event, act.AnswerDoubtful(outbox_id=number, resend=resend, at=house.now))
    assert await house.send_all() == (["你好"] if resend else [])
    assert [state for _, state in await states(house)] == (["cancelled", "sent"] if resend else ["sent"])


async def test_calls_left_by_an_earlier_holder_are_doubtful_and_repeatable_ones_wait_again(house: House) -> None:
    (event,) = await house.hear(message("a"))
    assert isinstance(event, MessagePosted)
    mute = Mute(room_id=event.room_id, member=event.sender, until=START, send_class=SendClass.STAFF)
    await house.decide(event, mute)
    await house.say("你好")
    assert len(await house.advance()) == 2
    taken = await house.db.write(leases.acquire, house.account, "two", START + TTL * 2, TTL)
    assert taken is not None
    with pytest.raises(LeaseLost):
        await house.advance()
    stale, house.lease = house.lease, taken
    assert await house.db.write(outbox.abandon_calls, taken, house.now) == 1
    assert await house.db.write(outbox.abandon_calls, taken, house.now) == 0
    assert [state for _, state in await states(house)] == ["waiting", "doubtful"]
    with pytest.raises(LeaseLost):
        await house.db.write(outbox.begin, stale, [1, 2], house.now)
    (call,) = await house.advance()
    assert isinstance(call, Call) and call.kind == "mute"


async def test_a_late_certain_answer_of_the_earlier_holder_ends_the_doubt(house: House) -> None:
    await house.say("你好")
    (call,) = await house.advance()
    taken = await house.db.write(leases.acquire, house.account, "two", START + TTL * 2, TTL)
    assert taken is not None
    await house.db.write(outbox.abandon_calls, taken, house.now)
    await house.db.write(outbox.settle, [Settlement(call.id, Outcome.RETRY)], house.now)
    assert (await states(house))[0][1] == "doubtful"
    await house.db.write(outbox.settle, [Settlement(call.id, Outcome.SENT, "x1")], house.now)
    assert (await states(house))[0][1] == "sent"


def checkin(say: Say, name: str, detail: str = "") -> Say:
    return replace(say, merge=Merge("checkin", "{names} 签到成功！{details}", name, detail))


async def test_acknowledgements_within_the_window_become_one_message(house: House) -> None:
    names = iter(("甲", "乙", "丙"))
    await house.say("1", "2", "3", change=lambda say: checkin(say, next(names), "3天"))
    assert await house.advance() == []
    house.after(1)
    assert texts(await house.advance()) == ["甲、乙、丙 签到成功！3天；3天；3天"]


async def test_one_batch_merges_too_and_a_single_one_keeps_its_own_words(house: House) -> None:
    heard = await house.hear(*(message("签到", sender=f"人{n}") for n in range(8)), message("签到", room=OTHER_ROOM))
    before = await house.world(heard)
    judged = []
    for event in heard:
        assert isinstance(event, MessagePosted)
        say = checkin(Say(room_id=event.room_id, text="单独", mentions=(event.sender,)), event.sender.name)
        judged.append(Judged(event, Decision(event.id, INNOCENT, (say,))))
    committed = await house.commit(judged, before)
    assert committed.outgoing == 2
    house.after(1)
    assert texts(await house.advance()) == ["人0、人1、人2、人3、人4等8人 签到成功！", "单独"]


async def test_what_has_begun_or_is_too_old_is_joined_by_nobody(house: House) -> None:
    names = iter("甲乙丙丁")
    await house.say("1", change=lambda say: checkin(say, next(names)))
    house.after(1)
    assert texts(await house.advance()) == ["1"]
    await house.say("2", change=lambda say: checkin(say, next(names)))
    house.after(11)
    await house.say("3", "4", change=lambda say: checkin(say, next(names)))
    assert [text for text, _ in await states(house)] == ["1", "2", "丙、丁 签到成功！"]


async def test_a_private_room_is_told_so(house: House) -> None:
    await house.say("你好", room=replace(ROOM, external_id="wx-小李", private=True))
    (call,) = await house.advance()
    assert isinstance(call, Call) and call.private and call.room == "wx-小李"
