"""Runs the benches and prints one table: `python -m bench`, `--only a,c` for some, `--quick` for shorter ones.

With `--keep` the table also takes its place in docs/performance.md.
"""

import argparse
import importlib
import re
import sys
import traceback
from collections.abc import Mapping, Sequence

from bench.report import Row, Stolen, machine, table
from bench.running import ROOT

BENCHES: Mapping[str, str] = {
    "a": "bursting",
    "b": "steadily",
    "c": "deciding",
    "d": "lasting",
    "e": "judging",
    "f": "resting",
}
"""In the order of the table. A bench is a module of this folder with ``rows(quick)``, and a line here."""
RESULT = ROOT / "bench" / "results" / "latest.md"
PAGE = ROOT / "docs" / "performance.md"
_KEPT = re.compile(r"(?<=<!-- bench:begin -->\n).*(?=<!-- bench:end -->)", re.DOTALL)


def main(arguments: Sequence[str]) -> int:
    """Run the named benches, or all; the table also goes to bench/results."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    named = "; ".join(f"{letter} {module}" for letter, module in BENCHES.items())
    parser.add_argument("--only", metavar="a,c", default=",".join(BENCHES), help=f"some of: {named}")
    parser.add_argument("--quick", action="store_true", help="fewer messages and runs")
    parser.add_argument("--keep", action="store_true", help="put the table into docs/performance.md")
    options = parser.parse_args(arguments)
    letters = [letter.strip() for letter in options.only.split(",")]
    unknown = [letter for letter in letters if letter not in BENCHES]
    if unknown:
        parser.error(f"no such bench: {', '.join(unknown)}; there are: {named}")
    # Before the benches, which are load themselves.
    where, stolen = machine(), Stolen()
    rows: list[Row] = []
    failed: list[str] = []
    for letter in letters:
        print(f"({letter}) {BENCHES[letter]} …", file=sys.stderr, flush=True)
        try:
            rows += importlib.import_module(f"bench.{BENCHES[letter]}").rows(options.quick)
        except Exception as error:
            # What the others have measured for half an hour is shown all the same.
            failed.append(letter)
            traceback.print_exc()
            rows.append(Row(f"({letter}) {BENCHES[letter]}", f"failed: {type(error).__name__}", "–"))
    where += f", {stolen.share():.0%} of the processors' time taken by the host during the run"
    text = f"{where}{', quick' if options.quick else ''}\n\n{table(rows)}\n"
    print(text)
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(text, encoding="utf-8")
    if options.keep:
        PAGE.write_text(_KEPT.sub(lambda _: f"\n{text}\n", PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
