"""`steward draw verify`: whether a draw's receipt holds."""

import sys
from pathlib import Path

import click


@click.group()
def draw() -> None:
    """Verify lucky draws."""


@draw.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--commitment", metavar="HEX", help="The commitment that was published while the draw was open.")
@click.option("--rules-hash", metavar="HEX", help="The hash of the rules that was published at opening.")
@click.option("--roster-hash", metavar="HEX", help="The hash of the roster that was published at closing.")
def verify(file: Path, commitment: str | None, rules_hash: str | None, roster_hash: str | None) -> None:
    """Verify a receipt FILE (JSON): commitment, rules, roster, ranking and winners.

    With the published values given as options they are compared too, so that nobody can have been added, left out or
    promised another prize. Exit code 1 when a check fails.
    """
    from domain.draw_verify import Published, verify_text

    result = verify_text(file.read_bytes(), Published(commitment, rules_hash, roster_hash))
    for check in result.checks:
        click.echo(f"{'ok  ' if check.ok else 'FAIL'} {check.name}: {check.zh} · {check.en}")
    click.echo("结果：有效 · valid" if result.ok else "结果：无效 · NOT valid")
    sys.exit(0 if result.ok else 1)
