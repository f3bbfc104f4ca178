"""绑定: a one-time code from the console joins a chat identity to a console user, in a private chat only."""

import hashlib
import re
from dataclasses import replace
from datetime import timedelta

from domain.actions import Audit, BindStaff, Remember, Say, VoidCode
from domain.decision import Finding, Opinion
from domain.events import MessagePosted
from domain.facts import Facts
from domain.staff_words import Bind
from handlers.speech import Voice

_LIKE_A_CODE = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[A-Za-z0-9_-]{6,}|[A-Z]{6,}")
"""What in a group is taken for a code: a phone number after 绑定 is a question of another kind."""

TRIED = "bind.tried"
"""``bind.tried:N``: a contact's last wrong codes, in as many places as they may try, the oldest overwritten."""
TRIES, WITHIN = 5, timedelta(minutes=10)


def code_hash(code: str) -> str:
    """How codes are stored and looked up: SHA-256 (hex) of the code in upper case."""
    return hashlib.sha256(code.upper().encode()).hexdigest()


def bind(event: MessagePosted, facts: Facts, voice: Voice, command: Bind) -> Opinion:
    """Bind the sender, or refuse; both are recorded, without the code."""
    if not facts.room.private:
        if not facts.room.staff and _LIKE_A_CODE.fullmatch(command.code) is None:
            return Opinion()
        opinion = _said(event, voice.answer(facts, "staff.bind_private", event.sender), "staff", "refused: not private")
        void = VoidCode(code_hash=code_hash(command.code), at=event.at)
        return replace(opinion, actions=(void, *opinion.actions)) if void.code_hash in facts.world.bindings else opinion
    tried = {place: facts.mark(_place(place), event.sender.id) for place in range(TRIES)}
    free = next((place for place, at in tried.items() if at is None or event.at - at >= WITHIN), None)
    if free is None:
        # Whatever the code is, and not counted: who waits may try again.
        return _said(event, voice.answer(facts, "staff.bind_throttled"), "staff", "refused: too many attempts")
    code = facts.world.bindings.get(code_hash(command.code))
    if code is None or code.expires_at <= event.at:
        opinion = _said(event, voice.answer(facts, "staff.bind_failed"), "staff", "refused: unknown or expired code")
        return replace(opinion, actions=(*opinion.actions, _counted(event, free)))
    bound = BindStaff(user_id=code.user_id, member_id=event.sender.id, code_hash=code.code_hash, at=event.at)
    opinion = _said(event, voice.answer(facts, "staff.bound", agent=code.user_name), f"user:{code.user_id}", "done")
    return Opinion(opinion.findings, (bound, *opinion.actions), final=True)


def _counted(event: MessagePosted, place: int) -> Remember:
    until = event.at + WITHIN
    return Remember(room_id=event.room_id, member_id=event.sender.id, key=_place(place), at=event.at, until=until)


def _place(number: int) -> str:
    return f"{TRIED}:{number}"


def _said(event: MessagePosted, say: Say, target: str, outcome: str) -> Opinion:
    audit = Audit(actor=f"member:{event.sender.id}", act="staff.bind", target=target, outcome=outcome, at=event.at)
    level = "done" if outcome == "done" else "refused"
    return Opinion((Finding("staff", 1.0, level, "绑定身份"),), (say, audit), final=True)
