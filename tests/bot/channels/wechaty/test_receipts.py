"""Each failure of a call becomes the receipt that promises no more than is certain."""

import pytest

from bot.channels.port import Outcome
from bot.channels.wechaty.send import receipt_for
from bot.channels.wechaty.status import CallError

REPEATABLE = ("recall", "remove", "accept_invite")


@pytest.mark.parametrize("kind", ["say", *REPEATABLE])
@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (CallError("UNAVAILABLE", "failed to connect to all addresses", left=False), Outcome.RETRY),
        (CallError("FAILED_PRECONDITION", "not logged in"), Outcome.RETRY),
        (CallError("UNAUTHENTICATED", "Invalid Wechaty TOKEN"), Outcome.RETRY),
        (CallError("UNKNOWN", "Error: 操作频繁，请稍后再试\n at send"), Outcome.THROTTLED),
        (CallError("INTERNAL", "You are sending too often"), Outcome.THROTTLED),
        (CallError("RESOURCE_EXHAUSTED", "quota"), Outcome.THROTTLED),
        (CallError("RESOURCE_EXHAUSTED", "Sent message larger than max (9 vs. 8)"), Outcome.REFUSED),
        (CallError("PERMISSION_DENIED"), Outcome.REFUSED),
        (CallError("INVALID_ARGUMENT"), Outcome.REFUSED),
        (CallError("NOT_FOUND"), Outcome.REFUSED),
        (CallError("UNIMPLEMENTED"), Outcome.REFUSED),
        (CallError("UNKNOWN", "Error: 你不是群主，没有权限"), Outcome.REFUSED),
        (CallError("UNKNOWN", "Error: not a member of the room"), Outcome.REFUSED),
    ],
)
def test_certain_failures_mean_the_same_for_every_kind(kind: str, error: CallError, outcome: Outcome) -> None:
    assert receipt_for(kind, error).outcome is outcome


UNCERTAIN = ["UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "UNKNOWN", "INTERNAL", "ABORTED", "DATA_LOSS", "OK"]


@pytest.mark.parametrize("code", UNCERTAIN)
def test_words_whose_fate_is_unknown_are_doubtful(code: str) -> None:
    assert receipt_for("say", CallError(code, "socket closed")).outcome is Outcome.DOUBTFUL


@pytest.mark.parametrize("code", UNCERTAIN)
@pytest.mark.parametrize("kind", REPEATABLE)
def test_what_may_be_done_twice_is_tried_again(kind: str, code: str) -> None:
    assert receipt_for(kind, CallError(code, "socket closed")).outcome is Outcome.RETRY


def test_a_receipt_and_an_error_say_nothing_of_the_details() -> None:
    error = CallError("UNKNOWN", "Error: puppet_secret at 退款")
    for shown in (str(error), repr(error), str(receipt_for("say", error))):
        assert "secret" not in shown
        assert "退款" not in shown
