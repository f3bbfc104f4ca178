"""Quotations, which WeChat delivers as text: 「某某：原文」, a line of dashes, own words."""

import re

from domain.incoming import ExternalQuote

# The shortest fit ends the quotation, so that a second line of dashes cannot hide own words from judgement.
_QUOTATION = re.compile(r"\A「(?P<quoted>.*?)」[ \t]*\r?\n[ \t]*(?:[-—–－][ \t]?){5,}\r?\n(?P<own>.*)\Z", re.DOTALL)
_NAME_CHARS = 64


def split_quote(text: str) -> tuple[ExternalQuote | None, str]:
    """The quotation that a text begins with, if any, and the writer's own words."""
    if not text.startswith("「"):
        return None, text
    found = _QUOTATION.match(text)
    if found is None:
        return None, text
    name, quoted = _name_and_words(found["quoted"])
    return ExternalQuote(name, quoted), found["own"].strip()


def _name_and_words(quoted: str) -> tuple[str, str]:
    """The colon of the platform is full-width; some gateways write the other one."""
    for colon in ("：", ":"):
        name, found, words = quoted.partition(colon)
        if found and len(name) <= _NAME_CHARS:
            return name.strip(), words.strip()
    return "", quoted.strip()
