"""Segmentation: quiet and private."""

import subprocess
import sys
from pathlib import Path
from random import Random

from bench import make_words
from handlers.text.segment import _jieba, _tokenizer, segment
from handlers.text.words import Dictionary

IN_A_FRESH_PROCESS = """
import sys, warnings
warnings.simplefilter("error")
from handlers.text import facts
facts.load()
print(facts.read("退款多久到账").words)
print("pkg_resources" in sys.modules, "snownlp" in sys.modules, "numpy" in sys.modules)
"""


def test_words_of_today_are_known() -> None:
    assert segment("微信小程序扫码签到") == ("微信", "小程序", "扫码", "签到")


def test_words_written_with_a_rewritten_character_are_still_words() -> None:
    assert segment("着名小区") == ("着名", "小区")


def test_punctuation_and_spaces_are_no_words() -> None:
    assert segment(" ,!? 好的... ") == ("好", "的")
    assert segment("") == ()


def test_loading_is_quiet_and_leaves_nothing_in_the_temp_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IN_A_FRESH_PROCESS],
        env={"TMPDIR": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n") == ["('退款', '多久', '到账')", "False False False", ""]
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_the_same_words_are_found_as_by_jiebas_own_algorithm_with_every_prefix() -> None:
    ours = _tokenizer()
    counts = dict(ours.words.each())
    whole = _jieba().Tokenizer()
    whole.FREQ = {word[:end]: 0 for word in counts for end in range(1, len(word))} | counts
    whole.total, whole.initialized = ours.words.total, True
    chance = Random(7)
    words = [word for word in counts if len(word) > 1][::97]
    for _ in range(2000):
        text = "".join(chance.choice((chance.choice(words), chance.choice("的了是a1，。 䶮"))) for _ in range(12))
        assert list(ours.cut(text, HMM=False)) == list(whole.cut(text, HMM=False))


def test_the_packed_dictionary_holds_what_it_is_made_of() -> None:
    words, source = Dictionary.packaged(), make_words.counts()
    assert dict(words.each()) == source
    assert words.total == sum(source.values())
    assert words.common == make_words.common(source)
    for word in [*list(source)[::53], "", "䶮", "䶮䶮", "退款吗吗", "一"]:
        assert words.count(word) == source.get(word, 0)
