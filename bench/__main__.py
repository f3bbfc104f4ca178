"""Runs the benches and prints one table: `python -m bench`, or `python -m bench judging` for one of them.

With `--keep` the table also takes its place in docs/performance.md.
"""

import re
import sys
from collections.abc import Callable, Mapping

from bench import judging, resting
from bench.report import Row, machine, table
from bench.running import ROOT

BENCHES: Mapping[str, Callable[[], list[Row]]] = {
    "resting": resting.rows,
    "judging": judging.rows,
}
"""In the order of the table. A bench is a file with a function that returns rows, and a line here."""
RESULT = ROOT / "bench" / "results" / "latest.md"
PAGE = ROOT / "docs" / "performance.md"
_KEPT = re.compile(r"(?<=<!-- bench:begin -->\n).*(?=<!-- bench:end -->)", re.DOTALL)


def main(arguments: list[str]) -> int:
    """Run the named benches, or all; the table also goes to bench/results."""
    names = [argument for argument in arguments if argument != "--keep"]
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"no such bench: {', '.join(unknown)}; there are: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    rows: list[Row] = []
    # Before the benches, which are load themselves.
    where = machine()
    for name in names or BENCHES:
        print(f"{name} …", file=sys.stderr, flush=True)
        rows += BENCHES[name]()
    text = f"{where}\n\n{table(rows)}\n"
    print(text)
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(text, encoding="utf-8")
    if "--keep" in arguments:
        PAGE.write_text(_KEPT.sub(lambda _: f"\n{text}\n", PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
