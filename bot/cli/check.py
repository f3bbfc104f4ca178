"""`steward check`: everything wrong with a config folder, by file and line, with the remedy."""

import asyncio
import sys
from pathlib import Path

import click

from bot.cli.options import config_option
from domain.errors import Problem


@click.command()
@config_option
@click.option("--links", is_flag=True, help="Open every link that the bot would say, too; this needs the network.")
def check(folder: Path, links: bool) -> None:
    """Check a config folder: steward.yaml, FAQ, words, texts, policies, campaigns, and the files that answers send.

    Entries that answer each other's questions are found with the same matcher that answers members.

    Each line is FILE:LINE: LEVEL: what is wrong -> what to do. Exit code 1 when there is an error, 0 for warnings.
    """
    from bot.config import check as check_folder
    from bot.config.revisions import files_of

    problems = list(check_folder(folder, deep=True))
    files = files_of(folder)
    if not files:
        remedy = "看看文件夹写对没有；就要默认值，放一个内容是 {} 的 steward.yaml"
        problems.append(Problem("steward.yaml", 1, "文件夹里没有配置，全部按默认值", remedy, "warning"))
    if links:
        from bot.config.links import dead_links

        problems += asyncio.run(dead_links(files))
    for problem in sorted(problems, key=lambda one: (one.file, one.line)):
        click.echo(str(problem))
    errors = sum(problem.level == "error" for problem in problems)
    click.echo(f"{folder}: {errors} errors, {len(problems) - errors} warnings", err=True)
    sys.exit(1 if errors else 0)
