"""Finds policy values of the right type that cannot work: probabilities above 1, hours that no clock shows."""

import re
from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.hours import parse_intervals
from domain.policy import Policy

Fault = tuple[tuple[str, ...], str, str]

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")
_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)"
_DAYS = re.compile(rf"{_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*")
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
_DAY_SECONDS = 86_400


def nonsense(policy: Policy) -> Iterator[Fault]:
    """Each fault as (path of the setting, what is wrong, remedy)."""
    yield from _times(policy)
    yield from _thresholds(policy)
    yield from _limits(policy)
    for domain in policy.moderation.allowed_domains:
        if not _DOMAIN.fullmatch(domain):
            yield ("moderation", "allowed_domains"), f"域名不对：{domain[:60]}", "只写域名，例如 example.com"


def _times(policy: Policy) -> Iterator[Fault]:
    for name in ("start", "end"):
        if not _CLOCK.fullmatch(getattr(policy.night, name)):
            yield ("night", name), "不是时间", "写成 23:00（24 小时制）"
    for days, intervals in policy.escalation.hours.open.items():
        path = ("escalation", "hours", "open", days)
        if not _DAYS.fullmatch(days.replace(" ", "")):
            yield path, "看不懂的星期", "写 mon、sat，或 mon-fri"
        try:
            parse_intervals(", ".join(intervals))
        except ValueError:
            yield path, "看不懂的时间段", '写成 ["09:00-12:00", "13:30-18:00"]，不要重叠'
    for day in policy.escalation.hours.closed_dates:
        try:
            date.fromisoformat(day)
        except ValueError:
            yield ("escalation", "hours", "closed_dates"), f"日期不对：{day[:20]}", "写成 2026-10-01"
    try:
        ZoneInfo(policy.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield ("time_zone",), "没有这个时区", "例如 Asia/Shanghai"


def _thresholds(policy: Policy) -> Iterator[Fault]:
    faq, escalation = policy.faq, policy.escalation
    pairs = (
        ("faq", "suggest_at", faq.suggest_at, "answer_at", faq.answer_at),
        ("faq", "addressed_suggest_at", faq.addressed_suggest_at, "addressed_answer_at", faq.addressed_answer_at),
        ("escalation", "watch_at", escalation.watch_at, "escalate_at", escalation.escalate_at),
    )
    for part, low_name, low, high_name, high in pairs:
        for name, value in ((low_name, low), (high_name, high)):
            if not 0 < value <= 1:
                yield (part, name), "应该大于 0、不超过 1", "例如 0.9"
        if low > high:
            yield (part, low_name), f"不能大于 {high_name}", "把它调低"


def _limits(policy: Policy) -> Iterator[Fault]:
    flood, ladder, expiry = policy.moderation.flood, policy.moderation.ladder, policy.expiry
    engagement, escalation = policy.engagement, policy.escalation
    bounds: tuple[tuple[tuple[str, ...], float, float, float], ...] = (
        (("moderation", "late"), policy.moderation.late, 0, _DAY_SECONDS),
        (("moderation", "flood", "messages"), flood.messages, 2, 15),
        (("moderation", "flood", "window"), flood.window, 1, 600),
        (("moderation", "flood", "duplicates"), flood.duplicates, 2, 15),
        (("moderation", "flood", "duplicate_window"), flood.duplicate_window, 1, 600),
        (("moderation", "flood", "duplicate_min_chars"), flood.duplicate_min_chars, 1, 100),
        (("moderation", "flood", "max_chars"), flood.max_chars, 100, 100_000),
        (("moderation", "ladder", "window_days"), ladder.window_days, 1, 30),
        (("moderation", "ladder", "warnings"), ladder.warnings, 1, 20),
        (("moderation", "ladder", "removals_per_minute"), ladder.removals_per_minute, 0, 60),
        (("moderation", "max_warnings_shown"), policy.moderation.max_warnings_shown, 0, 60),
        (("faq", "cooldown"), policy.faq.cooldown, 0, _DAY_SECONDS),
        (("faq", "admit_every"), policy.faq.admit_every, 0, _DAY_SECONDS),
        (("escalation", "takeover_minutes"), escalation.takeover_minutes, 1, 24 * 60),
        (("escalation", "satisfaction_hours"), escalation.satisfaction_hours, 0, 168),
        (("escalation", "same_case_hours"), escalation.same_case_hours, 0, 168),
        (("engagement", "points_base"), engagement.points_base, 0, 10_000),
        (("engagement", "merge_window"), engagement.merge_window, 0, 60),
        (("engagement", "merge_hold"), engagement.merge_hold, 0, 10),
        (("expiry", "answer"), expiry.answer, 5, _DAY_SECONDS),
        (("expiry", "warning"), expiry.warning, 5, _DAY_SECONDS),
        (("expiry", "greeting"), expiry.greeting, 5, _DAY_SECONDS),
        (("expiry", "acknowledgement"), expiry.acknowledgement, 5, _DAY_SECONDS),
        (("moderation", "quarrel_window"), policy.moderation.quarrel_window, 0, 600),
        (("welcome", "gather"), policy.welcome.gather, 0, 60),
        (("talk", "people_first"), policy.talk.people_first, 0, 60),
        (("talk", "company_wait"), policy.talk.company_wait, 0, 150),
        (("talk", "company_every"), policy.talk.company_every, 0, _DAY_SECONDS),
        (("talk", "opener_wait"), policy.talk.opener_wait, 0, 60),
        (("talk", "join_window"), policy.talk.join_window, 0, 120),
        (("talk", "join_messages"), policy.talk.join_messages, 1, 10),
        (("talk", "join_chars"), policy.talk.join_chars, 1, 100),
        (("talk", "loop_messages"), policy.talk.loop_messages, 2, 10),
        (("talk", "loop_window"), policy.talk.loop_window, 1, 3600),
        (("talk", "loop_pause"), policy.talk.loop_pause, 0, 3600),
        (("empty_mention_window",), policy.empty_mention_window, 0, 3600),
    )
    for path, value, low, high in bounds:
        if not low <= value <= high:
            yield path, f"应该在 {low} 到 {high} 之间", f"现在是 {value}"
    yield from _lists(policy)


def _lists(policy: Policy) -> Iterator[Fault]:
    minutes = policy.moderation.ladder.mute_minutes
    if not all(1 <= m <= 43_200 for m in minutes) or len(minutes) > 10:
        yield (
            ("moderation", "ladder", "mute_minutes"),
            "每次禁言应该是 1 到 43200 分钟，最多 10 级",
            "例如 [10, 60, 720]",
        )
    reminders = policy.escalation.reminder_minutes
    if list(reminders) != sorted(set(reminders)) or any(
        not 0 < m < policy.escalation.takeover_minutes for m in reminders
    ):
        yield ("escalation", "reminder_minutes"), "应该从小到大，且小于 takeover_minutes", "例如 [10, 20]"
    for days, points in policy.engagement.streak_bonus.items():
        if not 1 <= days <= 10_000 or not 0 <= points <= 100_000:
            yield ("engagement", "streak_bonus", str(days)), "天数或积分不对", "例如 7: 10"
    for name in ("messages", "findings", "cases", "audit"):
        if not 0 <= getattr(policy.retention, name) <= 36_500:
            yield ("retention", name), "应该是 0（永久）到 36500 天", "例如 90"
