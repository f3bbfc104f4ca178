"""Every setting stands in the documentation with its default, and nothing stands there that is no setting."""

import re
from pathlib import Path

import pytest

from bot.cli import EPILOG
from bot.config.campaigns import KEYS as CAMPAIGN_KEYS
from bot.config.campaigns import REWARD_KEYS
from bot.config.faq import KEYS as FAQ_KEYS
from bot.config.steward_yaml import KEYS as STEWARD_KEYS
from bot.config.words import KEYS as WORDS_KEYS
from tests.docs import tables
from tests.docs.pages import ROOT

PAGE = tables.CONFIGURATION
_ROW = re.compile(r"^\| `(?P<key>[a-z_.]+)` \| `(?P<default>[^`]*)` \| (?P<meaning>\S.*) \|$", re.MULTILINE)
_VARIABLE = re.compile(r"\b(?:STEWARD|WECHATY_PUPPET_SERVICE)_[A-Z_]+\b")


def test_every_policy_setting_is_documented_with_its_default() -> None:
    rows = {row["key"]: row["default"] for row in _ROW.finditer(tables.section(PAGE, "policy"))}
    assert rows == dict(tables.policy_defaults())


def test_every_text_is_documented_with_its_variables() -> None:
    assert tables.section(PAGE, "texts") == tables.texts_table(), "run `python -m tests.docs.tables`"


@pytest.mark.parametrize(
    "keys", [STEWARD_KEYS, FAQ_KEYS, WORDS_KEYS, CAMPAIGN_KEYS, REWARD_KEYS], ids=lambda keys: keys[0]
)
def test_every_key_of_a_file_is_documented(keys: tuple[str, ...]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    missing = [key for key in keys if f"{key}:" not in text and f"`{key}`" not in text and f"{{{key}:" not in text]
    assert missing == []


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_every_environment_variable_is_documented(readme: str) -> None:
    known = set(_VARIABLE.findall(EPILOG))
    assert known - set(_VARIABLE.findall((ROOT / readme).read_text(encoding="utf-8"))) == set()


def test_every_environment_variable_that_is_documented_is_read() -> None:
    sources = [*(ROOT / "bot").rglob("*.py"), ROOT / "tests" / "chromium.py", ROOT / "compose.yaml"]
    read = {name for source in sources for name in _VARIABLE.findall(Path(source).read_text(encoding="utf-8"))}
    written = {
        name
        for page in [ROOT / "README.md", ROOT / "README.zh-CN.md", *(ROOT / "docs").rglob("*.md")]
        for name in _VARIABLE.findall(page.read_text(encoding="utf-8"))
    }
    assert written - read == set()
