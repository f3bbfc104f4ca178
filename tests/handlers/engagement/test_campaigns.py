"""Campaigns: the morning call and draws that open by themselves, but not at night."""

from datetime import datetime, timedelta

import pytest

from domain.actions import OpenDraw, Prize, Say, SendClass, SetTimer
from domain.book import Campaign
from domain.ids import RoomId
from domain.policy import EngagementPolicy, NightPolicy, Policy
from handlers.engagement import Campaigns
from tests.handlers.facts_builder import CHAT, DESK, MORNING, NIGHT, ROOM, Stage, a_book, fired, of_type, words

CALL = Campaign("morning", "post", "08:30", text="早上好，发“签到”")
DRAW = Campaign("lucky", "draw", "every 5m", title="整点抽奖", prizes=(Prize("奶茶", 1),), duration_minutes=3)


def _stage(*campaigns: Campaign, policy: Policy = Policy()) -> Stage:
    book = a_book(policy, campaigns=campaigns or (CALL, DRAW))
    return Stage(Campaigns(book), book)


def test_a_post_is_said_as_a_greeting_that_expires() -> None:
    (say,) = of_type(_stage().play(fired("campaign:morning")), Say)
    assert (say.text, say.send_class) == ("早上好，发“签到”", SendClass.GREETING)
    assert say.expires_at == MORNING + timedelta(minutes=10)


def test_a_post_without_words_of_its_own_takes_the_default() -> None:
    assert "早上好" in words(_stage(Campaign("m", "post", "08:30")).play(fired("campaign:m")))[0]


def test_a_draw_opens_with_its_closing_timer_once_at_a_time() -> None:
    stage = _stage()
    opinion = stage.play(fired("campaign:lucky"))
    (draw,) = of_type(opinion, OpenDraw)
    assert (draw.number, draw.title, draw.source) == (1, "整点抽奖", "campaign:lucky")
    assert of_type(opinion, SetTimer)[0].due_at == MORNING + timedelta(minutes=3)
    assert stage.play(fired("campaign:lucky", at=MORNING + timedelta(minutes=1))).actions == ()


def test_two_rooms_draw_apart() -> None:
    stage = _stage()
    first, second = (of_type(stage.play(fired("campaign:lucky", room=RoomId(n))), OpenDraw)[0] for n in (101, 102))
    assert (first.number, second.number) == (1, 2)
    assert first.seed != second.seed


@pytest.mark.parametrize(
    ("at", "spoken"), [(NIGHT, False), (MORNING.replace(hour=7, minute=59), False), (MORNING, True)]
)
def test_no_scheduled_post_at_night(at: datetime, spoken: bool) -> None:
    assert bool(words(_stage().play(fired("campaign:morning", at=at)))) is spoken


def test_a_demonstration_that_runs_every_few_minutes_has_no_night() -> None:
    assert of_type(_stage().play(fired("campaign:lucky", at=NIGHT)), OpenDraw)


def test_a_room_may_have_no_night() -> None:
    always = Policy(night=NightPolicy("8:00", "8:00"))
    assert words(_stage(policy=always).play(fired("campaign:morning", at=NIGHT)))


@pytest.mark.parametrize("room", [DESK, CHAT])
def test_neither_agents_rooms_nor_private_chats_are_posted_to(room: RoomId) -> None:
    assert _stage().play(fired("campaign:morning", room=room)).actions == ()


@pytest.mark.parametrize(
    "campaign",
    [Campaign("x", "post", "08:30", enabled=False), Campaign("x", "draw", "08:30"), Campaign("other", "post", "08:30")],
)
def test_what_is_switched_off_removed_or_without_prizes_is_skipped_with_a_reason(campaign: Campaign) -> None:
    opinion = _stage(campaign).play(fired("campaign:x", room=ROOM))
    assert opinion.actions == ()
    assert opinion.findings[0].level == "skipped"


def test_engagement_switched_off_stops_campaigns() -> None:
    off = Policy(engagement=EngagementPolicy(enabled=False))
    assert _stage(policy=off).play(fired("campaign:morning")).actions == ()


def test_other_timers_are_not_its_business() -> None:
    assert _stage().play(fired("draw.close", "1")).findings == ()
