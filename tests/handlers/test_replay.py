"""What a change of the book would change, told by judging the same messages twice."""

from dataclasses import replace

from domain.actions import AddSanction, OpenCase, SanctionKind, Say
from domain.book import Book, FaqEntry, FollowUp
from domain.decision import Decision, Finding
from domain.events import Person, Quote
from domain.ids import EventId, MemberId
from domain.policy import FaqPolicy, Policy
from handlers.catalog import build
from handlers.replay import EXAMPLES, Change, Effect, Outcome, Replay, compare, outcome
from tests.handlers.facts_builder import ANN, BOT, MORNING, ROOM, ROOMS, a_book, a_world, said

ACCOUNT = a_world().account
SHIP = FaqEntry(
    "ship", "快递几天能到？", ("三天送到家。",), follow_ups=(FollowUp(question="新疆要多久？", answers=("七天。",)),)
)


def replayed(before: Book, after: Book, *texts: str) -> Replay:
    """These messages, each by somebody else."""
    run = Replay(build(before), build(after))
    for number, text in enumerate(texts, 50):
        run.play(ACCOUNT, said(text, by=Person(MemberId(number), "群友")), ROOMS[ROOM])
    return run


def test_every_kind_of_difference_has_its_name() -> None:
    one, other = Outcome("a", "甲"), Outcome("b", "乙")
    nothing = Outcome()
    assert compare(nothing, one) == [Change(Effect.ANSWERED, "", "a")]
    assert compare(one, nothing) == [Change(Effect.SILENCED, "a", "")]
    assert compare(one, other) == [Change(Effect.CHANGED, "a", "b")]
    assert compare(one, replace(one, answer="丙")) == [Change(Effect.CHANGED, "a", "a")]
    assert compare(nothing, Outcome(sanction="abuse")) == [Change(Effect.BLOCKED, "", "abuse")]
    assert compare(Outcome(sanction="abuse"), nothing) == [Change(Effect.RELEASED, "abuse", "")]
    assert compare(nothing, Outcome(case="complaint")) == [Change(Effect.ESCALATED, "", "complaint")]
    assert compare(Outcome(case="complaint"), nothing) == [Change(Effect.KEPT, "complaint", "")]
    assert compare(one, one) == []


def test_what_is_only_recorded_on_trial_blocks_nobody() -> None:
    strike = AddSanction(
        number=1,
        room_id=ROOM,
        member=ANN,
        kind=SanctionKind.TRIAL,
        rule="abuse",
        severity="warn",
        at=MORNING,
        until=None,
        enforced=False,
        event_id=EventId(1),
        why="",
    )
    assert outcome(Decision(EventId(1), actions=(strike,))) == Outcome()
    assert outcome(Decision(EventId(1), actions=(replace(strike, kind=SanctionKind.WARN),))).sanction == "abuse"
    case = OpenCase(number=1, room_id=ROOM, member=ANN, reason="", rule="complaint", at=MORNING, event_id=EventId(1))
    assert outcome(Decision(EventId(1), actions=(case,))).case == "complaint"


def test_an_answer_that_is_not_said_is_none() -> None:
    found = (Finding("faq", 0.9, "answer", "", {"entry": "a"}),)
    say = Say(room_id=ROOM, text="甲", unasked=True)
    assert outcome(Decision(EventId(1), found)) == Outcome()
    assert outcome(Decision(EventId(1), found, (say,))) == Outcome("a", "甲")
    assert outcome(Decision(EventId(1), found, (), (say,))) == Outcome("a", "甲")


def test_the_policy_counts_and_examples_are_bounded() -> None:
    book = a_book(Policy(faq=FaqPolicy(cooldown=0)), faq=(SHIP,))
    off = replace(book, policy=Policy(faq=FaqPolicy(enabled=False)))
    run = replayed(book, off, *["快递几天能到"] * (EXAMPLES + 3), "今天真热")
    (group,) = run.groups()
    assert (run.messages, run.changed) == (EXAMPLES + 4, EXAMPLES + 3)
    assert (group.change, group.count) == (Change(Effect.SILENCED, "ship", ""), EXAMPLES + 3)
    assert len(group.examples) == EXAMPLES
    assert group.examples[0].text == "快递几天能到" and group.examples[0].before == "三天送到家。"


def test_who_asks_on_quotes_what_would_have_been_said() -> None:
    book = a_book(faq=(SHIP,))
    new = replace(book, faq=(replace(SHIP, answers=("两天就到了。",)),))
    run = Replay(build(book), build(new))
    run.play(ACCOUNT, said("快递几天能到"), ROOMS[ROOM])
    run.play(ACCOUNT, said("那新疆呢", quote=Quote(BOT.name, "@阿花 三天送到家。", BOT.id)), ROOMS[ROOM])
    assert [(group.change, group.count) for group in run.groups()] == [(Change(Effect.CHANGED, "ship", "ship"), 1)]


def test_the_bots_own_messages_are_not_judged() -> None:
    book = a_book(faq=(SHIP,))
    run = Replay(build(book), build(replace(book, faq=())))
    run.play(ACCOUNT, said("快递几天能到", by=BOT), ROOMS[ROOM])
    assert (run.messages, run.groups()) == (1, [])
