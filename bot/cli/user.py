"""`steward user`: who may sign in at the console."""

import asyncio
import secrets
import sys

import click

from console.roles import ROLES

WORDS = 4
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without signs that look alike: somebody types it off a screen."""


@click.group()
def user() -> None:
    """Manage the users of the console."""


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice(list(ROLES)), default="agent", show_default=True)
@click.option("--ask", is_flag=True, help="Ask for the password instead of making one.")
def add(name: str, role: str, ask: bool) -> None:
    """Add a user NAME. Without --ask a password is made and printed once; nobody can read it again later."""
    from domain.errors import StewardError

    password = click.prompt("Password", hide_input=True, confirmation_prompt=True) if ask else new_password()
    try:
        asyncio.run(_add(name, role, password))
    except ValueError as error:
        raise StewardError(str(error)) from error
    click.echo(f"user {name} ({role}) was added", err=True)
    if not ask:
        # Alone on standard output, so that a script can take it.
        click.echo(password)
        sys.stdout.flush()


def new_password() -> str:
    """A password that can be read aloud: about 79 bits in four groups."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(WORDS))


async def _add(name: str, role: str, password: str) -> None:
    from bot.settings import from_env
    from bot.users import add_user
    from storage.database import Database

    database = await Database.open(from_env().database_url)
    try:
        await database.migrate()
        await add_user(database, name, role, password)
    finally:
        await database.close()
