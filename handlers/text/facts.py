"""From the words of one message to everything that handlers may know about them, computed once."""

import re

from domain.text import Readers, TextFacts
from handlers.text import mood, normalise, pairs, segment, tone

# On the normalised form: marks, particles and words that ask. Generous, because it only ever lowers a bar.
_ASKS = re.compile(
    r"\?|[吗呢么嘛]$|[吗呢][,.!~ ]|什么|怎么|怎样|咋|啥|如何|为何|几[点时号天个次元块钱]|几[多分]|多[少久长大高远]"
    r"|哪|谁|是不是|能不能|可不可以|有没有|会不会|要不要|是否|能否|可否|请问|求问|问一下|问下"
)


def asks(norm: str) -> bool:
    """Whether a normalised text looks like a question."""
    return _ASKS.search(norm) is not None


_READERS = Readers(
    words=segment.segment,
    mood=mood.negative_mood,
    grievance=mood.grievance,
    asks=asks,
    offsets=normalise.offsets,
)


def load() -> None:
    """Load tables, weights and dictionary at start (a fifth of a second) so that no message pays for it."""
    normalise.load()
    tone.load()
    pairs.load()
    segment.load()


def read(text: str) -> TextFacts:
    """The facts of a message's own words; any string is fine, of any length. Costly readings wait until asked for."""
    norm, compact = normalise.forms(text)
    return TextFacts(text, norm, compact, len(text) > normalise.JUDGED_CHARS, _READERS)
