"""An FAQ entry as a form: what each field shows of the file, and what the file gets of what was typed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from unicodedata import category

from multidict import MultiMapping

from domain.decision import Json

BETWEEN = "---"
"""Alone on a line, it parts one way of saying from the next."""
_BETWEEN = re.compile(r"(?m)^[ \t]*-{3,}[ \t]*$")
_UNWRITTEN = frozenset({"Cc", "Cs"})
"""Control characters and halves of others; joiners of emoji and wide blanks stay."""
_INT, _FLOAT = re.compile(r"-?[0-9]{1,9}"), re.compile(r"-?[0-9]{0,9}\.[0-9]{1,9}")
LONGEST = 60_000
"""Characters of one field that are looked at; no field that is in order has as many."""
MOST_FOLLOW_UPS = 20

Kind = Literal["line", "lines", "blocks", "number", "day", "choices"]


@dataclass(frozen=True, slots=True)
class Field:
    """One key of an entry."""

    key: str
    kind: Kind
    title: str
    hint: str = ""
    advanced: bool = False


FIELDS: tuple[Field, ...] = (
    Field("question", "line", "问题", "标准问法，出现“您是想问”时大家看到的就是它。"),
    Field("similar", "lines", "别的问法", "一行一种，把群里大家的原话抄进来，越多越准。"),
    Field(
        "answer",
        "blocks",
        "回答",
        "可以写 {member}（谁问的）、{room}（哪个群）、{date}（今天）。"
        "有几种说法时，中间单独一行写三个减号，每次随便挑一种。",
    ),
    Field("files", "choices", "一起发的图片和文件", "配置文件夹的 files/ 里的文件，勾上的会跟在回答后面发。"),
    Field("rooms", "choices", "只在这些群里回答", "都不选就是所有群。"),
    Field("asks", "lines", "试题：必须由这一条回答", "一行一句，发布前会试。"),
    Field("not", "lines", "试题：不能由这一条回答", "意思相近、答案不同的，最值得写。"),
    Field("from", "day", "从哪天起", advanced=True),
    Field("until", "day", "到哪天止", advanced=True),
    Field(
        "answer_at", "number", "把握多少才回答", "0 到 1，不写就跟着群的设置。敏感的写高些，比如 0.95。", advanced=True
    ),
    Field("suggest_at", "number", "把握多少才给出可能", "0 到 1，不写就跟着群的设置。", advanced=True),
    Field("cooldown", "number", "隔多少秒才再答一次", "同一个群里；不写就跟着群的设置，0 是每次都答。", advanced=True),
    Field("keywords", "lines", "关键词", "一行一个，全部出现也算问这一条；同一行里用竖线写几个说法。", advanced=True),
)
_BY_KEY = {field.key: field for field in FIELDS}
_OURS = frozenset({*_BY_KEY, "id", "enabled", "follow_ups"})


@dataclass(frozen=True, slots=True)
class FollowUpText:
    """One thing that may be asked on: another entry's id, or a question with its answer."""

    entry: str = ""
    question: str = ""
    answer: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.entry or self.question or self.answer)


@dataclass(frozen=True, slots=True)
class EntryText:
    """What stands in the form. ``mark`` is that of the entry when the form was opened; empty for a new one."""

    id: str = ""
    file: str = ""
    mark: str = ""
    texts: Mapping[str, str] | None = None
    chosen: Mapping[str, tuple[str, ...]] | None = None
    follow_ups: tuple[FollowUpText, ...] = ()
    enabled: bool = True
    remove: bool = False
    """Whether the entry shall be taken out of its file."""
    unsent: str = ""
    """The name of a file that was chosen and not sent along."""

    def text(self, key: str) -> str:
        """The text of a field."""
        return (self.texts or {}).get(key, "")

    def of(self, key: str) -> tuple[str, ...]:
        """What is chosen in a field of choices."""
        return (self.chosen or {}).get(key, ())


def from_values(entry_id: str, file: str, mark: str, values: Mapping[str, Json]) -> EntryText:
    """The form of an entry as it stands in a file."""
    texts = {field.key: _shown(field, values.get(field.key)) for field in FIELDS if field.kind != "choices"}
    chosen = {field.key: tuple(_texts(values.get(field.key))) for field in FIELDS if field.kind == "choices"}
    listed = values.get("follow_ups")
    follow_ups = tuple(_follow_up(one) for one in (listed if isinstance(listed, list) else _texts(listed)))
    return EntryText(entry_id, file, mark, texts, chosen, follow_ups, values.get("enabled") is not False)


