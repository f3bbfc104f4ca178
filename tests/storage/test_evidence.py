"""The message beside a verdict: what was matched stands out, and no word of it is lost or made up."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from domain.book import WordList
from handlers.moderation.lexicon import Lexicon
from handlers.text.facts import read
from storage.evidence import BEFORE, LONGEST, pieces, spans_of


def test_what_was_matched_stands_apart() -> None:
    assert pieces("你就是个坏蛋瓜吧", [(4, 7)]) == (("你就是个", False), ("坏蛋瓜", True), ("吧", False))
    assert pieces("坏蛋瓜", [(0, 3)]) == (("坏蛋瓜", True),)
    assert pieces("没有命中什么", []) == (("没有命中什么", False),)
    assert pieces("", []) == ()


def test_only_findings_with_a_consequence_point_somewhere_and_overlaps_are_one() -> None:
    findings: list[dict[str, Any]] = [
        {"rule": "abuse", "level": "warn", "spans": [[4, 7], [5, 9]]},
        {"rule": "advert", "level": "none", "spans": [[0, 2]]},
        {"rule": "trial", "level": "remove", "spans": [[11, 12]]},
        {"rule": "faq", "level": "answer"},
    ]
    assert spans_of(findings) == [(4, 9), (11, 12)]


def test_a_long_message_is_shown_around_the_first_match() -> None:
    shown = pieces("前" * 500 + "坏蛋瓜" + "后" * 500, [(500, 503), (900, 902)])
    assert [text for text, matched in shown if matched] == ["坏蛋瓜"]
    assert shown[0] == ("…", False) and shown[1] == ("前" * BEFORE, False) and shown[-1][0].endswith("后…")


@given(
    some.text(max_size=400),
    some.lists(some.tuples(some.integers(0, 400), some.integers(1, 30)), max_size=5),
)
def test_what_is_shown_is_a_part_of_the_message(text: str, places: list[tuple[int, int]]) -> None:
    spans = spans_of(
        [{"level": "warn", "spans": [[at, min(at + length, len(text))] for at, length in places if at < len(text)]}]
    )
    shown = "".join(piece for piece, _ in pieces(text, spans))
    cut = shown.removeprefix("…") if not text.startswith(shown) else shown
    assert cut in text or cut.removesuffix("…") in text
    assert len(cut) <= LONGEST + 1


LEXICON = Lexicon.compile([WordList("本群", "warn", ("坏蛋瓜",), allow=("坏蛋瓜子",))])


@given(
    some.text(max_size=30),
    some.text(max_size=30),
    some.sampled_from(["坏蛋瓜", "坏*蛋 瓜", "壞蛋瓜", "坏\u200b蛋😀瓜"]),
)
def test_whatever_stands_around_a_term_its_own_writing_is_marked(before: str, after: str, term: str) -> None:
    text = f"{before}。{term}。{after}"
    spans = [hit.span for hit in LEXICON.hits(read(text))]
    shown = pieces(text, spans_of([{"level": "warn", "spans": spans}]))
    assert term in [piece for piece, matched in shown if matched]
    assert "".join(piece for piece, _ in shown) == text


@given(some.text(max_size=30), some.text(max_size=30))
def test_an_allowed_phrase_is_never_marked(before: str, after: str) -> None:
    text = f"{before}。坏蛋瓜子。{after}"
    spans = [hit.span for hit in LEXICON.hits(read(text))]
    assert not any(matched for _, matched in pieces(text, spans))
