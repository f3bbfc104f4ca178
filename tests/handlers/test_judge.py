"""One decision out of many opinions: findings for every rule, order, takeover, silence, simulation and errors."""

from dataclasses import replace
from datetime import timedelta

from domain.actions import AddSanction, Audit, OpenCase, Recall, Remember, SanctionKind, Say, SendClass, SetQuiet
from domain.book import Book
from domain.decision import LEVELS, Decision, Finding, Opinion
from domain.events import Event, MessagePosted
from domain.facts import Ability, Facts, World
from domain.ids import NO_MEMBER
from domain.incoming import MessageKind
from domain.policy import Policy
from handlers.contract import Handler
from handlers.judge import Engine, judge, judge_all
from handlers.text.facts import read
from tests.handlers import facts_builder as build
from tests.handlers.facts_builder import (
    ANN,
    BOT,
    CHAT,
    DESK,
    MORNING,
    OTHER_ROOM,
    ROOM,
    a_book,
    a_world,
    facts_for,
    said,
)


class Scripted:
    """A handler that says what it was told to say."""

    listens: tuple[type, ...] = (MessagePosted,)

    def __init__(self, name: str, opinion: Opinion) -> None:
        self.name = name
        self._opinion = opinion

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """The scripted opinion."""
        return self._opinion


class Broken(Scripted):
    """A handler that raises."""

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """Never comes back."""
        raise RuntimeError("a fault in a handler")


def decide(
    *handlers: Handler, event: MessagePosted | None = None, world: World | None = None, book: Book | None = None
) -> Decision:
    """The decision of these handlers about a message."""
    event, world, book = event or said("你好"), world or a_world(), book or a_book()
    return judge(Engine(book, handlers, read), event, facts_for(event, world, book))


def speech(room: object = ROOM, **changes: object) -> Say:
    """Something said in a room."""
    say = Say(room_id=ROOM, text="你好")
    return replace(say, **{"room_id": room, **changes})  # type: ignore[arg-type]


def a_sanction(kind: SanctionKind = SanctionKind.MUTE) -> AddSanction:
    """A mute of ANN's that the channel is believed to do."""
    return AddSanction(
        number=1,
        room_id=ROOM,
        member=ANN,
        kind=kind,
        rule="abuse",
        severity="plain",
        at=MORNING,
        until=MORNING + timedelta(minutes=10),
        enforced=True,
        event_id=build.said("x").id,
        why="abuse",
    )


def test_every_message_has_a_finding_for_each_of_the_four_rules_first_and_once() -> None:
    extra = Scripted("flood", Opinion((Finding("flood", 1.0, "warn", "快"), Finding("faq", 0.9, "answer", "像"))))
    findings = decide(extra).findings
    assert [finding.rule for finding in findings] == [*LEVELS, "flood"]
    assert findings[3].level == "answer"


def test_a_handler_that_raises_is_kept_with_its_traceback_and_the_others_go_on() -> None:
    decision = decide(Broken("moderation", Opinion()), Scripted("faq", Opinion(actions=(speech(),))))
    assert len(decision.errors) == 1
    assert "RuntimeError: a fault in a handler" in decision.errors[0]
    assert decision.outward == (speech(),)
    assert [(f.level, "moderation" in f.why) for f in decision.findings[:2]] == [("none", True), ("none", True)]


def test_final_drops_later_actions_but_not_findings() -> None:
    first = Scripted("staff", Opinion(actions=(speech(text="先"),), final=True))
    later = Scripted("faq", Opinion((Finding("faq", 0.9, "answer", "像"),), (speech(text="后"),)))
    decision = decide(first, later)
    assert [say.text for say in decision.outward if isinstance(say, Say)] == ["先"]
    assert decision.findings[3].level == "answer"


def test_a_sanction_does_not_keep_a_complaint_from_people() -> None:
    sanction = Scripted("moderation", Opinion(actions=(speech(text="提醒"),), final=True))
    case = OpenCase(number=1, room_id=ROOM, member=ANN, reason="投诉", rule="x", at=MORNING, event_id=said("x").id)
    decision = decide(
        sanction, Scripted("escalation", Opinion(actions=(case,))), Scripted("faq", Opinion(actions=(speech(),)))
    )
    assert decision.inward[0] == case
    assert len(decision.outward) == 1


def test_a_takeover_drops_unasked_speech_to_that_member_only() -> None:
    world = replace(a_world(), cases={12: build.held(build.a_case())})
    wanted = Scripted("faq", Opinion(actions=(speech(unasked=True), speech(text="签到成功"))))
    assert [say.text for say in decide(wanted, world=world).outward if isinstance(say, Say)] == ["签到成功"]
    other = said("你好", by=build.BEN)
    assert len(decide(wanted, event=other, world=world).outward) == 2


