"""Acts on cases: answer, take over, pass on, resolve, note."""

from domain.actions import Action, Author, CaseState, Say
from domain.decision import Opinion
from domain.facts import CaseFacts, Facts, StaffFacts
from domain.staff_words import Note, Reply, Resolve, TakeOver, Transfer
from handlers.escalation.threads import Threads, left_room
from handlers.speech import policy_in
from handlers.staff.acting import Acting

CaseCommand = Reply | TakeOver | Transfer | Resolve | Note


def act_on_case(acting: Acting, threads: Threads, command: CaseCommand, target: StaffFacts | None = None) -> Opinion:
    """Carry out a case command; ``target`` is the colleague that a transfer's @ found, if any."""
    case = acting.facts.world.cases.get(command.case)
    if case is None:
        return acting.hint("没有这个编号", "staff.no_case", case=command.case)
    if isinstance(command, Note):
        return _note(acting, threads, case, command)
    if not case.open:
        return acting.hint("已经结束", "staff.finished", case=command.case)
    if isinstance(command, Reply):
        return _reply(acting, threads, case, command)
    if isinstance(command, TakeOver):
        return _take(acting, threads, case)
    if isinstance(command, Transfer):
        return _transfer(acting, threads, case, command, target)
    actions = (
        *threads.resolve(case, acting.facts, acting.by),
        *acting.tell("staff.resolved", case=case.number, agent=acting.agent.name),
    )
    return acting.done("case.resolve", f"case:{case.number}", "标记为已解决", actions)


def _reply(acting: Acting, threads: Threads, case: CaseFacts, command: Reply) -> Opinion:
    facts = acting.facts
    room = facts.world.rooms.get(case.room_id)
    if room is not None and not room.present:
        return acting.hint("已不在那个群", "staff.room_gone", case=case.number)
    actions = (
        *threads.answered(case, facts, acting.agent, command.text),
        threads.to_member(case, facts, command.text),
        *_reply_told(acting, threads, case, facts),
    )
    return acting.done("case.reply", f"case:{case.number}", "回复", actions)


def _reply_told(acting: Acting, threads: Threads, case: CaseFacts, facts: Facts) -> tuple[Say, ...]:
    number, name = case.number, case.member.name
    if policy_in(threads.voice.book, facts, case.room_id).simulate:
        return acting.reply("staff.simulated", case=number)
    if left_room(case, facts):
        return acting.reply("staff.gone", case=number, name=name)
    if case.state is CaseState.ASSIGNED and case.assignee != acting.agent.user_id:
        return acting.reply("staff.replied_other", case=number, name=name, agent=case.assignee_name)
    return acting.reply("staff.replied", case=number, name=name)


def _take(acting: Acting, threads: Threads, case: CaseFacts) -> Opinion:
    agent = acting.agent
    taken = threads.take(case, acting.facts, agent)
    if not taken:
        return acting.hint("已经在跟进", "staff.took_already", case=case.number, agent=agent.name)
    to_member = threads.voice.about_case(acting.facts, "case.taken", case, case.epoch + 1, agent=agent.name)
    actions = (*taken, to_member, *acting.tell("staff.took", case=case.number, agent=agent.name))
    return acting.done("case.take", f"case:{case.number}", "接手", actions)


def _transfer(
    acting: Acting, threads: Threads, case: CaseFacts, command: Transfer, target: StaffFacts | None
) -> Opinion:
    to = target or acting.facts.world.staff_by_name.get(command.to)
    if to is None:
        return acting.hint("没有这位同事", "staff.no_colleague", name=command.to)
    taken = threads.take(case, acting.facts, to)
    if not taken:
        return acting.hint("已经在跟进", "staff.took_already", case=case.number, agent=to.name)
    by = acting.agent.name
    note = f"由{by}转给了{to.name}" + (f"：{command.note}" if command.note else "")
    actions: tuple[Action, ...] = (
        *taken,
        threads.append(case, acting.facts, Author.NOTE, by, note),
        *acting.tell("staff.transferred", case=case.number, agent=to.name, by=by),
    )
    return acting.done("case.transfer", f"case:{case.number}", f"转给{to.name}", actions)


def _note(acting: Acting, threads: Threads, case: CaseFacts, command: Note) -> Opinion:
    note = threads.append(case, acting.facts, Author.NOTE, acting.agent.name, command.text)
    actions: tuple[Action, ...] = (note, *acting.reply("staff.note", case=case.number))
    return acting.done("case.note", f"case:{case.number}", "内部备注", actions)
