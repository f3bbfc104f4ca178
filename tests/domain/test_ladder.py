"""The strike ladder: what follows from a violation."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ladder import (
    LadderRule,
    Mute,
    Remove,
    Rung,
    Severity,
    Step,
    Strike,
    TellOwner,
    Violation,
    Warn,
    counting,
    ladder_rule,
    next_step,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TEN, HOUR = timedelta(minutes=10), timedelta(hours=1)
RULE = ladder_rule(timedelta(days=7), 2, [TEN, HOUR])
REMOVING = ladder_rule(timedelta(days=7), 2, [TEN, HOUR], remove=True)


def violation(ago: timedelta = timedelta(0), severity: Severity = Severity.PLAIN, recalled: bool = False) -> Violation:
    return Violation("abuse", severity, NOW - ago, "event", recalled)


def climb(count: int, rule: LadderRule, severity: Severity = Severity.PLAIN, enforced: bool = True) -> list[Step]:
    """So many violations, a minute apart, the last at NOW, each judged as it comes."""
    steps: list[Step] = []
    history: list[Strike] = []
    for n in range(count):
        broken = violation(timedelta(minutes=count - 1 - n), severity)
        step = next_step(history, broken, rule, broken.at)
        steps.append(step)
        history.append(step.strike(broken, enforced=enforced or not isinstance(step.action, Mute)))
    return steps


def actions(steps: Sequence[Step]) -> list[Rung]:
    return [step.action for step in steps]


def past(action: Rung, ago: timedelta, rung: int | None = None, **flags: bool) -> Strike:
    return Strike(violation(ago), action, rung, **flags)


def test_the_third_strike_mutes_and_the_top_is_telling_the_owner() -> None:
    assert actions(climb(6, RULE)) == [Warn(), Warn(), Mute(TEN), Mute(HOUR), TellOwner(), TellOwner()]


def test_removal_comes_last_where_it_is_opted_in() -> None:
    assert actions(climb(7, REMOVING))[-3:] == [TellOwner(), Remove(), Remove()]


def test_a_remove_rung_without_the_opt_in_tells_the_owner() -> None:
    rule = LadderRule(rungs=(Remove(),), start=(0, 0, 0), kind_first=False)
    assert next_step([], violation(), rule, NOW).action == TellOwner()


def test_steps_say_what_they_rest_on() -> None:
    steps = climb(6, RULE)
    assert [step.count for step in steps] == [1, 2, 3, 4, 5, 6]
    assert [step.first for step in steps] == [True] + [False] * 5
    assert [step.owner_told for step in steps] == [False] * 5 + [True]


def test_a_grave_violation_skips_the_warnings_even_as_the_first() -> None:
    step = next_step([], violation(severity=Severity.GRAVE), RULE, NOW)
    assert (step.action, step.first) == (Mute(TEN), True)


def test_a_first_offence_is_met_kindly() -> None:
    strict = LadderRule(rungs=(Warn(), Mute(TEN)), start=(1, 1, 1))
    assert next_step([], violation(), strict, NOW).action == Warn()
    long_ago = past(Warn(), timedelta(days=90))
    assert next_step([long_ago], violation(), strict, NOW).action == Mute(TEN)
    unkind = LadderRule(rungs=(Warn(), Mute(TEN)), start=(1, 1, 1), kind_first=False)
    assert next_step([], violation(), unkind, NOW).action == Mute(TEN)


def test_strikes_outside_the_window_count_no_more_but_stay_on_record() -> None:
    history = [past(Warn(), timedelta(days=7), 0), past(Warn(), timedelta(days=6, hours=23), 1)]
    assert counting(history, NOW, RULE) == (history[1],)
    step = next_step(history[:1], violation(), RULE, NOW)
    assert (step.action, step.count, step.first) == (Warn(), 1, False)


def test_the_window_slides_from_the_violation_not_from_the_clock() -> None:
    history = [past(Warn(), timedelta(days=7, minutes=-1), 1)]
    assert next_step(history, violation(), RULE, NOW + timedelta(minutes=2)).action == Mute(TEN)


def test_a_reversed_strike_does_not_count() -> None:
    history = [past(Warn(), HOUR, 0), past(Warn(), TEN, 1, reversed=True)]
    assert next_step(history, violation(), RULE, NOW).action == Warn()


def test_after_only_reversed_strikes_it_is_a_first_offence_again() -> None:
    history = [past(Mute(HOUR), HOUR, 3, reversed=True)]
    step = next_step(history, violation(), RULE, NOW)
    assert (step.action, step.first, step.count) == (Warn(), True, 1)


def test_an_old_message_is_at_most_warned_and_recorded_at_the_bottom() -> None:
    history = [past(Mute(HOUR), HOUR, 3)]
    for severity in Severity:
        step = next_step(history, violation(timedelta(minutes=2, seconds=1), severity), REMOVING, NOW)
        assert (step.action, step.rung, step.late) == (Warn(), 0, True)
    assert not next_step(history, violation(timedelta(minutes=2)), REMOVING, NOW).late


def test_a_backlog_leads_to_no_more_than_a_warning_afterwards() -> None:
    history: list[Strike] = []
    for n in range(20):
        broken = violation(timedelta(hours=2) - timedelta(minutes=n))
        history.append(next_step(history, broken, REMOVING, NOW).strike(broken))
    assert next_step(history, violation(), REMOVING, NOW).action == Warn()


def test_a_recalled_message_counts_one_rung_less() -> None:
    history = [past(Warn(), HOUR, 0), past(Warn(), TEN, 1)]
    assert next_step(history, violation(recalled=True), RULE, NOW).action == Warn()
    assert next_step([], violation(recalled=True), RULE, NOW).action == Warn()


@pytest.mark.parametrize(("rule", "last"), [(RULE, TellOwner()), (REMOVING, Remove())])
def test_a_mute_that_was_not_enforced_is_a_final_warning(rule: LadderRule, last: Rung) -> None:
    steps = climb(4, rule, enforced=False)
    assert actions(steps) == [Warn(), Warn(), Mute(TEN), last]
    assert [step.after_final_warning for step in steps] == [False, False, False, True]


def test_a_final_warning_that_was_taken_back_is_none() -> None:
    history = [past(Mute(TEN), HOUR, 2, enforced=False, reversed=True)]
    assert next_step(history, violation(), REMOVING, NOW).action == Warn()


def test_even_after_a_final_warning_an_old_message_is_only_warned() -> None:
    history = [past(Mute(TEN), HOUR, 2, enforced=False)]
    assert next_step(history, violation(timedelta(minutes=5)), REMOVING, NOW).action == Warn()


def test_a_warning_is_never_a_final_warning() -> None:
    history = [past(Warn(), HOUR, 0, enforced=False)]
    assert next_step(history, violation(), REMOVING, NOW).action == Warn()


def test_records_without_rungs_climb_like_numbered_ones() -> None:
    for count in range(1, 8):
        history: list[Strike] = []
        for n in range(count):
            broken = violation(timedelta(minutes=count - n))
            step = next_step(history, broken, REMOVING, broken.at)
            history.append(Strike(broken, step.action))
        numbered = climb(count + 1, REMOVING)[-1]
        assert next_step(history, violation(), REMOVING, NOW).action == numbered.action


def test_the_order_of_the_record_does_not_matter() -> None:
    history = [past(Warn(), HOUR), past(Warn(), TEN), past(Mute(TEN), timedelta(minutes=5))]
    assert next_step(history[::-1], violation(), RULE, NOW) == next_step(history, violation(), RULE, NOW)


def test_a_ladder_made_shorter_still_holds_old_strikes() -> None:
    short = ladder_rule(timedelta(days=7), 1, [])
    assert next_step([past(Mute(HOUR), HOUR, 9)], violation(), short, NOW).action == TellOwner()


severities = st.sampled_from(Severity)
gaps = st.lists(st.tuples(st.integers(0, 200), severities, st.booleans()), max_size=12)


@given(gaps, st.booleans())
def test_without_a_pause_nobody_is_answered_more_mildly(items: list[tuple[int, Severity, bool]], opt: bool) -> None:
    rule = REMOVING if opt else RULE
    history: list[Strike] = []
    at, highest = NOW, -1
    for minutes, severity, _ in items:
        at += timedelta(minutes=minutes % 10)
        step = next_step(history, Violation("abuse", severity, at), rule, at)
        assert step.rung > highest or step.rung == len(rule.rungs) - 1
        assert opt or not isinstance(step.action, Remove)
        highest = step.rung
        history.append(step.strike(Violation("abuse", severity, at)))


@given(gaps)
def test_taking_a_strike_back_never_makes_the_next_answer_harder(items: list[tuple[int, Severity, bool]]) -> None:
    history = [
        Strike(violation(timedelta(hours=hours), severity), Warn(), n % len(RULE.rungs), reversed=gone)
        for n, (hours, severity, gone) in enumerate(items)
    ]
    step = next_step(history, violation(), RULE, NOW)
    for index, strike in enumerate(history):
        if not strike.reversed:
            undone = [*history]
            undone[index] = Strike(strike.violation, strike.action, strike.rung, reversed=True)
            assert next_step(undone, violation(), RULE, NOW).rung <= step.rung


def test_the_built_in_ladder_is_sound() -> None:
    assert actions(climb(3, LadderRule())) == [Warn(), Warn(), Mute(TEN)]


@pytest.mark.parametrize(
    "arguments",
    [
        {"rungs": ()},
        {"window": timedelta(0)},
        {"late_after": timedelta(-1)},
        {"start": (0, 0, 9)},
        {"start": (0, -1, 0)},
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"ladder|start"):
        LadderRule(**arguments)  # type: ignore[arg-type]


def test_a_mute_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="mute"):
        Mute(timedelta(0))
