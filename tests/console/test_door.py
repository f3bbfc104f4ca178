"""Who gets in: sessions, forms, throttling, roles and headers."""

import asyncio

import pytest

from console import passwords
from console.roles import ROLES, at_least
from console.routes import ROUTES
from console.routes_table import Route
from console.signin import local_path
from storage import views_audit
from tests.console.desk import HASH, PASSWORD, House

PAGES = ("/console", "/console/sign-in", "/console/static/console.css", "/console/nowhere", "/privacy", "/draws/9")
CLOSED = [route for route in ROUTES if route.needs != "nobody"]


def _address(route: Route) -> str:
    return "/console" + route.path.replace("{number}", "1")


@pytest.mark.parametrize("route", CLOSED, ids=lambda route: f"{route.method} {route.path}")
async def test_nothing_is_shown_or_done_without_a_session(house: House, route: Route) -> None:
    async with house.browser() as browser:
        answer = await browser.client.request(route.method, _address(route), allow_redirects=False)
        assert answer.status == 303
        assert answer.headers["Location"].startswith("/console/sign-in")
        assert "阿明" not in await answer.text()
    assert house.woken == []


async def test_a_path_that_does_not_exist_leads_to_the_door_too(house: House) -> None:
    async with house.browser() as browser:
        for path in ("/console/", "/console/nowhere", "/console/static/live.js", "/console/static/../app.py"):
            assert (await browser.get(path)).status == 303, path


async def test_only_the_sign_in_page_and_its_style_are_open() -> None:
    assert {route.path for route in ROUTES if route.needs == "nobody"} == {"/sign-in", "/static/console.css"}


@pytest.mark.parametrize("route", [route for route in CLOSED if route.method == "POST"], ids=lambda route: route.path)
async def test_forms_without_the_token_are_refused(house: House, route: Route) -> None:
    async with house.signed_in("root") as browser, house.signed_in("阿芳") as other:
        assert (await browser.bare_post(_address(route))).status == 403
        foreign = await other.csrf("/console/me")
        assert (await browser.bare_post(_address(route), csrf=foreign)).status == 403
        # Still signed in: nothing was done, not even signing out.
        assert (await browser.get("/console")).status == 200
    assert house.woken == []


async def test_a_post_from_another_site_is_refused_even_with_the_token(house: House) -> None:
    async with house.signed_in() as browser:
        token = await browser.csrf("/console/me")
        headers = {"Sec-Fetch-Site": "cross-site"}
        answer = await browser.client.post("/console/sign-out", data={"csrf": token}, headers=headers)
        assert answer.status == 403


async def test_the_sign_in_form_is_tied_to_its_browser(house: House) -> None:
    async with house.browser() as browser, house.browser() as other:
        foreign = await other.csrf("/console/sign-in")
        await browser.get("/console/sign-in")
        answer = await browser.bare_post("/console/sign-in", csrf=foreign, name="小林", password=PASSWORD)
        assert answer.status == 403
        assert browser.cookie() == ""


async def test_two_tabs_with_the_sign_in_form_both_work(house: House) -> None:
    async with house.browser() as browser:
        first = await browser.csrf("/console/sign-in")
        assert await browser.csrf("/console/sign-in") == first
        answer = await browser.bare_post("/console/sign-in", csrf=first, name="小林", password=PASSWORD)
        assert answer.status == 303


async def test_the_session_id_changes_at_sign_in_and_the_old_one_ends(house: House) -> None:
    async with house.browser() as browser:
        browser.set_cookie("chosen-by-somebody")
        await browser.sign_in("小林")
        first = browser.cookie()
        assert first not in ("", "chosen-by-somebody")
        # Signing in once more from the same browser, as after an expiry.
        page = await browser.client.get("/console/sign-in", allow_redirects=False)
        assert page.status == 303
        await browser.post("/console/sign-out")
        await browser.sign_in("小林")
        assert browser.cookie() not in ("", first)
    async with house.browser() as thief:
        thief.set_cookie(first)
        assert (await thief.get("/console")).status == 303


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    async with house.browser() as browser:
        answer = await browser.sign_in("小林")
        cookie = answer.headers.getall("Set-Cookie")[0]
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/console" in cookie
        assert "Secure" not in cookie


