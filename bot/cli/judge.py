"""`steward judge`: what would the bot do with these messages? Nothing is sent, nothing is kept."""

import json
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from bot import heap
from bot.cli.options import config_option

if TYPE_CHECKING:
    from bot.dryrun import DryRun

TOLD_EVERY = 0.5
"""Seconds between two signs of progress."""
_FILE_IN = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=str)
_FILE_OUT = click.Path(dir_okay=False, allow_dash=True, path_type=str)


@click.command()
@config_option
@click.option("--in", "source", metavar="FILE", type=_FILE_IN, default="-", help="Messages. Default: standard input.")
@click.option(
    "--out", "target", metavar="FILE", type=_FILE_OUT, default="-", help="Verdicts. Default: standard output."
)
@click.option("--stats", is_flag=True, help="End with a JSON line on standard error: messages, seconds, load_seconds.")
def judge(folder: Path, source: str, target: str, stats: bool) -> None:
    """Judge a file of messages with a config folder; no side effects, empty state at start.

    \b
    In:  {"id","text","room"?,"member"?,"name"?,"at"?,"mention"?}
    Out: {"id","findings":[{"rule","score","level","why",…}],"actions":[{"type",…}]}   in the same order

    A message without room and member has one of its own. "at" is ISO 8601 or seconds since the epoch; messages without
    it come a minute apart from noon on. "mention": the bot is addressed with @. Every message carries a finding for
    abuse, advert, complaint and faq, also when innocent. Exit code 3 for a line that is no message.
    """
    started = time.perf_counter()
    dry_run = _load(folder)
    loaded = time.perf_counter() - started
    with ExitStack() as files:
        messages = _reader(source, files)
        verdicts = _writer(target, files)
        count, seconds = _judge(dry_run, messages, verdicts)
        verdicts.flush()
    if stats:
        figures = {"messages": count, "seconds": round(seconds, 6), "load_seconds": round(loaded, 6)}
        click.echo(json.dumps(figures), err=True)


def _load(folder: Path) -> "DryRun":
    from bot.config import load
    from bot.dryrun import DryRun
    from handlers.catalog import build
    from handlers.text.facts import load as load_text

    heap.hold()
    book = load(folder)
    load_text()
    dry_run = DryRun(build(book))
    heap.settle()
    return dry_run


def _reader(source: str, files: ExitStack) -> TextIO:
    if source == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
        return sys.stdin
    return files.enter_context(Path(source).open(encoding="utf-8-sig", errors="surrogateescape"))


def _writer(target: str, files: ExitStack) -> TextIO:
    if target == "-":
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        return sys.stdout
    return files.enter_context(Path(target).open("w", encoding="utf-8", errors="replace"))


def _judge(dry_run: "DryRun", messages: Iterable[str], verdicts: TextIO) -> tuple[int, float]:
    """Judge line by line, so that a file of any length needs no memory; returns how many and the deciding alone (s)."""
    from bot.action_json import as_json
    from bot.dryrun import BadLine, read_line

    count, seconds = 0, 0.0
    for number, text in _told(messages):
        try:
            line = read_line(json.loads(text), number)
        except ValueError as error:
            raise BadLine(f"line {number}: not JSON ({error})") from error
        started = time.perf_counter()
        decision = dry_run.judge(line)
        seconds += time.perf_counter() - started
        verdict: dict[str, object] = {
            "id": line.id,
            "findings": [finding.as_json() for finding in decision.findings],
            "actions": [as_json(action) for action in decision.actions],
        }
        if decision.simulated:
            verdict["simulated"] = [as_json(action) for action in decision.simulated]
        verdicts.write(json.dumps(verdict, ensure_ascii=False) + "\n")
        count += 1
        for trace in decision.errors:
            click.echo(f"line {number}: a handler raised\n{trace}", err=True)
    return count, seconds


def _told(messages: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines that are not blank with their numbers; on a terminal the count so far is shown."""
    shown = sys.stderr.isatty()
    last = time.monotonic()
    for number, text in enumerate(messages, start=1):
        if shown and number % 64 == 0 and time.monotonic() - last > TOLD_EVERY:
            last = time.monotonic()
            click.echo(f"\r{number:,} messages", nl=False, err=True)
        if text.strip():
            yield number, text
    if shown:
        click.echo("\r\x1b[K", nl=False, err=True)
