"""The models that share a look as they are packed in one file: read at every start, hence laid out to be read fast.

A line of JSON says what there is once: the scales, each sum (a few thousand occur again and again), the n-grams longer
than most. Behind it come the number of each n-gram's sum, four bytes each, and the n-grams themselves, in lines.
"""

import gzip
import json
from struct import pack, unpack

from handlers.text.linear import CUT, Scale, Together, Weights

_BYTES = 4


def packed(models: Together) -> bytes:
    """The models as `unpacked` reads them."""
    each = sorted(models.weights.each.items())
    number = {total: at for at, total in enumerate(sorted({total for _, total in each}))}
    head = {
        "scales": [(scale.slope, scale.intercept) for scale in models.scales],
        "sums": list(number),
        "long": [gram for gram, _ in each if len(gram) > CUT],
        "count": len(each),
    }
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    numbers = pack(f"<{len(each)}I", *(number[total] for _, total in each))
    return gzip.compress(line + b"\n" + numbers + "\n".join(gram for gram, _ in each).encode(), 9, mtime=0)


def unpacked(data: bytes) -> Together:
    """The models that were packed (a third of a millisecond per thousand n-grams)."""
    line, _, rest = gzip.decompress(data).partition(b"\n")
    head = json.loads(line)
    ends = head["count"] * _BYTES
    sums = map(head["sums"].__getitem__, unpack(f"<{head['count']}I", rest[:ends]))
    weights = dict(zip(rest[ends:].decode().split("\n"), sums, strict=True))
    return Together(Weights.of(weights, head["long"]), tuple(Scale(*scale) for scale in head["scales"]))