async def test_behind_tls_the_cookie_is_secure(house: House) -> None:
    from dataclasses import replace

    house.book = replace(house.book, public_url="https://chat.example")
    async with house.browser() as browser:
        page = await browser.get("/console/sign-in")
        assert "Secure" in page.headers["Set-Cookie"]


async def test_tokens_are_not_in_the_database(house: House) -> None:
    async with house.signed_in() as browser:
        token = browser.cookie()
    stored = b"".join(path.read_bytes() for path in sorted((house.folder).glob("steward.db*")))
    assert len(token) > 30 and token.encode() not in stored and PASSWORD.encode() not in stored


async def test_signing_out_ends_the_session(house: House) -> None:
    async with house.signed_in() as browser:
        kept = browser.cookie()
        assert (await browser.post("/console/sign-out")).status == 303
        browser.set_cookie(kept)
        assert (await browser.get("/console")).status == 303


async def test_a_session_ends_when_it_is_not_used(house: House) -> None:
    async with house.signed_in() as browser:
        house.later(hours=1, minutes=59)
        assert (await browser.get("/console")).status == 200
        house.later(hours=1, minutes=59)
        assert (await browser.get("/console")).status == 200
        house.later(hours=2, minutes=1)
        assert (await browser.get("/console")).status == 303


async def test_the_pages_own_polling_does_not_keep_a_session_awake(house: House) -> None:
    async with house.signed_in() as browser:
        statuses = []
        for _ in range(12):
            house.later(minutes=11)
            statuses.append((await browser.get("/console/cases/live", **{"X-Live": "1"})).status)
        assert statuses == [200] * 10 + [401] * 2


async def test_a_session_ends_after_twelve_hours_at_the_latest(house: House) -> None:
    async with house.signed_in() as browser:
        for _ in range(11):
            house.later(hours=1, minutes=5)
            assert (await browser.get("/console")).status == 200
        house.later(minutes=6)
        assert (await browser.get("/console")).status == 303


async def test_a_wrong_password_and_an_unknown_name_are_answered_alike(house: House) -> None:
    async with house.browser() as browser:
        wrong = await browser.sign_in("小林", "nope nope nope")
        unknown = await browser.sign_in("没这个人", "nope nope nope")
        assert wrong.status == unknown.status == 403
        strip = [(await one.text()).split("<form")[0] for one in (wrong, unknown)]
        assert strip[0] == strip[1]


async def test_the_sixth_try_in_five_minutes_is_refused_even_with_the_right_password(house: House) -> None:
    async with house.browser() as browser:
        for _ in range(5):
            assert (await browser.sign_in("小林", "wrong wrong")).status == 403
        assert (await browser.sign_in(" 小林 ")).status == 429
        assert (await browser.sign_in("阿芳")).status == 303
    house.later(minutes=5, seconds=1)
    async with house.signed_in():
        pass


async def test_a_good_sign_in_gives_the_user_all_tries_back(house: House) -> None:
    for _ in range(3):
        async with house.browser() as browser:
            for _ in range(4):
                await browser.sign_in("小林", "wrong wrong")
            assert (await browser.sign_in("小林")).status == 303


async def test_tries_at_once_do_not_slip_past_the_limit(house: House) -> None:
    async with house.browser() as browser:
        token = await browser.csrf("/console/sign-in")
        fields = {"csrf": token, "name": "root", "password": "wrong wrong"}
        answers = await asyncio.gather(*[browser.bare_post("/console/sign-in", **fields) for _ in range(12)])
        assert sorted(answer.status for answer in answers) == [403] * 5 + [429] * 7


