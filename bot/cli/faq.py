"""`steward faq`: the operators' workshop: try the examples beside the entries, and learn from what nobody answered."""

import sys
from pathlib import Path

import click

from bot.cli.options import config_option


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
