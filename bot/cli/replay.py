"""`steward replay`: what a changed folder would have done with the messages of the last days."""

import asyncio
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import SINCE, config_option
from console.words import EFFECTS

if TYPE_CHECKING:
    from domain.book import Book
    from handlers.replay import Group, Instance, Replayed
    from storage.database import Database


@click.command()
@config_option
@click.option("--since", type=SINCE, default="7d", show_default=True, help="7d, 12h, or a date.")
@click.option(
    "--against",
    metavar="DIR|N",
    help="What to compare with: a folder, or the number of a revision. Default: the revision in force.",
)
@click.option("--most", default=50_000, show_default=True, metavar="N", help="At most the latest N messages.")
@click.option("--examples", default=3, show_default=True, metavar="N", help="Messages shown of each change (up to 5).")
def replay(folder: Path, since: datetime, against: str | None, most: int, examples: int) -> None:
    """Judge stored messages by a changed config folder and show what would change.

    Reads the database of STEWARD_DATABASE_URL and changes nothing. Both sides begin without memory and judge the same
    messages at their own times, so cooldowns, strikes and the night count; what people answered meanwhile does not.
    """
    asyncio.run(_run(folder, since, against, most, examples))


async def _run(folder: Path, since: datetime, against: str | None, most: int, examples: int) -> None:
    from bot.config import load
    from bot.replaying import opened, replay
    from bot.settings import from_env

    async def work(database: "Database") -> None:
        after, before = load(folder), await _against(database, against)
        found = await replay(database, before, after, since, most=most, told=_told)
        _show(found, examples)

    await opened(from_env().database_url, work)


async def _against(database: "Database", named: str | None) -> "Book":
    from bot.config import load, load_texts
    from domain.errors import StewardError
    from storage import books

    if named is not None and not named.isdigit():
        return load(Path(named))
    held = await database.read(books.current_revision)
    number = int(named) if named is not None else held.id if held is not None else None
    if number is None:
        raise StewardError("no revision is stored yet; name a folder with --against DIR")
    try:
        return load_texts(await database.read(books.load_revision, number))
    except LookupError as error:
        raise StewardError(str(error)) from None


def _told(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} / {total:,}", nl=done >= total, err=True)


def _show(found: "Replayed", examples: int) -> None:
    for group in found.groups:
        click.echo(f"{title(group)}  ×{group.count}")
        for example in group.examples[:examples]:
            click.echo("\n".join(_lines(example)))
    left = f", {found.left_out} older ones left out" if found.left_out else ""
    click.echo(
        f"{found.messages} messages, {found.changed} would fare otherwise, {found.seconds:.1f} s{left}", err=True
    )


def title(group: "Group") -> str:
    """A change in words: what becomes of it, and which entry or rule."""
    change = group.change
    named = change.before if change.before == change.after else " → ".join(filter(None, (change.before, change.after)))
    return f"{EFFECTS[change.effect.value]}：{named}"


def _lines(example: "Instance") -> Iterable[str]:
    yield f"  {example.room}：{_one_line(example.text)}"
    for sign, answer in (("-", example.before), ("+", example.after)):
        if answer and example.before != example.after:
            yield f"    {sign} {_one_line(answer)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
