"""YAML with lines: values as written, and everything dangerous refused before it is built."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.nodes import DEEPEST, BadYaml, Leaf, Table, as_json, line_at, parse


def test_scalars_are_read_as_yaml_1_2_reads_them() -> None:
    text = 'at: 23:00\nno: no\nn: 12\nf: 0.5\nt: true\nq: "12"\nempty:\nid: 007\n'
    assert as_json(parse(text)) == {
        "at": "23:00",
        "no": "no",
        "n": 12,
        "f": 0.5,
        "t": True,
        "q": "12",
        "empty": None,
        "id": 7,
    }


def test_every_value_knows_its_line() -> None:
    root = parse("a: 1\nb:\n  - x\n  - y: 2\n    z: 3\n")
    assert line_at(root, ("b",)) == 2
    assert line_at(root, ("b", 1, "z")) == 5
    assert line_at(root, ("b", 1, "missing")) == 4
    assert line_at(root, ("a", "deeper")) == 1


def test_an_empty_text_is_an_empty_table() -> None:
    assert [as_json(parse(text)) for text in ("", "# nothing\n", "~", "{}")] == [{}] * 4


def test_a_few_aliases_are_fine() -> None:
    assert as_json(parse("a: &x [1, 2]\nb: *x\n")) == {"a": [1, 2], "b": [1, 2]}


def bomb() -> str:
    """Nine levels of nine aliases each: a billion values."""
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (bomb(), 5, "别名"),
        ("a: *missing\n", 1, "missing"),
        ("a: 1\nb: !!python/object/apply:os.system ['ls']\n", 2, "!!python"),
        ("a: !custom 1\n", 1, "!custom"),
        ("a: 1\nb: 2\na: 3\n", 3, "第 1 行"),
        ("a: 1\n---\nb: 2\n", 2, "---"),
        ("[" * 100, 1, str(DEEPEST)),
        ("a:\n\tb: 1\n", 2, "YAML"),
        ("a: [1, 2\nb: 3\n", 2, "YAML"),
        ("{[1]: 2}\n", 1, "键"),
        ("a: \x00\n", 1, "YAML"),
    ],
)
def test_what_is_not_acceptable_is_refused_with_its_line(text: str, line: int, word: str) -> None:
    with pytest.raises(BadYaml) as caught:
        parse(text)
    assert caught.value.line == line
    assert word in caught.value.message
    assert caught.value.remedy


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        root = parse(text)
    except BadYaml as error:
        assert error.line >= 1
    else:
        assert isinstance(root, Table | Leaf) or root.nodes is not None
