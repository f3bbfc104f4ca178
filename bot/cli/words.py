"""`steward words`: what the word lists see in a text, and how else people write a word."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import config_option

if TYPE_CHECKING:
    from domain.decision import Finding
    from handlers.moderation.explain import Spotted

MOST_MESSAGES = 20_000
LONGEST_SHOWN = 40
"""Characters of a term or frame that are shown."""
_NAMES = {"initials": "首字母"}


@click.group()
def words() -> None:
    """Try the word lists before members meet them."""


@words.command()
@config_option
@click.option("--mention", is_flag=True, help="The message is said to another member (@ or quote).")
@click.argument("text")
def test(folder: Path, mention: bool, text: str) -> None:
    """Say which rules match which characters of TEXT, through which view, and why others do not.

    First the two findings, then one line for each term. Positions count characters of TEXT from 0.
    """
    from bot.config import load
    from handlers.moderation.abuse import Manner, abuse_finding
    from handlers.moderation.advert import advert_finding
    from handlers.moderation.explain import explained
    from handlers.moderation.lexicon import Lexicon
    from handlers.text.abuse_model import abuse_probability
    from handlers.text.advert_model import advert_probability
    from handlers.text.facts import read
    from handlers.text.insult_model import insulting

    book = load(folder)
    facts = read(text)
    lexicon = Lexicon.compile(book.words)
    spotted = explained(lexicon, facts)
    hits = [one.hit for one in spotted if not one.spared]
    insults = [hit for hit in hits if hit.words.rule == "abuse"]
    offers = [hit for hit in hits if hit.words.rule == "advert"]
    manner = Manner(directed=mention, to_bot=False)
    insult = insulting(facts.norm, facts.compact, lexicon.meant(facts))
    _show_finding(abuse_finding(facts, insults, abuse_probability(facts.norm), manner, insult))
    _show_finding(advert_finding(facts, offers, book.policy.moderation.allowed_domains, advert_probability(facts.norm)))
    _show(spotted, text)


def _show_finding(finding: "Finding") -> None:
    click.echo(f"{finding.rule:<7} {finding.level:<7} {finding.score:.3f}  {finding.why}")


def _show(spotted: Iterable["Spotted"], text: str) -> None:
    from handlers.moderation.lexicon import VIEWS

    for one in spotted:
        hit, (start, end) = one.hit, one.hit.span
        verdict = f"不算：{one.spared}" if one.spared else hit.words.severity
        if not one.spared and hit.words.to_somebody:
            verdict += f"（对着别人说：{hit.words.to_somebody}）"
        view = VIEWS.get(hit.view, hit.view)
        term = hit.term if len(hit.term) <= LONGEST_SHOWN else f"{hit.term[:LONGEST_SHOWN]}…"
        click.echo(f"  {start}-{end} “{text[start:end]}”  {view}  词“{term}” · {hit.words.category}  {verdict}")
        click.echo(f"      {hit.words.where}")


@words.command()
@click.option(
    "--messages", default=MOST_MESSAGES, show_default=True, metavar="N", help="Look through the latest N messages."
)
@click.argument("word")
def twins(messages: int, word: str) -> None:
    """List how else WORD may be written, and how members wrote it in messages that are kept.

    Reads the database of STEWARD_DATABASE_URL and changes nothing. Only the writings are shown, no messages.
    """
    from handlers.moderation.lexicon import VIEWS
    from handlers.moderation.twins import candidates, twins_in

    if not any(char.isalnum() for char in word):
        raise click.BadParameter("a word has letters or characters, such as 坏蛋", param_hint="WORD")
    names = {**VIEWS, **_NAMES}
    ways_by_view = candidates(word)
    click.echo("可能的写法：" if ways_by_view else "可能的写法：没有（只有中文的词才会拆字、写拼音）")
    for view, ways in ways_by_view.items():
        click.echo(f"  {names[view]}  {'、'.join(ways)}")
    texts = asyncio.run(_said(messages))
    found = twins_in(word, texts).most_common()
    click.echo(f"最近 {len(texts)} 条消息里：{'' if found else '没有人这么写过'}")
    for twin, count in found:
        verdict = "会算" if twin.counts else "写进 whole_token 的词表才算" if twin.view in _NAMES else "平常的话，不算"
        click.echo(f"  {count:>5}  {twin.surface}  {names[twin.view]}  {verdict}")


async def _said(messages: int) -> list[str]:
    from bot.settings import from_env
    from storage.database import Database
    from storage.views_words import said

    database = await Database.open(from_env().database_url)
    try:
        return await database.read(said, messages)
    finally:
        await database.close()
