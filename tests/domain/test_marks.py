"""Marks sorted by name say what a look through all of them says."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.ids import MemberId, RoomId
from domain.marks import MarkKey, Marks, named

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
_marks = st.tuples(
    st.integers(1, 2).map(RoomId),
    st.integers(0, 1).map(MemberId),
    st.sampled_from(
        ["company", "company:1:a", "company:2:b", "company.greeted", "spread:a:1", "spread:a:2", "spread:"]
    ),
)
_times = st.integers(0, 9).map(lambda minutes: NOON + timedelta(minutes=minutes))
_steps = st.lists(st.tuples(_marks, _times), max_size=20)


@given(first=_steps, later=_steps)
def test_marks_made_before_and_after_the_first_look_are_all_found_in_their_order(
    first: list[tuple[MarkKey, datetime]], later: list[tuple[MarkKey, datetime]]
) -> None:
    plain = dict(first)
    marks = Marks(plain)
    marks.named("company", RoomId(1), MemberId(0))
    for mark, at in later:
        marks[mark] = plain[mark] = at
    assert marks == plain
    for name in ("company", "spread", "nobody"):
        for room in (RoomId(1), RoomId(2)):
            for member in (MemberId(0), MemberId(1)):
                found = list(named(marks, name, room, member))
                assert found == list(named(plain, name, room, member))
                assert found == [
                    (key.removeprefix(f"{name}:"), at)
                    for (place, whose, key), at in plain.items()
                    if (place, whose) == (room, member) and key.startswith(f"{name}:")
                ]
