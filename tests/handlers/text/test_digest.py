"""Digests: made in a worker process, and never a reason to fail."""

import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from handlers.text import textrank
from handlers.text.digest import Digester

SAID = ["我的快递三天了还没到", "退款什么时候到账啊", "客服电话打不通", "退款申请了一个星期", "快递员电话也打不通"]


@pytest.fixture
def digester() -> Iterator[Digester]:
    made = Digester(timeout=90, idle=0.3)
    yield made
    made.close()


def until(happened: Callable[[], bool]) -> None:
    for _ in range(1000):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")


def test_a_worker_answers_rests_and_answers_again(digester: Digester) -> None:
    keywords = digester.keywords(SAID, limit=3)
    assert len(keywords) == 3 and set(keywords) & {"快递", "退款", "电话"}
    summary = digester.summary([*SAID, "！！！", ""], limit=2)
    assert len(summary) == 2 and set(summary) <= set(SAID)
    assert [SAID.index(sentence) for sentence in summary] == sorted(SAID.index(sentence) for sentence in summary)
    assert digester.summary(["！！", "😀"]) == ()
    until(lambda: not digester.running)
    assert digester.summary(SAID[:1]) == (SAID[0],)
    assert "snownlp" not in sys.modules


def test_nothing_to_read_starts_no_worker(digester: Digester) -> None:
    assert digester.keywords([]) == ()
    assert not digester.running


def test_an_answer_that_takes_too_long_is_empty_and_ends_the_worker(caplog: pytest.LogCaptureFixture) -> None:
    hasty = Digester(timeout=0.01)
    assert hasty.summary(SAID) == ()
    assert not hasty.running
    assert [record.getMessage() for record in caplog.records] == ["digest failed"]
    assert "快递" not in caplog.text


def test_closing_ends_a_question_under_way(digester: Digester) -> None:
    answers: list[tuple[str, ...]] = []
    asking = threading.Thread(target=lambda: answers.append(digester.keywords(SAID)))
    asking.start()
    until(lambda: digester.running)
    digester.close()
    asking.join(timeout=60)
    assert answers == [()]
    assert not digester.running


def test_only_the_last_distinct_sentences_with_letters_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[list[str]] = []

    class Reader:
        def summary(self, limit: int) -> list[str]:
            return read[-1][:limit]

    def remember(sentences: list[str]) -> Reader:
        read.append(sentences)
        return Reader()

    monkeypatch.setattr(textrank, "_reader", remember)
    long = "长" * 1000
    assert textrank.summary(["第一。第二！", "……", "第一", long, *map(str, range(500))], 2) == ("300", "301")
    assert len(read[0]) == textrank.MAX_SENTENCES
    assert textrank.summary(["第一。第二！", "……", "第一", long], 9) == ("第一", "第二", "长" * textrank.MAX_CHARS)
