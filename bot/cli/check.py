"""`steward check`: everything wrong with a config folder, by file and line, with the remedy."""

import sys
from pathlib import Path

import click

from bot.cli.options import config_option


@click.command()
@config_option
def check(folder: Path) -> None:
    """Check a config folder: steward.yaml, FAQ, words, texts, policies, campaigns.

    Entries that answer each other's questions are found with the same matcher that answers members.

    Each line is FILE:LINE: LEVEL: what is wrong -> what to do. Exit code 1 when there is an error, 0 for warnings.
    """
    from bot.config import check as check_folder

    problems = check_folder(folder, deep=True)
    for problem in problems:
        click.echo(str(problem))
    errors = sum(problem.level == "error" for problem in problems)
    click.echo(f"{folder}: {errors} errors, {len(problems) - errors} warnings", err=True)
    sys.exit(1 if errors else 0)
