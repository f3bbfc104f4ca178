"""The list of timers and their grace."""

from datetime import timedelta

from scheduler.catalogue import DEFAULT_GRACE, TIMERS, campaign_timer, find, grace


def test_every_timer_has_one_line_and_a_purpose() -> None:
    names = [timer.name for timer in TIMERS]
    assert len(set(names)) == len(names)
    assert all(timer.purpose.endswith(".") for timer in TIMERS)


def test_a_campaigns_timer_is_found_by_its_prefix_and_soon_too_late() -> None:
    timer = find(campaign_timer("morning"))
    assert timer is not None
    assert timer.grace <= timedelta(minutes=30)


def test_a_draw_closes_however_late() -> None:
    assert grace("draw.close") > timedelta(days=365)


def test_a_name_that_nobody_listed_has_the_default_grace() -> None:
    assert find("draw.closer") is None
    assert grace("draw.closer") == DEFAULT_GRACE
