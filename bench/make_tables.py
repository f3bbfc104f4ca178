"""Generate handlers/text/data/fold.json: the one character table of the normaliser.

Sources: Python's own Unicode data (case, NFKC, character names and digits), OpenCC's traditional-to-simplified
dictionary (Apache-2.0) and the short lists of look-alikes below, which are our own.
Run: python -m bench.make_tables
"""

import json
import re
import sys
import unicodedata
from pathlib import Path

import opencc

TARGET = Path(__file__).parents[1] / "handlers" / "text" / "data" / "fold.json"

# Greek, Cyrillic and other letters that pass for Latin ones in an evasion ("加ν", "ѕb").
LOOKALIKES = dict(
    zip(
        "αβγεηικνορτυχωавекмнорстухѕіјԁһԛԝıɡɑϲ∨⋁ℓ℮",
        "abyenikvoptuxwabekmhopctyxsijdhqwigacvvle",
        strict=True,
    )
)
# One way of writing punctuation, so that rules need one form only.
PUNCTUATION = {
    old: new
    for new, olds in {
        ".": "。·•・‧∙⋅",
        ",": "、丶灬",
        "[": "【〔〖",
        "]": "】〕〗",
        "<": "《〈",
        ">": "》〉",
        '"': "「」『』“”„‟〝〞",
        "'": "‘’‚‛",
        "-": "—–―‐‑‒−➖",
        "~": "～〜",
        "/": "⁄∕丿",
        "|": "丨",
        "+": "➕",
        "x": "✖×",
    }.items()
    for old in olds
}
# OpenCC leaves these alone because it must write well; matching only needs both spellings to meet.
MORE_SIMPLE = dict(zip("著妳祢祇衹麽姊甯〇", "着你你只只么姐宁零", strict=True))
# Marks that decorate letters; vowel signs of living scripts are left to them.
NOISE_RANGES = [
    (0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x300, 0x36F), (0x483, 0x489),
    (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x1AB0, 0x1ACE), (0x1DC0, 0x1DFF),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x20D0, 0x20F0), (0x302A, 0x302D), (0x3099, 0x309A),
    (0x3164, 0x3164), (0xD800, 0xDFFF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xFEFF, 0xFEFF), (0xFF9E, 0xFFA0),
    (0xFFF0, 0xFFFB), (0x1D165, 0x1D169), (0x1D16D, 0x1D182), (0x1F3FB, 0x1F3FF), (0xE0000, 0xE0FFF),
]  # fmt: skip
STYLED = re.compile(
    r"(?:SMALL CAPITAL|CIRCLED LATIN CAPITAL LETTER|SQUARED(?: LATIN)?(?: CAPITAL LETTER)?|INDICATOR SYMBOL LETTER)"
    r" ([A-Z]{1,4})$"
)
LONGEST = 4  # a sign that stands for a whole phrase stays itself: no text grows more than fourfold
ENCLOSED = re.compile(r"^\((.+)\)$|^([0-9]+)\.$")
STRIPPED_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
NOBODYS = ("Cn", "Co", "Cs")  # unassigned, private, half of a pair: nine code points of ten, which stay as they are


def is_noise(code: int) -> bool:
    """Whether the character is dropped whatever its neighbours."""
    return any(low <= code <= high for low, high in NOISE_RANGES)


def styled(char: str) -> str | None:
    """The plain letters or digits behind a decorated sign, or None if it is not one."""
    name = unicodedata.name(char, "")
    number = unicodedata.numeric(char, None)
    category = unicodedata.category(char)
    if category == "Nd" or (category in ("No", "So") and number is not None and number == int(number) and number < 51):
        return (
            str(int(number))
            if number is not None and not any(map(str.isalpha, unicodedata.normalize("NFKC", char)))
            else None
        )
    found = STYLED.search(name)
    return found.group(1).lower() if found and ("LETTER" in name or category == "So") else None


def without_accents(char: str) -> str:
    """Drop the accents of alphabetic scripts; ü becomes v as pinyin is typed."""
    if not unicodedata.name(char, "").startswith(STRIPPED_SCRIPTS):
        return char
    parts = unicodedata.normalize("NFD", char)
    if parts[0] == "u" and "\u0308" in parts:
        return "v"
    return "".join(part for part in parts if unicodedata.category(part) != "Mn")


def one_step(char: str, simple: dict[str, str]) -> str:
    """One rewriting of one character; repeated until nothing changes."""
    if is_noise(ord(char)):
        return ""
    if char.isspace() or unicodedata.category(char) in ("Zs", "Zl", "Zp"):
        return " "
    if (plain := styled(char)) is not None:
        return plain
    if char in PUNCTUATION:
        return PUNCTUATION[char]
    text = unicodedata.normalize("NFKC", char)
    if (inside := ENCLOSED.match(text)) and len(text) > len(char):
        text = inside.group(1) or inside.group(2)
    if len(text) > LONGEST:
        return char
    text = "".join(without_accents(part) for part in text.casefold())
    return "".join(LOOKALIKES.get(part, simple.get(part, part)) for part in text)


def closed(char: str, simple: dict[str, str]) -> str:
    """Rewrite until stable, so that normalising twice changes nothing."""
    text = char
    for _ in range(8):
        following = "".join(one_step(part, simple) for part in text)
        if following == text:
            return text
        text = following
    raise ValueError(f"U+{ord(char):04X} never settles")


def simplified() -> dict[str, str]:
    """Traditional to simplified, one character to one."""
    letters = [chr(code) for code in range(0x2E80, 0x32000) if unicodedata.category(chr(code)) == "Lo"]
    converter = opencc.OpenCC("t2s")
    answers = converter.convert("\n".join(letters)).split("\n")
    pairs = {old: new for old, new in zip(letters, answers, strict=True) if old != new and len(new) == 1}
    return pairs | MORE_SIMPLE


def ranges(codes: list[int]) -> list[list[int]]:
    """Consecutive codes as [first, last] pairs."""
    found: list[list[int]] = []
    for code in codes:
        if found and code == found[-1][1] + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def build() -> dict[str, object]:
    """The table: dropped ranges, one-to-one pairs as two parallel strings, and expansions."""
    simple = simplified()
    dropped: list[int] = []
    source, result, longer = "", "", {}
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.category(char) in NOBODYS and not is_noise(code):
            continue
        text = closed(char, simple)
        if text == "":
            dropped.append(code)
        elif len(text) > 1:
            longer[char] = text
        elif text != char:
            source, result = source + char, result + text
    return {
        "unicode": unicodedata.unidata_version,
        "drop": ranges(dropped),
        "from": source,
        "to": result,
        "long": longer,
    }


def main() -> None:
    """Write the table and say how large it is."""
    table = build()
    TARGET.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    sizes = {key: len(value) for key, value in table.items() if isinstance(value, (str, list, dict))}
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes, {sizes}")


if __name__ == "__main__":
    main()
