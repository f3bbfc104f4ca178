"""Insults both ways, and insults taken back."""

from datetime import timedelta

import pytest

from domain.actions import (
    AddSanction,
    CancelSends,
    Cause,
    EaseSanction,
    Mute,
    Remember,
    SanctionKind,
    Say,
    Unmute,
)
from domain.book import WordList
from domain.events import MessageRecalled, Person
from domain.ids import EventId
from domain.order_actions import RECALLED
from domain.policy import LadderPolicy, ModerationPolicy, Policy
from handlers.moderation import verdicts as module
from handlers.moderation.handler import Moderation
from tests.handlers import facts_builder as build
from tests.handlers.facts_builder import ANN, BEN, CARL, DESK, MORNING, ROOM, Stage, of_type, said

LISTS = (WordList("辱骂", "warn", ("坏蛋瓜",), title="友善交流"),)
BAD = "你这个坏蛋瓜"
LATER, MUCH_LATER = timedelta(seconds=20), timedelta(minutes=5)


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are about words of the list."""
    monkeypatch.setattr(module, "abuse_probability", lambda norm: 0.0)


def a_stage(**ladder: object) -> Stage:
    policy = Policy(moderation=ModerationPolicy(ladder=LadderPolicy(**ladder)))  # type: ignore[arg-type]
    book = build.a_book(policy, words=LISTS)
    return Stage(Moderation(book), book)


def public(stage: Stage, by: Person, after: timedelta, *to: Person) -> list[Say]:
    """What the room hears when somebody insults somebody."""
    opinion = stage.play(said(BAD, by=by, at=MORNING + after, mentions=to))
    return [say for say in of_type(opinion, Say) if say.room_id == ROOM and say.whisper_to is None]


def test_an_insult_given_back_gets_one_sentence_to_both_and_a_notice_with_both_names() -> None:
    stage = a_stage()
    assert public(stage, ANN, timedelta(0), BEN) == []
    opinion = stage.play(said(BAD, by=BEN, at=MORNING + LATER, mentions=(ANN,)))
    says = of_type(opinion, Say)
    assert [say.mentions for say in says if say.room_id == ROOM] == [(ANN, BEN)]
    (notice,) = (say.text for say in says if say.room_id == DESK)
    assert ANN.name in notice and BEN.name in notice
    (waiting,) = of_type(opinion, CancelSends)
    assert (waiting.member_id, waiting.cause) == (ANN.id, Cause.CALMED)
    (sanction,) = of_type(opinion, AddSanction)
    assert (sanction.member, sanction.kind) == (BEN, SanctionKind.WARN)


def test_both_are_told_once_within_the_window() -> None:
    stage = a_stage(warnings=9)
    public(stage, ANN, timedelta(0), BEN)
    public(stage, BEN, LATER, ANN)
    assert public(stage, ANN, 2 * LATER, BEN) == []
    assert [say.mentions for say in public(stage, BEN, MUCH_LATER, ANN)] == [(BEN,)]


def test_swearing_at_nobody_by_name_right_after_each_other_is_a_quarrel_too() -> None:
    stage = a_stage()
    public(stage, ANN, timedelta(0))
    assert [say.mentions for say in public(stage, BEN, LATER)] == [(ANN, BEN)]


def test_two_who_insult_others_do_not_quarrel_with_each_other() -> None:
    stage = a_stage()
    public(stage, ANN, timedelta(0), CARL)
    opinion = stage.play(said(BAD, by=BEN, at=MORNING + LATER, mentions=(build.OWNER,)))
    assert [to for to, _ in build.whispers(opinion)] == [BEN]
    assert build.words(opinion, ROOM) == []


def test_a_name_with_colons_and_braces_is_said_as_it_is() -> None:
    stage = a_stage()
    odd = Person(ANN.id, "a:b:{c}")
    public(stage, odd, timedelta(0), BEN)
    (say,) = public(stage, BEN, LATER, odd)
    assert say.mentions == (odd, BEN)


def test_who_has_had_enough_warnings_is_muted_in_a_quarrel_as_ever() -> None:
    stage = a_stage(warnings=1)
    public(stage, BEN, timedelta(0))
    public(stage, ANN, MUCH_LATER, BEN)
    opinion = stage.play(said(BAD, by=BEN, at=MORNING + MUCH_LATER + LATER, mentions=(ANN,)))
    assert of_type(opinion, Mute)
    assert [say.mentions for say in of_type(opinion, Say) if say.room_id == ROOM] == [(BEN,)]


# ---- taken back ------------------------------------------------------------------------------------------------------


def recall(reference: str, after: timedelta, by: Person = ANN) -> MessageRecalled:
    return MessageRecalled(id=EventId(9), at=MORNING + after, room_id=ROOM, sender=by, reference=reference)


def insulted(stage: Stage, after: timedelta) -> str:
    event = said(BAD, at=MORNING + after)
    stage.play(event)
    return event.external_id


def test_the_first_mute_ends_and_a_longer_one_becomes_the_one_below() -> None:
    stage = a_stage(warnings=1, mute_minutes=(10, 60))
    insulted(stage, timedelta(0))
    first = insulted(stage, MUCH_LATER)
    opinion = stage.play(recall(first, MUCH_LATER + LATER))
    assert of_type(opinion, Unmute) and not of_type(opinion, Mute)
    assert [ease.until for ease in of_type(opinion, EaseSanction)] == [MORNING + MUCH_LATER + LATER]
    insulted(stage, 2 * MUCH_LATER)
    third = insulted(stage, 3 * MUCH_LATER)
    (mute,) = of_type(stage.play(recall(third, 3 * MUCH_LATER + LATER)), Mute)
    assert mute.until == MORNING + 3 * MUCH_LATER + timedelta(minutes=10)


def test_what_was_taken_back_stays_on_record_and_the_next_one_climbs_from_the_rung_below() -> None:
    stage = a_stage(warnings=2)
    first = insulted(stage, timedelta(0))
    stage.play(recall(first, LATER))
    (kept,) = stage.world.members[(ROOM, ANN.id)].sanctions
    assert (kept.severity, kept.reversed_at) == (RECALLED, None)
    for after in (MUCH_LATER, 2 * MUCH_LATER):
        insulted(stage, after)
    kinds = [sanction.kind for sanction in stage.world.members[(ROOM, ANN.id)].sanctions]
    assert kinds == [SanctionKind.WHISPER, SanctionKind.WARN, SanctionKind.WARN]


def test_only_ones_own_message_that_brought_a_sanction_is_eased_and_only_once() -> None:
    stage = a_stage()
    message = insulted(stage, timedelta(0))
    assert stage.play(recall(message, LATER, by=BEN)).actions == ()
    assert stage.play(recall("other", LATER)).actions == ()
    assert of_type(stage.play(recall(message, LATER)), EaseSanction)
    assert stage.play(recall(message, LATER)).actions == ()


def test_the_marks_of_a_quarrel_hold_no_words() -> None:
    stage = a_stage()
    opinion = stage.play(said(BAD, mentions=(BEN,)))
    assert not any("坏蛋瓜" in mark.key for mark in of_type(opinion, Remember))
