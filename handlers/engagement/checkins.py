"""签到 once a community day: streak, points, and an acknowledgement that joins those of others."""

from domain.actions import CheckIn, CreditPoints
from domain.book import Book
from domain.checkin import CheckInResult, PointsRule, check_in
from domain.decision import NOTHING, Finding, Opinion
from domain.events import Event, MessagePosted
from domain.facts import Facts
from domain.member_command import CommandKind
from handlers.asked import command_of
from handlers.speech import Voice


class CheckIns:
    """Counts a member's check-in once per community day over all rooms, and credits its points by key."""

    name = "checkins"
    listens: tuple[type, ...] = (MessagePosted,)

    def __init__(self, book: Book) -> None:
        self._voice = Voice(book)

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """Check in where the message is 签到 or 打卡."""
        assert isinstance(event, MessagePosted)
        command = command_of(event, facts, self._voice.book.bot_name)
        if command is None or command.kind is not CommandKind.CHECK_IN or not facts.policy.engagement.enabled:
            return NOTHING
        policy, person = facts.policy, facts.person(event.sender.id)
        # The policy's bonus is paid on reaching a streak, so it is no step of the rule, which would pay it every day.
        rule = PointsRule(policy.engagement.points_base, ())
        result = check_in(event.at, policy.time_zone, person.last_checkin, person.streak, rule)
        if not result.counted:
            key = "checkin.again" if result.outcome == "already" else "checkin.late"
            say = self._voice.merged(facts, key, key, event.sender)
            return Opinion((Finding("checkin", 1.0, result.outcome, "今天已签到"),), (say,), final=True)
        return self._counted(event, facts, result)

    def _counted(self, event: MessagePosted, facts: Facts, result: CheckInResult) -> Opinion:
        member = event.sender
        points = result.points + facts.policy.engagement.streak_bonus.get(result.streak, 0)
        balance = facts.person(member.id).balance + points
        detail = self._voice.text(
            "checkin.detail", facts, member=member.name, streak=result.streak, points=balance
        ).strip()
        return Opinion(
            (Finding("checkin", 1.0, "counted", f"连续{result.streak}天，加{points}分"),),
            (
                CheckIn(member=member, room_id=event.room_id, day=result.day, streak=result.streak, at=event.at),
                CreditPoints(
                    member_id=member.id,
                    amount=points,
                    cause="checkin",
                    key=f"checkin:{member.id}:{result.day.isoformat()}",
                    at=event.at,
                ),
                self._voice.merged(facts, "checkin.done", "checkin", member, detail),
            ),
            final=True,
        )
