"""Campaigns at their hour: a scheduled post such as the morning call, or a draw that opens by itself."""

from datetime import timedelta

from domain.actions import Say, SendClass
from domain.book import Book, Campaign
from domain.decision import Finding, Opinion
from domain.events import Event, TimerFired
from domain.facts import Facts
from handlers.engagement.drawing import open_draw
from handlers.night import asleep
from handlers.speech import Voice, after

PREFIX = "campaign:"


class Campaigns:
    """Posts and opens what campaigns.yaml plans."""

    name = "campaigns"
    listens: tuple[type, ...] = (TimerFired,)

    def __init__(self, book: Book) -> None:
        self._voice = Voice(book)
        self._campaigns = {campaign.id: campaign for campaign in book.campaigns}

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """What the campaign of this timer does in its room; nothing at night or after it was switched off."""
        assert isinstance(event, TimerFired)
        if not event.name.startswith(PREFIX):
            return Opinion()
        campaign = self._campaigns.get(event.name.removeprefix(PREFIX))
        if campaign is None or not campaign.enabled or not facts.policy.engagement.enabled:
            return _skipped("活动已停用")
        if not facts.room.present or facts.room.staff or facts.room.private:
            return _skipped("不在这个群里发")
        if not campaign.at.startswith("every") and asleep(facts, event.at):
            return _skipped("夜间不发")
        return self._post(campaign, facts) if campaign.kind == "post" else self._draw(campaign, facts)

    def _post(self, campaign: Campaign, facts: Facts) -> Opinion:
        say = Say(
            room_id=facts.event.room_id,
            send_class=SendClass.GREETING,
            expires_at=after(facts, facts.policy.expiry.greeting),
            text=campaign.text or self._voice.text("morning.call", facts),
        )
        return Opinion((Finding("campaign", 1.0, "posted", f"活动 {campaign.id}"),), (say,))

    def _draw(self, campaign: Campaign, facts: Facts) -> Opinion:
        source = f"{PREFIX}{campaign.id}"
        if not campaign.prizes:
            return _skipped("没有写奖品")
        if any(draw.source == source for draw in facts.open_draws()):
            return _skipped("上一场还没开奖")
        duration = timedelta(minutes=campaign.duration_minutes)
        room_id = facts.event.room_id
        title = campaign.title or campaign.id
        actions = open_draw(self._voice, facts, room_id, title, campaign.prizes, duration, source)
        return Opinion((Finding("campaign", 1.0, "opened", f"活动 {campaign.id}"),), actions)


def _skipped(why: str) -> Opinion:
    return Opinion((Finding("campaign", 1.0, "skipped", why),))
