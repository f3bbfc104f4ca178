"""Silence: how long somebody asks for it in Chinese (2小时, 一个半小时), and the night in which the bot keeps it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain.calendar_day import local

LONGEST = timedelta(days=366)
"""No duration that anybody means is longer; beyond it the text is taken for a slip."""

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SCALES = {"十": 10, "百": 100}
_UNITS = {
    "周": timedelta(weeks=1),
    "星期": timedelta(weeks=1),
    "礼拜": timedelta(weeks=1),
    "w": timedelta(weeks=1),
    "天": timedelta(days=1),
    "日": timedelta(days=1),
    "d": timedelta(days=1),
    "小时": timedelta(hours=1),
    "钟头": timedelta(hours=1),
    "时": timedelta(hours=1),
    "h": timedelta(hours=1),
    "刻钟": timedelta(minutes=15),
    "刻": timedelta(minutes=15),
    "分钟": timedelta(minutes=1),
    "分": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "m": timedelta(minutes=1),
    "秒钟": timedelta(seconds=1),
    "秒": timedelta(seconds=1),
    "s": timedelta(seconds=1),
}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_TERM = re.compile(
    rf"(?:零(?=[0-9]))?(?:半个?|([0-9]{{1,9}}(?:\.[0-9]{{1,3}})?|[零〇一二两三四五六七八九十百]{{1,7}})个?(半)?)({_UNIT})(半)?"
)
_SIMPLIFIED = str.maketrans("個時鐘兩週禮", "个时钟两周礼")
_CLOCK = re.compile(r"([0-9]{1,2})[:：]([0-9]{2})")


def chinese_number(text: str) -> int | None:
    """Read 0–999 in Chinese (``两``, ``十五``, ``一百零五``, also digit by digit: ``三〇``); None for anything else."""
    if not text or any(character not in _DIGITS and character not in _SCALES for character in text):
        return None
    if not any(character in _SCALES for character in text):
        return int("".join(str(_DIGITS[character]) for character in text)) if len(text) <= 3 else None
    total, digit, last_scale = 0, None, 1000
    for character in text:
        if character in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[character]
            continue
        scale = _SCALES[character]
        if scale >= last_scale or (digit == 0 and scale == 100):
            return None
        total, digit, last_scale = total + (digit or 1) * scale, None, scale
    return total + (digit or 0)


def parse_duration(text: str) -> timedelta | None:
    """Read a length of time as people write it in chat, and nothing else; None when it is none.

    ``2小时``, ``30 分钟``, ``半小时``, ``１天``, ``一个半小时``, ``两小时半``, ``1小时30分``, ``三刻钟``,
    ``1.5h``, ``90min``. Larger units come first, each once. Zero and anything above `LONGEST` are None.
    """
    compact = "".join(unicodedata.normalize("NFKC", text[:64]).split()).casefold().translate(_SIMPLIFIED)
    if len(text) > 64 or not compact:
        return None
    total, position, last_unit = timedelta(0), 0, LONGEST
    while position < len(compact):
        term = _TERM.match(compact, position)
        if term is None:
            return None
        unit = _UNITS[term[3]]
        amount = _amount(term)
        if amount is None or unit >= last_unit:
            return None
        total, position, last_unit = total + unit * amount, term.end(), unit
        if total > LONGEST:
            return None
    return total if total > timedelta(0) else None


def _amount(term: re.Match[str]) -> float | None:
    number, half_before, half_after = term[1], term[2], term[4]
    if number is None:
        return None if half_after else 0.5
    if half_before and half_after:
        return None
    whole = float(number) if number[0].isdigit() else chinese_number(number)
    if whole is None or whole > LONGEST / timedelta(seconds=1):
        return None
    return whole + 0.5 if half_before or half_after else whole


def parse_clock(text: str) -> time:
    """Read ``23:00`` or ``8:00`` (24-hour clock). Raises ValueError for anything else."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(f"cannot read the time {text!r}; write it like 23:00")
    return time(int(match[1]), int(match[2]))


@dataclass(frozen=True, slots=True)
class Night:
    """The bot's night on the community's clock: from ``start`` (included) to ``end`` (excluded); equal = no night."""

    start: time = time(23, 0)
    end: time = time(8, 0)

    def covers(self, clock: time) -> bool:
        """Whether the clock shows night."""
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


def is_night(at: datetime, tz: str, night: Night = Night()) -> bool:
    """Whether the community sleeps at the instant ``at``."""
    return night.covers(local(at, tz).time())
