"""Committing: all of a batch or nothing, under the lease, on the state it was judged on."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import IntegrityError

from domain import actions as act
from domain.actions import Action
from domain.decision import Decision, Finding, Judged
from domain.errors import CounterMoved, LeaseLost, Temporary
from domain.events import Event, MessagePosted
from domain.facts import World
from domain.ids import RoomId, UserId
from domain.incoming import Incoming, IncomingKind
from storage import accounts, leases
from storage.columns import load
from storage.tables.order import AUDIT, CASE_MESSAGES, CASES
from storage.tables.path import FINDINGS, INBOX, MESSAGES, OUTBOX, TIMERS
from tests.storage.house import AGENTS, INNOCENT, START, TTL, House, a_draw, message, open_house


async def rows(house: House, table: Table) -> list[Any]:
    def read(conn: Connection) -> list[Any]:
        return list(conn.execute(select(table)))

    return await house.db.read(read)


def decided(event: Event, *actions: Action) -> Judged:
    return Judged(event, Decision(event.id, INNOCENT, actions), "norm")


def case_of(event: Event, number: int) -> act.OpenCase:
    assert isinstance(event, MessagePosted)
    return act.OpenCase(
        number=number,
        room_id=event.room_id,
        member=event.sender,
        reason="投诉",
        rule="complaint",
        at=START,
        event_id=event.id,
    )


def credit(event: Event, key: str) -> act.CreditPoints:
    assert isinstance(event, MessagePosted)
    return act.CreditPoints(member_id=event.sender.id, amount=5, cause="checkin", key=key, at=START)


async def test_a_stale_holder_commits_nothing(house: House) -> None:
    events = await house.hear(message("a"))
    before = await house.world(events)
    later = START + TTL * 2
    taken = await house.db.write(leases.acquire, house.account, "two", later, TTL)
    assert taken is not None and taken.fence == house.lease.fence + 1
    with pytest.raises(LeaseLost):
        await house.commit([decided(events[0], credit(events[0], "k"))], before)
    assert await house.take() == events
    assert (await house.world(events)).people == before.people
    assert not await house.db.write(leases.renew, house.lease, later, TTL)


async def test_a_lease_is_held_until_it_runs_out_or_is_given_back(house: House) -> None:
    db, account = house.db, house.account
    assert await db.write(leases.acquire, account, "two", START + TTL / 2, TTL) is None
    assert await db.write(leases.renew, house.lease, START + TTL / 2, TTL)
    assert await db.write(leases.acquire, account, "two", START + TTL, TTL) is None
    assert await db.read(leases.holder, account, START + TTL) == "one"
    await db.write(leases.release, house.lease, START + TTL)
    assert await db.read(leases.holder, account, START + TTL) is None
    assert await db.write(leases.acquire, account, "two", START + TTL, TTL) is not None


async def test_a_lease_tells_when_its_holder_was_alive_last(house: House) -> None:
    db, account, later = house.db, house.account, START + TTL * 9
    assert await db.read(leases.last_alive, account, later, TTL) == START
    assert await db.write(leases.renew, house.lease, START + TTL / 2, TTL)
    assert await db.read(leases.last_alive, account, later, TTL) == START + TTL / 2
    await db.write(leases.release, house.lease, START + TTL * 3 / 4)
    assert await db.read(leases.last_alive, account, later, TTL) == START + TTL * 3 / 4
    other = await db.write(accounts.ensure_account, "test", "nobody yet", "二号", START)
    assert await db.read(leases.last_alive, other, later, TTL) is None


async def test_the_same_holder_gets_a_new_number_each_time(house: House) -> None:
    again = await house.db.write(leases.acquire, house.account, "one", START, TTL)
    assert again is not None and again.fence > house.lease.fence
    events = await house.hear(message("a"))
    with pytest.raises(LeaseLost):
        await house.commit([decided(events[0])], await house.world(events))


async def test_one_bad_action_undoes_the_whole_batch(house: House) -> None:
    first, second = await house.hear(message("a"), message("b", sender="小王"))
    before = await house.world([first, second])
    both = [decided(first, credit(first, "same")), decided(second, credit(second, "same"))]
    with pytest.raises(IntegrityError):
        await house.commit(both, before)
    assert await rows(house, MESSAGES) == []
    assert await house.take() == [first, second]
    await house.commit(both[:1], before)
    assert await house.take() == [second]


async def test_two_check_ins_of_one_day_are_a_data_error(house: House) -> None:
    (event,) = await house.hear(message("签到"))
    assert isinstance(event, MessagePosted)
    day = act.CheckIn(member=event.sender, room_id=event.room_id, day=date(2025, 3, 3), streak=1, at=START)
    with pytest.raises(IntegrityError):
        await house.commit([decided(event, day, day)], await house.world([event]))


async def test_an_unknown_room_is_a_data_error(house: House) -> None:
    (event,) = await house.hear(message("a"))
    with pytest.raises(ValueError, match="unknown rooms"):
        await house.commit([decided(event, act.Say(room_id=RoomId(404), text="x"))], await house.world([event]))


async def test_events_are_decided_once(house: House) -> None:
    events = await house.hear(message("a"))
    before = await house.world(events)
    await house.commit([decided(events[0])], before)
    with pytest.raises(CounterMoved):
        await house.commit([decided(events[0])], before)


async def test_a_number_that_another_account_took_first_is_noticed(house: House) -> None:
    other = await open_house(house.db, "wx-bot-2")
    (mine,) = await house.hear(message("a"))
    (theirs,) = await other.hear(message("b"))
    before, seen = await house.world([mine]), await other.world([theirs])
    await house.commit([decided(mine, case_of(mine, 1))], before)
    with pytest.raises(CounterMoved):
        await other.commit([decided(theirs, case_of(theirs, 1))], seen)
    fresh = await other.world([theirs])
    await other.commit([decided(theirs, case_of(theirs, fresh.counters.case + 1))], fresh)
    assert sorted(row.number for row in await rows(house, CASES)) == [1, 2]


async def test_accounts_that_number_at_the_same_time_never_share_a_number(house: House) -> None:
    houses = [house, *[await open_house(house.db, f"wx-bot-{n}") for n in (2, 3)]]

    async def open_cases(one: House) -> None:
        heard = [message("投诉", sender=f"人{n}") for n in range(8)]
        for event in await one.hear(*heard):
            while True:
                before = await one.world([event])
                try:
                    await one.commit([decided(event, case_of(event, before.counters.case + 1))], before)
                    break
                except (CounterMoved, Temporary):
                    await asyncio.sleep(0.001)

    await asyncio.gather(*(open_cases(one) for one in houses))
    assert sorted(row.number for row in await rows(house, CASES)) == list(range(1, 25))


async def _with_case(house: House) -> tuple[Event, World]:
    (event,) = await house.hear(message("投诉"))
    await house.decide(event, case_of(event, 1))
    (next_,) = await house.hear(message("#1 接手", room=AGENTS))
    return next_, await house.world([next_])


async def test_a_case_that_somebody_else_took_is_noticed(house: House) -> None:
    other = await open_house(house.db, "wx-bot-2")
    event, before = await _with_case(house)
    (theirs,) = await other.hear(message("#1 接手", room=AGENTS))
    take = act.TakeCase(number=1, epoch=1, user_id=UserId(8), user_name="小赵", at=START)
    await other.commit([decided(theirs, take)], await other.world([theirs]))
    with pytest.raises(CounterMoved, match="case 1"):
        await house.commit([decided(event, replace(take, user_id=UserId(7)))], before)
    assert (await rows(house, CASES))[0].assignee_name == "小赵"


async def test_taking_and_resolving_in_one_batch_is_one_change(house: House) -> None:
    event, before = await _with_case(house)
    take = act.TakeCase(number=1, epoch=1, user_id=UserId(7), user_name="小陈", at=START)
    spoke = act.AgentSpoke(number=1, at=START + timedelta(seconds=5))
    done = act.ResolveCase(number=1, epoch=2, at=START + timedelta(seconds=9), by="小陈", ask=False)
    again = case_of(event, 2)
    member = before.cases[1].member
    await house.commit(
        [decided(event, take, spoke, done, replace(again, member=member, room_id=before.cases[1].room_id))], before
    )
    first, second = sorted(await rows(house, CASES), key=lambda row: row.number)
    assert (first.state, first.epoch, first.waiting_since) == ("resolved", 2, None)
    assert first.first_reply_at == START + timedelta(seconds=5)
    assert (second.state, second.waiting_since) == ("open", START)


async def test_waiting_since_follows_who_spoke_last(house: House) -> None:
    event, before = await _with_case(house)

    async def said(author: act.Author, seconds: int) -> Any:
        (one,) = await house.hear(message(f"{author} {seconds}", at=house.after(1)))
        at = START + timedelta(seconds=seconds)
        words = act.AppendToCase(number=1, author=author, name="x", text="话", at=at, event_id=one.id)
        await house.decide(one, words)
        return (await rows(house, CASES))[0].waiting_since

    await house.commit([decided(event)], before)
    assert await said(act.Author.MEMBER, 5) == START
    assert await said(act.Author.NOTE, 6) == START
    assert await said(act.Author.AGENT, 7) is None
    assert await said(act.Author.BOT, 8) is None
    assert await said(act.Author.MEMBER, 9) == START + timedelta(seconds=9)
    assert await said(act.Author.MEMBER, 10) == START + timedelta(seconds=9)
    assert len(await rows(house, CASE_MESSAGES)) == 6


async def test_a_draw_that_was_closed_meanwhile_takes_nobody_in(house: House) -> None:
    (event,) = await house.hear(message("开始"))
    assert isinstance(event, MessagePosted)
    draw = a_draw(event.room_id, START)
    enter = act.EnterDraw(number=1, member=event.sender, entrant="e", at=START)
    await house.decide(event, draw, enter)
    late, closing = await house.hear(message("参加", sender="小王"), message("#开奖", sender="小陈"))
    before = await house.world([late, closing])
    assert isinstance(late, MessagePosted)
    joins = act.EnterDraw(number=1, member=late.sender, entrant="e2", at=START)
    close = act.CloseDraw(number=1, at=START, receipt="{}", winners=(act.Winner(event.sender, "奶茶", 0),))
    await house.commit([decided(closing, close)], before)
    with pytest.raises(CounterMoved, match="draw 1"):
        await house.commit([decided(late, joins)], before)
    with pytest.raises(CounterMoved, match="draw 1"):
        await house.commit([decided(late, close)], before)


async def test_a_deferred_event_comes_back_when_its_time_has_come(house: House) -> None:
    (event,) = await house.hear(message("a"))
    until = START + timedelta(milliseconds=400)
    committed = await house.commit([Judged(event, Decision(event.id, defer_until=until))], await house.world([event]))
    assert (committed.decided, committed.deferred) == (0, 1)
    assert await house.take() == []
    assert await rows(house, MESSAGES) == []
    house.after(0.4)
    assert await house.take() == [event]


async def test_findings_are_kept_with_their_revision_and_no_words(house: House) -> None:
    (event,) = await house.hear(message("你真笨"))
    guilty = Finding("abuse", 0.97, "warn", "辱骂", {"spans": [[1, 3]]})
    say = act.Say(room_id=event.room_id, text="有话好好说")
    decision = Decision(event.id, (guilty, *INNOCENT[1:]), (say,), (), ("Traceback",))
    await house.commit([Judged(event, decision)], await house.world([event]))
    (row,) = await rows(house, FINDINGS)
    assert (row.revision, row.top, row.kind) == (1, "abuse:warn", "message_posted")
    assert load(row.findings)[0]["spans"] == [[1, 3]] and len(load(row.findings)) == 4
    assert load(row.actions) == [{"type": "say", "room_id": event.room_id}]
    assert load(row.errors) == ["Traceback"]
    assert "有话好好说" not in row.actions


async def test_simulated_sends_are_recorded_and_never_go(house: House) -> None:
    (event,) = await house.hear(message("a"))
    await house.decide(event, simulated=(act.Say(room_id=event.room_id, text="演习"),))
    assert await house.send_all() == []
    assert [row.state for row in await rows(house, OUTBOX)] == ["simulated"]


async def test_words_typed_by_the_owner_are_history_and_echoes_are_not(house: House) -> None:
    await house.say("你好")
    (call,) = await house.advance()
    own = [Incoming(IncomingKind.OWN_MESSAGE, START, f"o{n}", text=text) for n, text in enumerate(("你好", "我来了"))]
    echo, typed = await house.hear(*(replace(one, room=message("x").room) for one in own))
    await house.decide(echo, act.SettleSend(outbox_id=call.id, external_id="o0", at=START))
    await house.decide(typed)
    kept = [row for row in await rows(house, MESSAGES) if row.own]
    assert [row.text for row in kept] == ["我来了"]


async def test_a_recalled_message_stays_in_history_and_is_marked(house: House) -> None:
    (event,) = await house.hear(message("a", external_id="m1"))
    await house.decide(event, act.MarkRecalled(room_id=event.room_id, external_id="m1", at=START))
    (row,) = await rows(house, MESSAGES)
    assert (row.text, row.recalled_at) == ("a", START)


async def test_leaving_a_room_stops_its_timers_and_sends(house: House) -> None:
    (event,) = await house.hear(message("a"))
    timer = act.SetTimer(name="draw.close", room_id=event.room_id, due_at=START, reference="1")
    await house.decide(event, timer, timer, act.Say(room_id=event.room_id, text="x"))
    assert len(await rows(house, TIMERS)) == 1
    (left,) = await house.hear(message("走了", at=house.after(1)))
    await house.decide(left, act.SetRoomPresence(room_id=left.room_id, present=False, at=START))
    assert [row.state for row in await rows(house, TIMERS)] == ["cancelled"]
    assert [row.state for row in await rows(house, OUTBOX)] == ["cancelled"]


async def test_what_the_agents_room_is_told_goes_to_its_own_account(house: House) -> None:
    other = await open_house(house.db, "wx-bot-2")
    (agents,) = await other.hear(message("大家好", room=AGENTS))
    (event,) = await house.hear(message("投诉"))
    before = await house.world([event])
    said = act.Say(room_id=agents.room_id, text="新事项 #1", notice_of=1)
    committed = await house.commit([decided(event, said)], before)
    assert committed.accounts == frozenset({other.account})
    assert await house.send_all() == []
    assert await other.send_all() == ["新事项 #1"]


async def test_the_audit_names_the_event(house: House) -> None:
    (event,) = await house.hear(message("a"))
    await house.decide(event, act.Audit(actor="小李", act="undo", target="7", outcome="refused", at=START))
    (row,) = await rows(house, AUDIT)
    assert (row.actor, row.outcome, row.event_id, row.room_id) == ("小李", "refused", event.id, event.room_id)


async def test_an_empty_batch_changes_nothing(house: House) -> None:
    committed = await house.commit([], await house.world([]))
    assert (committed.decided, committed.outgoing, committed.accounts) == (0, 0, frozenset())
    assert await rows(house, INBOX) == []
