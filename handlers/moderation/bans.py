"""Members whom staff banned from all rooms: they are removed where they come or speak, as far as the channel can."""

from datetime import timedelta

from domain.actions import Action, Audit, Recall, Remember, Remove, SendClass
from domain.book import Book
from domain.decision import NOTHING, Finding, Opinion
from domain.events import Event, MemberJoined, MessagePosted, Person
from domain.facts import Facts
from handlers.degrade import able
from handlers.speech import Voice, after, room_name

BANNED = "banned"
_DAY = timedelta(days=1)


class Bans:
    """Acts on the ban list; what it cannot do itself it tells staff, once a day, member and room."""

    name = "bans"
    listens: tuple[type, ...] = (MemberJoined, MessagePosted)

    def __init__(self, book: Book) -> None:
        self._voice = Voice(book)

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """Nothing for everybody else; privileged people are left alone."""
        assert isinstance(event, MemberJoined | MessagePosted)
        people = event.people if isinstance(event, MemberJoined) else (event.sender,)
        banned = [one for one in people if facts.person(one.id).banned and not facts.is_privileged(one.id)]
        if not banned or facts.room.staff or facts.room.private or not facts.policy.moderation.enabled:
            return NOTHING
        actions: list[Action] = []
        for person in banned:
            actions += self._kept_out(event, facts, person)
        finding = Finding(BANNED, 1.0, "remove", "在拉黑名单上")
        return Opinion((finding,), tuple(actions), final=isinstance(event, MessagePosted))

    def _kept_out(self, event: MemberJoined | MessagePosted, facts: Facts, person: Person) -> list[Action]:
        ends = after(facts, facts.policy.expiry.warning)
        urgent, room = SendClass.MODERATION, event.room_id
        done: list[Action] = []
        if isinstance(event, MessagePosted) and event.external_id and able(facts, Recall):
            recalled = event.external_id
            done.append(Recall(room_id=room, send_class=urgent, external_id=recalled, member=person, expires_at=ends))
        if able(facts, Remove):
            done.append(Remove(room_id=room, send_class=urgent, member=person, expires_at=ends))
        last = facts.mark(BANNED, person.id)
        if last is not None and event.at - last < _DAY:
            return done
        key = "ban.removed" if able(facts, Remove) else "ban.present"
        text = self._voice.text(key, facts, name=person.name, room=room_name(facts, room))
        done += self._voice.to_staff(facts, text)
        done.append(Remember(room_id=room, member_id=person.id, key=BANNED, at=event.at))
        done.append(Audit(actor="bot", act="ban.kept", target=f"member:{person.id}", outcome=key, at=facts.now))
        return done
