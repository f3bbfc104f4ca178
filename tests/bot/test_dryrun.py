"""Messages of a file become events, and what follows from them is remembered where it matters."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.dryrun import BadLine, DryRun, Line, read_line
from domain.actions import CreditPoints, OpenCase, Remember
from domain.book import Book
from domain.decision import Opinion
from domain.events import Event, MessagePosted, Person
from domain.facts import Facts
from handlers.judge import Engine
from handlers.text.facts import read

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)


class Recorder:
    """A handler that keeps what it was shown and lets one thing follow from each message."""

    name = "recorder"
    listens: tuple[type, ...] = (MessagePosted,)

    def __init__(self) -> None:
        self.seen: list[tuple[MessagePosted, Facts]] = []

    def decide(self, event: Event, facts: Facts) -> Opinion:
        assert isinstance(event, MessagePosted)
        self.seen.append((event, facts))
        member = event.sender.id
        credit = CreditPoints(member_id=member, amount=1, cause="test", key=str(event.id), at=facts.now)
        mark = Remember(room_id=event.room_id, member_id=member, key="seen", at=facts.now)
        case = OpenCase(
            number=facts.world.counters.case + 1,
            room_id=event.room_id,
            member=Person(member, event.sender.name),
            reason="test",
            rule="complaint",
            at=facts.now,
            event_id=event.id,
        )
        return Opinion(actions=(credit, mark, case))


def dry_run() -> tuple[DryRun, Recorder]:
    recorder = Recorder()
    return DryRun(Engine(Book(), (recorder,), read), NOW), recorder


def test_what_follows_from_a_message_is_known_to_the_next_one_of_the_same_member() -> None:
    run, recorder = dry_run()
    for _ in range(3):
        run.judge(Line(1, "你好", room="r", member="m"))
    _, facts = recorder.seen[-1]
    member = recorder.seen[-1][0].sender.id
    assert facts.person(member).balance == 2
    assert facts.member(member).messages == 2
    assert facts.mark("seen", member) is not None
    assert facts.open_case(member) is not None


def test_points_follow_a_member_into_another_room_and_messages_do_not() -> None:
    run, recorder = dry_run()
    run.judge(Line(1, "你好", room="r", member="m"))
    run.judge(Line(2, "你好", room="other", member="m"))
    event, facts = recorder.seen[-1]
    assert facts.person(event.sender.id).balance == 1
    assert facts.member(event.sender.id).messages == 0
    assert facts.open_case(event.sender.id) is None


def test_messages_without_room_and_member_know_nothing_of_each_other() -> None:
    run, recorder = dry_run()
    for _ in range(3):
        run.judge(Line(1, "你好"))
    events = [event for event, _ in recorder.seen]
    assert len({event.room_id for event in events}) == len({event.sender.id for event in events}) == 3
    assert all(not facts.world.members and not facts.world.people for _, facts in recorder.seen)


def test_case_numbers_rise_over_all_messages() -> None:
    run, _ = dry_run()
    lines = [Line(1, "a"), Line(2, "b", room="r", member="m"), Line(3, "c")]
    numbers = [action.number for line in lines for action in run.judge(line).actions if isinstance(action, OpenCase)]
    assert numbers == [1, 2, 3]


def test_a_world_holds_only_what_its_message_can_depend_on() -> None:
    run, recorder = dry_run()
    for number in range(50):
        run.judge(Line(number, "你好", room="r", member=f"m{number}"))
    assert len(recorder.seen[-1][1].world.members) == 0
    run.judge(Line(51, "你好", room="r", member="m7"))
    assert len(recorder.seen[-1][1].world.members) == 1


def test_messages_without_a_time_come_a_minute_apart_and_never_at_night() -> None:
    run, recorder = dry_run()
    for number in range(1000):
        run.judge(Line(number, "你好", room="r", member="m"))
    at = [event.at for event, _ in recorder.seen]
    assert at[0] == datetime(2026, 3, 3, 4, 0, tzinfo=UTC)  # noon in Shanghai, where it is the 3rd already
    assert at[1] - at[0] == timedelta(minutes=1)
    assert at == sorted(set(at))
    assert all(4 <= moment.hour < 12 for moment in at)


def test_the_clock_of_deciding_is_the_messages_own_time() -> None:
    run, recorder = dry_run()
    at = datetime(2024, 5, 1, tzinfo=UTC)
    run.judge(Line(1, "你好", at=at))
    event, facts = recorder.seen[0]
    assert (event.at, facts.now) == (at, at)


def test_the_same_file_gives_the_same_chances_again() -> None:
    first, one = dry_run()
    second, other = dry_run()
    for run in (first, second):
        run.judge(Line("a", "你好"))
        run.judge(Line("b", "你好"))
    entropy = [[event.entropy for event, _ in recorder.seen] for recorder in (one, other)]
    assert entropy[0] == entropy[1]
    assert entropy[0][0] != entropy[0][1]


def test_a_line_is_read_with_everything_it_may_have() -> None:
    value = {"id": "x", "text": "t", "room": "r", "member": 7, "name": "n", "at": "2026-03-02T12:00:00+08:00"}
    line = read_line({**value, "mention": True}, 1)
    assert line == Line("x", "t", "r", "7", "n", datetime(2026, 3, 2, 4, 0, tzinfo=UTC), True)
    assert read_line({"text": "t", "at": 1772424000}, 4) == Line(4, "t", at=datetime(2026, 3, 2, 4, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    "value",
    [None, [], "text", {}, {"text": None}, {"text": 5}, {"text": "t", "at": "soon"}, {"text": "t", "room": []}],
)
def test_a_line_that_is_no_message_is_refused_with_its_number(value: Any) -> None:
    with pytest.raises(BadLine, match="line 12"):
        read_line(value, 12)