async def test_an_address_has_twenty_tries_whatever_the_names(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    # That a name which nobody has takes as long is not what is counted here.
    monkeypatch.setattr(passwords, "_nobody", lambda: HASH)
    async with house.browser() as browser:
        statuses = [(await browser.sign_in(f"name{number}", "wrong wrong")).status for number in range(21)]
        assert statuses == [403] * 20 + [429]


async def test_sign_ins_are_audited_without_what_was_typed(house: House) -> None:
    async with house.browser() as browser:
        await browser.sign_in("my-password-by-mistake", "x")
        await browser.sign_in("小林")
    entries = await house.database.read(views_audit.audit_log)
    seen = [(entry.actor, entry.act, entry.outcome) for entry in entries if entry.act == "sign-in"]
    assert seen == [("小林", "sign-in", "done"), ("?", "sign-in", "refused")]


LEADS = {
    *("GET /rules/retire", "POST /rules", "POST /failed/{number}", "POST /unanswered/propose", "POST /unanswered/add"),
    *("GET /faq/edit", "GET /faq/new", "POST /faq/change", "POST /faq/upload", "POST /faq/preview"),
    *("POST /faq/publish", "GET /book/diff", "GET /audit"),
}
OPERATORS = {"GET /book/replay", "POST /book/rollback"}
ADMINS = {"GET /users", "POST /users", "GET /users/{number}", "POST /users/{number}"}
"""Written down once more, so that a role which changes in the list of routes changes here, too, or fails."""
REFUSED = "您的角色看不了这一页"


@pytest.mark.parametrize(
    ("name", "closed"),
    [("小林", LEADS | OPERATORS | ADMINS), ("阿芳", OPERATORS | ADMINS), ("老周", ADMINS), ("root", set[str]())],
)
async def test_every_route_is_closed_to_lower_roles_even_with_the_token(
    house: House, name: str, closed: set[str]
) -> None:
    assert {f"{route.method} {route.path}" for route in ROUTES} >= LEADS | OPERATORS | ADMINS
    refused = set()
    async with house.signed_in(name) as browser:
        token = await browser.csrf("/console/me")
        for route in CLOSED:
            if route.path == "/sign-out":
                continue
            # What is refused is refused for the role, before the form is looked at; nobody's token stops the others.
            fields = {"csrf": token if f"{route.method} {route.path}" in closed else "stale"}
            form = fields if route.method == "POST" else None
            answer = await browser.client.request(route.method, _address(route), data=form, allow_redirects=False)
            if answer.status == 403 and REFUSED in await answer.text():
                refused.add(f"{route.method} {route.path}")
    assert refused == closed
    assert house.woken == []


async def test_roles_see_what_is_theirs(house: House) -> None:
    async with house.signed_in("小林") as agent, house.signed_in("阿芳") as lead:
        assert (await agent.get("/console/audit")).status == 403
        assert (await lead.get("/console/audit")).status == 200
        assert "/console/audit" not in await agent.text("/console")


def test_roles_rise_and_an_unknown_one_is_nothing() -> None:
    for place, role in enumerate(ROLES):
        assert [at_least(role, needed) for needed in ROLES] == [place >= other for other in range(len(ROLES))]
        assert not at_least("wizard", role)


@pytest.mark.parametrize(
    "path", ["/console", "/console/sign-in", "/console/static/console.css", "/console/zz", "/privacy"]
)
async def test_every_answer_carries_the_headers(house: House, path: str) -> None:
    async with house.signed_in() as inside, house.browser() as outside:
        for browser in (inside, outside):
            headers = (await browser.get(path)).headers
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "script-src 'self';" in policy and "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["X-Frame-Options"] == "DENY"


async def test_pages_are_not_kept_by_browsers(house: House) -> None:
    async with house.signed_in() as browser:
        assert (await browser.get("/console")).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/console",
        "//evil.example/console",
        "/\\evil",
        "/console\\..",
        "/consolelike",
        "/",
        "javascript:1",
    ],
)
def test_signing_in_never_leads_to_another_site(wanted: str) -> None:
    assert local_path(wanted) == "/console"


def test_signing_in_leads_to_the_page_that_was_asked_for() -> None:
    assert local_path("/console/cases/12?after=3") == "/console/cases/12?after=3"


async def test_after_signing_in_the_asked_for_page_opens(house: House) -> None:
    async with house.browser() as browser:
        sent = (await browser.get("/console/cases/12")).headers["Location"]
        token = await browser.csrf(sent)
        answer = await browser.bare_post(
            "/console/sign-in", csrf=token, name="小林", password=PASSWORD, next="/console/cases/12"
        )
        assert answer.headers["Location"] == "/console/cases/12"
