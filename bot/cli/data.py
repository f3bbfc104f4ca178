"""`steward migrate`, `backup` and `restore`: the database as a whole."""

import asyncio
from pathlib import Path

import click


@click.command()
def migrate() -> None:
    """Bring the database of STEWARD_DATABASE_URL to the newest form. `steward run` does the same at start."""
    from bot.settings import from_env
    from storage.database import migrate as bring_up

    asyncio.run(bring_up(from_env().database_url))
    click.echo("the database is up to date", err=True)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the database into FILE while the bot may go on running.

    SQLite only; on PostgreSQL use pg_dump. FILE must not exist yet.
    """
    from bot.settings import from_env
    from storage.backup import backup as copy_out

    copy_out(from_env().database_url, file)
    click.echo(f"{file}: {file.stat().st_size} bytes", err=True)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask before the present database is replaced.")
def restore(file: Path, yes: bool) -> None:
    """Bring a backup FILE back as the database of STEWARD_DATABASE_URL. Stop the bot first.

    SQLite only; on PostgreSQL use pg_restore.
    """
    from bot.settings import from_env
    from storage.backup import restore as copy_in

    settings = from_env()
    path = settings.sqlite_path
    if path is not None and path.exists() and not yes:
        click.confirm(f"Replace {path} by {file}?", abort=True, err=True)
    copy_in(settings.database_url, file)
    click.echo("restored", err=True)
