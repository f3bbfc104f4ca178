"""`steward user`: who may sign in at the console."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import click

from console.roles import ROLES

if TYPE_CHECKING:
    from storage.database import Database
    from storage.roster import Change, Listed

T = TypeVar("T")
_ROLE = click.Choice(list(ROLES))
_ask = click.option("--ask", is_flag=True, help="Ask for the password instead of making one.")


@click.group()
def user() -> None:
    """Manage the users of the console: add, list, disable, enable, role, password."""


@user.command()
@click.argument("name")
@click.option("--role", type=_ROLE, default="agent", show_default=True)
@_ask
def add(name: str, role: str, ask: bool) -> None:
    """Add a user NAME. Without --ask a password is made and printed once; nobody can read it again later."""
    from bot.users import add_user

    password = _password(ask)
    _run(lambda database: add_user(database, name, role, password))
    click.echo(f"user {name} ({role}) was added", err=True)
    _show(password, ask)


@user.command("list")
def list_() -> None:
    """List the users: name, role, since when, last sign-in, chat identities."""
    from storage.roster import roster

    for one in _run(lambda database: database.read(roster)):
        click.echo(_line(one))


@user.command()
@click.argument("name")
def disable(name: str) -> None:
    """Keep NAME out: their sessions end at once, their chat identities grant nothing. The last admin stays."""
    from storage.roster import Change

    _change(name, "user.disable", Change(active=False))
    click.echo(f"user {name} is kept out", err=True)


@user.command()
@click.argument("name")
def enable(name: str) -> None:
    """Let NAME in again, with the password and the chat identities of before."""
    from storage.roster import Change

    _change(name, "user.enable", Change(active=True))
    click.echo(f"user {name} may sign in again", err=True)


@user.command("role")
@click.argument("name")
@click.argument("new", metavar="ROLE", type=_ROLE)
def role_(name: str, new: str) -> None:
    """Give NAME another ROLE: agent, lead, operator or admin. Their sessions end."""
    from storage.roster import Change

    _change(name, "user.role", Change(role=new))
    click.echo(f"user {name} is {new} now", err=True)


@user.command("password")
@click.argument("name")
@_ask
def password_(name: str, ask: bool) -> None:
    """Give NAME a new password. Without --ask one is made and printed once. Their sessions end."""
    from bot.users import give_password

    password = _password(ask)
    _run(lambda database: give_password(database, name, password))
    click.echo(f"user {name} has a new password", err=True)
    _show(password, ask)


def _password(ask: bool) -> str:
    from console.passwords import new_password

    if not ask:
        return new_password()
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed


def _show(password: str, asked: bool) -> None:
    if not asked:
        # Alone on standard output, so that a script can take it.
        click.echo(password)
        sys.stdout.flush()


def _line(one: "Listed") -> str:
    user, last = one.user, one.signed_in_at
    seen = "never signed in" if last is None else f"signed in {last.astimezone():%Y-%m-%d %H:%M}"
    state = user.role if user.active else f"{user.role}, kept out"
    shown = f" ({user.shown})" if user.shown else ""
    chats = ", ".join(binding.member_name for binding in one.bindings)
    return f"{user.name}{shown}  {state}  since {user.created_at.astimezone():%Y-%m-%d}  {seen}" + (
        f"  in chats: {chats}" if chats else ""
    )


def _change(name: str, act: str, wanted: "Change") -> None:
    from bot.users import change_user

    _run(lambda database: change_user(database, name, act, wanted))


def _run(work: "Callable[[Database], Awaitable[T]]") -> T:
    from bot.replaying import opened
    from bot.settings import from_env
    from domain.errors import StewardError

    async def ready(database: "Database") -> T:
        await database.migrate()
        return await work(database)

    try:
        return asyncio.run(opened(from_env().database_url, ready))
    except ValueError as error:
        raise StewardError(str(error)) from error
