"""Abuse and adverts on development data beside what others would say: `python -m bench.abuse DATA` prints one table.

Verdicts are those of `steward judge` with an empty configuration: shipped lists, weights and thresholds.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from sklearn.metrics import f1_score

from bench import abuse_peers
from bench import fit_common as common
from bench.abuse_texts import sentences
from bench.evasions import KINDS, variants
from bench.report import Row, machine, say, table
from bench.running import ROOT, steward
from bot import heap
from handlers.text.normalise import normalise

COUNTER_CUES = ("歧视", "偏见", "地域黑", "地图炮", "刻板印象", "以偏概全", "不代表", "平等", "尊重")
STRONG = (
    "傻逼", "脑残", "智障", "废物", "畜生", "杂种", "贱人", "婊子", "王八蛋", "狗东西", "操你妈",
    "去你妈的", "滚蛋", "白痴", "蠢货", "人渣", "神经病", "狗娘养的", "不要脸", "滚出去", "死全家", "脑子进水",
)  # fmt: skip
CARRIERS = ("{}", "你个{}", "你就是{}", "真是{}", "{}，别说话", "你这个{}")
ADVERTS_NEVER_FITTED = {
    "adverts_typical": ("typical adverts caught", "as groups know them"),
    "grouptalk_typical": ("ordinary group talk flagged as advert", "about the same things"),
    "adverts_unseen": ("hard adverts caught", "hard ones, a third friendly offers"),
    "grouptalk_unseen": ("hard group talk flagged as advert", "hard ones"),
}
"""Sets that were written when the model was fitted, and are only measured."""
SAMPLE = 300
"""Messages given to peers that take milliseconds each."""
LISTED = (
    *("insults", "taunts", "scolding", "rounds", "lookalikes", "innocent", "rounds_harmless"),
    *("adverts", "grouptalk"),
)
"""Development sets of which one half is kept from whoever writes lists."""
ABUSE_NEVER_FITTED = {
    "rounds_unseen": ("two further rounds of insults caught at ≥ warn", "≥ 95 %"),
    "rounds_harmless_unseen": ("look-alikes of these rounds flagged at ≥ warn", "≤ 2 %"),
    "plain_unseen": ("plain everyday insults caught at ≥ warn", "≥ 95 %"),
    "plain_harmless_unseen": ("look-alikes beside them flagged at ≥ warn", "≤ 2 %"),
}
"""Sets that are used in no fit."""
Verdicts = list[dict[str, tuple[str, float]]]
"""For each message the level and score of each rule."""


def judged(texts: Sequence[str]) -> Verdicts:
    """What `steward judge` says of messages, each by a member in a room of their own."""
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as name:
        folder = Path(name)
        (folder / "steward.yaml").write_text("{}\n", encoding="utf-8")
        lines = [json.dumps({"id": str(at), "text": text}, ensure_ascii=False) for at, text in enumerate(texts)]
        (folder / "in.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        files = ("--in", str(folder / "in.jsonl"), "--out", str(folder / "out.jsonl"))
        subprocess.run(steward("judge", "--config", name, *files), cwd=ROOT, check=True)
        found = (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()
    return [{f["rule"]: (f["level"], f["score"]) for f in json.loads(line)["findings"]} for line in found]


def warned(verdicts: Verdicts, rule: str, *levels: str) -> float:
    """The share at one of ``levels``, by default at warn or above."""
    return sum(one[rule][0] in (levels or ("warn", "remove")) for one in verdicts) / max(len(verdicts), 1)


class Sets:
    """All texts by name, judged in one go."""

    def __init__(self, texts: Mapping[str, Sequence[str]]) -> None:
        self.texts = texts
        everything = [text for group in texts.values() for text in group]
        say(f"judging {len(everything):,} messages")
        verdicts = iter(judged(everything))
        self.verdicts = {name: [next(verdicts) for _ in group] for name, group in texts.items()}


def texts_of(data: Path) -> dict[str, Sequence[str]]:
    """The texts of the table: development sets, held-out parts of corpora, evasions."""
    found: dict[str, Sequence[str]] = {"cold": [row[2] for row in common.table(data / "abuse/cold_dev.tsv")]}
    for name in LISTED:
        for held_out in (False, True):
            found[f"{name} {held_out}"] = [one.text for one in sentences(name) if one.held_out is held_out]
    for name in ADVERTS_NEVER_FITTED:
        found[name] = [one.text for one in sentences(name)]
    for name in ABUSE_NEVER_FITTED:
        found[name] = [one.text for one in sentences(name)]
    found["antibias"] = [one.text for one in sentences("antibias")]
    for name, path, column in (
        ("lccc", "clean/lccc.txt", 0),
        ("kdconv", "clean/kdconv.txt", 0),
        ("chitchat", "faq/chitchat.txt", 0),
        ("reviews", "mood/reviews.tsv", 2),
        ("weibo", "mood/weibo.tsv", 1),
    ):
        found[name] = [row[column] for row in common.table(data / path) if _held_out(row[column])]
    rng = random.Random(0)
    for kind in KINDS:
        found[f"evasion {kind}"] = list(_evaded(kind, rng))
    return found


def _held_out(text: str) -> bool:
    return zlib.crc32(normalise(text).encode()) % common.DEV_SHARE == 0


def _evaded(kind: str, rng: random.Random) -> Iterator[str]:
    for term in STRONG:
        for variant in variants(term, kind, rng, 4):
            yield rng.choice(CARRIERS).format(variant)


def rows_of_cold(sets: Sets, data: Path) -> Iterator[Row]:
    """Offence against groups: agreement with COLD's own marks, and what is marked of speech against prejudice."""
    marks = [int(row[0]) for row in common.table(data / "abuse/cold_dev.tsv")]
    scores = [one["abuse"][1] for one in sets.verdicts["cold"]]
    said = [score >= 0.5 for score in scores]
    right = sum(one == bool(mark) for one, mark in zip(said, marks, strict=True)) / len(marks)
    macro = f1_score(marks, said, average="macro")
    how = f"{len(marks):,} comments, score ≥ 0.5, against the corpus's own marks, which take talk about offence for it"
    yield Row("COLD dev accuracy / macro-F1", how, f"{right:.1%} / {macro:.1%}", "test: ≥ 82.5 / 82.0")
    texts = sets.texts["cold"]
    talk = [s for s, m, t in zip(said, marks, texts, strict=True) if not m and any(cue in t for cue in COUNTER_CUES)]
    how = f"{len(talk)} comments of COLD dev that it does not mark and that name prejudice"
    yield Row("speech about prejudice wrongly flagged", how, f"{sum(talk) / len(talk):.1%}", "≤ 40 %")
    against = [one["abuse"][1] >= 0.5 for one in sets.verdicts["antibias"]]
    how = f"{len(against)} of our own writing, unseen in fitting"
    yield Row("speech against prejudice wrongly flagged", how, f"{sum(against) / len(against):.1%}", "≤ 40 %")


