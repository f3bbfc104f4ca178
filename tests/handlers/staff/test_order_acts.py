"""Reviews of verdicts, rules that change, and the ban list, as staff act on them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actions import Ban, JudgeSanction, LiftBan, Remove, ReverseSanction, SanctionKind, Say, SetRule, Unmute
from domain.book import WordList
from domain.decision import Opinion
from domain.facts import Ability, Sanction, StaffFacts
from domain.ids import EventId, RoomId, UserId
from domain.rules import RuleFacts, RuleState
from handlers.staff import StaffCommands
from tests.handlers.facts_builder import (
    AGENT,
    ANN,
    BEN,
    CARL,
    DESK,
    MORNING,
    OTHER_ROOM,
    OWNER,
    ROOM,
    Stage,
    a_book,
    acted,
    of_type,
    said,
    words,
)

SOON = MORNING + timedelta(minutes=5)


def a_sanction(number: int = 7, kind: SanctionKind = SanctionKind.WARN, **changes: object) -> Sanction:
    """Something that was done to Ann."""
    until = SOON if kind is SanctionKind.MUTE else None
    made = Sanction(
        number, ROOM, ANN, kind, "辱骂", "plain", MORNING, until, kind is not SanctionKind.TRIAL, EventId(1)
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def a_stage(*sanctions: Sanction, **rules: RuleFacts) -> Stage:
    """Staff, one word list, and these sanctions."""
    book = a_book(words=(WordList("辱骂", "warn", ("坏蛋瓜",)),))
    stage = Stage(StaffCommands(book), book)
    held = {one.number: one for one in sanctions}
    stage.world = replace(stage.world, sanctions=held, rules=rules, stays={ANN.id: frozenset({ROOM, OTHER_ROOM})})
    return stage


def apologies(opinion: Opinion) -> list[Say]:
    """What members are told."""
    return [say for say in of_type(opinion, Say) if say.room_id != DESK]


def test_a_wrong_verdict_is_taken_back_counted_and_the_member_told() -> None:
    opinion = a_stage(a_sanction(kind=SanctionKind.MUTE)).play(said("#误判 7", by=AGENT, room=DESK))
    (judged,) = of_type(opinion, JudgeSanction)
    assert (judged.rule, judged.right, judged.before) == ("辱骂", False, None)
    assert of_type(opinion, ReverseSanction)
    assert of_type(opinion, Unmute)
    assert len(apologies(opinion)) == 1


def test_who_was_warned_alone_is_told_alone() -> None:
    opinion = a_stage(a_sanction(kind=SanctionKind.WHISPER)).play(said("#误判 7", by=AGENT, room=DESK))
    (apology,) = apologies(opinion)
    assert (apology.whisper_to, apology.mentions, apology.room_id) == (ANN, (), ROOM)


@pytest.mark.parametrize(("abilities", "alone"), [(frozenset({Ability.WHISPER}), True), (frozenset[Ability](), False)])
def test_who_appealed_hears_that_the_sanction_stands_alone_where_the_channel_can(
    abilities: frozenset[Ability], alone: bool
) -> None:
    stage = a_stage(a_sanction(appealed=True))
    stage.world = replace(stage.world, account=replace(stage.world.account, abilities=abilities))
    (told,) = apologies(stage.play(said("#判对 7", by=AGENT, room=DESK)))
    assert "7 号" in told.text and "维持" in told.text
    assert (told.whisper_to, told.mentions) == ((ANN, ()) if alone else (None, (ANN,)))


def test_who_did_not_appeal_hears_nothing_of_a_review() -> None:
    assert apologies(a_stage(a_sanction()).play(said("#判对 7", by=AGENT, room=DESK))) == []


def test_retiring_a_rule_apologises_in_public_to_those_whom_it_warned_in_public() -> None:
    whisper = SanctionKind.WHISPER
    done = [a_sanction(1, whisper), a_sanction(2), a_sanction(3, whisper, member=BEN)]
    opinion = a_stage(*done).play(acted("#停用 辱骂"))
    assert len(of_type(opinion, ReverseSanction)) == 3
    said_to = [(say.mentions, say.whisper_to, say.merge is None) for say in apologies(opinion)]
    assert said_to == [((ANN,), None, False), ((), BEN, True)]


def test_a_right_verdict_is_counted_and_stands() -> None:
    opinion = a_stage(a_sanction()).play(said("#判对 7", by=AGENT, room=DESK))
    assert [one.right for one in of_type(opinion, JudgeSanction)] == [True]
    assert of_type(opinion, ReverseSanction) == []


def test_what_was_on_trial_is_reviewed_without_a_word_to_the_member() -> None:
    stage = a_stage(a_sanction(kind=SanctionKind.TRIAL))
    assert "试用" in words(stage.play(said("#undo 7", by=AGENT, room=DESK)), DESK)[0]
    opinion = stage.play(said("#误判 7", by=AGENT, room=DESK))
    assert of_type(opinion, ReverseSanction)
    assert apologies(opinion) == []


def test_a_review_may_be_changed_and_is_not_counted_twice() -> None:
    stage = a_stage(a_sanction())
    stage.play(said("#判对 7", by=AGENT, room=DESK))
    assert of_type(stage.play(said("#判对 7", by=AGENT, room=DESK)), JudgeSanction) == []
    stage.play(said("#误判 7", by=AGENT, room=DESK))
    assert (stage.world.rules["辱骂"].right, stage.world.rules["辱骂"].wrong) == (0, 1)


def test_a_rule_that_is_wrong_too_often_goes_back_on_trial_and_staff_hear_why() -> None:
    stage = a_stage(*(a_sanction(number) for number in (5, 6, 7)))
    first = [stage.play(said(f"#误判 {number}", by=AGENT, room=DESK)) for number in (5, 6, 7)]
    assert [len(of_type(opinion, SetRule)) for opinion in first] == [0, 0, 1]
    assert stage.world.rules["辱骂"].state is RuleState.TRIAL
    assert any("改回试用" in text for text in words(first[2], DESK))


def test_retiring_a_rule_takes_back_all_it_did_with_one_apology_per_member() -> None:
    done = [
        a_sanction(1),
        a_sanction(2, SanctionKind.MUTE),
        a_sanction(3, member=BEN),
        a_sanction(4, SanctionKind.REMOVE, member=CARL),
        a_sanction(5, SanctionKind.TRIAL, member=CARL),
        a_sanction(6, rule="advert"),
        a_sanction(8, reversed_at=MORNING),
    ]
    opinion = a_stage(*done).play(acted("#停用 辱骂"))
    assert [one.number for one in of_type(opinion, ReverseSanction)] == [1, 2, 3, 4, 5]
    assert len(of_type(opinion, Unmute)) == 1
    told = [(say.mentions[0].id if say.mentions else 0, say.whisper_to) for say in apologies(opinion)]
    assert told == [(ANN.id, None), (BEN.id, None), (0, CARL)]
    assert len({say.merge.key for say in apologies(opinion) if say.merge}) == 1
    (summary,) = words(opinion, DESK)
    assert "4 条" in summary and "3 人" in summary and "1 人已被移出" in summary
    assert [(one.rule, one.state) for one in of_type(opinion, SetRule)] == [("辱骂", RuleState.RETIRED)]


@pytest.mark.parametrize(("word", "state"), [("试用", RuleState.TRIAL), ("启用", RuleState.LIVE)])
def test_a_rule_is_put_on_trial_and_live_from_the_console(word: str, state: RuleState) -> None:
    opinion = a_stage().play(acted(f"#{word} 辱骂"))
    assert [one.state for one in of_type(opinion, SetRule)] == [state]


def test_agents_change_no_rules_and_unknown_rules_are_named() -> None:
    stage = a_stage()
    assert of_type(stage.play(said("#停用 辱骂", by=AGENT, room=DESK)), SetRule) == []
    lead = replace(stage.world.people[AGENT.id], staff=StaffFacts(UserId(1), "李静", "lead"))
    stage.world = replace(stage.world, people={**stage.world.people, AGENT.id: lead})
    assert of_type(stage.play(said("#停用 辱骂", by=AGENT, room=DESK)), SetRule)
    (told,) = words(stage.play(said("#停用 没这条", by=AGENT, room=DESK)), DESK)
    assert "没这条" in told and "辱骂" in told


def test_a_ban_removes_from_every_room_and_can_be_lifted() -> None:
    stage = a_stage(a_sanction())
    able = frozenset(Ability) - {Ability.REMOVE_AS_ADMIN_ONLY}
    stage.world = replace(stage.world, account=replace(stage.world.account, abilities=able))
    opinion = stage.play(said("#拉黑 7", by=AGENT, room=DESK))
    assert [one.member.id for one in of_type(opinion, Ban)] == [ANN.id]
    assert {one.room_id for one in of_type(opinion, Remove)} == {ROOM, OTHER_ROOM}
    assert stage.world.people[ANN.id].banned
    assert of_type(stage.play(said("#解除拉黑 7", by=AGENT, room=DESK)), LiftBan)
    assert not stage.world.people[ANN.id].banned


def test_lifting_a_ban_says_that_a_removal_still_stands() -> None:
    for reversed_at, said_so in ((None, True), (MORNING, False)):
        stage = a_stage(a_sanction(kind=SanctionKind.REMOVE, reversed_at=reversed_at))
        stage.world = replace(stage.world, stays={})
        (told,) = words(stage.play(said("#解除拉黑 7", by=AGENT, room=DESK)), DESK)
        assert ("#undo 7" in told) is said_so


def test_owners_and_staff_are_never_banned() -> None:
    for person in (OWNER, AGENT):
        stage = a_stage(a_sanction(member=person))
        stage.world = replace(stage.world, stays={person.id: frozenset({RoomId(ROOM)})})
        assert of_type(stage.play(said("#拉黑 7", by=AGENT, room=DESK)), Ban) == []


def test_strangers_may_do_none_of_it() -> None:
    for command in ("#误判 7", "#停用 辱骂", "#拉黑 7"):
        opinion = a_stage(a_sanction()).play(said(command, by=BEN))
        kinds = (ReverseSanction, SetRule, Ban, Remove)
        assert not any(of_type(opinion, kind) for kind in kinds)
        assert {finding.level for finding in opinion.findings} == {"refused"}
