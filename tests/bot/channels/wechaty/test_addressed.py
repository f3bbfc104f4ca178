"""Who is addressed: ids rule, the bot's names count where there are none, and @所有人 is nobody in particular."""

import pytest

from bot.channels.wechaty.addressed import by_ids, by_names, own_words
from domain.incoming import ExternalPerson

OWN = ExternalPerson("bot", "小管家", "楼长助理")
MING = ExternalPerson("ming", "小明", "三号楼小明")
HONG = ExternalPerson("hong", "小红")


@pytest.mark.parametrize(
    "text", ["@小管家\u2005退款多久", "退款多久@小管家", "退款@楼长助理\u2005多久", "＠小管家 退款多久"]
)
def test_either_name_of_the_bot_counts_at_any_place(text: str) -> None:
    for found in (by_names(text, OWN, ()), by_ids(text, ["bot"], OWN, ())):
        assert found.bot
        assert found.text.replace(" ", "") == "退款多久"


def test_an_empty_mention_has_no_words() -> None:
    assert by_ids("@小管家\u2005", ["bot"], OWN, ()).text == ""


def test_who_is_not_among_the_ids_is_not_addressed() -> None:
    found = by_ids("@小管家\u2005和@小明\u2005说", ["ming"], OWN, (MING,))
    assert not found.bot
    assert found.people == (MING,)


def test_names_of_all_listed_people_are_cut_out() -> None:
    found = by_ids("@三号楼小明\u2005@小红\u2005@小管家\u2005看看", ["ming", "hong", "bot"], OWN, (MING, HONG))
    assert (found.text, found.people, found.bot) == ("看看", (MING, HONG), True)


def test_a_chosen_name_that_could_not_be_learnt_is_cut_out_as_well() -> None:
    nameless = ExternalPerson("hong")
    found = by_ids("@大 笨蛋\u2005在吗", ["hong"], OWN, (nameless,))
    assert (found.text, found.people) == ("在吗", (nameless,))


@pytest.mark.parametrize("everybody", ["所有人", "全体成员", "all"])
def test_everybody_is_not_the_bot_although_all_ids_are_listed(everybody: str) -> None:
    found = by_ids(f"@{everybody}\u2005停水", ["bot", "ming", "hong"], OWN, (MING, HONG))
    assert (found.text, found.everybody, found.bot, found.people) == ("停水", True, False, ())


def test_everybody_and_the_bot_by_name_are_both_addressed() -> None:
    found = by_ids("@所有人 停水，@小管家\u2005发公告", ["bot", "ming"], OWN, (MING,))
    assert found.everybody
    assert found.bot


def test_everybody_may_have_an_id_of_its_own() -> None:
    found = by_ids("@所有人\u2005停水", ["notify@all"], OWN, ())
    assert (found.text, found.everybody, found.bot) == ("停水", True, False)


@pytest.mark.parametrize("text", ["@小管家二号 你好", "@小管家二号\u2005你好", "@小明 在吗", "邮箱a@b.c", "小管家"])
def test_without_ids_no_other_name_is_the_bot_s(text: str) -> None:
    found = by_names(text, OWN, ("小管家二号",))
    assert not found.bot
    assert found.people == ()


def test_a_chosen_name_of_a_stranger_is_no_own_word() -> None:
    found = by_names("@小管家\u2005叫@臭 猪\u2005来", OWN, ())
    assert found.bot
    assert "猪" not in found.text


@pytest.mark.parametrize("text", ["#12 转给 @小李\u2005", "@小管家\u2005＃12转给 @小李\u2005看一下"])
def test_without_ids_a_command_keeps_the_name_it_is_about(text: str) -> None:
    found = by_names(text, OWN, ())
    assert "@小李" in found.text
    assert "小管家" not in found.text


def test_without_ids_everybody_is_known_by_the_word() -> None:
    found = by_names("@所有人 停水", OWN, ())
    assert (found.text, found.everybody, found.bot) == ("停水", True, False)


@pytest.mark.parametrize("text", ["好的", "@小明\u2005好的", "@a@b\u2005@小 红\u2005 好的"])
def test_own_words_are_what_was_to_be_sent(text: str) -> None:
    assert own_words(text) == "好的"


def test_a_mention_inside_own_words_stays() -> None:
    assert own_words("找@小明\u2005吧") == "找@小明\u2005吧"
