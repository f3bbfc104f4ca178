"""`steward faq`: the operators' workshop: try the examples beside the entries, and learn from what nobody answered."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import SINCE, config_option

if TYPE_CHECKING:
    from domain.unanswered import Asked
    from storage.database import Database


@click.group()
def faq() -> None:
    """Test the FAQ's own examples; draft entries from unanswered questions."""


@faq.command()
@config_option
def test(folder: Path) -> None:
    """Run the `asks` and `not` examples of all entries, with and without @.

    Each failure is FILE:LINE with what was found instead and the probability. Exit code 1 when one fails.
    """
    from bot.config import load
    from bot.faq_tests import run

    tested = run(load(folder))
    for failure in tested.failures:
        click.echo(str(failure))
    failed = len({failure.example for failure in tested.failures})
    click.echo(f"{folder}: {tested.examples} examples of {tested.entries} entries, {failed} failed", err=True)
    sys.exit(1 if failed else 0)


@faq.command()
@config_option
@click.option("--since", type=SINCE, default="14d", show_default=True, help="7d, 12h, or a date.")
@click.option("--least", default=2, show_default=True, metavar="N", help="Only what was asked at least N times.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file to write; it must not exist yet.",
)
def learn(folder: Path, since: datetime, least: int, out: Path) -> None:
    """Turn unanswered questions, and answers that agents gave in cases, into drafts for a person to review.

    Reads the database of STEWARD_DATABASE_URL and changes nothing in it. A group near an entry becomes phrasings for
    that entry, any other a new entry without an answer, or with the agent's. Nothing is published by itself.
    """
    from bot.config import load
    from bot.faq_drafts import drafts
    from domain.errors import StewardError
    from handlers.faq.learning import clusters

    if out.exists():
        raise StewardError(f"{out} exists already; name a new file, or move it away")
    book = load(folder)
    asked = asyncio.run(_asked(since, book.staff_rooms))
    found = clusters(asked, book)
    out.write_text(drafts(found, book, datetime.now(UTC).astimezone(), least), encoding="utf-8")
    kept = sum(one.count >= least or bool(one.answers) for one in found)
    click.echo(f"{out}: {kept} groups of {len(asked)} questions", err=True)


async def _asked(since: datetime, staff_rooms: tuple[str, ...]) -> "list[Asked]":
    from bot.replaying import opened
    from bot.settings import from_env
    from handlers.faq.learning import is_question
    from storage import views_unanswered

    async def work(database: "Database") -> "list[Asked]":
        now = datetime.now(UTC)
        left = await database.read(views_unanswered.unanswered, since, now, staff_rooms, is_question)
        return left + await database.read(views_unanswered.answered_in_cases, since, is_question)

    return await opened(from_env().database_url, work)
