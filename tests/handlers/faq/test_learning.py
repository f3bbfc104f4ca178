"""Questions grouped by the matcher, beside the entry that is nearest."""

from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

from domain.book import Book, FaqEntry
from domain.unanswered import Asked
from handlers.faq.learning import FRESH, clusters, is_question

_numbers = count(1)
BOOK = Book(faq=(FaqEntry("refund", "退款多久到账？", ("三天。",)),))


def asked(text: str, room: str = "一群", answer: str = "", case: int | None = None) -> Asked:
    number = next(_numbers)
    at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=number)
    return Asked(number, at, room, text, number % 2 == 0, answer, case)


def test_the_same_question_in_other_words_is_one_group_with_its_rooms() -> None:
    said = [asked("怎么开发票？"), asked("发票怎么开", "二群"), asked("怎么开发票"), asked("停车场在哪里？")]
    first, second = clusters(said, BOOK)
    assert (first.count, dict(first.rooms), first.last_at) == (3, {"一群": 2, "二群": 1}, said[2].at)
    assert set(first.texts) == {"怎么开发票？", "发票怎么开", "怎么开发票"}
    assert (second.question, second.count) == ("停车场在哪里？", 1)
    assert first.nearest is None


def test_a_group_near_an_entry_names_it() -> None:
    (found,) = clusters([asked("退款要多久才会到账啊")], BOOK)
    assert found.nearest is not None and found.nearest.entry.id == "refund"


def test_a_group_about_something_else_names_no_entry_however_alike_it_looks() -> None:
    (found,) = clusters([asked("押金多久到账")], BOOK)
    assert found.nearest is None


def test_agents_answers_stay_with_their_questions() -> None:
    (found,) = clusters([asked("能开发票吗"), asked("能开发票吗？", answer="可以，找我。", case=7)], BOOK)
    assert (found.count, found.answers) == (2, [(7, "可以，找我。")])


def test_many_different_questions_stay_apart() -> None:
    things = "茶壶雨伞地铁身份证篮球蜡烛风筝钥匙相机电梯"
    said = [asked(f"{a}{b}第{n}号柜怎么走") for n, (a, b) in enumerate(pairwise(things), 1)]
    said += [asked(f"{n}路公交几点发车") for n in range(1, FRESH + 5)]
    found = clusters([*said, asked("3路公交几点发车")], Book())
    assert found[0].texts["3路公交几点发车"] == 2
    assert sum(one.count for one in found) == len(said) + 1


def test_what_is_no_question_of_its_own_is_left_out() -> None:
    wanted = ("怎么开发票", "停车场在哪里")
    others = ("有人吗", "吗？", "今天真热", "我想问一下", "什么" * 60)
    assert [text for text in (*wanted, *others) if is_question(text)] == list(wanted)
