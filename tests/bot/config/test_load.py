"""A folder becomes a book, or a list of what is wrong with file, line and remedy."""

from pathlib import Path

import pytest

from bot.config import check, load, load_all
from domain.actions import Prize
from domain.errors import ConfigError
from domain.policy import Policy
from tests.bot.config.folder import ENTRY, lines, problems, write

SAMPLE = Path(__file__).parents[3] / "config"


@pytest.mark.parametrize("files", [{}, {"steward.yaml": "{}"}, {"steward.yaml": ""}])
def test_an_empty_folder_means_the_built_in_defaults(tmp_path: Path, files: dict[str, str]) -> None:
    book = load(write(tmp_path, files))
    assert book.policy == Policy()
    assert book.faq == ()
    assert {words.category for words in book.words} >= {"辱骂", "威胁", "违法广告"}
    assert book.texts.variants["moderation.warn"]


def test_the_sample_community_has_nothing_to_complain_about() -> None:
    assert check(SAMPLE) == ()
    book = load(SAMPLE)
    assert book.staff_rooms == ("web:agents",)
    assert book.topics["web:demo"] == "演示群"


def test_everything_an_operator_writes_reaches_the_book(tmp_path: Path) -> None:
    files = {
        "steward.yaml": (
            "bot_name: 阿福\npublic_url: https://x.example/\ntime_zone: Asia/Tokyo\nstaff_rooms: web:desk\n"
            "policy:\n  faq: {cooldown: 5}\n  moderation: {ladder: {warnings: 1}}\n"
            "rooms:\n  web:a:\n    topic: 甲群\n    policy: {faq: {enabled: false}, simulate: true}\n"
        ),
        "faq/a.yaml": (
            "entries:\n  - {id: a, question: 几点？, answer: [九点, 十点], similar: 几时,\n"
            "     cooldown: 9, rooms: [web:a]}\n"
        ),
        "words/w.yaml": "lists:\n  - {category: 自己的, severity: remove, terms: [大坏蛋瓜]}\n",
        "texts.yaml": "welcome:\n  here: 来了\n",
        "campaigns.yaml": (
            "campaigns:\n  - {id: d, kind: draw, at: '20:00', title: 抽, weekdays: [mon-wed],\n"
            "     prizes: [奶茶x2, {name: 券, count: 3}]}\n"
        ),
        "rewards.yaml": "points_base: 8\n",
    }
    book = load(write(tmp_path, files))
    room = book.policy_of("web:a")
    assert (book.bot_name, book.public_url, book.staff_rooms) == ("阿福", "https://x.example", ("web:desk",))
    assert (room.faq.enabled, room.faq.cooldown, room.simulate, room.time_zone) == (False, 5, True, "Asia/Tokyo")
    assert book.policy_of("web:other").moderation.ladder.warnings == 1
    assert book.policy.engagement.points_base == 8
    assert (book.faq[0].answers, book.faq[0].similar, book.faq[0].where) == (
        ("九点", "十点"),
        ("几时",),
        "faq/a.yaml:2",
    )
    assert book.words[-1].terms == ("大坏蛋瓜",)
    assert book.texts.variants["welcome.here"] == ("来了",)
    assert (book.campaigns[0].prizes, book.campaigns[0].weekdays) == ((Prize("奶茶", 2), Prize("券", 3)), (0, 1, 2))


def test_the_same_files_have_the_same_hash_and_others_another(tmp_path: Path) -> None:
    write(tmp_path, {"faq/a.yaml": ENTRY})
    first, again = load_all(tmp_path), load_all(tmp_path)
    write(tmp_path, {"faq/a.yaml": ENTRY.replace("九", "十")})
    assert first.book.content_hash == again.book.content_hash != load(tmp_path).content_hash
    assert first.texts == {"faq/a.yaml": ENTRY}


def test_all_errors_are_told_at_once_and_each_with_a_remedy(tmp_path: Path) -> None:
    write(tmp_path, {"faq/a.yaml": "entries:\n  - id: a\n", "steward.yaml": "botname: x\n"})
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    found = caught.value.problems
    assert {problem.file for problem in found} == {"faq/a.yaml", "steward.yaml"}
    assert all(problem.remedy and problem.line for problem in found)


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        ("é问".encode("gbk", "replace") + "问题".encode("gbk"), 1, "UTF-8"),
        ("a: 1\n".encode("utf-16"), 1, "UTF-16"),
        (b"# ok\n# ok\nentries: \xff\n", 3, "UTF-8"),
        (b"# x\n" * 600_000, 1, "MB"),
    ],
)
def test_wrong_encodings_and_giant_files_are_refused(tmp_path: Path, content: bytes, line: int, word: str) -> None:
    found = problems(tmp_path, {"faq/a.yaml": content})
    assert lines(found) == [("faq/a.yaml", line)]
    assert word in found[0].message


def test_a_byte_order_mark_is_fine(tmp_path: Path) -> None:
    assert problems(tmp_path, {"faq/a.yaml": b"\xef\xbb\xbf" + ENTRY.encode()}) == ()


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert "不存在" in check(tmp_path / "nowhere")[0].message


def test_a_file_that_nobody_reads_is_pointed_out(tmp_path: Path) -> None:
    assert lines(problems(tmp_path, {"faqs.yaml": ENTRY}), "warning") == [("faqs.yaml", 1)]
