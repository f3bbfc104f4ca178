"""What follows from a violation: the ladder, what the channel can do, who is spared, and what is said to whom."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.actions import AddSanction, Mute, Recall, Remember, Remove, SanctionKind, Say
from domain.book import Book, WordList
from domain.decision import Opinion
from domain.events import MessagePosted, Person
from domain.facts import Ability, AccountFacts
from domain.incoming import MessageKind
from domain.policy import LadderPolicy, ModerationPolicy, Policy
from handlers.moderation import verdicts as module
from handlers.moderation.handler import Moderation
from tests.handlers import facts_builder as build
from tests.handlers.facts_builder import (
    ANN,
    BEN,
    BOT,
    CHAT,
    DESK,
    MORNING,
    OWNER,
    ROOM,
    Stage,
    of_type,
    said,
    whispers,
    words,
)

LISTS = (
    WordList("辱骂", "warn", ("坏蛋瓜",), title="友善交流"),
    WordList("威胁", "remove", ("收拾你全家",), title="不威胁他人"),
)
WECHAT = frozenset({Ability.MENTION, Ability.REMOVE_MEMBER, Ability.REMOVE_AS_ADMIN_ONLY})
LATER = timedelta(minutes=2)


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are about words of the list; the model has its own."""
    monkeypatch.setattr(module, "abuse_probability", lambda norm: 0.0)


def a_stage(abilities: frozenset[Ability] | None = None, **moderation: object) -> Stage:
    """The demo room with two short lists; all abilities unless told otherwise."""
    policy = Policy(moderation=replace(ModerationPolicy(), **moderation))  # type: ignore[arg-type]
    book = build.a_book(policy, words=LISTS)
    stage = Stage(Moderation(book), book)
    able = frozenset(Ability) - {Ability.REMOVE_AS_ADMIN_ONLY} if abilities is None else abilities
    account = AccountFacts(stage.world.account.id, BOT.id, BOT.name, channel="web", abilities=able)
    stage.world = replace(stage.world, account=account)
    return stage


def insults(stage: Stage, times: int, text: str = "你坏蛋瓜", start: datetime = MORNING) -> list[Opinion]:
    """The opinions about as many insults, two minutes apart."""
    return [stage.play(said(text, at=start + LATER * number)) for number in range(times)]


def sanctions(opinions: list[Opinion]) -> list[tuple[SanctionKind, bool]]:
    """Kind and enforcement of each sanction."""
    return [(s.kind, s.enforced) for opinion in opinions for s in of_type(opinion, AddSanction)]


def test_a_warning_names_the_rule_and_never_the_word() -> None:
    first, second = insults(a_stage(), 2)
    (public,) = words(second, ROOM)
    assert "友善交流" in public
    assert "坏蛋瓜" not in "".join((*words(first), *words(second)))
    assert first.final and second.final


def test_the_first_warning_is_for_its_member_alone_names_room_and_rule_and_the_way_to_appeal() -> None:
    opinion = a_stage().play(said("你坏蛋瓜"))
    ((to, text),) = whispers(opinion)
    assert to == ANN
    assert all(part in text for part in ("演示群", "友善交流", "申诉"))
    assert words(opinion, ROOM) == []
    assert len(of_type(opinion, Recall)) == 1
    assert "已私下提醒" in words(opinion, DESK)[0]
    (say,) = (say for say in of_type(opinion, Say) if say.whisper_to)
    assert (say.room_id, say.mentions, say.merge) == (ROOM, (), None)


@pytest.mark.parametrize(
    "stage",
    [
        lambda: a_stage(WECHAT),
        lambda: a_stage(frozenset(Ability) - {Ability.WHISPER, Ability.REMOVE_AS_ADMIN_ONLY}),
        lambda: a_stage(private_first=False),
    ],
    ids=["WeChat", "no way to speak privately", "switched off"],
)
def test_where_it_cannot_or_shall_not_be_private_the_first_warning_is_public(stage: Callable[[], Stage]) -> None:
    opinion = stage().play(said("你坏蛋瓜"))
    assert whispers(opinion) == []
    assert len(words(opinion, ROOM)) == 1
    assert sanctions([opinion]) == [(SanctionKind.WARN, True)]


def test_the_second_warning_is_public_even_within_the_same_minute() -> None:
    stage = a_stage()
    first, second = (stage.play(said("你坏蛋瓜", at=MORNING + timedelta(seconds=n))) for n in range(2))
    assert (len(whispers(first)), words(first, ROOM)) == (1, [])
    assert (whispers(second), len(words(second, ROOM))) == ([], 1)


