"""Put the fitted models of tone together in one packaged file, so that no start has to: `python -m bench.pack_tone`.

The fit_*.py scripts do so whenever they have fitted one of them.
"""

from importlib.resources import files
from pathlib import Path

from handlers.text.linear import Together, read_model
from handlers.text.packing import packed
from handlers.text.tone import MODELS

TONE = Path(str(files("handlers.text"))) / "data" / "tone.gz"


def pack() -> int:
    """Write `tone.gz`; returns its bytes."""
    return TONE.write_bytes(packed(Together.of(*map(read_model, MODELS))))


if __name__ == "__main__":
    print(f"{TONE.name}: {pack():,} bytes")
