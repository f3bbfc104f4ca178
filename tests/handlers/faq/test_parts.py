"""Who tells first why they ask is answered by what they ask."""

import pytest

from domain.book import FaqEntry
from handlers.faq.index import EXACT, PART, FaqIndex
from handlers.faq.phrase import asking_part
from tests.handlers.faq.stages import found

MEAL, PARKING = FaqEntry("meal", "食堂几点开饭", ("十一点半。",)), FaqEntry("park", "停车怎么收费", ("免费。",))
INDEX = FaqIndex.build((MEAL, PARKING))


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("饿了,食堂几点开饭", "食堂几点开饭"),
        ("停车怎么收费?周末要开车过来", "停车怎么收费"),
        ("食堂几点开饭", None),
        ("密码忘了,怎么办", None),
        ("停车怎么收费,食堂几点开饭", None),
        ("好的,谢谢", None),
    ],
)
def test_only_one_part_that_asks_and_says_what_about_stands_for_the_whole(said: str, part: str | None) -> None:
    assert asking_part(said) == part


def test_a_question_behind_its_reason_is_found_a_little_less_surely() -> None:
    best = found(INDEX, "忙了一上午，饿了，食堂几点开饭")[0]
    assert best.entry.id == "meal"
    assert best.score == pytest.approx(PART * EXACT)
