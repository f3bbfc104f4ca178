"""What an entry may say beside its answer: variables, days, thresholds of its own, and what may be asked on."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.actions import Say, SendFile
from domain.book import FaqEntry, FollowUp
from domain.decision import Opinion
from domain.events import MessagePosted, Person, Quote
from domain.facts import Ability
from domain.ids import MemberId
from domain.policy import FaqPolicy, Policy
from handlers import catalog
from handlers.faq.handler import Faq
from handlers.judge import judge_all
from tests.handlers import facts_builder as build
from tests.handlers.facts_builder import BEN, BOT, MORNING, Stage, of_type, said, words
from tests.handlers.faq import stages
from tests.handlers.faq.stages import REFUND


def a_stage(*entries: FaqEntry) -> Stage:
    return stages.a_stage(entries=entries)


def quoting(answer: str, text: str, by: Person = BOT) -> MessagePosted:
    return said(text, quote=Quote(by.name, answer, by.id))


def followed(opinion: Opinion) -> list[object]:
    return [found.details["entry"] for found in opinion.findings if found.rule == "follow_up"]


def test_variables_are_filled_in_and_other_braces_stay() -> None:
    entry = FaqEntry("open", "今天开门吗？", ("{member}，{room}{date}照常开门 {foo} {}",))
    odd = Person(MemberId(77), "{room}")
    assert words(a_stage(entry).play(said("今天开门吗", by=odd))) == ["{room}，演示群3月12日照常开门 {foo} {}"]


def test_an_answer_that_names_the_asker_is_said_to_everybody_once_and_merged_with_nobodys() -> None:
    stage = a_stage(FaqEntry("refund", "退款多久到账？", ("{member}，" + REFUND,)))
    first, second = stage.play(said("退款多久到账")), stage.play(said("退款多久到账", by=BEN))
    assert (words(first), words(second)) == ([f"阿花，{REFUND}"], [f"小明，{REFUND}"])
    assert [say.merge for say in of_type(first, Say)] == [None]
    assert words(stage.play(said("退款多久到账", at=MORNING + timedelta(seconds=5)))) == []


@pytest.mark.parametrize(
    ("since", "until", "answers"),
    [
        (None, date(2025, 3, 12), [REFUND]),
        (date(2025, 3, 12), None, [REFUND]),
        (None, date(2025, 3, 11), []),
        (date(2025, 3, 13), None, []),
    ],
)
def test_an_entry_answers_on_its_days_only(since: date | None, until: date | None, answers: list[str]) -> None:
    entry = FaqEntry("refund", "退款多久到账？", (REFUND,), since=since, until=until)
    assert words(a_stage(entry).play(said("退款多久到账"))) == answers


def test_an_entry_may_be_more_careful_or_bolder_than_the_policy() -> None:
    careful = FaqEntry("refund", "退款多久到账？", (REFUND,), answer_at=1.0)
    assert words(a_stage(careful).play(said("退款多久到账"))) == []
    opinion = a_stage(careful).play(said("退款多久到账", mentions_bot=True))
    assert opinion.findings[0].level == "suggest"
    text = "退款要多久才到银行卡里"
    score = a_stage(FaqEntry("refund", "退款多久到账？", (REFUND,))).play(said(text)).findings[0].score
    bold = FaqEntry("refund", "退款多久到账？", (REFUND,), answer_at=score)
    assert words(a_stage(bold).play(said(text))) == [REFUND]


ENTRIES = (
    FaqEntry(
        "post",
        "快递几天能到？",
        ("一般三天送到，{room}的朋友也一样。",),
        follow_ups=(FollowUp(question="新疆要多久？", answers=("新疆要七天。",)), FollowUp(entry="urgent")),
    ),
    FaqEntry("urgent", "可以加急吗？", ("可以，加十元。",)),
)


@pytest.mark.parametrize(
    ("text", "entry", "answer"),
    [("那新疆呢", "post/1", "新疆要七天。"), ("那加急的呢？", "urgent", "可以，加十元。")],
)
@pytest.mark.parametrize("quoted", ["一般三天送到，演示群的朋友也一样。", "@阿花 一般三天送到，演示群的朋友也一样。"])
def test_quoting_an_answer_one_can_ask_on(quoted: str, text: str, entry: str, answer: str) -> None:
    opinion = a_stage(*ENTRIES).play(quoting(quoted, text))
    assert (words(opinion), followed(opinion)) == ([answer], [entry])


def test_one_can_ask_on_about_the_answer_to_a_follow_up() -> None:
    assert words(a_stage(*ENTRIES).play(quoting("新疆要七天。", "那加急呢"))) == ["可以，加十元。"]


@pytest.mark.parametrize(
    "event",
    [
        lambda: said("那新疆呢"),
        lambda: quoting("别的什么话而已", "那新疆呢"),
        lambda: quoting("一般三天送到，演示群的朋友也一样。", "那新疆呢", BEN),
        lambda: quoting("一般三天送到，演示群的朋友也一样。", "谢谢"),
        lambda: quoting("一般三天送到，演示群的朋友也一样。", "西藏要多久？"),
    ],
)
def test_nothing_is_asked_on_without_the_bots_answer_or_without_a_question(event: object) -> None:
    assert callable(event)
    opinion = a_stage(*ENTRIES).play(event())
    assert (words(opinion), followed(opinion)) == ([], [])


def test_a_number_that_takes_an_offer_leaves_a_finding() -> None:
    policy = Policy(faq=FaqPolicy(addressed_answer_at=1.0))
    book = build.a_book(policy, faq=(FaqEntry("refund", "退款多久到账？", (REFUND,)),))
    stage = Stage(Faq(book), book)
    stage.play(said("退款多久到账", mentions_bot=True))
    opinion = stage.play(said("1", at=MORNING + timedelta(seconds=20)))
    assert [(f.rule, f.level, f.details["entry"]) for f in opinion.findings[1:]] == [("choice", "taken", "refund")]


def test_files_go_behind_the_words_and_not_again_to_who_joins_them() -> None:
    stage = a_stage(FaqEntry("map", "怎么走？", ("看图。",), files=("files/a.png", "files/b.pdf")))
    first = stage.play(said("怎么走"))
    assert [kind for kind in build.kinds(first.actions) if kind != "Remember"] == ["Say", "SendFile", "SendFile"]
    (say,), files = of_type(first, Say), of_type(first, SendFile)
    assert [one.file for one in files] == ["files/a.png", "files/b.pdf"]
    assert {(one.not_before, one.expires_at, one.unasked, one.to) for one in files} == {
        (say.not_before, say.expires_at, True, build.ANN)
    }
    assert of_type(stage.play(said("怎么走", by=BEN)), SendFile) == []


def test_a_channel_that_sends_no_files_says_the_words_alone() -> None:
    book = build.a_book(faq=(FaqEntry("map", "怎么走？", ("看图。",), files=("files/a.png",)),))
    world = build.a_world()
    world = replace(world, account=replace(world.account, abilities=frozenset(Ability) - {Ability.SEND_FILE}))
    judged, _ = judge_all(catalog.build(book), world, [said("怎么走")], MORNING)
    assert [type(action).__name__ for action in judged[0].decision.outward] == ["Say"]
