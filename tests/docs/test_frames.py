"""The frames of the embedded channel that the code knows are those that docs/web-channel.md describes."""

import re

from tests.docs.pages import ROOT

WEB = ROOT / "bot" / "channels" / "web"
_SENT = re.compile(r'"type": "([a-z]+)"')
_TAKEN = re.compile(r'case "([a-z]+)":')


def test_every_frame_is_described_and_none_besides() -> None:
    described = set(_SENT.findall((ROOT / "docs" / "web-channel.md").read_text(encoding="utf-8")))
    sources = {path.name: path.read_text(encoding="utf-8") for path in WEB.glob("*.py")}
    sent = {name for text in sources.values() for name in _SENT.findall(text)}
    taken = set(_TAKEN.findall(sources["routes.py"]))
    assert {"hello", "post"} <= sent | taken
    assert described == sent | taken
