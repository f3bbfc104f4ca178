"""Opens the links that the bot would say, so that none of them is dead when a member follows it."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import aiohttp

from bot.config.files import FOLDERS
from bot.config.problems import Problems
from domain.errors import Problem

SPOKEN = (f"{FOLDERS[0]}/", "texts.yaml", "campaigns.yaml")
"""Files whose words members read."""
AT_ONCE = 16
SECONDS = 10.0
"""How long one link may take."""
MOST = 2_000
_URL = re.compile(r"https?://[^\s\"'<>\\^`{|}，。；！？、）】」”’]+", re.IGNORECASE)
_AFTER = ".,;:!?)]"
"""Signs that end a sentence rather than an address."""
_COMMENT = re.compile(r"(?:^|\s)#.*")
GONE = frozenset({404, 410})
_UNSURE = "自己点开看看；站点可能不让程序访问，或者正忙"
_NO_HEAD = frozenset({400, 403, 404, 405, 406, 501})
"""What servers say that do not know how to answer without the page itself."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address and where it stands first."""

    url: str
    file: str
    line: int


async def dead_links(texts: Mapping[str, str], seconds: float = SECONDS) -> tuple[Problem, ...]:
    """A problem for each link of the files (name → text) that does not open: an error where it is surely dead."""
    problems, found = Problems(), list(links(texts))
    if len(found) > MOST:
        problems.warning(found[MOST].file, found[MOST].line, f"链接多于 {MOST} 个，后面的没有看", "分几次检查")
    timeout, places = aiohttp.ClientTimeout(total=seconds), asyncio.Semaphore(AT_ONCE)
    headers = {"User-Agent": "Mozilla/5.0 (compatible; Steward link check)"}
    async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:

        async def look(link: Link) -> None:
            async with places:
                await _look(session, link, problems)

        await asyncio.gather(*map(look, found[:MOST]))
    return problems.sorted()


def links(texts: Mapping[str, str]) -> Iterator[Link]:
    """Every address once, with its first place; what stands in comments is nobody's to open."""
    seen: set[str] = set()
    for file, text in sorted(texts.items()):
        if not file.startswith(SPOKEN):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for match in _URL.finditer(_COMMENT.sub("", line)):
                url = match[0].rstrip(_AFTER)
                if url not in seen:
                    seen.add(url)
                    yield Link(url, file, number)


async def _look(session: aiohttp.ClientSession, link: Link, problems: Problems) -> None:
    try:
        status = await _status(session, link.url)
    except TimeoutError:
        problems.error(link.file, link.line, f"链接很久没有打开：{link.url}", "换一个链接，或过会儿再试")
    except (aiohttp.ClientError, ValueError, OSError) as error:
        why = "地址写错了" if isinstance(error, aiohttp.InvalidURL | ValueError) else "连不上这个网站"
        problems.error(link.file, link.line, f"链接打不开（{why}）：{link.url}", "检查网址，或换一个")
    else:
        if status in GONE:
            problems.error(link.file, link.line, f"链接已经没有了（{status}）：{link.url}", "换一个链接，或删掉")
        elif status >= 400:
            problems.warning(link.file, link.line, f"链接没有正常打开（{status}）：{link.url}", _UNSURE)


async def _status(session: aiohttp.ClientSession, url: str) -> int:
    """What the server says: asked without the page first, with it where that is refused."""
    async with session.head(url, allow_redirects=True, max_redirects=5) as answer:
        if answer.status not in _NO_HEAD:
            return answer.status
    async with session.get(url, allow_redirects=True, max_redirects=5) as answer:
        return answer.status
