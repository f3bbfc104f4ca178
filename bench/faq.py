"""How well messages find their FAQ entry, beside other matchers. Usage: python -m bench.faq DATA [--only Steward].

All questions are of clusters that fitting has not seen; `DATA` is a folder with faq/pairs.tsv and faq/chitchat.txt.
"""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench.faq_data import Community, Corpora, Pair, community, load
from bench.faq_noise import KINDS
from bench.faq_own import own_lines
from bench.faq_peers import MATCHERS, Found, Matcher, steward
from bench.faq_threads import threads
from bot import heap
from domain.book import FaqEntry
from domain.policy import FaqPolicy
from handlers.faq.index import FaqIndex
from handlers.faq.model import load as load_model
from handlers.faq.model import packaged
from handlers.text.facts import read

T = TypeVar("T")

INSTALLED = FaqPolicy()
SEED = 5


@dataclass(frozen=True, slots=True)
class Scene:
    """Communities of one kind, and what nobody should be answered to."""

    name: str
    communities: tuple[Community, ...]
    chat: tuple[str, ...]
    beside: str = ""
    """Of look-alikes: the scene of the same kind whose questions are to be answered."""


@dataclass(slots=True)
class Outcome:
    """All matches in one scene: best scores of questions with whether the entry was right, of look-alikes, of chat."""

    right: list[tuple[float, bool]]
    alike: list[float]
    chat: list[float]

    def share(self, least: float, ok: bool = True) -> float:
        """How many of the questions are answered rightly (or wrongly) from this score on."""
        return sum(score >= least and hit == ok for score, hit in self.right) / max(len(self.right), 1)

    def at(self, false_answers: float) -> float:
        """The score above which so much of the chat would be answered."""
        return float(np.quantile(self.chat, 1 - false_answers, method="higher")) + 1e-9 if self.chat else 0.0


