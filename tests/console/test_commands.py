"""What the console writes reads back as what was meant, whatever somebody typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import commands
from domain.staff_command import parse_staff_command
from domain.staff_words import BeQuiet, Note, Reply, Resume, Transfer, Undo

TYPED = st.text(max_size=60) | st.sampled_from(
    [
        "接手",
        "解决",
        "回复 别告诉他",
        "回复：好的",
        "转给 @小林",
        ":)",
        "：好的",
        "，再看",
        "#13 回复 你好",
        "  ",
        "\u200b",
        "a\r\nb",
    ]
)


@given(TYPED)
def test_a_note_never_becomes_anything_that_reaches_the_member(text: str) -> None:
    try:
        command = commands.note(12, text)
    except commands.Unsayable:
        return
    meant = parse_staff_command(command)
    assert isinstance(meant, Note) and meant.case == 12 and meant.text.endswith(commands.tidy(text))


@given(TYPED)
def test_a_reply_reaches_the_member_exactly_as_it_was_written(text: str) -> None:
    try:
        command = commands.reply(12, text)
    except commands.Unsayable:
        return
    assert parse_staff_command(command) == Reply(12, commands.tidy(text))


@given(st.text(min_size=1, max_size=20).filter(str.isprintable), TYPED)
def test_a_transfer_goes_to_the_colleague_who_was_chosen(name: str, why: str) -> None:
    try:
        command = commands.transfer(12, name, why)
    except commands.Unsayable:
        return
    meant = parse_staff_command(command)
    assert isinstance(meant, Transfer) and (meant.case, meant.to) == (12, name)


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u2060", "\x00"])
def test_nothing_is_not_sent(text: str) -> None:
    with pytest.raises(commands.Unsayable):
        commands.reply(12, text)
    with pytest.raises(commands.Unsayable):
        commands.note(12, text)


def test_a_reply_may_begin_with_any_sign() -> None:
    assert parse_staff_command(commands.reply(12, ":) 已退款")) == Reply(12, ":) 已退款")
    assert parse_staff_command(commands.reply(12, "了解，马上")) == Reply(12, "了解，马上")


def test_a_note_that_looks_like_a_reply_is_marked_as_a_note() -> None:
    assert parse_staff_command(commands.note(12, "回复 他已经发火了")) == Note(12, "备注：回复 他已经发火了")


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(commands.Unsayable, match="2000"):
        commands.reply(12, "长" * 2001)


@pytest.mark.parametrize("hours", [1, 2, 8, 24])
def test_the_off_switch_is_understood(hours: int) -> None:
    from datetime import timedelta

    assert parse_staff_command(commands.quiet(hours)) == BeQuiet(timedelta(hours=hours))
    assert parse_staff_command(commands.RESUME) == Resume()
    assert parse_staff_command(commands.undo(7)) == Undo(7)
