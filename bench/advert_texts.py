"""Adverts and ordinary talk about the same things, put together from pieces of our own writing for fitting."""

import random
from collections.abc import Iterator

from bench.abuse_texts import chosen, sections

_OPENED, _TURNED, _CALLED, _CONTACT = 0.2, 0.2, 0.45, 0.35
"""How often an advert opens with a hail, has its promise first, ends with a call, names a way to make contact."""
_PROMISES = (0, 0, 1, 1, 1, 2)
_BETWEEN = (*"，，，，，！。", "，", " ", "")
TALK = ("asking", "telling", "group", "prices", "neighbours", "notice", "calls", "links", "links")
_FILLED = {
    "LINK": ("https://files.example.com/a", "http://www.abc.com", "https://b.example.cn/x8k2", "t.cn/A6xyz", "abc.org"),
    "ACCOUNT": ("abc12345", "lily_2020", "R9K2-77", "wang88", "kk6688", "zhang@example.com", "NJ2031"),
    "PHONE": ("13800001111", "139 0000 2222", "021-55556666", "186-1234-5678"),
}
"""What names a way to make contact in templates."""


def adverts(count: int, rng: random.Random) -> Iterator[str]:
    """Offers with promises of their trade, calls and contacts, as sellers put them together."""
    parts = sections("advert_parts")
    trades = sorted({name.split()[0] for name in parts} - {"any"})
    for _ in range(count):
        trade = rng.choice(trades)
        said = [f"{trade} offer", *[f"{trade} promise"] * rng.choice(_PROMISES)]
        pieces = [chosen(rng.choice(parts[name]), rng) for name in said]
        if rng.random() < _TURNED:
            pieces.reverse()
        # Friends call in their own words, and more often than not.
        call, called = (f"{trade} call", 2 * _CALLED) if f"{trade} call" in parts else ("any call", _CALLED)
        pieces += [chosen(rng.choice(parts[call]), rng)] * (rng.random() < called)
        pieces += [chosen(rng.choice(parts["any contact"]), rng)] * (rng.random() < _CONTACT)
        opening = chosen(rng.choice(parts["any opening"]), rng) if rng.random() < _OPENED else ""
        yield opening + rng.choice(_BETWEEN).join(pieces)


def talk(count: int, rng: random.Random) -> Iterator[str]:
    """Questions, stories, warnings and notices about what adverts sell."""
    parts = sections("talk_parts")
    things = " ".join(parts["things"]).split()
    templates = [template for name in TALK for template in parts[name]]
    for _ in range(count):
        text = chosen(rng.choice(templates), rng)
        for name, values in _FILLED.items():
            text = text.replace(name, rng.choice(values))
        yield text.replace("X", rng.choice(things))