def from_post(form: MultiMapping[Any]) -> EntryText:
    """The form as it was sent."""
    texts = {field.key: _field(form, field.key) for field in FIELDS if field.kind != "choices"}
    chosen = {
        field.key: tuple(one for one in form.getall(field.key, []) if isinstance(one, str) and one)
        for field in FIELDS
        if field.kind == "choices"
    }
    rows = zip(
        *(map(_clean, form.getall(f"follow_{part}", [])[:MOST_FOLLOW_UPS]) for part in ("entry", "question", "answer")),
        strict=False,
    )
    follow_ups = tuple(one for one in (FollowUpText(*row) for row in rows) if not one.empty)
    return EntryText(
        id=_field(form, "id"),
        file=_field(form, "file"),
        mark=_field(form, "mark"),
        texts=texts,
        chosen=chosen,
        follow_ups=follow_ups,
        enabled=_field(form, "enabled") == "1",
        remove=_field(form, "remove") == "1",
        unsent=_field(form, "upload")[:200],
    )


def to_values(text: EntryText, held: Mapping[str, Json]) -> dict[str, Any]:
    """What the file shall hold; keys that the form does not know stay as they are."""
    values: dict[str, Any] = {key: value for key, value in held.items() if key not in _OURS}
    values["id"] = held.get("id", text.id)
    for field in FIELDS:
        value = _value(field, text)
        if value not in ("", []):
            values[field.key] = value
    follow_ups = [_follow_value(one) for one in text.follow_ups]
    if follow_ups:
        values["follow_ups"] = follow_ups
    if not text.enabled:
        values["enabled"] = False
    elif "enabled" in held:
        values["enabled"] = True
    return values


# ---- one field -------------------------------------------------------------------------------------------------------


def _shown(field: Field, value: Json) -> str:
    if field.kind == "blocks":
        return f"\n{BETWEEN}\n".join(_texts(value))
    if field.kind == "lines":
        return "\n".join(_texts(value))
    return "" if value is None else str(value)


def _value(field: Field, text: EntryText) -> Any:
    typed = text.text(field.key)
    match field.kind:
        case "choices":
            return list(text.of(field.key))
        case "lines":
            return [line.strip() for line in typed.splitlines() if line.strip()]
        case "blocks":
            return _alone(_blocks(typed))
        case "number":
            return int(typed) if _INT.fullmatch(typed) else float(typed) if _FLOAT.fullmatch(typed) else typed
        case "day":
            return _day(typed)
        case _:
            return typed


def _day(typed: str) -> date | str:
    """A day as such; anything else is left for the check to refuse."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return typed


def _blocks(typed: str) -> list[str]:
    return [block.strip() for block in _BETWEEN.split(typed) if block.strip()]


def _alone(texts: Sequence[str]) -> Any:
    return texts[0] if len(texts) == 1 else list(texts)


def _follow_up(value: Json) -> FollowUpText:
    if not isinstance(value, dict):
        return FollowUpText(entry=str(value))
    answers = f"\n{BETWEEN}\n".join(_texts(value.get("answer")))
    return FollowUpText(question=str(value.get("question") or ""), answer=answers)


def _follow_value(one: FollowUpText) -> Any:
    if one.entry and not (one.question or one.answer):
        return one.entry
    # Both ways at once are for the check to refuse.
    both = {"entry": one.entry} if one.entry else {}
    return {**both, "question": one.question, "answer": _alone(_blocks(one.answer))}


def _texts(value: Json) -> Iterable[str]:
    if value is None:
        return ()
    listed = value if isinstance(value, list) else [value]
    return [str(one) for one in listed if not isinstance(one, dict | list) and one is not None]


def _field(form: MultiMapping[Any], name: str) -> str:
    return _clean(form.get(name, ""))


def _clean(value: object) -> str:
    """What was typed, with one kind of line end and without characters that no file should hold."""
    if not isinstance(value, str):
        return ""
    text = value[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if char in "\n\t" or category(char) not in _UNWRITTEN).strip()
