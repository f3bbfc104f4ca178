"""Rules on trial are recorded and punish nobody; retired ones find nothing; what staff decided wins over the list."""

from dataclasses import replace

import pytest

from domain.actions import AddSanction, SanctionKind, Say
from domain.book import WordList
from domain.ladder import Severity
from domain.rules import RuleFacts, RuleState
from handlers.moderation.handler import Moderation
from handlers.moderation.sanctions import strikes
from tests.handlers import facts_builder as build
from tests.handlers.facts_builder import ANN, MORNING, OWNER, ROOM, Stage, of_type, said

INSULT = "你坏蛋瓜"
LISTS = (WordList("辱骂", "warn", ("坏蛋瓜",)), WordList("新词", "warn", ("飞天小笼包",), trial=True))


def a_stage(**decided: RuleFacts) -> Stage:
    """Two lists, the second on trial by its file."""
    book = build.a_book(words=LISTS)
    stage = Stage(Moderation(book), book)
    stage.world = replace(stage.world, rules=decided)
    return stage


def kinds(stage: Stage, text: str) -> list[SanctionKind]:
    """What is recorded for a message."""
    return [sanction.kind for sanction in of_type(stage.play(said(text)), AddSanction)]


def test_a_list_on_trial_is_recorded_under_a_number_and_nobody_hears_of_it() -> None:
    opinion = a_stage().play(said("今天有飞天小笼包"))
    (sanction,) = of_type(opinion, AddSanction)
    assert (sanction.kind, sanction.rule, sanction.enforced) == (SanctionKind.TRIAL, "新词", False)
    assert of_type(opinion, Say) == []
    levels = {finding.rule: finding.level for finding in opinion.findings}
    assert (levels["abuse"], levels["trial"]) == ("none", "warn")
    assert not opinion.final


def test_a_live_list_beside_it_punishes_as_ever() -> None:
    assert kinds(a_stage(), INSULT) == [SanctionKind.WHISPER]
    assert kinds(a_stage(), "你坏蛋瓜，飞天小笼包") == [SanctionKind.WHISPER]


@pytest.mark.parametrize(
    ("state", "kind"),
    [(RuleState.LIVE, [SanctionKind.WHISPER]), (RuleState.TRIAL, [SanctionKind.TRIAL]), (RuleState.RETIRED, [])],
)
@pytest.mark.parametrize(("rule", "text"), [("辱骂", INSULT), ("新词", "哪来的飞天小笼包")])
def test_what_staff_decided_wins_over_the_file(
    rule: str, text: str, state: RuleState, kind: list[SanctionKind]
) -> None:
    assert kinds(a_stage(**{rule: RuleFacts(state)}), text) == kind


def test_rules_that_are_no_list_can_be_put_on_trial_and_retired() -> None:
    giant = "长" * 4000
    assert kinds(a_stage(), giant) == [SanctionKind.WHISPER]
    assert kinds(a_stage(flood=RuleFacts(RuleState.TRIAL)), giant) == [SanctionKind.TRIAL]
    assert kinds(a_stage(flood=RuleFacts(RuleState.RETIRED)), giant) == []


def test_reviews_alone_change_no_state() -> None:
    assert kinds(a_stage(辱骂=RuleFacts(None, 5, 1)), INSULT) == [SanctionKind.WHISPER]


def test_what_was_on_trial_is_no_strike() -> None:
    stage = a_stage()
    for _ in range(3):
        stage.play(said("哪来的飞天小笼包"))
    facts = build.facts_for(said(INSULT), stage.world, stage.book)
    member = stage.world.members[(ROOM, ANN.id)]
    assert len(member.sanctions) == 3
    assert strikes(member.sanctions, facts) == ()
    assert kinds(stage, INSULT) == [SanctionKind.WHISPER]


def test_a_graver_trial_verdict_beside_a_milder_live_one_leaves_the_live_one() -> None:
    book = build.a_book(words=(LISTS[0], WordList("重话", "remove", ("收拾你全家",), trial=True)))
    opinion = Stage(Moderation(book), book).play(said("你坏蛋瓜，收拾你全家"))
    (sanction,) = of_type(opinion, AddSanction)
    assert (sanction.kind, sanction.severity) == (SanctionKind.WHISPER, Severity.PLAIN.name.lower())


def test_the_privileged_are_not_recorded() -> None:
    stage = a_stage()
    assert of_type(stage.play(said("哪来的飞天小笼包", by=OWNER, at=MORNING)), AddSanction) == []
