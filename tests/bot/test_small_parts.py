"""Backoff, condition, metrics: the small parts that the shell leans on."""

from bot.backoff import Backoff
from bot.metrics import Metrics
from bot.vitals import Vitals


def test_waits_grow_to_a_limit_and_begin_anew_after_a_success() -> None:
    backoff = Backoff(first=1.0, most=8.0)
    waits = [backoff.next() for _ in range(6)]
    steps = [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    assert all(step / 2 <= wait <= step for wait, step in zip(waits, steps, strict=True))
    backoff.reset()
    assert backoff.next() <= 1.0


def test_a_wait_after_very_many_tries_is_still_bounded() -> None:
    assert Backoff(first=0.05, most=5.0, tries=100_000).next() <= 5.0


def test_a_part_in_trouble_makes_the_process_not_ready_until_it_is_well() -> None:
    vitals = Vitals(starting=False)
    assert vitals.ready
    assert vitals.trouble("database", "locked")
    assert not vitals.trouble("database", "still locked")
    assert (vitals.ready, vitals.troubles) == (False, {"database": "still locked"})
    assert vitals.well("database")
    assert not vitals.well("database")
    assert vitals.ready


def test_two_stewards_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.received.labels(1, "new").inc(3)
    assert b'steward_received_total{account="1",outcome="new"} 3.0' in one.text()
    assert b"steward_received_total{" not in other.text()
