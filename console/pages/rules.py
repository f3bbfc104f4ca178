"""The rules of order: what each did, how far it can be trusted, and what may become of it."""

from aiohttp import web

from console import commands, forms, render
from console.acting import act_everywhere, back
from console.desk import SESSION, Desk, desk_of
from console.roles import at_least
from domain.rules import TITLES, RuleState
from storage import views_order, views_rules
from storage.views_rules import RuleView

PATH = "/console/rules"


async def rules(request: web.Request) -> web.StreamResponse:
    """All rules, most used first."""
    desk = desk_of(request)
    rows = await desk.database.read(views_rules.rules, _listed(desk))
    return await render.page(request, "rules.html", rows=rows, on_trial=_on_trial(desk))


async def rule(request: web.Request) -> web.StreamResponse:
    """One rule with its verdicts to review, and what to allow."""
    desk = desk_of(request)
    found = await _found(request, request.query.get("rule", ""))
    rows = await desk.database.read(views_order.sanctions, forms.before(request), found.rule)
    allow = await desk.database.read(views_rules.proposals, found.rule)
    return await render.page(
        request,
        "rule.html",
        rule=found,
        rows=rows,
        allow=allow,
        on_trial=_on_trial(desk),
        may_change=at_least(request[SESSION].user.role, "lead"),
        older=render.next_before(rows, "number"),
    )


async def retirement(request: web.Request) -> web.StreamResponse:
    """What retiring the rule would take back, before it is done."""
    desk = desk_of(request)
    found = await _found(request, request.query.get("rule", ""))
    undone = await desk.database.read(views_rules.retirement, found.rule, desk.clock())
    return await render.page(request, "retire.html", rule=found, undone=undone)


async def change(request: web.Request) -> web.StreamResponse:
    """Put a rule live, on trial or into retirement."""
    found = await _found(request, await forms.field(request, "rule"))
    wanted = await forms.field(request, "state")
    if wanted not in list(RuleState):
        raise web.HTTPBadRequest(text="没有这个操作")
    outcome = await act_everywhere(request, commands.change_rule(found.rule, RuleState(wanted)))
    raise back(f"{PATH}/one", {"rule": found.rule} | outcome)


async def _found(request: web.Request, name: str) -> RuleView:
    desk = desk_of(request)
    rows = await desk.database.read(views_rules.rules, _listed(desk))
    found = next((row for row in rows if row.rule == name), None)
    if found is None:
        raise web.HTTPNotFound(text="没有这条规则")
    return found


def _listed(desk: Desk) -> list[str]:
    """The categories of the word lists in force, and the rules that are no list."""
    return [*dict.fromkeys(words.category for words in desk.book().words), *TITLES]


def _on_trial(desk: Desk) -> frozenset[str]:
    return frozenset(words.category for words in desk.book().words if words.trial)
