"""Every route of the console, with the least role that may use it: the one list that the guard and the tests read."""

from console import assets, signin
from console.pages import audit, book, cases, decisions, events, me, order, overview, sends
from console.routes_table import Route

ROUTES: tuple[Route, ...] = (
    Route("GET", "/sign-in", signin.door, "nobody"),
    Route("POST", "/sign-in", signin.sign_in, "nobody"),
    Route("GET", "/static/console.css", assets.style, "nobody"),
    Route("GET", "/static/live.js", assets.script),
    Route("POST", "/sign-out", signin.sign_out),
    Route("GET", "", overview.overview),
    Route("GET", "/", overview.home),
    Route("GET", "/live", overview.overview_live),
    Route("POST", "/quiet", overview.quiet_all),
    Route("POST", "/resume", overview.resume_all),
    Route("GET", "/rooms", overview.rooms),
    Route("POST", "/rooms/{number}/quiet", overview.quiet_room),
    Route("POST", "/rooms/{number}/resume", overview.resume_room),
    Route("GET", "/decisions", decisions.decisions),
    Route("GET", "/decisions/live", decisions.decisions_live),
    Route("GET", "/decisions/{number}", decisions.decision),
    Route("GET", "/cases", cases.cases),
    Route("GET", "/cases/live", cases.cases_live),
    Route("GET", "/cases/resolved", cases.resolved),
    Route("GET", "/cases/{number}", cases.case),
    Route("GET", "/cases/{number}/live", cases.case_live),
    Route("POST", "/cases/{number}", cases.act_on_case),
    Route("GET", "/sanctions", order.sanctions),
    Route("POST", "/sanctions/{number}/undo", order.undo),
    Route("GET", "/appeals", order.appeals),
    Route("GET", "/sends", sends.sends),
    Route("POST", "/sends/{number}", sends.settle),
    Route("GET", "/failed", events.failed),
    Route("GET", "/unreadable", events.unreadable),
    Route("GET", "/gaps", events.gaps),
    Route("GET", "/book", book.book),
    Route("GET", "/audit", audit.audit, "lead"),
    Route("GET", "/me", me.me),
    Route("POST", "/me/code", me.make_code),
    Route("POST", "/me/password", me.change_password),
)
