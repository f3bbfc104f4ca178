"""Questions of our own writing: in dialect, and such that ask something else by one word."""

from collections.abc import Callable, Sequence

from bench.faq_peers import Matcher
from bench.faq_threads import OWN, entries_of_our_own
from domain.policy import FaqPolicy

INSTALLED = FaqPolicy()
PLAIN = 3
"""The column with the same in plain words; lines without it say just what the entry says, in their own way."""


def own_lines(match_of: Callable[[Sequence[str]], Matcher]) -> list[str]:
    """Dialect answered rightly, beside the same in plain words; and swaps answered although they ask something else."""
    lines = [line.split("\t") for line in OWN.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    entries = entries_of_our_own()
    match = match_of(entries)
    said = []
    for kind in dict.fromkeys(line[0] for line in lines):
        these = [line for line in lines if line[0] == kind]
        wanted = [entry for _, entry, *_ in these]
        answered, suggested = _rightly(match, entries, [line[2] for line in these], wanted)
        plain, _ = _rightly(match, entries, [line[3] if len(line) > PLAIN else line[1] for line in these], wanted)
        told = f"  {kind} n={len(these)}: answered {answered:.3f}, addressed at least suggested {suggested:.3f}"
        said.append(f"{told}, in plain words {plain:.3f} (loss {plain - answered:+.3f})" if kind == "dialect" else told)
    return said


def _rightly(
    match: Matcher, entries: Sequence[str], texts: Sequence[str], wanted: Sequence[str]
) -> tuple[float, float]:
    """How many texts are answered as wanted unaddressed, and at least suggested when addressed."""
    hits = [
        score if number is not None and entries[number] == entry else 0.0
        for (number, score), entry in zip(match(texts), wanted, strict=True)
    ]
    ambient = sum(score >= INSTALLED.answer_at for score in hits)
    return ambient / len(hits), sum(score >= INSTALLED.addressed_suggest_at for score in hits) / len(hits)