def rows_of_lists(sets: Sets) -> Iterator[Row]:
    """Insults, look-alikes, adverts, ordinary talk, evasions."""
    reach = {
        "insults": ("insults caught at ≥ warn", "abuse", "≥ 95 %"),
        "taunts": ("short and regional insults caught at ≥ warn", "abuse", "≥ 95 %"),
        "scolding": ("a third set of insults caught at ≥ warn", "abuse", "≥ 95 %"),
        "rounds": ("rounds of insults, mended after each, caught at ≥ warn", "abuse", "≥ 95 %"),
        "innocent": ("a second set of look-alikes flagged at ≥ warn", "abuse", "≤ 2 %"),
        "lookalikes": ("look-alikes flagged at ≥ warn", "abuse", "≤ 2 %"),
        "rounds_harmless": ("look-alikes of the same rounds flagged at ≥ warn", "abuse", "≤ 2 %"),
        "adverts": ("group adverts caught at ≥ warn", "advert", "≥ 95 %"),
        "grouptalk": ("group talk of buying flagged as advert", "advert", "≤ 0.2 %"),
    }
    for name, (figure, rule, goal) in reach.items():
        seen, unseen = (sets.verdicts[f"{name} {held_out}"] for held_out in (False, True))
        how = f"{len(unseen)} kept from whoever wrote the lists ({warned(seen, rule):.1%} of {len(seen)} others)"
        yield Row(figure, how, f"{warned(unseen, rule):.1%}", goal)
    for name, (figure, of) in ADVERTS_NEVER_FITTED.items():
        verdicts = sets.verdicts[name]
        yield Row(f"{figure} at ≥ warn", f"{len(verdicts)} {of}, never fitted", f"{warned(verdicts, 'advert'):.1%}")
    for name, (figure, goal) in ABUSE_NEVER_FITTED.items():
        verdicts = sets.verdicts[name]
        yield Row(figure, f"{len(verdicts)} never fitted", f"{warned(verdicts, 'abuse'):.1%}", goal)
    for kind in KINDS:
        verdicts = sets.verdicts[f"evasion {kind}"]
        how = f"{len(verdicts)} of {len(STRONG)} strong words"
        yield Row(f"evasions caught: {kind}", how, f"{warned(verdicts, 'abuse'):.1%}", "≥ 95 %")