def scenes(corpora: Corpora) -> list[Scene]:
    """The FAQs to try: general questions in three sizes, look-alikes, and questions about two loan products."""
    chance = random.Random(SEED)
    same = corpora.some(same=True, finance=False, held_out=True)
    other = corpora.some(same=False, finance=False, held_out=True)
    loans = corpora.some(same=True, finance=True, held_out=True)
    loans_other = corpora.some(same=False, finance=True, held_out=True)
    fill = [text for p in corpora.pairs if not p.finance and not p.same for text in (p.entry, p.asked)]
    fill += [p.entry for p in corpora.pairs if not p.finance and p.same]
    chance.shuffle(fill)
    chat = tuple(corpora.talk(held_out=True))
    some = chat[:1000]

    def made(
        name: str,
        size: int,
        times: int,
        pairs: list[Pair],
        chat: tuple[str, ...],
        extra: Sequence[str] = (),
        beside: str = "",
    ) -> Scene:
        return Scene(name, tuple(community(corpora, pairs, size, chance, extra) for _ in range(times)), chat, beside)

    mixed = same[: len(same) // 2] + loans[: len(same) // 2]
    return [
        made("20 entries, mixed", 20, 20, mixed, some),
        made("100 entries", 100, 8, same, chat),
        made("100 entries, mixed", 100, 8, mixed, some),
        made("1,000 entries", 1000, 1, same, chat, fill),
        made("10,000 entries", 10_000, 1, same, chat[:2000], fill),
        made("100 entries, look-alikes", 100, 8, other, (), beside="100 entries"),
        made("100 entries, loans", 100, 8, loans, some),
        made("100 entries, loan look-alikes", 100, 8, loans_other, (), beside="100 entries, loans"),
        made("1,000 entries, look-alikes", 1000, 1, other, (), fill, beside="1,000 entries"),
    ]


def outcome(scene: Scene, matchers: Sequence[Matcher]) -> Outcome:
    """What the matcher finds in all communities of the scene."""
    found = Outcome([], [], [])
    for one, match in zip(scene.communities, matchers, strict=True):
        for (_, right), (entry, score) in zip(one.asked, _match(match, one), strict=True):
            if right is None:
                found.alike.append(score)
            else:
                found.right.append((score, entry == right))
        if scene.chat:
            found.chat.extend(score for _, score in match(scene.chat))
    return found


def _match(match: Matcher, one: Community) -> list[Found]:
    return match([text for text, _ in one.asked])


def line(name: str, found: Outcome, installed: bool) -> str:
    """Figures of one matcher in one scene."""
    parts = [f"  {name:18s}"]
    if found.right:
        parts.append(f"n={len(found.right)} top-1 {found.share(0):.3f}")
    if found.right and found.chat:
        for least in (0.001, 0.01):
            at = found.at(least)
            parts.append(f"@{least:.1%} ({at:.2f}) {found.share(at):.3f} wrong {found.share(at, False):.3f}")
    if installed:
        parts.append(_installed(found))
    return "  ".join(parts)


def curve(alike: Outcome, beside: Outcome) -> str:
    """How many questions are still answered rightly where so few of the look-alikes are answered."""
    parts = []
    for share in (0.02, 0.05, 0.1, 0.2):
        at = float(np.quantile(alike.alike, 1 - share, method="higher")) + 1e-9
        parts.append(f"{share:.0%} ({at:.2f}) {beside.share(at):.3f} wrong {beside.share(at, False):.4f}")
    return f"{'':22s}rightly answered where look-alikes are answered: " + "  ".join(parts)


def _installed(found: Outcome) -> str:
    least, addressed = INSTALLED.answer_at, INSTALLED.addressed_suggest_at
    parts = ["installed:"]
    if found.right:
        parts.append(f"{found.share(least):.3f} wrong {found.share(least, False):.4f}")
        parts.append(f"addressed {found.share(addressed):.3f}")
    if found.alike:
        parts.append(f"look-alikes n={len(found.alike)} {sum(s >= least for s in found.alike) / len(found.alike):.3f}")
    if found.chat:
        parts.append(f"chat {sum(s >= least for s in found.chat) / len(found.chat):.5f}")
    return " ".join(parts)


def noise(scene: Scene, matchers: Sequence[Matcher]) -> list[str]:
    """Right answers at the installed threshold when questions are written otherwise, against the same ones plain."""
    lines = []
    for kind, change in KINDS.items():
        chance = random.Random(SEED)
        shares = []
        for one, match in zip(scene.communities, matchers, strict=True):
            kept = [(text, right) for text, right in one.asked if right is not None]
            for texts in ([text for text, _ in kept], [change(text, chance) for text, _ in kept]):
                hits = zip(match(texts), kept, strict=True)
                shares.append([score >= INSTALLED.answer_at and entry == right for (entry, score), (_, right) in hits])
        plain, changed = (np.mean([hit for part in shares[start::2] for hit in part]) for start in (0, 1))
        lines.append(f"  {kind:14s} {changed:.3f} (plain {plain:.3f}, loss {plain - changed:+.3f})")
    return lines


def timing(one: Community) -> str:
    """CPU time of building an index, of changing one entry in it, and of matching, in this process."""
    entries = [FaqEntry(str(number), text, ("",)) for number, text in enumerate(one.entries)]
    index, built = _timed(lambda: FaqIndex.build(entries))
    chance, edits = random.Random(SEED), []
    for _ in range(20):
        at = chance.randrange(len(entries))
        entries[at] = replace(entries[at], question=entries[at].question + "呢")
        index, seconds = _timed(lambda: FaqIndex.build(entries, before=index))  # noqa: B023 - called at once
        edits.append(1000 * seconds)
    model = packaged()
    # As `steward run` does when it has loaded.
    heap.settle()
    told = []
    for round_ in ("first", "again"):
        # A phrase is made ready for close comparison when it first comes near a message.
        times = [1000 * _timed(lambda: index.search(read(text), model))[1] for text, _ in one.asked[:1000]]  # noqa: B023
        middle, late = np.quantile(times, (0.5, 0.99))
        told.append(f"{round_} p50 {middle:.2f} ms, p99 {late:.2f} ms")
    edit = np.quantile(edits, 0.5)
    return f"  build {built:.2f} s, one-entry edit {edit:.1f} ms, match {'; '.join(told)} (CPU)"


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """What comes out, and seconds of CPU."""
    began = time.process_time()
    made = work()
    return made, time.process_time() - began


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", help=f"some of: {', '.join(MATCHERS)}")
    parser.add_argument("--small", action="store_true", help="without 10,000 entries")
    parser.add_argument("--weights", type=Path, help="a folder that bench.fit_faq has written; else the packaged ones")
    options = parser.parse_args()
    if options.weights:
        model = load_model(options.weights)
        MATCHERS["Steward"] = lambda entries: steward(entries, model)
    names = options.only.split(",") if options.only else list(MATCHERS)
    known: dict[tuple[str, str], Outcome] = {}
    for scene in scenes(load(options.data)):
        if options.small and scene.name.startswith("10,000"):
            continue
        print(f"{scene.name}:", flush=True)
        for name in names:
            matchers = [MATCHERS[name](one.entries) for one in scene.communities]
            found = known[scene.name, name] = outcome(scene, matchers)
            print(line(name, found, name == "Steward"), flush=True)
            if scene.beside:
                print(curve(found, known[scene.beside, name]), flush=True)
            if name == "Steward" and scene.name == "100 entries":
                print("\n".join(noise(scene, matchers)))
        if "Steward" in names and scene.name.startswith("10,000"):
            print(timing(scene.communities[0]))
    if "Steward" in names:
        print("own lines:", *own_lines(MATCHERS["Steward"]), threads(), sep="\n")


if __name__ == "__main__":
    main()
