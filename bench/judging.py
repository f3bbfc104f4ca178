"""(e) `steward judge`: messages a second with the sample config, and with many more questions in the FAQ."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import crowd
from bench.report import Row, say
from bench.running import ROOT, steward

MESSAGES, QUICK_MESSAGES = 10_000, 2_000
RUNS = 3
REACH = {0: "≥ 3,000 /s", 1_000: "≥ 2,000 /s", 10_000: "≥ 1,500 /s"}
"""Further FAQ entries, and what is to be reached with them."""


@dataclass(frozen=True, slots=True)
class _Run:
    speed: float
    load_seconds: float


def rows(quick: bool) -> list[Row]:
    """The same crowd through three configurations, in turns, so that what else the machine does hits all alike."""
    messages = QUICK_MESSAGES if quick else MESSAGES
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as name:
        folder = Path(name)
        for entries in REACH:
            crowd.write_config(folder / f"{entries}", entries=entries)
            (folder / f"{entries}.jsonl").write_text("\n".join(crowd.lines(messages, entries)) + "\n", encoding="utf-8")
        runs: dict[int, list[_Run]] = {entries: [] for entries in REACH}
        for turn in range(1 if quick else RUNS):
            for entries, done in runs.items():
                done.append(_judge(folder, entries))
                say(f"turn {turn + 1}, {entries:,} more entries: {done[-1].speed:,.0f} messages/s")
    return [_row(entries, done, messages) for entries, done in runs.items()]


def _judge(folder: Path, entries: int) -> _Run:
    files = ("--in", str(folder / f"{entries}.jsonl"), "--out", str(folder / "out.jsonl"))
    done = subprocess.run(
        steward("judge", "--config", str(folder / f"{entries}"), *files, "--stats"),
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"steward judge ended with {done.returncode}:\n{done.stderr}")
    stats = json.loads(done.stderr.splitlines()[-1])
    return _Run(stats["messages"] / stats["seconds"], stats["load_seconds"])


def _row(entries: int, runs: Sequence[_Run], messages: int) -> Row:
    best = max(runs, key=lambda run: run.speed)
    what = f"+ {entries:,} FAQ entries" if entries else "sample config"
    spread = f"{min(run.speed for run in runs):,.0f}–{best.speed:,.0f}"
    how = (
        f"{messages:,} messages of {crowd.ROOMS} rooms, deciding only; best of {len(runs)} ({spread}); "
        f"loading {best.load_seconds:.2f} s"
    )
    return Row(f"(e) `steward judge`, {what}", how, f"{best.speed:,.0f} messages/s", REACH[entries])
