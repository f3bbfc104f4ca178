"""Fit handlers/text/data/abuse.json.gz: offence against people or groups, from COLD and SWSR, against ordinary talk.

Run: python -m bench.fit_abuse DATA   (prints the figures of the model card)
"""

import random
import re
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from bench import fit_common as common
from bench.abuse_texts import framed, sentences, shipped_lists, templated
from bench.fit_common import Collection, Floats, Matrix, Model, Numbers, Recipe, Row
from handlers.moderation.lexicon import Lexicon
from handlers.text.facts import read
from handlers.text.linear import read_model

# How much one text of a source counts in fitting. Ordinary talk teaches what must never be punished; a complaint
# may be as angry as it likes.
IMPORTANCE = {
    "cold": 1.0, "swsr": 0.5, "lccc": 0.5, "kdconv": 0.3, "chat": 0.5, "faq": 0.1, "review": 0.2, "weibo": 0.1,
    "counter": 0.25, "attack": 0.25, "insult": 0.3, "own": 1.0,
}  # fmt: skip
CLEAN = ("lccc", "kdconv", "chat")
ARGUED = ("cold", "swsr", "counter", "attack", "insult", "own")
# COLD's training labels were made by a classifier that took talk about offence for offence: of the texts that name
# discrimination 93 % are marked. Their words are no features, and such a mark counts less.
TALKED_OF = re.compile(
    "歧视|偏见|地域黑|地图炮|种族|刻板印象|平等|平权|尊重|反对|打压|压迫|反抗|奴隶|奴役|黑奴|仇视|敌视|抵制|辱骂|侮辱|骂|受害|指责|家暴|"
    "强奸|警察|执法|逻辑|教育|地位|政治|威胁|艾滋|欺负|被黑|枪"
)
DOUBTED = re.compile("歧视|偏见|地域黑|地图炮|种族|刻板印象|平等|平权|尊重|反对")
DOUBT = 0.3
# What people say who speak against prejudice: taken off the log odds, at the length of a usual comment.
COUNTER = (
    "刻板印象", "以偏概全", "一概而论", "一棍子", "一竿子", "一杆子", "地图炮", "地域黑", "不代表", "不能代表",
    "不是所有", "并不是所有", "不是每个", "贴标签", "标签化", "平权", "平等", "尊重", "反对", "偏见", "都有好",
    "哪里都有", "哪都有", "招谁惹谁", "得罪你", "凭什么", "个例", "个别人", "个人行为", "无关", "没关系",
    "也是人", "污名", "抹黑", "呼吁", "声援", "同工同酬", "不应该歧视", "不要歧视", "别歧视", "不歧视",
    "被歧视", "受歧视", "受到歧视", "的歧视", "是歧视", "种族主义", "性别歧视", "地域歧视", "种族歧视", "双标",
    "不公平", "区别对待", "就事论事", "重男轻女", "不客观", "片面", "误解",
)  # fmt: skip
DISCLAIMED = ("不是地域黑", "没有地域黑", "并非地域黑", "不是歧视", "不歧视", "我歧视", "就歧视", "就是歧视")
COUNTERED, NAMED, USUAL_LENGTH = 0.9, 0.4, 36
# From COLD's own marks to people's: fewer are offences, and the sure ones are less sure.
SURENESS, SHIFT = 0.7, -0.45


def collect(folder: Path) -> list[Row]:
    """All corpora, labelled 1 for offensive; COLD's own development part is held out whole."""
    found = Collection()
    found.add((row[2] for row in common.table(folder / "abuse/cold_dev.tsv") if row[0] == "1"), 1, "cold", True)
    found.add((row[2] for row in common.table(folder / "abuse/cold_dev.tsv") if row[0] == "0"), 0, "cold", True)
    for path, source in (("abuse/cold_train.tsv", "cold"), ("abuse/swsr_half.tsv", "swsr")):
        for label, _, text in common.table(folder / path):
            found.add([text], int(label), source, False)
    for path, source in (("clean/lccc.txt", "lccc"), ("clean/kdconv.txt", "kdconv"), ("faq/chitchat.txt", "chat")):
        found.add((row[0] for row in common.table(folder / path)), 0, source)
    found.add((row[0] for row in common.table(folder / "faq/pairs.tsv")), 0, "faq")
    found.add((row[2] for row in common.table(folder / "mood/reviews.tsv") if row[0] == "1"), 0, "review")
    found.add((row[1] for row in common.table(folder / "mood/weibo.tsv")), 0, "weibo")
    rng = random.Random(0)
    found.add(templated("counter_speech", 3000, rng), 0, "counter", False)
    found.add(templated("attacks", 2000, rng), 1, "attack", False)
    found.add(framed(6000, rng), 1, "insult", False)
    found.add((one.text for one in sentences("insults") if not one.held_out), 1, "own", False)
    found.add((one.text for one in sentences("insults_more")), 1, "own", False)
    for name in ("lookalikes", "grouptalk"):
        found.add((one.text for one in sentences(name) if not one.held_out), 0, "own", False)
    return found.rows