def test_the_off_switch_drops_what_goes_out_and_its_strikes_but_not_staff_and_people() -> None:
    world = replace(a_world(), quiet_until=MORNING + timedelta(hours=1))
    audit = Audit(actor="bot", act="x", target="y", outcome="z", at=MORNING)
    person = speech(text="同事的话", send_class=SendClass.STAFF)
    actions = (speech(), speech(DESK, text="给同事"), a_sanction(), audit, person)
    decision = decide(Scripted("moderation", Opinion(actions=actions)), world=world)
    assert decision.actions == (speech(DESK, text="给同事"), audit, person)


def test_the_answer_to_the_off_switch_itself_is_said() -> None:
    world = replace(a_world(), quiet_until=MORNING + timedelta(hours=1))
    resume = SetQuiet(room_id=ROOM, until=None)
    assert decide(Scripted("staff", Opinion(actions=(resume, speech()))), world=world).outward == (speech(),)


def test_a_simulated_room_sends_nothing_and_enforces_nothing() -> None:
    book = a_book(rooms={"web:demo": Policy(simulate=True)})
    wanted = (speech(), speech(DESK), a_sanction())
    decision = decide(Scripted("moderation", Opinion(actions=wanted)), book=book)
    assert decision.simulated == (speech(),)
    assert decision.outward == (speech(DESK),)
    assert [(s.enforced, s.until) for s in decision.inward if isinstance(s, AddSanction)] == [(False, None)]


def test_words_into_another_room_follow_that_rooms_simulation() -> None:
    book = a_book(rooms={"web:other": Policy(simulate=True)})
    decision = decide(Scripted("staff", Opinion(actions=(speech(OTHER_ROOM),))), book=book)
    assert decision.simulated == (speech(OTHER_ROOM),)


def test_what_the_channel_cannot_do_is_left_out_and_not_claimed() -> None:
    account = replace(a_world().account, abilities=frozenset({Ability.MENTION}))
    recall = Recall(room_id=ROOM, external_id="m1", member=ANN)
    wanted = Scripted("moderation", Opinion(actions=(recall, a_sanction())))
    decision = decide(wanted, world=replace(a_world(), account=account))
    assert decision.outward == ()
    assert [s.enforced for s in decision.inward if isinstance(s, AddSanction)] == [False]


def test_private_words_are_left_out_where_the_channel_has_no_way_to_the_member() -> None:
    whisper = speech(whisper_to=ANN)
    assert decide(Scripted("moderation", Opinion(actions=(whisper,)))).outward == (whisper,)
    account = replace(a_world().account, abilities=frozenset(Ability) - {Ability.WHISPER})
    decision = decide(Scripted("moderation", Opinion(actions=(whisper,))), world=replace(a_world(), account=account))
    assert decision.outward == ()


def test_private_words_follow_silence_and_simulation_of_the_room_they_are_about() -> None:
    wanted = Scripted("moderation", Opinion(actions=(speech(whisper_to=ANN),)))
    quiet = replace(a_world(), quiet_until=MORNING + timedelta(hours=1))
    assert decide(wanted, world=quiet).outward == ()
    decision = decide(wanted, book=a_book(rooms={"web:demo": Policy(simulate=True)}))
    assert (decision.outward, decision.simulated) == ((), (speech(whisper_to=ANN),))


def test_a_deferred_event_does_nothing_now() -> None:
    later = MORNING + timedelta(seconds=1)
    decision = decide(Scripted("echo", Opinion(actions=(speech(),), defer_until=later)))
    assert (decision.defer_until, decision.actions) == (later, ())


def test_the_accounts_own_message_is_never_judged_as_a_members() -> None:
    loud = Scripted("moderation", Opinion((Finding("abuse", 1.0, "remove", "骂"),), (speech(),)))
    decision = decide(loud, event=said("骂", by=BOT))
    assert decision.actions == ()
    assert {finding.level for finding in decision.findings} == {"none"}


def test_each_event_of_a_batch_is_judged_on_the_world_that_the_last_one_left() -> None:
    class Once(Scripted):
        def decide(self, event: Event, facts: Facts) -> Opinion:
            if facts.mark("seen") is not None:
                return Opinion()
            mark = Remember(room_id=event.room_id, member_id=NO_MEMBER, key="seen", at=event.at)
            return Opinion(actions=(mark, speech()))

    events = [said("一"), said("二"), said("三", room=CHAT)]
    judged, world = judge_all(Engine(a_book(), (Once("once", Opinion()),), read), a_world(), events, MORNING)
    assert [len(one.decision.outward) for one in judged] == [1, 0, 1]
    assert [one.norm for one in judged] == ["一", "二", "三"]
    assert [key for _, _, key in world.marks if key == "seen"] == ["seen", "seen"]


def test_only_worded_messages_are_read() -> None:
    engine = Engine(a_book(), (), read)
    events = [said("[图片]", kind=MessageKind.IMAGE), said("#接龙 1. 小明", kind=MessageKind.GROUP_NOTE)]
    judged, _ = judge_all(engine, a_world(), events, MORNING)
    assert [one.norm for one in judged] == ["", "#接龙 1. 小明"]
