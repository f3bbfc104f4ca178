"""First words: newcomers greeted once per burst, invitations, an empty @, and “are you a bot?”."""

from dataclasses import replace
from datetime import timedelta

from domain.actions import AcceptInvite, Action, Audit, Remember, Say, SendClass
from domain.book import Book
from domain.decision import NOTHING, Finding, Opinion
from domain.events import Event, MemberJoined, MessagePosted, Person, RoomInvited, RoomJoined
from domain.facts import Facts
from domain.ids import NO_MEMBER, NO_ROOM
from domain.incoming import MessageKind
from handlers.addressing import EMPTY_MENTION, asks_what_it_is, is_addressed, is_empty_mention
from handlers.commands import privacy_link
from handlers.kinds import LABELS
from handlers.loops import paused
from handlers.moderation.newcomers import braked
from handlers.speech import Voice, after

GREETED = "greeted"
HINTED = "hint.kind"
REFUSED_INVITE = "invite.refused"
REJOIN = timedelta(days=1)
HINT_EVERY = timedelta(hours=1)
_NO_WORDS = {kind for kind in MessageKind if kind not in (MessageKind.TEXT, MessageKind.GROUP_NOTE, MessageKind.SYSTEM)}


class Welcome:
    """Greets, introduces itself, and answers when somebody only calls it."""

    name = "welcome"
    listens: tuple[type, ...] = (MemberJoined, RoomJoined, RoomInvited, MessagePosted)

    def __init__(self, book: Book) -> None:
        self._voice = Voice(book)

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """One of the four occasions above."""
        if isinstance(event, MemberJoined):
            return self._joined(event, facts)
        if isinstance(event, RoomJoined):
            return self._arrived(event, facts)
        if isinstance(event, RoomInvited):
            return self._invited(event, facts)
        assert isinstance(event, MessagePosted)
        return self._called(event, facts)

    # ---- coming and going --------------------------------------------------------------------------------------------

    def _joined(self, event: MemberJoined, facts: Facts) -> Opinion:
        if not facts.policy.welcome.enabled or facts.room.staff or facts.room.private:
            return NOTHING
        if braked(facts):
            return Opinion((Finding("welcome", 1.0, "skipped", "很多人同时进群，不逐个欢迎"),))
        new = [p for p in event.people if p.id != facts.account.member_id and self._is_new(p, event, facts)]
        actions: list[Action] = []
        for person in new:
            actions.append(Remember(room_id=event.room_id, member_id=person.id, key=GREETED, at=event.at))
            actions.append(self._greeting(person, facts))
        return Opinion((Finding("welcome", 1.0, "greeted", f"{len(new)}位新成员"),), tuple(actions))

    def _is_new(self, person: Person, event: MemberJoined, facts: Facts) -> bool:
        greeted = facts.mark(GREETED, person.id)
        left = facts.member(person.id).left_at
        return not any(last is not None and event.at - last < REJOIN for last in (greeted, left))

    def _greeting(self, person: Person, facts: Facts) -> Say:
        link = privacy_link(self._voice.book)
        say = self._voice.merged(
            facts, "welcome.joined", "welcome", person, send_class=SendClass.GREETING, privacy=link
        )
        # People come in groups: one greeting for all of them.
        later = min(facts.event.at, facts.now) + timedelta(seconds=facts.policy.welcome.gather)
        return replace(say, not_before=later)

    def _arrived(self, event: RoomJoined, facts: Facts) -> Opinion:
        last = facts.mark(GREETED)
        if facts.room.private or (last is not None and event.at - last < REJOIN):
            return NOTHING
        key = "welcome.hello_staff" if facts.room.staff else "welcome.hello"
        values = {} if facts.room.staff else {"privacy": privacy_link(self._voice.book)}
        hello = Say(
            room_id=event.room_id,
            send_class=SendClass.GREETING,
            expires_at=after(facts, facts.policy.expiry.greeting),
            text=self._voice.text(key, facts, **values),
        )
        mark = Remember(room_id=event.room_id, member_id=NO_MEMBER, key=GREETED, at=event.at)
        return Opinion((Finding("welcome", 1.0, "arrived", "进群自我介绍"),), (mark, hello))

    def _invited(self, event: RoomInvited, facts: Facts) -> Opinion:
        rule = facts.policy.welcome.accept_invites
        bound = facts.person(event.inviter.id).staff is not None
        values = {"topic": event.topic, "name": event.inviter.name}
        audit = Audit(
            actor=f"member:{event.inviter.id}", act="room.invite", target="room", outcome="accepted", at=event.at
        )
        if rule == "anybody" or (rule == "staff" and bound):
            told = self._voice.to_staff(facts, self._voice.text("invite.accepted", facts, **values))
            accept = AcceptInvite(room_id=NO_ROOM, send_class=SendClass.EVENT, reference=event.reference)
            return Opinion((Finding("welcome", 1.0, "accepted", "接受邀请"),), (accept, audit, *told))
        refused = Audit(actor=audit.actor, act=audit.act, target=audit.target, outcome="refused", at=event.at)
        finding = Finding("welcome", 1.0, "refused", "邀请人不是已绑定的同事")
        last = facts.mark(REFUSED_INVITE, event.inviter.id)
        if last is not None and event.at - last < HINT_EVERY:
            return Opinion((finding,), (refused,))
        mark = Remember(room_id=event.room_id, member_id=event.inviter.id, key=REFUSED_INVITE, at=event.at)
        told = self._voice.to_staff(facts, self._voice.text("invite.refused", facts, **values))
        return Opinion((finding,), (refused, mark, *told))

    # ---- called by name ----------------------------------------------------------------------------------------------

    def _called(self, event: MessagePosted, facts: Facts) -> Opinion:
        if is_empty_mention(event) and not paused(event, facts):
            mark = Remember(room_id=event.room_id, member_id=event.sender.id, key=EMPTY_MENTION, at=event.at)
            here = self._voice.answer(facts, "welcome.here", event.sender)
            return Opinion((Finding("welcome", 1.0, "called", "只@了我"),), (here, mark), final=True)
        if not is_addressed(event, facts) or paused(event, facts):
            return NOTHING
        if event.kind in _NO_WORDS:
            return self._no_words(event, facts)
        if facts.text is not None and asks_what_it_is(facts.text):
            yes = self._voice.answer(facts, "welcome.is_bot", event.sender)
            return Opinion((Finding("welcome", 1.0, "asked", "问是不是机器人"),), (yes,), final=True)
        return NOTHING

    def _no_words(self, event: MessagePosted, facts: Facts) -> Opinion:
        """A picture for the bot: one hint an hour, and none to somebody whom an agent is looking after."""
        last = facts.mark(HINTED, event.sender.id)
        if facts.room.staff or (last is not None and event.at - last < HINT_EVERY):
            return NOTHING
        hint = self._voice.answer(facts, "welcome.only_text", event.sender, kind=LABELS[event.kind])
        mark = Remember(room_id=event.room_id, member_id=event.sender.id, key=HINTED, at=event.at)
        return Opinion((Finding("welcome", 1.0, "hint", "不是文字"),), (replace(hint, unasked=True), mark))
