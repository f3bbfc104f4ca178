"""Sums kept in planes of bits are the sums that adding one by one gives."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.faq.tally import Tally, members_of, set_of

GIFTS = st.lists(st.tuples(st.frozensets(st.integers(0, 70)), st.integers(0, 300)), max_size=12)


@given(GIFTS, st.integers(0, 2000), st.frozensets(st.integers(0, 70)))
def test_who_has_enough_points_is_who_was_given_enough(
    gifts: list[tuple[frozenset[int], int]], least: int, among: frozenset[int]
) -> None:
    tally = Tally()
    for members, points in gifts:
        tally.add(set_of(members), points)
    sums = {place: sum(points for members, points in gifts if place in members) for place in among}
    expected = sorted(place for place, points in sums.items() if points >= least)
    assert list(members_of(tally.at_least(least, set_of(among)))) == expected
