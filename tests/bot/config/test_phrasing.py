"""Adding phrasings to an entry leaves the rest of the file alone."""

import pytest

from bot.config.phrasing import with_similar
from domain.errors import StewardError

REST = "    answer: 答\n  - id: b\n    question: 问二\n    answer: 答二\n"
ADDED = ('钱"呢', "到哪了 # 号")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "# 说明\nentries:\n  - id: a   # 退款\n    question: 问\n" + REST,
            '# 说明\nentries:\n  - id: a   # 退款\n    similar: ["钱\\"呢", "到哪了 # 号"]\n    question: 问\n' + REST,
        ),
        (
            "entries:\n  - id: a\n    similar: [一, 二]  # 够了\n    question: 问\n",
            'entries:\n  - id: a\n    similar: [一, 二, "钱\\"呢", "到哪了 # 号"]  # 够了\n    question: 问\n',
        ),
        ("entries:\n  - id: a\n    similar: []\n", 'entries:\n  - id: a\n    similar: ["钱\\"呢", "到哪了 # 号"]\n'),
        (
            "entries:\n  - id: a\n    similar:\n      - 一\n      # 记\n      - 二\n" + REST,
            "entries:\n  - id: a\n    similar:\n      - 一\n      # 记\n      - 二\n"
            '      - "钱\\"呢"\n      - "到哪了 # 号"\n' + REST,
        ),
        (
            "entries:\n  - id: a\n    similar:\n      - 一",
            'entries:\n  - id: a\n    similar:\n      - 一\n      - "钱\\"呢"\n      - "到哪了 # 号"\n',
        ),
    ],
)
def test_phrasings_join_the_list_as_it_is_written(before: str, after: str) -> None:
    assert with_similar(before, "a", ADDED) == after


@pytest.mark.parametrize(
    "text",
    [
        "entries:\n  - {id: a, question: 问, answer: 答}\n",
        "entries:\n  - id: a\n    similar: 一\n",
        "entries:\n  - id: a\n    similar: [一]  # 见 [二]\n",
        "entries:\n  - id: b\n    similar: [一]\n",
        "entries: [",
        "entries:\n  - id: a\n    similar:\n      - |\n        一\n        二\n    answer: 答\n",
    ],
)
def test_what_cannot_be_changed_safely_is_left_to_the_operator(text: str) -> None:
    with pytest.raises(StewardError, match="手动"):
        with_similar(text, "a", ADDED)
