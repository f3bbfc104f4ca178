"""The command line. Each command is a file here and a line in `COMMANDS`; heavy imports wait until one runs."""

import errno
import sys
from importlib import import_module

import click

from domain.errors import ConfigError, StewardError

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("bot.cli.run", "Run the bot until it is told to stop."),
    "migrate": ("bot.cli.data", "Bring the database to the newest form."),
    "check": ("bot.cli.check", "Check a config folder; errors by file and line."),
    "words": ("bot.cli.words", "Try the word lists on a text; find other writings of a word."),
    "faq": ("bot.cli.faq", "Test the FAQ's own examples; draft entries from unanswered questions."),
    "replay": ("bot.cli.replay", "Show what a changed folder would do with stored messages."),
    "book": ("bot.cli.book", "List, compare and bring back published revisions."),
    "judge": ("bot.cli.judge", "Say for a file of messages what the bot would do."),
    "user": ("bot.cli.user", "Manage the users of the console."),
    "draw": ("bot.cli.draw", "Verify lucky draws."),
    "backup": ("bot.cli.data", "Copy the running database into one file."),
    "restore": ("bot.cli.data", "Bring a backup back."),
}
"""Name → module that holds the command under the same name, and its line in the help."""

EPILOG = """\b
Exit codes:
  0  done
  1  something was found: an error in the configuration, a draw that does not verify
  2  the command was used wrongly
  3  trouble: the database cannot be used, the port is taken, a file cannot be read

\b
Environment:
  STEWARD_DATABASE_URL       sqlite:///data/steward.db (default) or postgresql+asyncpg://user@host/name
  STEWARD_HTTP_HOST          127.0.0.1 (default)
  STEWARD_HTTP_PORT          8080 (default)
  STEWARD_SECRET_KEY         signs cookies; without it a key file is made beside the database
  STEWARD_LOG_FORMAT         text (default) or json
  STEWARD_SEND_INTERVAL      seconds between two sends of a WeChat account: 2 (default); 0 lifts every limit
  STEWARD_SEND_DAILY_CAP     sends a day of a WeChat account: 2000 (default)
  WECHATY_PUPPET_SERVICE_ENDPOINT, WECHATY_PUPPET_SERVICE_TOKEN   the WeChat gateway
"""

OK, FOUND, USAGE, TROUBLE = 0, 1, 2, 3


class _Lazy(click.Group):
    """Lists commands without importing them: the help stays quick, and `judge` never waits for the web."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.command(
    cls=_Lazy, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(package_name="steward-bot", prog_name="steward")
def steward() -> None:
    """Steward 群管家: answers questions, keeps order, hands complaints to people, runs check-ins and draws."""


def main() -> None:
    """The console script: maps errors that Steward can explain to the exit codes of the help."""
    try:
        steward(prog_name="steward")
    except ConfigError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        sys.exit(FOUND)
    except StewardError as error:
        click.echo(f"steward: {error}", err=True)
        sys.exit(TROUBLE)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        remedy = " (something else listens there: set STEWARD_HTTP_PORT to a free port)" if taken else ""
        click.echo(f"steward: {error}{remedy}", err=True)
        sys.exit(TROUBLE)
