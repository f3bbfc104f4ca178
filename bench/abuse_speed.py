"""How long one message takes through lists, views, model and advert clues, and what loading them costs."""

import json
import subprocess
import sys
from collections.abc import Callable

from bench.abuse_texts import shipped_lists
from bench.running import ROOT
from domain.book import WordList
from handlers.moderation.abuse import INSULT_ASKED_AT, Manner, abuse_finding
from handlers.moderation.advert import advert_finding
from handlers.moderation.lexicon import Lexicon
from handlers.text.abuse_model import abuse_probability
from handlers.text.advert_model import advert_probability
from handlers.text.facts import read
from handlers.text.insult_model import insulting

_LOADING = """
from bot import heap
heap.share(); heap.hold()
import json, psutil, time
from bench.abuse_speed import everything
from bench.abuse_texts import shipped_lists
from handlers.text import facts, normalise, segment
normalise.load(); segment.load()
lists = shipped_lists()
before, started = psutil.Process().memory_info().rss, time.process_time()
facts.load()
everything(lists)("你好")
seconds = time.process_time() - started
heap.settle()
print(json.dumps([seconds, psutil.Process().memory_info().rss - before]))
"""


def everything(lists: tuple[WordList, ...] = ()) -> Callable[[str], object]:
    """A function that does to a text all that moderation does to the words of a message."""
    lexicon = Lexicon.compile(lists or shipped_lists())
    manner = Manner(directed=False, to_bot=False)

    def work(raw: str) -> object:
        text = read(raw)
        hits = lexicon.hits(text)
        abusive = [hit for hit in hits if hit.words.rule == "abuse"]
        offers = [hit for hit in hits if hit.words.rule == "advert"]
        model = abuse_probability(text.norm)
        meant = lexicon.meant(text)
        insult = insulting(text.norm, text.compact, meant) if abusive or meant or model >= INSULT_ASKED_AT else None
        advert = advert_probability(text.norm)
        return abuse_finding(text, abusive, model, manner, insult), advert_finding(text, offers, (), advert)

    return work


def load_and_memory() -> tuple[float, float]:
    """CPU seconds and megabytes of compiling the lists and reading the weights, dictionary and tables aside.

    In the order and with the heap of `steward run`; its imports and settling are no part of the seconds.
    """
    done = subprocess.run([sys.executable, "-c", _LOADING], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    seconds, grown = json.loads(done.stdout.splitlines()[-1])
    return seconds, grown / 2**20
