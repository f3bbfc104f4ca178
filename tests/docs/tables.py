"""The generated parts of the documentation: `python -m tests.docs.tables` writes them where they belong."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

from domain.policy import Policy
from handlers.texts import VARIABLES
from tests.docs.pages import ROOT

CONFIGURATION = ROOT / "docs" / "configuration.zh-CN.md"


def policy_defaults() -> Iterator[tuple[str, str]]:
    """Every setting with its default as YAML takes it, in the order of `domain.policy`."""
    yield from _leaves("", Policy())


def _leaves(prefix: str, value: object) -> Iterator[tuple[str, str]]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _leaves(f"{prefix}.{field.name}" if prefix else field.name, getattr(value, field.name))
    else:
        yield prefix, json.dumps(value, ensure_ascii=False)


def texts_table() -> str:
    """Key and variables of every text."""
    rows = [f"| `{key}` | {' '.join(f'`{{{name}}}`' for name in sorted(names))} |" for key, names in VARIABLES.items()]
    return "\n".join(["| 键 | 可用的变量 |", "| --- | --- |", *rows])


def section(page: Path, mark: str) -> str:
    """What stands between a page's begin and end marks."""
    text = page.read_text(encoding="utf-8")
    begin = text.index("-->", text.index(f"<!-- {mark}:begin")) + len("-->")
    return text[begin : text.index(f"<!-- {mark}:end -->")].strip()


def write(page: Path, mark: str, content: str) -> None:
    """Replace what stands between the marks."""
    text = page.read_text(encoding="utf-8")
    begin = text.index("-->", text.index(f"<!-- {mark}:begin")) + len("-->")
    end = text.index(f"<!-- {mark}:end -->")
    page.write_text(f"{text[:begin]}\n\n{content}\n\n{text[end:]}", encoding="utf-8")


if __name__ == "__main__":
    write(CONFIGURATION, "texts", texts_table())