def test_a_first_flood_is_told_in_private_too() -> None:
    stage = a_stage()
    opinions = [stage.play(said(f"第{n}句话", by=BEN, at=MORNING + timedelta(seconds=n))) for n in range(8)]
    ((to, text),) = (one for opinion in opinions for one in whispers(opinion))
    assert to == BEN and "不刷屏" in text
    assert [text for opinion in opinions for text in words(opinion, ROOM)] == []


def test_a_first_offence_that_is_no_matter_of_warnings_is_public() -> None:
    opinion = a_stage().play(said("收拾你全家"))
    assert whispers(opinion) == [] and len(words(opinion, ROOM)) == 1


def test_the_message_is_recalled_where_the_channel_can_and_the_policy_wants() -> None:
    event = said("你坏蛋瓜")
    assert [r.external_id for r in of_type(a_stage().play(event), Recall)] == [event.external_id]
    assert of_type(a_stage(WECHAT).play(event), Recall) == []
    assert of_type(a_stage(recall=False).play(event), Recall) == []


def test_the_ladder_warns_twice_then_mutes_longer_and_longer_then_tells_the_owner() -> None:
    opinions = insults(a_stage(), 6)
    kinds = [kind for kind, _ in sanctions(opinions)]
    warned = [SanctionKind.WHISPER, SanctionKind.WARN]
    assert kinds == warned + [SanctionKind.MUTE] * 3 + [SanctionKind.TELL_OWNER]
    until = [mute.until for opinion in opinions for mute in of_type(opinion, Mute)]
    spoken_at = [MORNING + LATER * number for number in (2, 3, 4)]
    assert [end - at for end, at in zip(until, spoken_at, strict=True)] == [timedelta(minutes=m) for m in (10, 60, 720)]
    assert any(say.mentions and say.mentions[0].id == OWNER.id for say in of_type(opinions[5], Say))


def test_a_threat_begins_at_a_mute() -> None:
    opinion = a_stage().play(said("收拾你全家"))
    assert sanctions([opinion]) == [(SanctionKind.MUTE, True)]
    assert "不威胁他人" in words(opinion, ROOM)[0]


def test_an_undone_sanction_is_as_if_it_had_never_been() -> None:
    stage = a_stage()
    insults(stage, 2)
    member = stage.world.members[(ROOM, ANN.id)]
    undone = tuple(replace(s, reversed_at=MORNING) for s in member.sanctions)
    stage.with_members(replace(member, sanctions=undone))
    assert sanctions(insults(stage, 1, start=MORNING + timedelta(hours=1))) == [(SanctionKind.WHISPER, True)]


def test_a_backlog_is_warned_at_most_and_counts_on_the_lowest_rung() -> None:
    stage = a_stage()
    insults(stage, 2)
    old = said("收拾你全家", at=MORNING + timedelta(minutes=10))
    facts = build.facts_for(old, stage.world, stage.book, now=old.at + timedelta(minutes=5))
    (sanction,) = of_type(stage.handler.decide(old, facts), AddSanction)
    assert (sanction.kind, sanction.severity) == (SanctionKind.WARN, "late")


def test_wechat_gives_a_final_warning_tells_the_owner_once_and_then_takes_the_last_rung() -> None:
    stage = a_stage(WECHAT)
    opinions = insults(stage, 4)
    assert sanctions(opinions) == [
        (SanctionKind.WARN, True),
        (SanctionKind.WARN, True),
        (SanctionKind.MUTE, False),
        (SanctionKind.TELL_OWNER, True),
    ]
    assert [mute for opinion in opinions for mute in of_type(opinion, Mute)] == []
    assert "最后一次" in words(opinions[2], ROOM)[0]
    told = [s for o in opinions for s in of_type(o, Say) if s.mentions and s.mentions[0].id == OWNER.id]
    assert len(told) == 1


def test_removal_is_opt_in_and_held_by_the_breaker() -> None:
    ladder = LadderPolicy(warnings=1, mute_minutes=(), remove=True)
    stage = a_stage(ladder=ladder)
    opinions = insults(stage, 3)
    assert len(of_type(opinions[2], Remove)) == 1
    stage = a_stage(ladder=ladder)
    stage.world = replace(stage.world, removals={ROOM: (MORNING + 2 * LATER,) * 3})
    assert sanctions(insults(stage, 3))[2] == (SanctionKind.TELL_OWNER, True)


def test_wechat_removes_only_as_owner_or_admin() -> None:
    ladder = LadderPolicy(warnings=1, mute_minutes=(), remove=True)
    stage = a_stage(WECHAT, ladder=ladder)
    assert of_type(insults(stage, 3)[2], Remove) == []
    stage = a_stage(WECHAT, ladder=ladder)
    rooms = {**stage.world.rooms, ROOM: replace(stage.world.rooms[ROOM], admin_ids=frozenset({BOT.id}))}
    stage.world = replace(stage.world, rooms=rooms)
    assert len(of_type(insults(stage, 3)[2], Remove)) == 1


