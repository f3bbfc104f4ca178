"""What the README tells newcomers to say does what it tells, judged with the sample community."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bot.config import load
from bot.dryrun import DryRun, Line
from domain.actions import Action, CheckIn, Mute, OpenCase, Recall, Say
from handlers.catalog import build
from tests.docs.pages import ROOT

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""12:00 on a Monday in Shanghai."""


class Group:
    """演示群, a minute between two messages."""

    def __init__(self, begins: datetime = NOON) -> None:
        self._dry_run = DryRun(build(load(ROOT / "config")), begins)
        self._begins = begins
        self._minutes: Iterator[int] = count()

    def says(self, text: str, member: str = "小李", mention: bool = False) -> tuple[Action, ...]:
        """What follows from a message."""
        at = self._begins + timedelta(minutes=next(self._minutes))
        line = Line(str(at), text, room="web:demo", member=member, name=member, at=at, mention=mention)
        return self._dry_run.judge(line).actions


@pytest.fixture
def group() -> Group:
    """A new group."""
    return Group()


def _words(actions: tuple[Action, ...]) -> str:
    return "\n".join(action.text for action in actions if isinstance(action, Say))


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
@pytest.mark.parametrize("said", ["退款多久能到账呀", "我要投诉，三天了没人理", "签到", "参加", "帮助", "@小管家"])
def test_both_readmes_tell_newcomers_to_say_this(readme: str, said: str) -> None:
    assert f"| {said} |" in (ROOT / readme).read_text(encoding="utf-8")


def test_a_question_in_other_words_is_answered(group: Group) -> None:
    assert "三到五个工作日" in _words(group.says("退款多久能到账呀"))


def test_newcomers_from_anywhere_are_answered_at_their_time_of_day() -> None:
    for hour in range(24):
        group = Group(NOON + timedelta(hours=hour))
        assert "三到五个工作日" in _words(group.says("退款多久能到账呀"))


def test_an_insult_is_taken_back_with_a_warning_that_does_not_repeat_it(group: Group) -> None:
    actions = group.says("你就是个傻逼")
    assert any(isinstance(action, Recall) for action in actions)
    assert "群规" in _words(actions)
    assert "傻逼" not in _words(actions)


def test_the_first_warning_is_for_its_member_alone_and_the_second_for_all(group: Group) -> None:
    warnings = [
        [action for action in group.says("你就是个傻逼") if isinstance(action, Say)] for _ in ("first", "second")
    ]
    assert [[say.whisper_to and say.whisper_to.name for say in said] for said in warnings] == [["小李"], [None]]


def test_the_third_insult_mutes_for_ten_minutes(group: Group) -> None:
    mutes = [
        [action for action in group.says("你就是个傻逼") if isinstance(action, Mute)]
        for _ in ("first", "second", "third")
    ]
    assert [len(found) for found in mutes] == [0, 0, 1]
    assert mutes[2][0].until == NOON + timedelta(minutes=12)


def test_a_complaint_gets_a_number_and_progress_tells_of_it(group: Group) -> None:
    actions = group.says("我要投诉，三天了没人理")
    assert [action.number for action in actions if isinstance(action, OpenCase)] == [1]
    assert "编号 1" in _words(actions)
    assert "编号 1" in _words(group.says("进度"))


def test_a_second_check_in_on_one_day_says_so_kindly(group: Group) -> None:
    first, second = group.says("签到"), group.says("签到")
    assert [sum(isinstance(action, CheckIn) for action in actions) for actions in (first, second)] == [1, 0]
    assert "签过" in _words(second)
    assert "5 积分" in _words(group.says("积分"))


def test_entering_without_a_draw_says_that_there_is_none(group: Group) -> None:
    assert "没有进行中的抽奖" in _words(group.says("参加"))


def test_help_lists_five_commands(group: Group) -> None:
    assert (
        len([line for line in _words(group.says("帮助")).splitlines() if "：" in line and "也可以发" not in line]) == 5
    )


def test_after_an_empty_mention_the_next_words_are_for_the_bot(group: Group) -> None:
    assert "在的" in _words(group.says("", mention=True))
    assert "机器人" in _words(group.says("你是机器人吗"))