def rows_of_clean(sets: Sets) -> Iterator[Row]:
    """Ordinary talk: what is flagged, and at remove."""
    for name in ("lccc", "kdconv", "chitchat", "reviews", "weibo"):
        verdicts = sets.verdicts[name]
        abuse, removed = warned(verdicts, "abuse"), warned(verdicts, "abuse", "remove")
        value = f"{abuse:.2%} / {removed:.3%} / {warned(verdicts, 'advert'):.2%}"
        how = f"{len(verdicts):,} held out: abuse at ≥ warn / at remove / advert"
        yield Row(f"clean: {name}", how, value, "≤ 0.3 / 0.03 / 0.2 %" if name in ("lccc", "kdconv") else "")


def rows_of_peers(sets: Sets, data: Path) -> Iterator[Row]:
    """The same texts before others, and how long a message takes."""
    train = common.table(data / "abuse/cold_train.tsv")
    flag, _ = abuse_peers.characters([row[2] for row in train], [int(row[0]) for row in train])
    peers: dict[str, abuse_peers.Flag] = {
        "pyahocorasick, our terms as a plain list": abuse_peers.plain_list(),
        "sklearn: characters, TF-IDF, COLD train": flag,
        "snownlp: mood below 0.1": abuse_peers.mood(),
    }
    named = {"insults True": "insults", "lookalikes True": "look-alikes", "antibias": "anti-bias", "lccc": "lccc"}
    for peer, judge in peers.items():
        shares = []
        for name, short in named.items():
            texts = sets.texts[name][:SAMPLE]
            shares.append(f"{short} {sum(map(judge, texts)) / len(texts):.1%}")
        yield Row(f"peer: {peer}", f"flagged of up to {SAMPLE} each", ", ".join(shares))


def rows_of_speed(sets: Sets, data: Path) -> Iterator[Row]:
    """One message at a time, in CPU time: everything that moderation does, and what others need."""
    from bench.abuse_speed import everything, load_and_memory

    texts = list(sets.texts["lccc"])[:3000]
    train = common.table(data / "abuse/cold_train.tsv")[::5]
    flag, _ = abuse_peers.characters([row[2] for row in train], [int(row[0]) for row in train])
    automaton = abuse_peers.big_list(50_000)
    work = everything()
    # As `steward run` and `steward judge` do when they have loaded.
    heap.settle()
    ours = _microseconds(work, texts)
    scan = _microseconds(lambda text: sum(1 for _ in automaton.iter(text)), texts)
    sklearn = _microseconds(flag, texts[:SAMPLE])
    value = f"{ours:.0f} µs; scan {scan:.1f} µs; sklearn {sklearn:.0f} µs"
    how = f"{len(texts):,} chat lines: reading, lists with all views, model, advert"
    yield Row("one message through everything", how, value, "scan / ours ≥ 0.5; sklearn / ours ≥ 100")
    seconds, megabytes = load_and_memory()
    yield Row(
        "lists and model", "in a process of their own", f"{seconds:.2f} s, {megabytes:.0f} MB", "≤ 0.3 s, ≤ 40 MB"
    )


def _microseconds(work: Callable[[str], object], texts: Sequence[str]) -> float:
    for text in texts[:200]:
        work(text)
    started = time.process_time()
    for text in texts:
        work(text)
    return (time.process_time() - started) / len(texts) * 1e6


def main() -> None:
    """Judge, compare, print."""
    data = common.corpora_folder()
    where = machine()
    sets = Sets(texts_of(data))
    rows = [*rows_of_cold(sets, data), *rows_of_lists(sets), *rows_of_clean(sets)]
    for part in (rows_of_peers, rows_of_speed):
        say(part.__name__)
        rows += part(sets, data)
    sys.stdout.write(f"{where}\n\n{table(rows)}\n")


if __name__ == "__main__":
    main()
