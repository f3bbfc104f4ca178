"""Reads what staff type or click, checks the right to it by bound identity alone, and carries it out."""

import re

from domain.actions import AnswerDoubtful, Say, SendClass
from domain.book import Book
from domain.decision import NOTHING, Finding, Opinion
from domain.events import Event, MessagePosted, StaffActed
from domain.facts import Facts, StaffFacts
from domain.ids import UserId
from domain.incoming import MessageKind
from domain.staff_command import CASE_USAGE, REPLY_USAGE, TRANSFER_USAGE, StaffCommand, parse_staff_command
from domain.staff_words import (
    BanMember,
    BeQuiet,
    Bind,
    ChangeRule,
    FinishDraw,
    Note,
    Reply,
    Resolve,
    Resume,
    Review,
    StartDraw,
    TakeOver,
    Transfer,
    Unclear,
    Undo,
)
from handlers.addressing import quotes_bot
from handlers.escalation.threads import Threads
from handlers.staff import binding, order_acts, room_acts
from handlers.staff.acting import Acting, refused
from handlers.staff.case_acts import act_on_case

DIGEST = "#日报 "
"""Console-only, written by the shell: the digest's text for the agents' rooms."""
_DOUBTFUL = re.compile(r"#(重发|已发)\s*(\d{1,18})")
_NOTICE = re.compile(r"\s*【#(\d{1,9})】")
_NUMBERED = re.compile(r"\s*#(\d{1,9})\b")
_CASE_WORDS = (Reply, TakeOver, Transfer, Resolve, Note)
_CASE_USAGES = (CASE_USAGE, REPLY_USAGE, TRANSFER_USAGE)
_OWNERS = (BeQuiet, Resume)
"""What a room's owner may say in that room."""