@pytest.mark.parametrize("person", [OWNER, build.AGENT])
def test_the_privileged_are_never_warned_in_public_and_staff_hear_of_it_once(person: Person) -> None:
    stage = a_stage()
    first, second = (stage.play(said("你坏蛋瓜", by=person, at=MORNING + LATER * n)) for n in range(2))
    assert words(first, ROOM) == [] and whispers(first) == []
    assert len(words(first, DESK)) == 1
    assert sanctions([first, second]) == []
    assert words(second) == []


def test_while_an_agent_holds_the_thread_public_words_go_to_the_agents() -> None:
    stage = a_stage().with_cases(build.held(build.a_case()))
    opinion = stage.play(said("你坏蛋瓜"))
    assert words(opinion, ROOM) == [] and whispers(opinion) == []
    assert any("没有在群里说" in text for text in words(opinion, DESK))
    assert len(of_type(opinion, Recall)) == 1


def test_insulting_the_bot_brings_one_light_reply_a_day_and_no_strike() -> None:
    stage = a_stage()
    opinions = [stage.play(said("你坏蛋瓜", mentions_bot=True, at=MORNING + LATER * n)) for n in range(2)]
    assert [len(words(opinion)) for opinion in opinions] == [1, 0]
    assert sanctions(opinions) == []


def test_silence_and_switched_off_moderation_only_judge() -> None:
    stage = a_stage()
    stage.world = replace(stage.world, quiet_until=MORNING + timedelta(hours=1))
    quiet = stage.play(said("你坏蛋瓜"))
    off = a_stage(enabled=False).play(said("你坏蛋瓜"))
    assert [(o.findings[0].level, o.actions) for o in (quiet, off)] == [("warn", ())] * 2


@pytest.mark.parametrize(
    "event",
    [
        lambda: said("你坏蛋瓜", room=DESK),
        lambda: said("你坏蛋瓜", kind=MessageKind.IMAGE),
        lambda: said("你坏蛋瓜", room=CHAT),
    ],
)
def test_staff_rooms_pictures_and_private_chats_bring_no_strike(event: Callable[[], MessagePosted]) -> None:
    assert of_type(a_stage().play(event()), AddSanction) == []


def test_a_flood_is_one_strike_until_as_many_messages_came_again() -> None:
    stage = a_stage()
    opinions = [stage.play(said(f"第{n}句话", by=BEN, at=MORNING + timedelta(seconds=n))) for n in range(14)]
    struck = [n for n, opinion in enumerate(opinions) if of_type(opinion, AddSanction)]
    assert struck == [7]
    assert "flood.strike" in [mark.key for mark in of_type(opinions[7], Remember)]


@pytest.mark.parametrize(("by", "minutes", "struck"), [(BEN, 3, True), (BEN, 15, False), (OWNER, 3, False)])
def test_who_calls_everybody_again_within_minutes_floods_unless_they_lead(
    by: Person, minutes: int, struck: bool
) -> None:
    stage = a_stage()
    assert of_type(stage.play(said("大家看一下公告", by=by, mentions_all=True)), AddSanction) == []
    again = stage.play(said("都来看看呀", by=by, mentions_all=True, at=MORNING + timedelta(minutes=minutes)))
    assert [one.rule for one in of_type(again, AddSanction)] == ["flood"] * struck


def test_a_simulated_ladder_climbs_as_if_it_were_real() -> None:
    book: Book = replace(a_stage().book, rooms={"web:demo": Policy(simulate=True)})
    stage = Stage(Moderation(book), book, a_stage().world)
    opinions: list[Opinion] = []
    for number in range(3):
        opinions.append(stage.play(said("你坏蛋瓜", at=MORNING + LATER * number)))
        member = stage.world.members[(ROOM, ANN.id)]
        marked = (*member.sanctions[:-1], replace(member.sanctions[-1], enforced=False, until=None))
        stage.with_members(replace(member, sanctions=marked))
    assert [kind for kind, _ in sanctions(opinions)] == [SanctionKind.WHISPER, SanctionKind.WARN, SanctionKind.MUTE]
    assert "没有真的做" in words(opinions[2], DESK)[0]
    live = replace(book, rooms={})
    stage = Stage(Moderation(live), live, stage.world)
    assert sanctions([stage.play(said("你坏蛋瓜", at=MORNING + 5 * LATER))]) == [(SanctionKind.WHISPER, True)]
