"""Figures of a Steward that has nothing to do: cold start, idle CPU, resident memory."""

import statistics
import time

from bench.report import Row
from bench.running import running

STARTS = 3
SETTLE_SECONDS = 5.0
IDLE_SECONDS = 20.0
MEGABYTE = 2**20


def rows(quick: bool) -> list[Row]:
    """Cold start (median of several), then idle CPU and memory of the last process."""
    starts, spent = [], []
    for _ in range(STARTS - 1):
        with running() as steward:
            starts.append(steward.cold_start)
            spent.append(_cpu(steward.process.cpu_times()))
    with running() as steward:
        starts.append(steward.cold_start)
        spent.append(_cpu(steward.process.cpu_times()))
        # What the start leaves to do (first plans, first user) is no idling.
        time.sleep(SETTLE_SECONDS)
        before, began = _cpu(steward.process.cpu_times()), time.perf_counter()
        time.sleep(IDLE_SECONDS)
        share = (_cpu(steward.process.cpu_times()) - before) / (time.perf_counter() - began)
        resident = steward.process.memory_info().rss / MEGABYTE
    spread = f"{min(starts):.2f}–{max(starts):.2f}"
    return [
        Row(
            "cold start",
            f"`steward run` to /readyz 200, empty SQLite database; median of {STARTS} ({spread})",
            f"{statistics.median(starts):.2f} s",
            "≤ 3 s",
        ),
        Row("CPU of a cold start", "the same starts; median", f"{statistics.median(spent):.2f} s"),
        Row("idle CPU", f"sample community, over {IDLE_SECONDS:.0f} s", f"{share:.2%} of a core", "≤ 1 %"),
        Row("resident memory", "the same process, idle", f"{resident:.0f} MB", "≤ 220 MB"),
    ]


def _cpu(times: object) -> float:
    return float(getattr(times, "user", 0.0)) + float(getattr(times, "system", 0.0))
