"""Links in what the bot says: each opened once, dead ones named with their line."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.config.links import dead_links, links


def test_links_are_found_with_their_lines_and_comments_are_nobodys() -> None:
    texts = {
        "faq/a.yaml": (
            "# https://comment.example\n"
            "entries:\n"
            "  - answer: 看 https://a.example/p?x=1#top。还有（https://b.example/）\n"
            "    similar: [https://a.example/p?x=1#top]  # https://c.example\n"
        ),
        "texts.yaml": "case.resolved: 见 http://d.example/x.\n",
        "words/x.yaml": "terms: [https://e.example]\n",
    }
    found = [(link.url, link.file, link.line) for link in links(texts)]
    assert found == [
        ("https://a.example/p?x=1#top", "faq/a.yaml", 3),
        ("https://b.example/", "faq/a.yaml", 3),
        ("http://d.example/x", "texts.yaml", 1),
    ]


@pytest.fixture
async def site() -> AsyncIterator[TestServer]:
    """A site whose pages behave in different ways."""
    asked: list[str] = []

    async def page(request: web.Request) -> web.StreamResponse:
        asked.append(f"{request.method} {request.path}")
        match request.path:
            case "/moved":
                raise web.HTTPFound("/fine")
            case "/circle":
                raise web.HTTPFound("/circle")
            case "/gone":
                raise web.HTTPGone
            case "/closed":
                raise web.HTTPForbidden
            case "/no-head" if request.method == "HEAD":
                raise web.HTTPMethodNotAllowed("HEAD", ["GET"])
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", page)
    app["asked"] = asked
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


@pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning")
async def test_only_links_that_do_not_open_are_told(site: TestServer) -> None:
    paths = ["fine", "fine", "moved", "no-head", "gone", "closed", "circle"]
    closed = f"http://127.0.0.1:{unused_port()}/"
    lines = [f"  - {site.make_url('/')}{path}" for path in paths] + [f"  - {closed}", "  - http://[bad"]
    found = await dead_links({"faq/a.yaml": "\n".join(lines)})
    told = [(problem.line, problem.level) for problem in found]
    assert told == [(5, "error"), (6, "warning"), (7, "error"), (8, "error"), (9, "error")]
    assert all(problem.remedy and problem.file == "faq/a.yaml" for problem in found)
    assert "410" in found[0].message and "403" in found[1].message
    assert site.app["asked"].count("HEAD /fine") == 2, "once for itself, once behind the moved one"
