"""The fitted models as shipped: sizes, ranges, and what they must say about plain cases."""

from importlib.resources import files

import pytest
from hypothesis import given

from handlers.text.abuse_model import abuse_probability
from handlers.text.linear import LinearModel, Together, grams, packaged, read_model
from handlers.text.mood import negative_mood
from handlers.text.normalise import normalise
from handlers.text.packing import packed, unpacked
from handlers.text.tone import MODELS
from tests.handlers.text.texts import any_text

CALM = [
    "在吗",
    "谢谢老板",
    "今天天气真好",
    "退款多久到账",
    "早上好",
    "生日快乐",
    "签到",
    "+1",
    "哈哈哈哈",
    "周末一起吃饭",
]
UPSET = [
    "等了一个星期还没发货，打电话也没人接",
    "质量太差了，用两天就坏，再也不买了",
    "送来都凉了，难吃死了，差评",
    "客服态度恶劣，问了半天不解决问题",
]
HARMLESS = [
    "生日快乐",
    "路口交通",
    "他妈妈来接他",
    "女装",
    "测试",
    "管理",
    "今晚打老虎",
    "我要投诉",
    "退款怎么还没到",
    "",
]


@pytest.mark.parametrize("text", CALM)
def test_everyday_talk_is_not_taken_for_a_bad_mood(text: str) -> None:
    assert negative_mood(normalise(text)) < 0.5


@pytest.mark.parametrize("text", UPSET)
def test_disappointment_is_heard(text: str) -> None:
    assert negative_mood(normalise(text)) > 0.8


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_words_are_not_taken_for_abuse(text: str) -> None:
    assert abuse_probability(normalise(text)) < 0.2


@given(any_text)
def test_any_text_gets_a_probability(text: str) -> None:
    assert 0.0 <= negative_mood(normalise(text)) <= 1.0
    assert 0.0 <= abuse_probability(normalise(text)) <= 1.0


def test_weights_add_up_once_per_gram_and_are_tempered_by_length() -> None:
    model = LinearModel.of({"好": 4, "坏": -40}, slope=1.0, intercept=0.0)
    assert model.score("好") == model.score("好好好好") > 0.5
    assert model.score("好好好好好好") < model.score("好")
    assert model.score("坏") < 0.01
    assert model.score("无") == 0.5


def test_grams_see_borders_and_read_all_digits_alike() -> None:
    assert grams("a7") == {"\x02", "\x03", "a", "0", "\x02a", "a0", "0\x03", "\x02a0", "a0\x03"}


@pytest.mark.parametrize(
    ("name", "limit"),
    [("mood.json.gz", 300_000), ("grievance.json.gz", 300_000), ("abuse.json.gz", 1_000_000), ("fold.json", 200_000)],
)
def test_packaged_data_stays_small(name: str, limit: int) -> None:
    assert len((files("handlers.text") / "data" / name).read_bytes()) <= limit


@given(any_text, any_text)
def test_models_at_once_say_what_each_says_alone(text: str, other: str) -> None:
    calm = LinearModel.of({"好": 4, "坏": -40, "你好吗": 7, "你好吗啊": 90, "0": 3}, slope=0.3, intercept=0.1)
    loud = LinearModel.of({"坏": 140, "好": -64, "你好吗你好吗": -5, "\x02": 2}, slope=-0.2, intercept=1.0)
    sad = LinearModel.of({"坏": -1, "好": -90, "0": 300_000}, slope=0.001, intercept=0.0)
    for norm in (normalise(text), normalise(f"{other}你好吗你好吗啊坏"), "你好吗啊", "好坏", "0坏", ""):
        assert Together.of(calm, loud).scores(norm) == (calm.score(norm), loud.score(norm))
        models = (sad, loud, calm, loud, sad)
        assert Together.of(*models).scores(norm) == tuple(model.score(norm) for model in models)


def test_the_models_that_were_put_together_are_those_that_were_fitted() -> None:
    shipped, fitted = unpacked(packaged("tone.gz")), Together.of(*map(read_model, MODELS))
    remedy = "run `python -m bench.pack_tone`"
    assert shipped.scales == fitted.scales, remedy
    assert shipped.weights.longer == fitted.weights.longer, remedy
    # Compared in one: telling a hundred thousand weights apart takes pytest minutes.
    assert (shipped.weights.each == fitted.weights.each) is True, remedy


def test_packed_models_are_read_as_they_were() -> None:
    calm, sad = LinearModel.of({"好": 4, "坏": -40, "你好吗啊": 7}, 0.3, 0.1), LinearModel.of({"好": -4}, 1.0, 0.0)
    assert unpacked(packed(Together.of(calm, sad))) == Together.of(calm, sad)


def test_models_too_heavy_to_share_a_look_are_refused() -> None:
    light, heavy = LinearModel.of({"好": 1}, 1.0, 0.0), LinearModel.of({"好": -(1 << 19), "坏": 1 << 19}, 1.0, 0.0)
    with pytest.raises(ValueError, match="less than 1048576 together"):
        Together.of(light, heavy)


def test_longer_grams_count_once_and_only_where_they_stand_whole() -> None:
    model = LinearModel.of({"你好吗啊": 8}, slope=1.0, intercept=0.0)
    assert model.score("你好吗") == model.score("你好吗哦") == 0.5
    assert model.weights.total("你好吗啊") == model.weights.total("你好吗啊你好吗啊") == 8
