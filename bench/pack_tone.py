"""Put the fitted models of tone together in one packaged file, so that no start has to: `python -m bench.pack_tone`.

The fit_*.py scripts do so whenever they have fitted one of them.
"""

import gzip
import json
from importlib.resources import files
from pathlib import Path

from handlers.text.linear import Together, read_model
from handlers.text.tone import MODELS

TONE = Path(str(files("handlers.text"))) / "data" / "tone.json.gz"


def pack() -> int:
    """Write `tone.json.gz`; returns its bytes."""
    together = Together.of(*map(read_model, MODELS))
    each = sorted(together.weights.each.items())
    number = {total: at for at, total in enumerate(sorted({total for _, total in each}))}
    body = {
        "scales": [(scale.slope, scale.intercept) for scale in together.scales],
        "grams": "\n".join(gram for gram, _ in each),
        "sums": list(number),
        "numbers": [number[total] for _, total in each],
    }
    packed = gzip.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), 9, mtime=0)
    TONE.write_bytes(packed)
    return len(packed)


if __name__ == "__main__":
    print(f"{TONE.name}: {pack():,} bytes")
