"""The draw itself: commitment, roster, ranking and awards."""

import hashlib
import hmac
import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.draw import (
    Entrant,
    Exclusion,
    Prize,
    Terms,
    canonical,
    commitment,
    entrant_id,
    outcome,
    ranking,
    roster,
    sha256,
    stamp,
)
from domain.draw_receipt import settle
from tests.domain.draws import CLOSES, OPENED, SALT, SEED, frozen, people, seed_of, terms

ids = st.lists(st.text("0123456789abcdef", min_size=32, max_size=32), unique=True, max_size=40)


def test_the_commitment_is_the_hash_of_the_seed() -> None:
    assert commitment(bytes(32)) == "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_seed_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(bytes(length))


def test_a_member_has_another_id_in_another_draw() -> None:
    assert entrant_id(SALT, 12) == entrant_id(SALT, "12")
    assert entrant_id(SALT, 12) != entrant_id(b"another salt", 12)
    assert len(entrant_id(SALT, 12)) == 32


def test_canonical_json_has_one_form_for_one_value() -> None:
    assert canonical({"b": [1, None], "a": "奶茶\u2028\n"}) == '{"a":"奶茶\u2028\\n","b":[1,null]}'
    with pytest.raises(ValueError, match="JSON"):
        canonical(float("nan"))


def test_a_stamp_is_utc_and_sorts_like_the_instants() -> None:
    shanghai = datetime.fromisoformat("2026-05-01T08:00:00.123987+08:00")
    assert stamp(shanghai) == "2026-05-01T00:00:00.123Z"
    assert stamp(OPENED) < stamp(OPENED + timedelta(milliseconds=1)) < stamp(OPENED + timedelta(hours=9))
    with pytest.raises(ValueError, match="naive"):
        stamp(datetime(2026, 5, 1))  # noqa: DTZ001


def test_the_roster_does_not_depend_on_the_order_of_entering() -> None:
    assert frozen(20).hash == roster("7", reversed(people(20))).hash


def test_the_roster_hash_notices_every_difference() -> None:
    whole = frozen(10)
    renamed = [Entrant(one.id, one.name + "!", one.at) for one in people(10)]
    barred = [Exclusion(people(10)[3].id, "同事")]
    others = [frozen(9), frozen(11), roster("7", renamed), frozen(10, barred), frozen(10, draw_id="8")]
    assert len({whole.hash, *(other.hash for other in others)}) == 6


@given(st.text(max_size=20), st.lists(st.text(max_size=9), max_size=5), st.text(max_size=9))
def test_the_roster_hash_is_that_of_its_canonical_value(draw_id: str, names: list[str], reason: str) -> None:
    entrants = [Entrant(entrant_id(SALT, n), name, OPENED) for n, name in enumerate(names)]
    listed = roster(draw_id, entrants, [Exclusion(one.id, reason) for one in entrants[1:3]])
    assert listed.hash == sha256(canonical(listed.as_json()))


def test_a_roster_refuses_doubles_and_strangers() -> None:
    one = people(1)[0]
    with pytest.raises(ValueError, match="twice"):
        roster("7", [one, one])
    with pytest.raises(ValueError, match="twice"):
        roster("7", [one], [Exclusion(one.id, "a"), Exclusion(one.id, "b")])
    with pytest.raises(ValueError, match="did not enter"):
        roster("7", [one], [Exclusion("f" * 32, "同事")])


def test_names_with_lone_surrogates_can_be_hashed() -> None:
    assert len(roster("7", [Entrant("0" * 32, "\ud83d", OPENED)]).hash) == 64


def test_the_rules_hash_covers_all_that_was_announced() -> None:
    told = terms()
    changed = [
        terms(Prize("奶茶", 3), Prize("红包", 1)),
        terms(Prize("红包", 1), Prize("奶茶", 2)),
        terms(draw_id="8"),
        terms(closes_at=None),
        Terms("7", "别的", told.prizes, OPENED, CLOSES, "每人一次"),
        Terms("7", "五一抽奖", told.prizes, OPENED, CLOSES, "随便"),
    ]
    assert len({told.hash, *(other.hash for other in changed)}) == 7


@pytest.mark.parametrize(("name", "count"), [("", 1), ("  ", 1), ("奶茶", 0), ("奶茶", -1)])
def test_a_prize_needs_a_name_and_a_count(name: str, count: int) -> None:
    with pytest.raises(ValueError, match="prize"):
        Prize(name, count)


def test_terms_without_prizes_or_time_are_refused() -> None:
    with pytest.raises(ValueError, match="one prize or more"):
        Terms("7", "空", (), OPENED)
    with pytest.raises(ValueError, match="closes after"):
        terms(closes_at=OPENED)


def test_the_ranking_is_the_documented_hmac() -> None:
    roster_hash = frozen(30).hash
    expected = sorted(
        (one.id for one in people(30)),
        key=lambda one: hmac.new(SEED, (roster_hash + one).encode("ascii"), hashlib.sha256).hexdigest(),
    )
    assert ranking(SEED, roster_hash, (one.id for one in people(30))) == expected