def decent(rows: list[Row]) -> list[Row]:
    """Without the lines of chat and reviews that the word lists know for insults: they are marked as ordinary talk."""
    lexicon = Lexicon.compile(shipped_lists())
    return [row for row in rows if row.source in ARGUED or not _insulting(row.text, lexicon)]


def _insulting(text: str, lexicon: Lexicon) -> bool:
    return any(
        hit.words.rule == "abuse" and hit.words.severity in ("warn", "remove") for hit in lexicon.hits(read(text))
    )


def train(rows: list[Row]) -> int:
    """Fit, calibrate on COLD's development part, add counter speech and save; returns the size in bytes."""
    fitting = decent([row for row in rows if not row.held_out])
    held = [row for row in rows if row.held_out and row.source == "cold"]
    argued = np.array([row.source in ARGUED for row in fitting])
    recipe = Recipe(
        min_count=2,
        kept=40_000,
        strength=0.3,
        scale=lambda counts, labels: common.log_ratio(counts[argued], labels[argued]),
        eligible=lambda names, counts: said_plainly(names, fitting, counts),
    )
    fit_on = common.sample(fitting, [importance(row) for row in fitting])
    model = common.train(fit_on, common.sample(held, np.ones(len(held))), recipe)
    weights = with_counter_speech(model.weights, model.slope)
    return common.save("abuse", Model(weights, SURENESS * model.slope, SURENESS * model.intercept + SHIFT))


def importance(row: Row) -> float:
    """How much a text counts in fitting."""
    doubtful = row.source == "cold" and row.label and DOUBTED.search(row.text)
    return IMPORTANCE[row.source] * (DOUBT if doubtful else 1.0)


def said_plainly(names: NDArray[np.str_], rows: list[Row], counts: Matrix) -> Numbers:
    """The n-grams that live mostly outside the words with which people talk of offence."""
    argued = [index for index, row in enumerate(rows) if row.source == "cold"]
    blanked = [TALKED_OF.sub(lambda match: "\0" * len(match.group()), rows[index].text) for index in argued]
    cutter = common.vectorizer(1)
    left = np.asarray(cutter.fit_transform(blanked).sum(axis=0)).ravel()
    total = np.asarray(counts[argued].sum(axis=0)).ravel()
    outside = np.array([left[cutter.vocabulary_[name]] if name in cutter.vocabulary_ else 0 for name in names])
    return np.flatnonzero(outside >= total / 2)


def with_counter_speech(weights: Mapping[str, int], slope: float) -> dict[str, int]:
    """Phrases against prejudice get a weight by hand, for no corpus with a licence marks them."""
    unit = COUNTERED * USUAL_LENGTH**0.5 / slope
    by_hand = dict.fromkeys(COUNTER, -unit) | {"歧视": -NAMED * unit} | dict.fromkeys(DISCLAIMED, unit)
    return {**weights, **{phrase: round(weights.get(phrase, 0) + weight) for phrase, weight in by_hand.items()}}


def thresholds(scores: Floats, clean: NDArray[np.bool_]) -> list[float]:
    """0.5, then what flags 1 %, 0.3 %, 0.1 % and 0.03 % of held-out clean chat."""
    return [0.5, *(float(np.quantile(scores[clean], 1 - share)) for share in (0.01, 0.003, 0.001, 0.0003))]


def report(rows: list[Row]) -> None:
    """Print what the shipped code says about held-out texts."""
    held = [row for row in rows if row.held_out]
    started = time.perf_counter()
    scores = common.scores_of([row.text for row in held], read_model("abuse").score)
    speed = len(held) / (time.perf_counter() - started)
    labels, sources = np.array([row.label for row in held]), np.array([row.source for row in held])
    cold = sources == "cold"
    truth, said = labels[cold], scores[cold]
    error = common.calibration_error(said, truth, np.ones(len(truth)))
    macro = f1_score(truth, said >= 0.5, average="macro")
    print(f"{speed:,.0f} messages/s; on cold_dev: calibration error {error:.3f}, ", end="")
    print(f"accuracy {np.mean((said >= 0.5) == truth):.2%}, macro-F1 {macro:.2%}")
    sets = {"cold offensive": said[truth == 1], "cold other": said[truth == 0]}
    sets["against prejudice"] = common.scores_of([one.text for one in sentences("antibias")], read_model("abuse").score)
    sets |= {name: scores[sources == name] for name in sorted(set(sources) - {"cold"})}
    common.print_shares(sets, thresholds(scores, np.isin(sources, CLEAN)), digits=4)


if __name__ == "__main__":
    common.run(collect, train, report)
