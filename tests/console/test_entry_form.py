"""An entry as a form and back: what nobody touched is the same."""

from typing import Any

import pytest
from multidict import MultiDict

from console.entry_form import FIELDS, EntryText, from_post, from_values, to_values
from domain.decision import Json


def sent(text: EntryText) -> MultiDict[Any]:
    """The form as a browser sends it, with its own line ends."""
    form: MultiDict[Any] = MultiDict(id=text.id, file=text.file, mark=text.mark)
    for field in FIELDS:
        if field.kind == "choices":
            form.extend((field.key, value) for value in text.of(field.key))
        else:
            form.add(field.key, text.text(field.key).replace("\n", "\r\n"))
    for one in text.follow_ups:
        form.extend({"follow_entry": one.entry, "follow_question": one.question, "follow_answer": one.answer})
    if text.enabled:
        form.add("enabled", "1")
    return form


@pytest.mark.parametrize(
    "values",
    [
        {"id": "a", "question": "问", "answer": "答"},
        {"id": "a", "question": "问", "answer": ["一", "二\n三"], "similar": ["甲", "乙"], "enabled": False},
        {"id": "a", "question": "问", "answer": "👨‍👩‍👧　全角空格", "rooms": ["web:demo"], "files": ["files/a.png"]},
        {"id": "a", "question": "问", "answer": "答", "cooldown": 0, "answer_at": 0.9, "enabled": True},
        {"id": "a", "question": "问", "answer": "答", "follow_ups": ["b", {"question": "q", "answer": ["x", "y"]}]},
        {"id": "a", "question": "问", "answer": "答", "keywords": ["退|换", "多久"], "asks": ["甲"], "not": ["乙"]},
        {"id": "a", "question": "问", "answer": "答", "unknown": {"kept": [1]}},
    ],
)
def test_what_nobody_touched_is_written_as_it_was(values: dict[str, Json]) -> None:
    text = from_post(sent(from_values("a", "faq/a.yaml", "m", values)))
    assert to_values(text, values) == values


def test_what_no_file_should_hold_is_left_out() -> None:
    form = sent(from_values("a", "f", "", {"question": "问", "answer": "答"}))
    form["answer"] = "a\x00b\x07c\ud800d"
    assert to_values(from_post(form), {})["answer"] == "abcd"