class StaffCommands:
    """Commands count by who is bound, never by a name: everybody else is refused and recorded."""

    name = "staff"
    listens: tuple[type, ...] = (MessagePosted, StaffActed)

    def __init__(self, book: Book) -> None:
        self._threads = Threads.of(book)
        self._voice = self._threads.voice

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """Carry out, hint or refuse; nothing for words that are no command."""
        if isinstance(event, StaffActed):
            return self._console(event, facts)
        assert isinstance(event, MessagePosted)
        if event.kind is not MessageKind.TEXT or (facts.text is not None and facts.text.is_list):
            return NOTHING
        command = parse_staff_command(event.text)
        if isinstance(command, Bind):
            return binding.bind(event, facts, self._voice, command)
        return self._in_staff_room(event, facts, command) if facts.room.staff else self._outside(event, facts, command)

    # ---- the agents' room --------------------------------------------------------------------------------------------

    def _in_staff_room(self, event: MessagePosted, facts: Facts, command: StaffCommand | None) -> Opinion:
        if command is None:
            command = self._quoting(event, facts)
        if command is None:
            return self._stray_quote(event, facts)
        agent = facts.person(event.sender.id).staff
        if agent is None:
            text = self._voice.text("staff.refused", facts)
            say = Say(room_id=event.room_id, send_class=SendClass.STAFF, text=text)
            return refused(event, _act(command), _about(command), (say,))
        acting = Acting(event, facts, self._voice, agent, f"user:{agent.user_id}")
        colleague = next((person for person in event.mentions if person.id != facts.account.member_id), None)
        if colleague is not None and (transfer := _transfer_to(colleague.name, event, command)) is not None:
            return act_on_case(acting, self._threads, transfer, facts.person(colleague.id).staff)
        return self._carry_out(acting, command)

    def _quoting(self, event: MessagePosted, facts: Facts) -> StaffCommand | None:
        """Words under a quoted notice are the answer, but for the bare command words that its text suggests."""
        if event.quote is None or not event.text.strip():
            return None
        if not quotes_bot(event.quote, facts, (self._voice.book.bot_name,)):
            return None
        notice = _NOTICE.match(event.quote.text)
        if notice is None:
            return None
        number = int(notice[1])
        command = parse_staff_command(f"#{number} {event.text.strip()}")
        if isinstance(command, TakeOver | Resolve | Transfer | Reply):
            return command
        transfer = isinstance(command, Unclear) and command.usage == TRANSFER_USAGE
        return command if transfer else Reply(number, event.text)

    def _stray_quote(self, event: MessagePosted, facts: Facts) -> Opinion:
        """An agent who quotes another numbered message of the bot's may believe it was sent: say that it was not."""
        agent = facts.person(event.sender.id).staff
        if agent is None or event.quote is None or not quotes_bot(event.quote, facts, (self._voice.book.bot_name,)):
            return NOTHING
        numbered = _NUMBERED.match(event.quote.text)
        if numbered is None:
            return NOTHING
        acting = Acting(event, facts, self._voice, agent, f"user:{agent.user_id}")
        return acting.hint("引用的不是求助通知", "staff.quote_notice", case=int(numbered[1]))

    # ---- elsewhere ---------------------------------------------------------------------------------------------------

    def _outside(self, event: MessagePosted, facts: Facts, command: StaffCommand | None) -> Opinion:
        if command is None:
            return NOTHING
        agent = facts.person(event.sender.id).staff
        if agent is None:
            return self._stranger(event, facts, command)
        acting = Acting(event, facts, self._voice, agent, f"user:{agent.user_id}")
        if _is_about_a_case(command):
            return acting.hint("不在客服群", "staff.not_here")
        return self._carry_out(acting, command)

    def _stranger(self, event: MessagePosted, facts: Facts, command: StaffCommand) -> Opinion:
        if isinstance(command, _OWNERS) and event.sender.id == facts.room.owner_id:
            owner = StaffFacts(UserId(0), event.sender.name, "owner")
            return self._carry_out(Acting(event, facts, self._voice, owner, f"member:{event.sender.id}"), command)
        if isinstance(command, Note) or (isinstance(command, Unclear) and command.usage in _CASE_USAGES):
            # `#3 谁要拼车` is ordinary talk outside the agents' room.
            return NOTHING
        # What only the agents' room knows is refused without a word; it is nobody's business here.
        says = () if _is_about_a_case(command) else (self._voice.answer(facts, "staff.refused_room", event.sender),)
        return refused(event, _act(command), _about(command), says)

    # ---- the console -------------------------------------------------------------------------------------------------

    def _console(self, event: StaffActed, facts: Facts) -> Opinion:
        agent = StaffFacts(event.user_id, event.user_name)
        acting = Acting(event, facts, self._voice, agent, f"user:{event.user_id}")
        if event.command.startswith(DIGEST):
            says = self._voice.to_staff(facts, event.command.removeprefix(DIGEST).strip())
            return Opinion((Finding("staff", 1.0, "done", "日报"),), says, final=True)
        if doubtful := _DOUBTFUL.fullmatch(event.command.strip()):
            answer = AnswerDoubtful(outbox_id=int(doubtful[2]), resend=doubtful[1] == "重发", at=event.at)
            return acting.done("send.answer", f"outbox:{doubtful[2]}", doubtful[1], (answer,))
        command = parse_staff_command(event.command)
        if command is None or isinstance(command, Bind):
            return acting.hint("看不懂的指令", "staff.usage", usage=CASE_USAGE)
        return self._carry_out(acting, command)

    def _carry_out(self, acting: Acting, command: StaffCommand) -> Opinion:
        match command:
            case Reply() | TakeOver() | Transfer() | Resolve() | Note():
                return act_on_case(acting, self._threads, command)
            case BeQuiet():
                return room_acts.be_quiet(acting, command)
            case Resume():
                return room_acts.resume(acting)
            case Undo():
                return order_acts.undo(acting, command)
            case Review():
                return order_acts.review(acting, command)
            case ChangeRule():
                return order_acts.change_rule(acting, command)
            case BanMember():
                return order_acts.ban(acting, command)
            case StartDraw():
                return room_acts.start_draw(acting, command)
            case FinishDraw():
                return room_acts.finish_draw(acting, command)
            case Unclear():
                return acting.hint("写法不对", "staff.usage", usage=command.usage)
            case _:
                return acting.hint("还没有开通", "staff.not_yet")


def _transfer_to(name: str, event: MessagePosted, command: StaffCommand) -> Transfer | None:
    """`#12 转给 @某`, where the channel has cut the @name out of the words."""
    if isinstance(command, Transfer):
        note = " ".join(part for part in (command.to, command.note) if part)
        return Transfer(command.case, name, note)
    if not (isinstance(command, Unclear) and command.usage == TRANSFER_USAGE):
        return None
    number = re.search(r"\d{1,9}", event.text) or (event.quote and _NOTICE.match(event.quote.text))
    if not number:
        return None
    digits = number[1] if number.re is _NOTICE else number[0]
    return Transfer(int(digits), name)


def _is_about_a_case(command: StaffCommand) -> bool:
    return isinstance(command, _CASE_WORDS) or (isinstance(command, Unclear) and command.usage in _CASE_USAGES)


def _act(command: StaffCommand) -> str:
    return f"staff.{type(command).__name__.lower()}"


def _about(command: StaffCommand) -> str:
    return f"case:{command.case}" if isinstance(command, _CASE_WORDS) else "room"
