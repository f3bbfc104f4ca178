"""What the audit log holds is told in Chinese."""

import pytest

from console.words import ACTS, outcome, target, word
from domain.actions import SanctionKind


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("done", "已执行"),
        ("refused: not private", "已拒绝：not private"),
        ("6 骂名", "处置 #6 · 骂名"),
        ("6 abuse", "处置 #6 · 辱骂"),
        ("6", "处置 #6"),
        ("ban.present", "没有权限，已告诉客服群"),
        ("whatever", "whatever"),
    ],
)
def test_an_outcome_is_told_in_words(stored: str, shown: str) -> None:
    assert outcome(stored) == shown


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("case:12", "工单 #12"), ("rule:骂名", "规则“骂名”"), ("room", "群"), ("127.0.0.1", "127.0.0.1"), ("", "")],
)
def test_a_target_is_told_in_words(stored: str, shown: str) -> None:
    assert target(stored) == shown


def test_every_kind_of_sanction_has_its_word_in_the_log() -> None:
    assert [kind for kind in SanctionKind if f"sanction:{kind.value}" not in ACTS] == []
    assert word("sanction:remove", "act") == "移出群"
