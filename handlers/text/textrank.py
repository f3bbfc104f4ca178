"""Keywords and key sentences by snownlp's TextRank; run in a worker process only, see `handlers.text.digest`.

Importing snownlp takes seconds and 420 MB, so it is imported by the first call.
"""

import re
from collections.abc import Sequence
from typing import Any

MAX_SENTENCES = 200
"""TextRank's cost grows with the square of the sentences; the last 200 take about a second."""
MAX_CHARS = 200
"""Characters of one sentence that are read."""

_SENTENCE_ENDS = re.compile(r"[\r\n，。？！；?!;]+")


def keywords(texts: Sequence[str], limit: int = 5) -> tuple[str, ...]:
    """The most telling words of two or more characters, best first; empty where there is nothing to rank."""
    sentences = _sentences(texts)
    if not sentences:
        return ()
    ranked = _reader(sentences).keywords(limit * 8)
    return tuple([word for word in ranked if len(word) > 1 and word.isalnum() and not word.isdigit()][:limit])


def summary(texts: Sequence[str], limit: int = 3) -> tuple[str, ...]:
    """The most telling sentences in the order in which they were said; empty where there is nothing to rank."""
    sentences = _sentences(texts)
    if not sentences:
        return ()
    return tuple(sorted(_reader(sentences).summary(limit), key=sentences.index))


def _sentences(texts: Sequence[str]) -> list[str]:
    """The last distinct sentences that hold a letter; without one snownlp would divide by zero."""
    parts = (part.strip()[:MAX_CHARS].strip() for text in texts for part in _SENTENCE_ENDS.split(text))
    return list(dict.fromkeys(part for part in parts if any(map(str.isalnum, part))))[-MAX_SENTENCES:]


def _reader(sentences: list[str]) -> Any:
    from snownlp import SnowNLP

    return SnowNLP("\n".join(sentences))
