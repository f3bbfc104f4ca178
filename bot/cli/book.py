"""`steward book`: the revisions that were in force: list them, compare two, bring one back."""

import asyncio
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import config_option

if TYPE_CHECKING:
    from domain.revision import FileDiff
    from storage.books import Revision
    from storage.database import Database


@click.group()
def book() -> None:
    """Compare and bring back what was published: every set that took effect is a revision with its files."""


@book.command("list")
@click.option("--most", default=20, show_default=True, metavar="N", help="The latest N.")
def list_(most: int) -> None:
    """List the revisions, newest first: number, time, author, files, content hash."""
    for revision, files in asyncio.run(_revisions(most)):
        at = revision.at.astimezone().strftime("%Y-%m-%d %H:%M")
        click.echo(f"{revision.id:>5}  {at}  {revision.author}  {len(files)} files  {revision.content_hash[:12]}")


@book.command()
@config_option
@click.argument("old", type=int)
@click.argument("new", type=int, required=False)
def diff(folder: Path, old: int, new: int | None) -> None:
    """Show what differs from revision OLD to revision NEW, or to the folder when NEW is left out.

    Exit code 1 when something differs.
    """
    from bot.config.revisions import files_of
    from domain.revision import differences

    before = asyncio.run(_files(old))
    after = files_of(folder) if new is None else asyncio.run(_files(new))
    found = differences(before, after)
    _show(found)
    sys.exit(1 if found else 0)


@book.command()
@config_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.argument("number", type=int)
def rollback(folder: Path, yes: bool, number: int) -> None:
    """Write the files of revision NUMBER back into the folder, after showing what changes.

    The present files are copied into its folder backups first. A running bot takes the files as an edit and publishes
    them as a new revision.
    """
    from bot.config.revisions import files_of, write_back
    from domain.revision import differences

    wanted = asyncio.run(_files(number))
    found = differences(files_of(folder), wanted)
    _show(found)
    if not found:
        click.echo(f"{folder} is revision {number} already", err=True)
        return
    if not yes:
        click.confirm(f"Change {len(found)} files in {folder}?", abort=True, err=True)
    backup = write_back(folder, wanted, datetime.now(UTC))
    click.echo(f"{folder} is revision {number} now; the files before: {backup}", err=True)


def _show(found: Iterable["FileDiff"]) -> None:
    for one in found:
        click.echo(f"{one.name}  +{one.added} -{one.removed}")
        for line in one.lines:
            click.echo(f"  {line}")


async def _revisions(most: int) -> list[tuple["Revision", Mapping[str, str]]]:
    from bot.replaying import opened
    from bot.settings import from_env
    from storage import books

    async def work(database: "Database") -> list[tuple["Revision", Mapping[str, str]]]:
        revisions = await database.read(books.list_revisions, most)
        return [(one, await database.read(books.load_revision, one.id)) for one in revisions]

    return await opened(from_env().database_url, work)


async def _files(number: int) -> dict[str, str]:
    from bot.replaying import opened
    from bot.settings import from_env
    from domain.errors import StewardError
    from storage import books

    async def work(database: "Database") -> dict[str, str]:
        try:
            return await database.read(books.load_revision, number)
        except LookupError as error:
            raise StewardError(f"{error}; see `steward book list`") from None

    return await opened(from_env().database_url, work)
