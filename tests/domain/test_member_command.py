"""Member commands: the whole message or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.member_command import WORDS, CommandKind, MemberCommand, parse_member_command

BOT = {"小管家", "Steward 群管家"}


def kind(text: str) -> CommandKind | None:
    command = parse_member_command(text, BOT)
    return command.kind if command else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("签到", CommandKind.CHECK_IN),
        ("打卡", CommandKind.CHECK_IN),
        ("簽到", CommandKind.CHECK_IN),
        ("积分", CommandKind.POINTS),
        ("積分", CommandKind.POINTS),
        ("进度", CommandKind.PROGRESS),
        ("帮助", CommandKind.HELP),
        ("HELP", CommandKind.HELP),
        ("隐私", CommandKind.PRIVACY),
        ("申訴", CommandKind.APPEAL),
        ("我的警告", CommandKind.MY_WARNINGS),
        ("人工", CommandKind.HUMAN),
        ("转人工", CommandKind.HUMAN),
        ("轉人工", CommandKind.HUMAN),
        ("我的参与", CommandKind.MY_ENTRIES),
        ("参加", CommandKind.JOIN_DRAW),
        ("參加", CommandKind.JOIN_DRAW),
    ],
)
def test_each_command_is_known(text: str, expected: CommandKind) -> None:
    assert kind(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        " 签到 ",
        "签到！",
        "签到。。。",
        "签到～～",
        "签到~",
        "签到^_^",
        "签到☀️",
        "签到👍🏽",
        "签到👨‍👩‍👧",
        "签到[太阳]",
        "签到[太阳][呲牙]！",
        "🌞签到",
        "“签到”",
        "【签到】",
        "签\u200b到",
        "@小管家 签到",
        "@小管家\u2005签到",
        "@小管家签到",
        "＠小管家 签到",
        "@steward 群管家\u2005签到",
        "签到 @小管家",
        "签到！@小管家\u2005",
    ],
)
def test_decoration_does_not_matter(text: str) -> None:
    assert kind(text) is CommandKind.CHECK_IN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "今天签到了吗",
        "签到了",
        "我要签到",
        "怎么签到",
        "签到 打卡",
        "人工智能",
        "积分怎么换",
        "进度条",
        "申诉流程",
        "不要参加",
        "参加活动",
        "参加 0",
        "参加 -1",
        "@小王 签到",
        "@所有人 签到",
        "@小管家 @小王 签到",
        "签到 @小王",
        "签到+",
        "签到签到",
        "#接龙 签到",
        "签到" + "！" * 100,
    ],
)
def test_anything_more_is_a_message(text: str) -> None:
    assert kind(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("参加", None),
        ("参加 3", 3),
        ("参加3", 3),
        ("参加３！", 3),
        ("参加 第3号", 3),
        ("我要参加 #12", 12),
        ("参加③", 3),
    ],
)
def test_a_draw_may_be_named(text: str, number: int | None) -> None:
    assert parse_member_command(text, BOT) == MemberCommand(CommandKind.JOIN_DRAW, number)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("5", 5),
        ("１", 1),
        ("4分", 4),
        ("五分！", 5),
        ("三星", 3),
        ("5⭐", 5),
        ("5️⃣", 5),
        ("满意度 4", 4),
        ("@小管家 5", 5),
    ],
)
def test_satisfaction_is_a_number_from_1_to_5(text: str, score: int) -> None:
    assert parse_member_command(text, BOT) == MemberCommand(CommandKind.SATISFACTION, score)


@pytest.mark.parametrize(
    "text", ["0", "6", "10", "+1", "-5", "#1", "5%", "1+", "1-5", "3.5", "五", "5分钟", "1:1", "￥5", "$5", "~5"]
)
def test_other_numbers_are_no_satisfaction(text: str) -> None:
    assert kind(text) is None


def test_without_names_any_one_mention_is_taken_for_the_bots() -> None:
    assert parse_member_command("@随便谁 签到") == MemberCommand(CommandKind.CHECK_IN)
    assert parse_member_command("签到@随便谁") == MemberCommand(CommandKind.CHECK_IN)
    assert parse_member_command("@签到") == MemberCommand(CommandKind.CHECK_IN)
    assert parse_member_command("@所有人 签到") is None
    assert parse_member_command("@甲 @乙 签到") is None


@given(st.text(max_size=200), st.none() | st.sets(st.text(min_size=1, max_size=5), max_size=3))
def test_any_text_is_read_without_error(text: str, names: set[str] | None) -> None:
    command = parse_member_command(text, names)
    if (
        command is not None
        and command.kind is not CommandKind.SATISFACTION
        and command.kind is not CommandKind.JOIN_DRAW
    ):
        assert command.argument is None


decoration = st.text(alphabet="！。～~…，、 🌞👍\u200b？!?.", max_size=6)


@given(st.sampled_from(sorted(WORDS)), decoration, decoration)
def test_every_command_survives_decoration(word: str, before: str, after: str) -> None:
    assert parse_member_command(before + word + after, BOT) == MemberCommand(WORDS[word])


@given(
    st.sampled_from(sorted(WORDS)), st.text(alphabet="今天我想怎么了吗的啊呢a1", min_size=1, max_size=5), st.booleans()
)
def test_no_command_is_found_inside_a_sentence(word: str, more: str, before: bool) -> None:
    text = more + word if before else word + more
    assert parse_member_command(text, BOT) is None or text in WORDS