@given(ids)
def test_a_ranking_is_a_permutation_and_ignores_the_order_given(entrants: list[str]) -> None:
    ranked = ranking(SEED, "0" * 64, entrants)
    assert sorted(ranked) == sorted(entrants)
    assert ranking(SEED, "0" * 64, list(reversed(entrants))) == ranked


def test_prizes_go_to_the_first_ranks_in_their_order() -> None:
    got = outcome(["a", "b", "c", "d"], [], [("大奖", 1), ("奶茶", 2)])
    assert [(award.slot, award.prize, award.entrant_id, award.rank) for award in got.awards] == [
        (1, "大奖", "a", 0),
        (2, "奶茶", "b", 1),
        (3, "奶茶", "c", 2),
    ]


def test_fewer_people_than_prizes_make_no_blank_winner() -> None:
    assert [award.entrant_id for award in outcome(["a"], [], [("奶茶", 3)]).awards] == ["a"]
    assert outcome([], [], [("奶茶", 3)]).awards == ()


def test_the_excluded_keep_their_rank_but_win_nothing() -> None:
    awards = outcome(["a", "b", "c"], ["a"], [("奶茶", 2)]).awards
    assert [(award.entrant_id, award.rank) for award in awards] == [("b", 1), ("c", 2)]


def test_a_redraw_takes_the_next_rank_and_says_who() -> None:
    got = outcome(["a", "b", "c", "d"], [], [("奶茶", 2)], [(1, "a"), (2, "b")])
    assert [(award.slot, award.entrant_id) for award in got.awards] == [(1, "c"), (2, "d")]
    assert got.successors == ("c", "d")


def test_a_redraw_of_a_redraw_goes_on_down_the_ranking() -> None:
    got = outcome(["a", "b", "c"], [], [("奶茶", 1)], [(1, "a"), (1, "b")])
    assert got.successors == ("b", "c")


def test_a_redraw_with_nobody_left_empties_the_slot() -> None:
    got = outcome(["a", "b"], [], [("奶茶", 2)], [(1, "a")])
    assert got.successors == (None,)
    assert [award.slot for award in got.awards] == [2]
    with pytest.raises(ValueError, match="slot 1"):
        outcome(["a", "b"], [], [("奶茶", 2)], [(1, "a"), (1, "a")])


@pytest.mark.parametrize("redraw", [(1, "b"), (3, "a"), (0, "a")])
def test_a_redraw_must_name_the_holder(redraw: tuple[int, str]) -> None:
    with pytest.raises(ValueError, match="not held"):
        outcome(["a", "b", "c"], [], [("奶茶", 2)], [redraw])


@given(ids, st.integers(0, 60), st.data())
def test_redraws_never_give_anybody_a_second_chance(entrants: list[str], prizes: int, data: st.DataObject) -> None:
    ranked = ranking(SEED, "0" * 64, entrants)
    redraws: list[tuple[int, str]] = []
    for _ in range(data.draw(st.integers(0, 5))):
        awards = outcome(ranked, [], [("奖", prizes)], redraws).awards
        if not awards:
            break
        award = data.draw(st.sampled_from(awards))
        redraws.append((award.slot, award.entrant_id))
    winners = [award.entrant_id for award in outcome(ranked, [], [("奖", prizes)], redraws).awards]
    assert len(set(winners)) == len(winners) <= prizes
    assert not set(winners) & {leaver for _, leaver in redraws}


def test_every_entrant_wins_as_often_as_the_odds_say() -> None:
    """Chi-square over 6,000 draws of 3 prizes among 30 people; the seeds are fixed, so the result is too."""
    entrants, prizes, draws = 30, 3, 6_000
    listed = frozen(entrants)
    wins = {one.id: 0 for one in listed.entrants}
    for number in range(draws):
        for award in settle(seed_of(f"draw {number}"), terms(Prize("奖", prizes)), listed).awards:
            wins[award.entrant_id] += 1
    expected = draws * prizes / entrants
    # Winners of one draw are drawn without replacement, which narrows the spread by (n - k) / (n - 1).
    spread = expected * (entrants - prizes) / (entrants - 1)
    chi_square = sum((count - expected) ** 2 / spread for count in wins.values())
    assert 0.001 < _upper_tail(chi_square, entrants - 1) < 0.999


def _upper_tail(chi_square: float, degrees: int) -> float:
    """P(X >= chi_square) by the Wilson-Hilferty approximation (1931), good to about 0.001 from 10 degrees on."""
    spread = 2 / (9 * degrees)
    normal = ((chi_square / degrees) ** (1 / 3) - (1 - spread)) / math.sqrt(spread)
    return math.erfc(normal / math.sqrt(2)) / 2


def test_the_statistic_would_notice_an_unfair_draw() -> None:
    assert _upper_tail(29, 29) == pytest.approx(0.465, abs=0.01)
    assert _upper_tail(90, 29) < 0.001


def test_a_roster_far_from_utc_has_the_same_hash() -> None:
    moved = [Entrant(one.id, one.name, one.at.astimezone(UTC)) for one in people(5)]
    assert roster("7", moved).hash == frozen(5).hash
