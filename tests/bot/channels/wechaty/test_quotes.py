"""Quotations in text are taken apart as WeChat writes them, and nothing else is taken for one."""

import pytest

from bot.channels.wechaty.quotes import split_quote
from domain.incoming import ExternalQuote

DASHES = " ".join("-" * 15)


def test_a_quotation_gives_name_words_and_own_words() -> None:
    quote, own = split_quote(f"「小明：退款多久」\n{DASHES}\n三天")
    assert quote == ExternalQuote("小明", "退款多久")
    assert own == "三天"


def test_quoted_words_may_have_lines_brackets_and_colons() -> None:
    quote, own = split_quote(f"「小明：看「公告」：\n第二行」\n{DASHES}\n好\n的")
    assert quote == ExternalQuote("小明", "看「公告」：\n第二行")
    assert own == "好\n的"


def test_a_second_line_of_dashes_hides_no_own_words() -> None:
    quote, own = split_quote(f"「小明：在」\n{DASHES}\n你是猪」\n{DASHES}\n早")
    assert quote == ExternalQuote("小明", "在")
    assert own.startswith("你是猪")


@pytest.mark.parametrize("dashes", ["-" * 12, "—————", "－－－－－－", " - - - - - -"])
def test_other_dashes_of_other_clients_are_known(dashes: str) -> None:
    quote, own = split_quote(f"「小明: 在」\r\n{dashes}\r\n好")
    assert quote == ExternalQuote("小明", "在")
    assert own == "好"


@pytest.mark.parametrize(
    "text",
    ["", "「", "「小明：在」", f"「小明：在」\n{DASHES}", "「小明：在」\n- -\n好", f"说「小明：在」\n{DASHES}\n好"],
)
def test_what_is_no_quotation_stays_as_it_is(text: str) -> None:
    assert split_quote(text) == (None, text)


def test_a_quotation_without_a_name_keeps_its_words() -> None:
    assert split_quote(f"「图片」\n{DASHES}\n好看") == (ExternalQuote("", "图片"), "好看")


def test_an_answer_of_nothing_is_empty() -> None:
    assert split_quote(f"「小明：在」\n{DASHES}\n") == (ExternalQuote("小明", "在"), "")


def test_a_very_long_text_of_brackets_is_read_in_one_go() -> None:
    text = "「" + "」\n- \n" * 100_000
    assert split_quote(text) == (None, text)
