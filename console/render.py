"""Pages from templates: one environment with autoescape, and what every page is given."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import web
from markupsafe import Markup

from console.desk import SESSION, desk_of
from console.forms import before as number_of
from console.notices import NOTICES, Notice, because
from console.reasons import reason
from console.roles import TITLES, Role, at_least
from console.words import BAD_OUTCOMES, CLASSES, LOUD_LEVELS, outcome, target, word
from domain.calendar_day import local
from domain.decision import LEVELS
from storage import views_decisions, views_rooms
from storage.paging import PAGE

ENVIRONMENT = web.AppKey("console_jinja", jinja2.Environment)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu; ``count`` names the number of `Tally` shown beside it."""

    path: str
    title: str
    count: str = ""
    needs: Role = "agent"


MENU: tuple[Entry, ...] = (
    Entry("/console", "总览"),
    Entry("/console/cases", "工单", "open_cases"),
    Entry("/console/decisions", "实时决策"),
    Entry("/console/sanctions", "处置"),
    Entry("/console/appeals", "申诉", "appeals"),
    Entry("/console/rules", "规则"),
    Entry("/console/bans", "拉黑名单"),
    Entry("/console/faq/entries", "问答"),
    Entry("/console/unanswered", "没人答的问题"),
    Entry("/console/faq", "问答统计"),
    Entry("/console/sends", "发送", "doubtful"),
    Entry("/console/rooms", "群"),
    Entry("/console/failed", "失败事件", "failed"),
    Entry("/console/unreadable", "未读到的事件", "unreadable"),
    Entry("/console/gaps", "断线记录"),
    Entry("/console/book", "配置"),
    Entry("/console/audit", "审计", needs="lead"),
    Entry("/console/users", "用户", needs="admin"),
)

_ERRORS = {
    403: "没有权限",
    404: "没有这一页",
    405: "不能这样访问",
    409: "和别人的修改冲突了",
    413: "内容太大",
    500: "出错了",
    503: "暂时不可用",
}


def setup(app: web.Application) -> None:
    """Make the environment; templates and autoescape are the same for the console and the public pages."""
    environment = aiohttp_jinja2.setup(
        app,
        app_key=ENVIRONMENT,
        loader=jinja2.PackageLoader("console", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clock": clock,
        "ago": ago,
        "word": word,
        "percent": percent,
        "outcome": outcome,
        "target": target,
        "tallied": tallied,
        "title_of_class": title_of_class,
        "role": role_title,
        "reason": reason,
    }
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    environment.globals |= {"loud_levels": LOUD_LEVELS, "judged_rules": frozenset(LEVELS), "bad_outcomes": BAD_OUTCOMES}


async def page(request: web.Request, template: str, status: int = 200, **context: Any) -> web.Response:
    """A page of the console with its menu."""
    desk = desk_of(request)
    session = request[SESSION]
    tally = await desk.database.read(views_rooms.tally, desk.clock())
    return _respond(
        request,
        template,
        status,
        session=session,
        csrf=session.csrf,
        menu=[entry for entry in MENU if at_least(session.user.role, entry.needs)],
        tally=tally,
        role_title=role_title(session.user.role),
        notice=await _notice(request),
        **context,
    )


async def _notice(request: web.Request) -> Notice | None:
    """What came of the last form. The words are ours or the decision's own, never the address's."""
    code, event = request.query.get("notice", ""), number_of(request, "event")
    if code != "hint" or event is None:
        return NOTICES.get(code)
    decided = await desk_of(request).database.read(views_decisions.decision, event)
    if decided is None or decided.kind != "staff_acted":
        return NOTICES[code]
    return because("；".join(str(finding.get("why", "")) for finding in decided.findings))


def fragment(request: web.Request, template: str, **context: Any) -> web.Response:
    """A part of a page for its live script; unchanged parts are answered with 304."""
    response = _respond(request, template, 200, csrf=request[SESSION].csrf, **context)
    response.enable_compression()
    assert isinstance(response.body, bytes)
    tag = _tag(response.body)
    if any(wanted.value == tag for wanted in request.if_none_match or ()):
        return web.Response(status=304, headers={"ETag": f'"{tag}"'})
    response.etag = tag
    return response


def _tag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def public(request: web.Request, template: str, status: int = 200, **context: Any) -> web.Response:
    """A page that needs no session."""
    return _respond(request, template, status, **context)


def error_page(request: web.Request, status: int, text: str) -> web.Response:
    """An error in words; ``text`` is ours, never the framework's English."""
    title = _ERRORS.get(status, HTTPStatus(status).phrase)
    shown = text if any("\u4e00" <= character <= "\u9fff" for character in text) else ""
    return _respond(request, "error.html", status, title=title, text=shown)


def _respond(request: web.Request, template: str, status: int, **context: Any) -> web.Response:
    desk = desk_of(request)
    book = desk.book()
    common = {"now": desk.clock(), "tz": book.policy.time_zone, "bot_name": book.bot_name, "path": request.path}
    environment = request.config_dict[ENVIRONMENT]
    text = environment.get_template(template).render(common | context)
    return web.Response(text=text, content_type="text/html", status=status)


# ---- filters ---------------------------------------------------------------------------------------------------------


@jinja2.pass_context
def clock(context: jinja2.runtime.Context, at: datetime | None) -> str | Markup:
    """An instant on the community's clock, short when it is of today or this year."""
    if at is None:
        return "—"
    here, today = local(at, context["tz"]), local(context["now"], context["tz"])
    form = "%Y-%m-%d %H:%M:%S"
    if here.date() == today.date():
        form = "%H:%M:%S"
    elif here.year == today.year:
        form = "%m-%d %H:%M:%S"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        here.isoformat(), here.strftime("%Y-%m-%d %H:%M:%S %Z"), here.strftime(form)
    )


@jinja2.pass_context
def ago(context: jinja2.runtime.Context, at: datetime) -> str:
    """How long ago, or how long until, in words."""
    distance = context["now"] - at
    ahead = distance < timedelta(0)
    return f"{_length(abs(distance))}{'后' if ahead else '前'}"


def _length(distance: timedelta) -> str:
    seconds = int(distance.total_seconds())
    for size, unit in ((86_400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} 秒"


def percent(score: object) -> str:
    """A probability as a percentage."""
    if not isinstance(score, int | float):
        return "—"
    # Nearly certain is not certain.
    return f"{score:.1%}" if 0.99 < score < 1 else f"{score:.0%}"


def role_title(role: str) -> str:
    """The name of a role."""
    return TITLES.get(role, role)


def title_of_class(send_class: int) -> str:
    """The name of a send's class."""
    return CLASSES[send_class] if 0 <= send_class < len(CLASSES) else str(send_class)


def tallied(actions: Sequence[Mapping[str, object]]) -> list[tuple[str, int]]:
    """How many actions there are of each type, in the order in which the types first occur."""
    return list(Counter(str(action.get("type", "")) for action in actions).items())


def next_before(rows: Sequence[Any], key: str, limit: int = PAGE) -> int | None:
    """The keyset of the next page, None on the last one."""
    return getattr(rows[-1], key) if len(rows) >= limit else None
