"""The default texts and the variables they may use."""

import ast
import string
from importlib.resources import files
from pathlib import Path

import yaml

from handlers.texts import EVERYWHERE, VARIABLES

HANDLERS = Path(__file__).resolve().parents[2] / "handlers"


def _texts() -> dict[str, list[str]]:
    read = yaml.safe_load((files("handlers") / "defaults" / "texts.yaml").read_text(encoding="utf-8"))
    assert isinstance(read, dict)
    return read


def _used(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_every_key_has_a_text_and_every_text_a_key() -> None:
    assert set(_texts()) == set(VARIABLES)
    assert all(variants and all(text.strip() for text in variants) for variants in _texts().values())


def test_texts_use_exactly_the_variables_that_are_promised() -> None:
    """A ` #` that YAML takes for a comment would cut a text short, and a variable would go missing here."""
    used = {key: set().union(*map(_used, variants)) - EVERYWHERE for key, variants in _texts().items()}
    assert used == {key: set(names) for key, names in VARIABLES.items()}


def test_every_key_that_a_handler_speaks_exists() -> None:
    spoken = set()
    for path in HANDLERS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                spoken |= _keys_in(node)
    assert spoken - set(VARIABLES) == set()
    assert len(spoken) > 60


def _keys_in(call: ast.Call) -> set[str]:
    speaks = isinstance(call.func, ast.Attribute) and call.func.attr in (
        *("text", "answer", "merged", "about_case", "hint", "reply", "tell", "say"),
    )
    values = [arg.value for arg in call.args[:3] if isinstance(arg, ast.Constant)] if speaks else []
    return {value for value in values if isinstance(value, str) and value.count(".") == 1 and value.isascii()}


def test_no_text_is_long_or_speaks_officialese() -> None:
    said = [text for variants in _texts().values() for text in variants]
    assert [text for text in said if len(text) > 220] == []
    assert [text for text in said if any(word in text for word in ("亲，", "受理", "敬请", "感谢您的来电"))] == []


def test_help_lists_exactly_five_commands() -> None:
    for text in _texts()["help.member"]:
        listed = [line.split("：")[0] for line in text.splitlines() if "：" in line and not line.endswith("：")]
        assert listed == ["签到", "积分", "参加", "进度", "人工"]
