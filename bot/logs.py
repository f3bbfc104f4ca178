"""One line per event: what was done, how it ended, how long it took, and ids; never text, names or tokens."""

import asyncio
import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TextIO

ROOT = "steward"
_FIELDS = "steward_fields"
GATHER_SECONDS = 0.05
"""How long a line of an event loop may wait for others, so that a burst is not a system call for each."""
_SHORT = 64
_NUMBERS = (int, float)
"""Most of what a line shows; their text needs no quotes."""
_NEEDS_QUOTES = re.compile(r'[\s"=]')


def logger(part: str) -> logging.Logger:
    """The logger of a part of the house (``listen``, ``decide`` …)."""
    return logging.getLogger(f"{ROOT}.{part}")


def line(log: logging.Logger, act: str, level: int = logging.INFO, *, trace: bool = False, **fields: object) -> None:
    """Write one line. ``fields`` are ids, counts, outcomes and milliseconds; ``trace`` adds the current traceback."""
    if log.isEnabledFor(level):
        # As `log.log` does, without looking through the stack for the caller, whom no line names.
        exc_info = sys.exc_info() if trace else None
        log.handle(log.makeRecord(log.name, level, "", 0, act, (), exc_info, extra={_FIELDS: fields}))


@contextmanager
def timed(log: logging.Logger, act: str, **fields: object) -> Iterator[dict[str, object]]:
    """Write one line at the end of the block with ``outcome`` and ``ms``; what the block puts into the dict as well."""
    started = time.perf_counter()
    more: dict[str, object] = dict(fields)
    try:
        yield more
    except BaseException as error:
        more.setdefault("outcome", type(error).__name__)
        raise
    finally:
        more.setdefault("outcome", "ok")
        line(log, act, ms=milliseconds(started), **more)  # type: ignore[arg-type]


def milliseconds(started: float) -> float:
    """Milliseconds since a `time.perf_counter` reading, to a tenth."""
    return round((time.perf_counter() - started) * 1000, 1)


class LineFormatter(logging.Formatter):
    """``time level part act key=value …`` on one line; where an error came from is one quoted value."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as one line."""
        pairs = " ".join(
            [f"{key}={value if type(value) in _NUMBERS else _plain(value)}" for key, value in _values(record).items()]
        )
        head = f"{_stamp(record)} {record.levelname.lower()} {_part(record)} {_plain(record.getMessage())}"
        return f"{head} {pairs}".rstrip()


class JsonFormatter(logging.Formatter):
    """The same as one JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as one line."""
        value: dict[str, object] = {
            "time": _stamp(record),
            "level": record.levelname.lower(),
            "part": _part(record),
            "act": record.getMessage(),
            **_values(record),
        }
        return json.dumps(value, ensure_ascii=False, default=str)


def _part(record: logging.LogRecord) -> str:
    return record.name.removeprefix(f"{ROOT}.")


def _stamp(record: logging.LogRecord) -> str:
    # In whole milliseconds before it is split: 59.9996 s must not become 59.1000.
    seconds, thousandths = divmod(int(record.created * 1000), 1000)
    return f"{_second(seconds)}.{thousandths:03d}Z"


@lru_cache(maxsize=2)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _values(record: logging.LogRecord) -> Mapping[str, object]:
    fields: dict[str, object] = dict(getattr(record, _FIELDS, {}))
    if record.exc_info and record.exc_info[0] is not None:
        fields["trace"] = frames(record.exc_info[1])
    return fields


def frames(error: BaseException | None) -> str:
    """Where an error came from, innermost last, with the types of its causes but not what they say.

    An error's words may quote a message or a token; the console, behind its sign-in, shows them.
    """
    parts: list[str] = []
    while error is not None:
        places = traceback.extract_tb(error.__traceback__)
        calls = " > ".join(f"{Path(place.filename).name}:{place.lineno}:{place.name}" for place in places)
        parts.append(f"{type(error).__name__} at {calls}")
        error = error.__cause__ or error.__context__
    return " from ".join(parts)


def _plain(value: object) -> str:
    text = str(value)
    return _written_short(text) if len(text) <= _SHORT else _written(text)


def _written(text: str) -> str:
    if text and text.isprintable() and not _NEEDS_QUOTES.search(text):
        return text
    # Quoted by JSON's rules, so that a value can neither end the line nor pass for another key.
    return json.dumps(text, ensure_ascii=False)


# Outcomes, kinds and levels come again and again.
_written_short = lru_cache(maxsize=1024)(_written)


class GatheringHandler(logging.Handler):
    """Writes the lines of one moment together; from WARNING on, and outside an event loop, each at once."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line in."""
        try:
            self._lines.append(self.format(record))
            loop = _running_loop() if record.levelno < logging.WARNING else None
            if loop is None:
                self.flush()
            elif len(self._lines) == 1:
                loop.call_later(GATHER_SECONDS, self.flush)
        except Exception:
            self.handleError(record)

    def flush(self) -> None:
        """Write what was taken in."""
        with self.lock or nullcontext():
            lines, self._lines = self._lines, []
            if lines:
                self._stream.write("\n".join(lines) + "\n")
                self._stream.flush()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def flush() -> None:
    """Write the lines that still wait for others: the loop that would do it has ended."""
    for handler in logging.getLogger().handlers:
        handler.flush()


def setup(form: str = "text", stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send all lines to ``stream`` (standard error). Libraries speak from WARNING on."""
    # No line names them, and to look them up costs every line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = GatheringHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else LineFormatter())
    # No line names where in the code, in which thread or process it was written.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(ROOT).setLevel(level)
    # Each request would be a line of its own beside the one that its event writes.
    logging.getLogger("aiohttp.access").setLevel(logging.ERROR)
