"""Staff commands read from text, and above all what must never become an answer to a member."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.staff_command import (
    BIND_USAGE,
    CANCEL_USAGE,
    CASE_USAGE,
    DRAW_USAGE,
    QUIET_USAGE,
    REDRAW_USAGE,
    REPLY_USAGE,
    TRANSFER_USAGE,
    UNDO_USAGE,
    BeQuiet,
    Bind,
    CancelDraw,
    FinishDraw,
    Note,
    RedrawSlot,
    Reply,
    Resolve,
    Resume,
    StaffCommand,
    StartDraw,
    TakeOver,
    Transfer,
    Unclear,
    Undo,
    parse_staff_command,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#12 回复 您好！退款已办。", Reply(12, "您好！退款已办。")),
        ("＃１２ 回复 您好", Reply(12, "您好")),
        ("#12回复您好", Reply(12, "您好")),
        ("# 12  回复　您好", Reply(12, "您好")),
        ("#12 回复：您好", Reply(12, "您好")),
        ("#12：回复 您好", Reply(12, "您好")),
        ("#12 回复 第一行\n第二行  ", Reply(12, "第一行\n第二行")),
        ("\u200b#12 回复 您好", Reply(12, "您好")),
        ("@小管家\u2005#12 回复 您好", Reply(12, "您好")),
        ("#12 回復 您好", Reply(12, "您好")),
        ("#12 回复 １２３＃", Reply(12, "１２３＃")),
        ("#12 回复 了解，马上处理", Reply(12, "了解，马上处理")),
        ("#12 接手", TakeOver(12)),
        ("#12接手。", TakeOver(12)),
        ("#12 我接手！", TakeOver(12)),
        ("#12 解决", Resolve(12)),
        ("#12 已解决～", Resolve(12)),
        ("#12 转给 @张三", Transfer(12, "张三")),
        ("#12转给@张三", Transfer(12, "张三")),
        ("#12 转给 张三", Transfer(12, "张三")),
        ("#12 转给 ＠张三 他熟悉", Transfer(12, "张三", "他熟悉")),
        ("#12 转给 @张 三\u2005他熟悉", Transfer(12, "张 三", "他熟悉")),
        ("#12 这人上次也投诉过", Note(12, "这人上次也投诉过")),
        ("#012 看看", Note(12, "看看")),
        ("#12", Unclear(CASE_USAGE)),
        ("#12 回复", Unclear(REPLY_USAGE)),
        ("#12 回复：", Unclear(REPLY_USAGE)),
        ("#12 回复 \u200b", Unclear(REPLY_USAGE)),
        ("#12 转给", Unclear(TRANSFER_USAGE)),
        ("#12 转给 @", Unclear(TRANSFER_USAGE)),
    ],
)
def test_case_commands_are_read(text: str, expected: StaffCommand) -> None:
    assert parse_staff_command(text) == expected


@pytest.mark.parametrize(
    "talk",
    [
        "回复了吗",
        "回复过他两次了",
        "回复没有",
        "回复他别理他",
        "回复客户太慢",
        "回复不了",
        "回复？",
        "接手了吗",
        "接手不了",
        "接手？",
        "解决不了",
        "解决了吗",
        "解决？",
        "转给谁好",
        "先别回复 他在骂人",
        "已经回复 了",
        "请回复 您好",
    ],
)
@pytest.mark.parametrize("lead", ["#12", "#12 ", "＃１２　"])
def test_talk_among_colleagues_stays_a_note(lead: str, talk: str) -> None:
    assert parse_staff_command(lead + talk) == Note(12, talk)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#安静 2小时", BeQuiet(timedelta(hours=2))),
        ("＃安静一个半小时", BeQuiet(timedelta(minutes=90))),
        ("#安靜", BeQuiet(None)),
        ("#安静 一会儿", Unclear(QUIET_USAGE)),
        ("#安静的夜晚", None),
        ("#恢复", Resume()),
        ("# 恢复。", Resume()),
        ("#恢复出厂设置", None),
        ("#undo 45", Undo(45)),
        ("#UNDO45", Undo(45)),
        ("#撤销 ＃４５", Undo(45)),
        ("#撤销", Unclear(UNDO_USAGE)),
        ("#撤销 全部", Unclear(UNDO_USAGE)),
        ("#undo 0", Unclear(UNDO_USAGE)),
        ("#undo 9999999999", Unclear(UNDO_USAGE)),
        ("#撤销了", None),
        ("#绑定 AB12-cd_9", Bind("AB12-cd_9")),
        ("＃绑定ＡＢ１２", Bind("AB12")),
        ("绑定 AB12cd", Bind("AB12cd")),
        ("绑定：AB12cd", Bind("AB12cd")),
        ("#绑定", Unclear(BIND_USAGE)),
        ("绑定 手机号", None),
        ("绑定AB12", None),
        ("怎么绑定 AB12cd", None),
        ("绑定 AB12cd 谢谢", None),
        ("#绑定 abc", None),
    ],
)
def test_room_commands_are_read(text: str, expected: StaffCommand | None) -> None:
    assert parse_staff_command(text) == expected


TEN_MINUTES = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#抽奖 中秋 奶茶x3 10分钟", StartDraw("中秋", (("奶茶", 3),), TEN_MINUTES)),
        (
            "＃抽奖 中秋 团圆 奶茶×３ 红包＊10 半小时",
            StartDraw("中秋 团圆", (("奶茶", 3), ("红包", 10)), 3 * TEN_MINUTES),
        ),
        ("#抽奖 中秋 奶茶X3、红包x1个，月饼x2盒装", Unclear(DRAW_USAGE)),
        ("#抽奖 中秋 奶茶X3、红包x1个，月饼x2份", StartDraw("中秋", (("奶茶", 3), ("红包", 1), ("月饼", 2)), None)),
        ("#抽奖 奶茶x3 红包 x 1", StartDraw("奶茶、红包", (("奶茶", 3), ("红包", 1)), None)),
        ("#抽奖\n中秋\n奶茶x3\n10分钟", StartDraw("中秋", (("奶茶", 3),), TEN_MINUTES)),
        ("#抽獎 iPhone15x1 10分钟", StartDraw("iPhone15", (("iPhone15", 1),), TEN_MINUTES)),
        ("#抽奖", Unclear(DRAW_USAGE)),
        ("#抽奖 中秋", Unclear(DRAW_USAGE)),
        ("#抽奖 10分钟", Unclear(DRAW_USAGE)),
        ("#抽奖 中秋 奶茶x0", Unclear(DRAW_USAGE)),
        ("#抽奖 中秋 奶茶x1001", Unclear(DRAW_USAGE)),
        ("#抽奖 中秋 奶茶x3 奶茶x1", Unclear(DRAW_USAGE)),
        ("#抽奖 中秋 奶茶x3 10分种", Unclear(DRAW_USAGE)),
        ("#抽奖 中秋 奶茶x3 大奖 10分钟", Unclear(DRAW_USAGE)),
        ("#抽奖好玩吗", None),
        ("#开奖", FinishDraw(None)),
        ("#开奖 3", FinishDraw(3)),
        ("#开奖 ＃3", FinishDraw(3)),
        ("#开奖啦", None),
        ("#取消抽奖 3 下雨了 改期", CancelDraw(3, "下雨了 改期")),
        ("#取消抽奖 3", Unclear(CANCEL_USAGE)),
        ("#取消抽奖", Unclear(CANCEL_USAGE)),
        ("#补抽 3 2 没来领", RedrawSlot(3, 2, "没来领")),
        ("#重抽 3 2 没来领 两天了", RedrawSlot(3, 2, "没来领 两天了")),
        ("#补抽 3 没来领", Unclear(REDRAW_USAGE)),
        ("#补抽", Unclear(REDRAW_USAGE)),
    ],
)
def test_draw_commands_are_read(text: str, expected: StaffCommand | None) -> None:
    assert parse_staff_command(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#",
        "##",
        "你好",
        "12 回复 你好",
        "#接龙\n1. 张三",
        "#话题#今天",
        "#0 回复 x",
        "#1234567890 回复 x",
        "＃＃12",
        "a#12",
    ],
)
def test_other_talk_is_no_command(text: str) -> None:
    assert parse_staff_command(text) is None


def test_texts_are_kept_out_of_representations() -> None:
    assert "秘密" not in repr(parse_staff_command("#12 回复 秘密"))
    assert "秘密" not in repr(parse_staff_command("#12 秘密"))
    assert "AB12cd" not in repr(parse_staff_command("绑定 AB12cd"))


cases = st.integers(1, 999_999_999)
widths = st.sampled_from([{}, str.maketrans("0123456789", "０１２３４５６７８９")])
gaps = st.sampled_from(["", " ", "　", "\u2005", "："])
scraps = st.text(
    alphabet="#＃12１２ 回复接手转给解决@＠了吗安静小时抽奖x3绑定undo撤销补抽取消开奖:：\u2005\u200b\n", max_size=24
)


@given(scraps | st.text(max_size=200))
def test_any_text_is_read_without_error_and_the_same_twice(text: str) -> None:
    assert parse_staff_command(text) == parse_staff_command(text)


@given(st.sampled_from(["#", "＃", " #", "# "]), cases, widths, gaps, st.text(max_size=60))
def test_an_answer_goes_out_as_typed(sign: str, case: int, wide: dict[int, int], gap: str, answer: str) -> None:
    text = f"{sign}{str(case).translate(wide)}{gap}回复 {answer}"
    command = parse_staff_command(text)
    if isinstance(command, Reply):
        assert command.case == case
        assert command.text in answer
        assert command.text.strip() == command.text
    else:
        assert command == Unclear(REPLY_USAGE)


@given(cases, gaps, scraps | st.text(max_size=60))
def test_what_does_not_begin_with_the_answer_word_never_leaves(case: int, gap: str, rest: str) -> None:
    command = parse_staff_command(f"#{case}{gap} {rest}")
    begins = rest.strip(" 　\u2005:：,，\n").startswith(("回复", "回覆", "回復"))
    if isinstance(command, Reply) and command.case == case:
        assert begins
    if isinstance(command, Note) and command.case == case:
        assert command.text in rest


@given(st.text(max_size=100).filter(lambda text: "#" not in text and "＃" not in text and "﹟" not in text))
def test_without_a_sign_only_a_binding_is_a_command(text: str) -> None:
    assert isinstance(parse_staff_command(text), Bind | None)


@given(
    st.lists(
        st.tuples(st.text(alphabet="奶茶红包月饼大奖券", min_size=1, max_size=6), st.integers(1, 100)),
        min_size=1,
        max_size=6,
        unique_by=lambda prize: prize[0],
    ),
    st.text(alphabet="中秋国庆活动", min_size=1, max_size=8),
    st.integers(1, 600),
    st.sampled_from(["x", "X", "×", "*", " x ", "＊"]),
)
def test_draws_survive_being_written_down(prizes: list[tuple[str, int]], title: str, minutes: int, times: str) -> None:
    written = " ".join(f"{name}{times}{count}" for name, count in prizes)
    command = parse_staff_command(f"#抽奖 {title} {written} {minutes}分钟")
    assert command == StartDraw(title, tuple(prizes), timedelta(minutes=minutes))


def test_a_huge_text_is_read_in_bounded_time() -> None:
    assert parse_staff_command("@" + "a" * 200_000) is None
    assert parse_staff_command("#" + "1" * 200_000) is None
    assert isinstance(parse_staff_command("#抽奖 " + "x3 " * 30_000), Unclear)
    assert isinstance(parse_staff_command("#抽奖 " + "x" * 100_000), Unclear)
