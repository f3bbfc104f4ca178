"""Segmentation: quiet, private, and able to learn words."""

import subprocess
import sys
from pathlib import Path
from random import Random

from handlers.text.segment import _jieba, _tokenizer, add_words, segment

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


def test_a_taught_word_stays_whole() -> None:
    assert "青云志会员" not in segment("买了青云志会员吗")
    add_words(["青雲志會員", "吗", "两 词"])
    assert segment("买了青云志会员吗") == ("买", "了", "青云志会员", "吗")


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
    whole = _jieba().Tokenizer()
    whole.FREQ = {word[:end]: 0 for word in ours.FREQ for end in range(1, len(word))} | ours.FREQ
    whole.total, whole.initialized = ours.total, True
    chance = Random(7)
    words = [word for word in ours.FREQ if len(word) > 1][::97]
    for _ in range(2000):
        text = "".join(chance.choice((chance.choice(words), chance.choice("的了是a1，。 䶮"))) for _ in range(12))
        assert list(ours.cut(text, HMM=False)) == list(whole.cut(text, HMM=False))
