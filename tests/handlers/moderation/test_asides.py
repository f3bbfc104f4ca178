"""What keeps a bad word from counting, and where clauses begin and end."""

import pytest

from domain.book import WordList
from handlers.moderation.abuse import Manner, abuse_finding
from handlers.moderation.frames import variants
from handlers.moderation.lexicon import Lexicon
from handlers.text.facts import read
from tests.handlers.moderation.test_abuse import judged


@pytest.mark.parametrize(
    "text",
    [
        "这空调就是个废物，一点都不制冷",
        "这客服系统是智障吗",
        "智障手机又死机了",
        "“狗东西”这种话就不要说了吧",
        "领导让他滚蛋，他当场辞职",
        "群里的人都笑得像个傻子",
        "废物如我，只会炒鸡蛋",
        "狼心狗肺造句",
        "剧里那个畜生终于被抓了",
        "乱停车的人真没素质",
        "鞋子洗一次就掉色，真无耻",
        "别难过了，你不是废物",
        "乌龟王八有什么区别",
        "送你一只狗",
        "这不怪你，是骗子太狡猾",
        "你爷爷今天出院吗",
        "我是你爸爸的同事",
        "孙子在哪上学",
        "打野死了，辅助跟上",
        "家里的狗叫什么名字",
        "活该他倒霉，谁让他骗人",
    ],
)
def test_nobody_here_is_insulted(text: str) -> None:
    assert judged(text).level in ("none", "review")


@pytest.mark.parametrize(
    "text",
    [
        "你就是个废物",
        "胡说八道，放你娘的屁",
        "拍马屁的哈巴狗",
        "你说话前能不能过过脑子，蠢货",
        "谁家狗链子没拴好，你叫什么叫",
        "会不会说人话？不会就闭嘴",
        "真无耻",
        "怪不得没人愿意理你",
        "你特别恶心",
        "你在公司就是个寄生虫",
        "见不得人好的烂货",
        "再叫把你嘴撕了",
        "说谎话天打雷劈",
        "举报了，演员死全家",
        "活该你没朋友",
        "你不是废物是什么",
        "要是我是你，早没脸见人了",
    ],
)
def test_somebody_is_insulted(text: str) -> None:
    assert judged(text).level == "warn"


def found(frame: str, text: str) -> bool:
    """Whether a frame is in a text."""
    return bool(Lexicon.compile([WordList("x", "warn", (), frames=(frame,))]).hits(read(text)))


@pytest.mark.parametrize(
    ("frame", "text", "there"),
    [
        ("^(飞|跑)远$", "跑远", True),
        ("^(飞|跑)远$", "哎，跑远！", True),
        ("^(飞|跑)远$", "跑远了", True),
        ("^(飞|跑)远$", "跑远一点", False),
        ("^(飞|跑)远$", "他跑远", False),
        ("(飞|跑)远(点|$)", "他跑远，哎", True),
        ("(飞|跑)远(点|$)", "他跑远点吧", True),
        ("(飞|跑)远(点|$)", "他跑远路去了", False),
    ],
)
def test_a_frame_says_where_its_clause_begins_and_ends(frame: str, text: str, there: bool) -> None:
    assert found(frame, text) is there


def test_a_frame_that_may_end_is_two() -> None:
    assert list(variants("(飞|跑)远(点|$)")) == ["(飞|跑)远$", "(飞|跑)远点"]
    assert list(variants("(飞|跑)远点")) == ["(飞|跑)远点"]


def test_an_operators_word_counts_whatever_the_model_says() -> None:
    text = read("今天我们去吃香蕉船吧大家")
    hits = Lexicon.compile([WordList("水果", "warn", ("香蕉船",), where="words/own.yaml:1")]).hits(text)
    assert abuse_finding(text, hits, 0.0, Manner(False, False), 0.0).level == "warn"


def test_a_shipped_word_is_doubted_where_nobody_is_insulted() -> None:
    text = read("今天我们去吃香蕉船吧大家")
    hits = Lexicon.compile([WordList("水果", "warn", ("香蕉船",), where="builtin/words/x.yaml:1")]).hits(text)
    assert abuse_finding(text, hits, 0.0, Manner(False, False), 0.0).level == "review"
    assert abuse_finding(text, hits, 0.0, Manner(False, False), 0.5).level == "warn"


def test_no_model_knows_better_than_a_frame_that_says_a_whole_insult() -> None:
    words = [WordList("水果", "warn", (), frames=("我们去吃香蕉船吧",), where="builtin/words/x.yaml:1")]
    text = read("今天我们去吃香蕉船吧大家")
    assert abuse_finding(text, Lexicon.compile(words).hits(text), 0.0, Manner(False, False), 0.0).level == "warn"
