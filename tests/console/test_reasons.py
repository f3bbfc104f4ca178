"""Every reason that our own code records is told in Chinese."""

import re
from pathlib import Path

import pytest

from console.reasons import reason
from storage import outbox, send_changes, sending, settling
from storage.merging import REASONS, TOGETHER

RECORDED = re.compile(r'(?:"reason": |reason = |reason=|SendState\.(?:EXPIRED|CANCELLED), |_NO_WAY = )"([a-z][a-z ]+)"')


def test_reasons_of_ours_are_told_in_chinese() -> None:
    sources = [Path(str(module.__file__)).read_text() for module in (outbox, send_changes, sending, settling)]
    recorded = {found for text in sources for found in RECORDED.findall(text)} | {*REASONS.values(), TOGETHER}
    assert len(recorded) > 10
    assert [text for text in sorted(recorded) if reason(text) == text] == []


@pytest.mark.parametrize(
    ("recorded", "shown"),
    [
        ("no reply within 60 s", "等了 60 秒没有回音"),
        ("the embedded channel cannot accept_invite", "网页群做不到（accept_invite）"),
        ("平台不允许", "平台不允许"),
        ("<b>boom</b>", "<b>boom</b>"),
        ("", ""),
    ],
)
def test_what_else_is_recorded_stays_as_it_is(recorded: str, shown: str) -> None:
    assert reason(recorded) == shown
